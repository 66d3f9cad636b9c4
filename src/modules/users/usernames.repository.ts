import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import type { User } from './entities/user.entity.js';
import { activationHours, stillThere } from './users.repository.js';

/** Days between two changes of a username, and days that the old one stays reserved for its former owner. */
export const daysBetweenChanges = 30;
export const daysReserved = 365;

/** The SQL of changing usernames. Whoever changes a name holds the lock of its account. */
@Injectable()
export class UsernamesRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Seconds until a person may change their username; 0: now. */
  async secondsToWait(manager: EntityManager, userId: string): Promise<number> {
    const rows: { wait: number | null }[] = await manager.query(
      `SELECT extract(epoch FROM username_changed_at + interval '${daysBetweenChanges} days' - now())::float8 AS wait FROM users WHERE id = $1`,
      [userId],
    );
    return Math.max(0, Math.ceil(rows[0]?.wait ?? 0));
  }

  /** Whether an account has the name. Asked before anything is written, so that two people who want each other's names do not wait in a circle. */
  async isHeld(manager: EntityManager, usernameKey: string): Promise<boolean> {
    const rows: unknown[] = await manager.query(`SELECT FROM users WHERE username_key = $1 AND ${stillThere}`, [usernameKey]);
    return rows.length > 0;
  }

  /** Takes hold of a free name until the transaction ends: others who want it wait. @returns false when it is reserved for somebody else */
  async claim(manager: EntityManager, usernameKey: string, { id, emailKey }: User): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `INSERT INTO username_reservations AS reservation (username_key, user_id, reserved_until)
       VALUES ($1, $2, now() + interval '${daysReserved} days')
       ON CONFLICT (username_key) DO UPDATE SET user_id = excluded.user_id, email_key = NULL, reserved_until = excluded.reserved_until
       WHERE reservation.user_id = excluded.user_id OR reservation.email_key = $3 OR reservation.reserved_until <= now()
       RETURNING true`,
      [usernameKey, id, emailKey],
    );
    return rows.length > 0;
  }

  /** Gives the account its new name, claimed before unless only its case differs, and reserves the old one. @throws a violation of `uq_users_username_key` */
  async rename(manager: EntityManager, user: User, username: string, usernameKey: string): Promise<void> {
    await manager.query(
      `DELETE FROM users WHERE username_key = $1 AND status = 'inactive' AND created_at <= now() - interval '${activationHours} hours'`,
      [usernameKey],
    );
    await manager.query(
      'UPDATE users SET username = $2, username_key = $3, username_changed_at = now(), profile_completed = true WHERE id = $1',
      [user.id, username, usernameKey],
    );
    if (usernameKey === user.usernameKey) return;
    await manager.query('DELETE FROM username_reservations WHERE username_key = $1', [usernameKey]);
    await manager.query(
      `INSERT INTO username_reservations (username_key, user_id, reserved_until) VALUES ($1, $2, now() + interval '${daysReserved} days')
       ON CONFLICT (username_key) DO UPDATE SET user_id = excluded.user_id, email_key = NULL, reserved_until = excluded.reserved_until`,
      [user.usernameKey, user.id],
    );
  }

  /** Those of some names that this person could have, in the order given. */
  async free(usernameKeys: readonly string[], userId: string): Promise<string[]> {
    const rows: { key: string }[] = await this.dataSource.query(
      `SELECT wanted.key FROM unnest($1::text[]) WITH ORDINALITY AS wanted (key, place)
       WHERE NOT EXISTS (SELECT FROM users WHERE username_key = wanted.key AND ${stillThere})
         AND NOT EXISTS (
           SELECT FROM username_reservations reservation
           WHERE reservation.username_key = wanted.key AND reservation.reserved_until > now() AND reservation.user_id IS DISTINCT FROM $2
         )
       ORDER BY wanted.place`,
      [usernameKeys, userId],
    );
    return rows.map(({ key }) => key);
  }
}
