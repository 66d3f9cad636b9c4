import { Entity, PrimaryColumn } from 'typeorm';

/** Somebody was answered by a message and has not been told yet: written with the message, gone once it is a notification. */
@Entity('reply_notices')
export class ReplyNoticeEntity {
  @PrimaryColumn('uuid', { name: 'room_id' })
  roomId!: string;

  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  /** Of the answer; bigint, hence a string. */
  @PrimaryColumn('bigint')
  seq!: string;
}
