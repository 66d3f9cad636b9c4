import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person who may not return to a room. */
@Entity('room_bans')
export class RoomBanEntity {
  @PrimaryColumn('uuid', { name: 'room_id' })
  roomId!: string;

  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @Column('uuid', { name: 'banned_by', nullable: true })
  bannedBy!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
