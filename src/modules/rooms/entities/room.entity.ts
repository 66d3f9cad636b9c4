import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RoomKind, RoomRight } from '../../../contracts/index.js';

/** A room, with the counters that number its messages and changes. */
@Entity('rooms')
export class RoomEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('varchar', { length: 128 })
  name!: string;

  /** The name without case, see `caseKey`. */
  @Column('text', { name: 'name_key', unique: true })
  nameKey!: string;

  @Column('varchar', { length: 255 })
  title!: string;

  @Column('varchar', { length: 8 })
  kind!: RoomKind;

  @Column('varchar', { length: 8, default: 'everyone' })
  access!: RoomRight;

  @Column('varchar', { length: 8, default: 'everyone' })
  posting!: RoomRight;

  @Column('boolean', { name: 'guests_allowed', default: false })
  guestsAllowed!: boolean;

  /** Of a direct room: the two ids, the smaller first, so that a pair has one room. */
  @Column('text', { name: 'pair_key', nullable: true, unique: true })
  pairKey!: string | null;

  /** Changes when the room is created or a backup restored. */
  @Column('text')
  epoch!: string;

  /** Messages so far; bigint, hence a string. */
  @Column('bigint', { name: 'last_seq', default: 0 })
  lastSeq!: string;

  /** Changes so far; bigint, hence a string. */
  @Column('bigint', { default: 0 })
  position!: string;

  /** Raised by every loss of rights, so that what is being written at that moment is decided anew. */
  @Column('integer', { name: 'access_version', default: 0 })
  accessVersion!: number;

  @Column('integer', { name: 'member_count', default: 0 })
  memberCount!: number;

  /** Since when the room is read only; null: it is not. */
  @Column('timestamptz', { name: 'archived_at', nullable: true })
  archivedAt!: Date | null;

  /** The file that is the room's picture. */
  @Column('uuid', { name: 'avatar_file_id', nullable: true })
  avatarFileId!: string | null;

  @Column('timestamptz', { name: 'last_activity_at' })
  lastActivityAt!: Date;

  /** `lastActivityAt`, up to ten seconds old: what the indexes of lists are made of, so that not every message writes to them. */
  @Column('timestamptz', { name: 'listed_at' })
  listedAt!: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  get archived(): boolean {
    return this.archivedAt !== null;
  }
}
