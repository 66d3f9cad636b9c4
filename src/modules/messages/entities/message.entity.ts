import type { AttachmentSnapshot } from '../../../common/attachment-view.js';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A message. Written by the message writer alone, because only it numbers them. */
@Entity('messages')
export class MessageEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'room_id' })
  roomId!: string;

  /** Counts the room's messages from 1 without holes; bigint, hence a string. */
  @Column('bigint')
  seq!: string;

  /** Of the last change, in the room's count of changes; bigint, hence a string. */
  @Column('bigint')
  position!: string;

  /** The position that it was created at: who stood below it has never seen the message; bigint, hence a string. */
  @Column('bigint', { name: 'created_position' })
  createdPosition!: string;

  @Column('varchar', { length: 8 })
  kind!: 'text' | 'system';

  @Column('uuid', { name: 'author_id', nullable: true })
  authorId!: string | null;

  @Column('text')
  content!: string;

  @Column('varchar', { name: 'client_id', length: 64, nullable: true })
  clientId!: string | null;

  /** Tells a retry under the same client id from another request. */
  @Column('bytea', { name: 'request_hash', nullable: true })
  requestHash!: Buffer | null;

  @Column('uuid', { name: 'reply_to', nullable: true })
  replyTo!: string | null;

  /** How often each emoji was given, the first one first; recounted from `reactions` under the room's lock. */
  @Column('jsonb', { default: [] })
  reactions!: { emoji: string; count: number }[];

  /** What readers are shown of its files; null: none. */
  @Column('jsonb', { nullable: true })
  attachments!: AttachmentSnapshot[] | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'edited_at', nullable: true })
  editedAt!: Date | null;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;
}
