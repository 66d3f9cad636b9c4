import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { NotificationKind } from '../../../contracts/index.js';

/** What a person is told of. Alike things gather in one row until it is read. */
@Entity('notifications')
export class NotificationEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('text')
  kind!: NotificationKind;

  /** What gathers: of a person's unread notifications each has another one. */
  @Column('text', { name: 'group_key' })
  groupKey!: string;

  @Column('uuid', { name: 'room_id', nullable: true })
  roomId!: string | null;

  /** Whoever has read the room up to here has read the notification; bigint, hence a string. */
  @Column('bigint', { nullable: true })
  seq!: string | null;

  @Column('integer')
  count!: number;

  /** The newest first, each once, 100 at most. */
  @Column('uuid', { array: true })
  actors!: string[];

  /** Ids alone: what they name is read when the notification is shown. */
  @Column('jsonb')
  data!: Record<string, string>;

  /** Still to be gathered in a mail. */
  @Column('boolean', { name: 'mail_pending' })
  mailPending!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  @Column('timestamptz', { name: 'read_at', nullable: true })
  readAt!: Date | null;
}
