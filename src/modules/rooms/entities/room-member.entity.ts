import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RoomRole } from '../../../contracts/index.js';

/** A person's membership, with how far they have read. */
@Entity('room_members')
export class RoomMemberEntity {
  @PrimaryColumn('uuid', { name: 'room_id' })
  roomId!: string;

  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @Column('varchar', { length: 9 })
  role!: RoomRole;

  /** The highest `seq` that was read; bigint, hence a string. */
  @Column('bigint', { name: 'read_seq', default: 0 })
  readSeq!: string;

  @Column('timestamptz', { name: 'joined_at' })
  joinedAt!: Date;
}
