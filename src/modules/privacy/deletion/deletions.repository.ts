import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import type { DeletedMessages } from '../../../contracts/index.js';

export interface DeletionRow {
  user_id: string;
  messages: DeletedMessages;
  requested_at: Date;
  erase_after: Date;
  started_at: Date | null;
}

const columns = 'user_id, messages, requested_at, erase_after, started_at';

/** The SQL of deletions that were asked for. Times are the database's own. */
@Injectable()
export class DeletionsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async of(userId: string): Promise<DeletionRow | null> {
    const rows = await this.dataSource.query<DeletionRow[]>(`SELECT ${columns} FROM account_deletions WHERE user_id = $1`, [userId]);
    return rows[0] ?? null;
  }

  /** Notes the wish; one that was noted before keeps its time. @param grace seconds @returns whether it is new */
  async request(
    manager: EntityManager,
    userId: string,
    messages: DeletedMessages,
    grace: number,
  ): Promise<{ row: DeletionRow; isNew: boolean }> {
    const rows = await manager.query<(DeletionRow & { is_new: boolean })[]>(
      `INSERT INTO account_deletions AS d (user_id, messages, requested_at, erase_after)
       VALUES ($1, $2, now(), now() + make_interval(secs => $3::float8))
       ON CONFLICT (user_id) DO UPDATE SET messages = excluded.messages RETURNING ${columns}, xmax = 0 AS is_new`,
      [userId, messages, grace],
    );
    const { is_new: isNew, ...row } = rows[0]!;
    return { row, isNew };
  }

  /** Takes the wish back, unless the erasure has begun. @returns whether there was one */
  async cancel(manager: EntityManager, userId: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `WITH gone AS (DELETE FROM account_deletions WHERE user_id = $1 AND started_at IS NULL RETURNING 1) SELECT * FROM gone`,
      [userId],
    );
    return rows.length > 0;
  }

  /**
   * Those whose time is nearly over (two days, or a quarter of short times) and who were not told yet: they count as told.
   * @returns at most `limit`
   */
  async remind(manager: EntityManager, limit: number): Promise<DeletionRow[]> {
    const [rows] = await manager.query<[DeletionRow[], number]>(
      `UPDATE account_deletions SET reminded_at = now() WHERE user_id IN (
         SELECT user_id FROM account_deletions WHERE reminded_at IS NULL AND started_at IS NULL AND erase_after > now()
           AND erase_after - now() <= LEAST(interval '2 days', (erase_after - requested_at) / 4)
         ORDER BY erase_after LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING ${columns}`,
      [limit],
    );
    return rows;
  }

  /** Takes one account whose time is over, or whose erasure was cut off. @param lease seconds */
  async claim(lease: number): Promise<DeletionRow | null> {
    const rows = await this.dataSource.query<DeletionRow[]>(
      `WITH next AS (
         SELECT user_id FROM account_deletions WHERE erase_after <= now() AND (locked_until IS NULL OR locked_until <= now())
         ORDER BY erase_after LIMIT 1 FOR UPDATE SKIP LOCKED
       ), mine AS (
         UPDATE account_deletions d SET locked_until = now() + make_interval(secs => $1::float8)
         FROM next WHERE d.user_id = next.user_id RETURNING d.user_id, d.messages, d.requested_at, d.erase_after, d.started_at)
       SELECT * FROM mine`,
      [lease],
    );
    return rows[0] ?? null;
  }

  /** Holds it, or leaves it for later. */
  async hold(userId: string, seconds: number): Promise<void> {
    await this.dataSource.query(
      'UPDATE account_deletions SET locked_until = now() + make_interval(secs => $2::float8) WHERE user_id = $1',
      [userId, seconds],
    );
  }

  /** From now on there is no way back. @returns false when it was taken back in the meantime */
  async start(manager: EntityManager, userId: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `WITH mine AS (UPDATE account_deletions SET started_at = COALESCE(started_at, now()) WHERE user_id = $1 AND erase_after <= now() RETURNING 1)
       SELECT * FROM mine`,
      [userId],
    );
    return rows.length > 0;
  }

  /** Lets go of all leases, where nobody else can hold one. */
  async unlockAll(): Promise<void> {
    await this.dataSource.query('UPDATE account_deletions SET locked_until = NULL WHERE locked_until IS NOT NULL');
  }
}
