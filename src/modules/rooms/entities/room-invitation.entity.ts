import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An invitation by link: of its code only a digest is kept. */
@Entity('room_invitations')
export class RoomInvitationEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'room_id' })
  roomId!: string;

  @Column('bytea', { name: 'code_hash', unique: true })
  codeHash!: Buffer;

  @Column('uuid', { name: 'created_by', nullable: true })
  createdBy!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  /** null: any number. */
  @Column('integer', { name: 'max_uses', nullable: true })
  maxUses!: number | null;

  @Column('integer', { default: 0 })
  uses!: number;
}
