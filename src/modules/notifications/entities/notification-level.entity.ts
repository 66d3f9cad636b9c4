import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RoomNotificationLevel } from '../../../contracts/index.js';

/** Which messages of a room notify a person; without a row: mentions and replies. */
@Entity('notification_levels')
export class NotificationLevelEntity {
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @PrimaryColumn('uuid', { name: 'room_id' })
  roomId!: string;

  @Column('text')
  level!: RoomNotificationLevel;

  /** Up to here messages have become notifications, where all of them do; bigint, hence a string. */
  @Column('bigint', { name: 'notified_seq' })
  notifiedSeq!: string;
}
