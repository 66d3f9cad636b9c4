import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { caseKey } from '../../common/case-key.js';
import { User } from './entities/user.entity.js';
import { displayNameOf, type SiteRole, type UserCard, type UserLocale, type UserStatus } from './user-card.js';

/** Hours that an account waits for its activation, and a username stays reserved. */
export const activationHours = 24;

/** An account that still exists: active or deactivated, or waiting for its activation within its time. */
export const stillThere = `(status <> 'inactive' OR created_at > now() - interval '${activationHours} hours')`;

interface CardRow {
  id: string;
  username: string;
  first_name: string;
  last_name: string;
  avatar_url: string | null;
  role: SiteRole;
  status: UserStatus;
  locale: UserLocale;
  muted_until: Date | null;
  suspended_until: Date | null;
  blocks: string[];
}

const cardColumns = `id, username, first_name, last_name, avatar_url, role, status, locale, muted_until, suspended_until,
  ARRAY(SELECT blocked_id FROM blocks WHERE blocker_id = users.id) AS blocks`;
/** What is known of an account at its beginning; the rest has the table's defaults. */
export type InitialUser = Pick<
  User,
  | 'id'
  | 'email'
  | 'emailKey'
  | 'username'
  | 'usernameKey'
  | 'passwordHash'
  | 'role'
  | 'accountType'
  | 'status'
  | 'firstName'
  | 'lastName'
  | 'locale'
  | 'profileCompleted'
>;

function toCard(row: CardRow): UserCard {
  return {
    id: row.id,
    username: row.username,
    displayName: displayNameOf({ firstName: row.first_name, lastName: row.last_name, username: row.username }),
    firstName: row.first_name,
    avatarUrl: row.avatar_url,
    role: row.role,
    status: row.status,
    locale: row.locale,
    mutedUntil: row.muted_until,
    suspendedUntil: row.suspended_until,
    blocks: row.blocks.length > 0 ? new Set(row.blocks) : undefined,
  };
}

/** The SQL of accounts. */
@Injectable()
export class UsersRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async cards(ids: readonly string[]): Promise<UserCard[]> {
    const rows: CardRow[] = await this.dataSource.query(`SELECT ${cardColumns} FROM users WHERE id = ANY($1::uuid[]) AND ${stillThere}`, [
      ids,
    ]);
    return rows.map(toCard);
  }

  async activeCardByUsername(username: string): Promise<UserCard | null> {
    const rows: CardRow[] = await this.dataSource.query(`SELECT ${cardColumns} FROM users WHERE username_key = $1 AND status = 'active'`, [
      caseKey(username),
    ]);
    return rows[0] ? toCard(rows[0]) : null;
  }

  async byId(id: string, manager: EntityManager = this.dataSource.manager): Promise<User | null> {
    return this.find(manager, 'account.id = :id', { id });
  }

  async byEmail(email: string, manager: EntityManager = this.dataSource.manager): Promise<User | null> {
    return this.find(manager, 'account.emailKey = :key', { key: caseKey(email) });
  }

  async byUsername(username: string, manager: EntityManager = this.dataSource.manager): Promise<User | null> {
    return this.find(manager, 'account.usernameKey = :key', { key: caseKey(username) });
  }

  /** As `byId`, and keeps everybody else from changing or removing the account until the transaction ends. */
  async lockById(id: string, manager: EntityManager): Promise<User | null> {
    return this.find(manager, 'account.id = :id', { id }, true);
  }

  /** As `byEmail`, and keeps everybody else from changing or removing the account until the transaction ends. */
  async lockByEmail(email: string, manager: EntityManager): Promise<User | null> {
    return this.find(manager, 'account.emailKey = :key', { key: caseKey(email) }, true);
  }

  /**
   * Keeps a username for an address until `activationHours` from now.
   * @returns false when it is kept for another address
   */
  async reserveUsername(manager: EntityManager, usernameKey: string, emailKey: string): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `INSERT INTO username_reservations AS reservation (username_key, email_key, reserved_until)
       VALUES ($1, $2, now() + interval '${activationHours} hours')
       ON CONFLICT (username_key) DO UPDATE SET email_key = excluded.email_key, user_id = NULL, reserved_until = excluded.reserved_until
       WHERE reservation.email_key = excluded.email_key OR reservation.reserved_until <= now()
       RETURNING true`,
      [usernameKey, emailKey],
    );
    return rows.length > 0;
  }

  /** Removes the inactive accounts that are in the way of a new one: of its address, or with its username and past their time. */
  async removeInactive(manager: EntityManager, usernameKey: string, emailKey: string): Promise<void> {
    await manager.query(
      `DELETE FROM users WHERE status = 'inactive'
       AND (email_key = $2 OR (username_key = $1 AND created_at <= now() - interval '${activationHours} hours'))`,
      [usernameKey, emailKey],
    );
  }

  async insert(manager: EntityManager, user: InitialUser, active: boolean): Promise<void> {
    await manager
      .createQueryBuilder()
      .insert()
      .into(User)
      .values({ ...user, createdAt: () => 'now()', activatedAt: active ? () => 'now()' : null })
      .updateEntity(false)
      .execute();
  }

  /** @returns whether the account was waiting for its activation */
  async activate(manager: EntityManager, userId: string): Promise<boolean> {
    const result = await manager
      .createQueryBuilder()
      .update(User)
      .set({ status: 'active', activatedAt: () => 'now()' })
      .where(`id = :userId AND status = 'inactive' AND ${stillThere}`, { userId })
      .execute();
    return result.affected === 1;
  }

  /** @returns whether the password was still `expectedHash` (where that is given) */
  async setPasswordHash(manager: EntityManager, userId: string, passwordHash: string, expectedHash?: string): Promise<boolean> {
    const query = manager.createQueryBuilder().update(User).set({ passwordHash }).where('id = :userId', { userId });
    if (expectedHash !== undefined) query.andWhere('password_hash = :expectedHash', { expectedHash });
    return (await query.execute()).affected === 1;
  }

  /** Gives the account another address. @throws a violation of `uq_users_email_key` */
  async setEmail(manager: EntityManager, userId: string, email: string): Promise<void> {
    const emailKey = caseKey(email);
    await manager.query(`DELETE FROM users WHERE email_key = $1 AND status = 'inactive' AND id <> $2`, [emailKey, userId]);
    await manager.update(User, { id: userId }, { email, emailKey });
  }

  async setRestrictions(manager: EntityManager, userId: string, until: Pick<User, 'mutedUntil' | 'suspendedUntil'>): Promise<void> {
    await manager.update(User, { id: userId }, until);
  }

  async deactivate(manager: EntityManager, userId: string): Promise<void> {
    await manager.update(User, { id: userId }, { status: 'deactivated' });
  }

  /** The active admins, locked in id order. */
  async lockAdmins(manager: EntityManager): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>(
      `SELECT id FROM users WHERE role = 'admin' AND status = 'active' ORDER BY id FOR NO KEY UPDATE`,
    );
    return rows.map((row) => row.id);
  }

  async setRole(manager: EntityManager, userId: string, role: SiteRole): Promise<void> {
    await manager.update(User, { id: userId }, { role });
  }

  /** Forgets accounts and reservations whose time is over. */
  async purge(): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM users WHERE status = 'inactive' AND created_at <= now() - interval '${activationHours} hours'`,
    );
    await this.dataSource.query('DELETE FROM username_reservations WHERE reserved_until <= now()');
  }

  private async find(manager: EntityManager, condition: string, parameters: Record<string, string>, lock = false): Promise<User | null> {
    const query = manager.createQueryBuilder(User, 'account').where(condition, parameters).andWhere(stillThere);
    if (lock) query.setLock('for_no_key_update');
    return query.getOne();
  }
}
