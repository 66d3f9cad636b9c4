import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When a person was here last, and when they were mailed last: a mail goes to those alone who do not look. */
@Entity('notification_reach')
export class NotificationReachEntity {
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @Column('timestamptz', { name: 'seen_at', nullable: true })
  seenAt!: Date | null;

  @Column('timestamptz', { name: 'mailed_at', nullable: true })
  mailedAt!: Date | null;
}
