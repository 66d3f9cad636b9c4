import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { NotificationPreferencesChange, QuietHours } from '../../../contracts/index.js';

/** What a person chose; whoever chose nothing has no row. */
@Entity('notification_preferences')
export class NotificationPreferencesEntity {
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @Column('boolean', { default: true })
  mail!: boolean;

  /** Only what differs from the usual. */
  @Column('jsonb', { default: {} })
  kinds!: NonNullable<NotificationPreferencesChange['kinds']>;

  @Column('jsonb', { name: 'quiet_hours', nullable: true })
  quietHours!: QuietHours | null;
}
