import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import type { BlocksBetween } from './friends.policy.js';
import type { After, PersonRow } from './friends.repository.js';

/** The SQL of blocks. What takes a manager expects the pair to be locked. */
@Injectable()
export class BlocksRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async between(manager: EntityManager, a: string, b: string): Promise<BlocksBetween> {
    const rows = await manager.query<{ blocker_id: string }[]>(
      'SELECT blocker_id FROM blocks WHERE (blocker_id = $1 AND blocked_id = $2) OR (blocker_id = $2 AND blocked_id = $1)',
      [a, b],
    );
    if (rows.length === 2) return 'both';
    return rows.length === 0 ? 'none' : rows[0]!.blocker_id === a ? 'a-blocks' : 'b-blocks';
  }

  /** @returns since when, and whether that is now */
  async add(manager: EntityManager, blockerId: string, blockedId: string): Promise<{ at: Date; added: boolean }> {
    const rows = await manager.query<{ created_at: Date; added: boolean }[]>(
      `WITH added AS (INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING created_at)
       SELECT created_at, true AS added FROM added
       UNION ALL SELECT created_at, false FROM blocks WHERE blocker_id = $1 AND blocked_id = $2`,
      [blockerId, blockedId, new Date()],
    );
    const row = rows[0]!;
    return { at: row.created_at, added: row.added };
  }

  /** @returns whether there was one */
  async remove(manager: EntityManager, blockerId: string, blockedId: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      'WITH removed AS (DELETE FROM blocks WHERE blocker_id = $1 AND blocked_id = $2 RETURNING 1) SELECT * FROM removed',
      [blockerId, blockedId],
    );
    return rows.length > 0;
  }

  async count(manager: EntityManager, blockerId: string): Promise<number> {
    const rows = await manager.query<{ n: string }[]>('SELECT count(*) AS n FROM blocks WHERE blocker_id = $1', [blockerId]);
    return Number(rows[0]!.n);
  }

  /** Of some people those whom a person blocks. */
  async among(blockerId: string, ids: readonly string[]): Promise<Omit<PersonRow, 'cursorAt'>[]> {
    const rows = await this.dataSource.query<{ blocked_id: string; created_at: Date }[]>(
      'SELECT blocked_id, created_at FROM blocks WHERE blocker_id = $1 AND blocked_id = ANY($2::uuid[])',
      [blockerId, ids],
    );
    return rows.map((row) => ({ userId: row.blocked_id, at: row.created_at }));
  }

  /** Whom a person blocks, the newest first. */
  async list(blockerId: string, limit: number, after: After): Promise<PersonRow[]> {
    const rows = await this.dataSource.query<{ blocked_id: string; created_at: Date; cursor_at: string }[]>(
      `SELECT blocked_id, created_at, created_at::text AS cursor_at FROM blocks
       WHERE blocker_id = $1 AND ($2::timestamptz IS NULL OR (created_at, blocked_id) < ($2::timestamptz, $3::uuid))
       ORDER BY created_at DESC, blocked_id DESC LIMIT $4`,
      [blockerId, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
    return rows.map((row) => ({ userId: row.blocked_id, at: row.created_at, cursorAt: row.cursor_at }));
  }
}
