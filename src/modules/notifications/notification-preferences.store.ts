import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { NotificationPreferences, NotificationPreferencesChange, QuietHours } from '../../contracts/index.js';
import { kindsWith, mergedChanges } from './notification-topics.js';

/** What holds for a person. */
export type Preferences = NotificationPreferences;

interface Row {
  user_id: string;
  mail: boolean | null;
  kinds: NonNullable<NotificationPreferencesChange['kinds']> | null;
  quiet_hours: QuietHours | null;
}

/** What people chose, and what holds where they chose nothing. */
@Injectable()
export class NotificationPreferencesStore {
  /** Of the people that exist. */
  async of(manager: EntityManager, userIds: Iterable<string>): Promise<Map<string, Preferences>> {
    const rows = await manager.query<Row[]>(
      `SELECT u.id AS user_id, p.mail, p.kinds, p.quiet_hours FROM users u LEFT JOIN notification_preferences p ON p.user_id = u.id
       WHERE u.id = ANY($1::uuid[])`,
      [[...userIds]],
    );
    return new Map(
      rows.map((row) => [row.user_id, { mail: row.mail ?? true, kinds: kindsWith(row.kinds ?? {}), quietHours: row.quiet_hours }]),
    );
  }

  /** Changes what is named. Call it within a transaction. */
  async change(manager: EntityManager, userId: string, { mail, kinds, quietHours }: NotificationPreferencesChange): Promise<void> {
    const [row] = await manager.query<Row[]>(
      `INSERT INTO notification_preferences (user_id) VALUES ($1)
       ON CONFLICT (user_id) DO UPDATE SET mail = notification_preferences.mail RETURNING user_id, mail, kinds, quiet_hours`,
      [userId],
    );
    await manager.query('UPDATE notification_preferences SET mail = $2, kinds = $3, quiet_hours = $4 WHERE user_id = $1', [
      userId,
      mail ?? row!.mail,
      JSON.stringify(mergedChanges(row!.kinds ?? {}, kinds ?? {})),
      quietHours === undefined ? row!.quiet_hours && JSON.stringify(row!.quiet_hours) : quietHours && JSON.stringify(quietHours),
    ]);
  }
}
