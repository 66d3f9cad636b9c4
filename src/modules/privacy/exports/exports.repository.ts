import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';

export interface ExportRow {
  id: string;
  user_id: string;
  status: 'waiting' | 'running' | 'ready' | 'failed' | 'removing';
  progress: number;
  attempts: number;
  parts: number;
  bytes: string | null;
  created_at: Date;
  ready_at: Date | null;
  expires_at: Date | null;
}

const columns = 'id, user_id, status, progress, attempts, parts, bytes, created_at, ready_at, expires_at';
const qualified = columns.replaceAll(/\w+/g, 'e.$&');
/** Whoever is suspended or gone gets no archive, not even one that is half made. */
const welcome = `u.status = 'active' AND (u.suspended_until IS NULL OR u.suspended_until <= now())`;

/** The SQL of archives. Times are the database's own. */
@Injectable()
export class ExportsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** A person's export, unless it is on its way out. */
  async of(userId: string, manager: EntityManager = this.dataSource.manager): Promise<ExportRow | null> {
    const rows = await manager.query<ExportRow[]>(`SELECT ${columns} FROM data_exports WHERE user_id = $1 AND status <> 'removing'`, [
      userId,
    ]);
    return rows[0] ?? null;
  }

  /** An archive that may be downloaded now: its owner is neither suspended nor gone. */
  async downloadable(id: string): Promise<ExportRow | null> {
    const rows = await this.dataSource.query<ExportRow[]>(
      `SELECT ${qualified} FROM data_exports e JOIN users u ON u.id = e.user_id AND ${welcome}
       WHERE e.id = $1 AND e.status = 'ready' AND e.expires_at > now()`,
      [id],
    );
    return rows[0] ?? null;
  }

  async insert(manager: EntityManager, id: string, userId: string): Promise<ExportRow> {
    const rows = await manager.query<ExportRow[]>(
      `INSERT INTO data_exports (id, user_id, status, created_at) VALUES ($1, $2, 'waiting', now()) RETURNING ${columns}`,
      [id, userId],
    );
    return rows[0]!;
  }

  /** Lets a person's export go; its objects are removed next. @returns whether there was one */
  async release(manager: EntityManager, userId: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `WITH gone AS (UPDATE data_exports SET status = 'removing', locked_until = NULL WHERE user_id = $1 AND status <> 'removing' RETURNING id)
       SELECT id FROM gone`,
      [userId],
    );
    return rows.length > 0;
  }

  /** Whether something of a person's exports is left, be it in the storage. */
  async anyLeft(userId: string): Promise<boolean> {
    return (await this.dataSource.query<unknown[]>('SELECT 1 FROM data_exports WHERE user_id = $1 LIMIT 1', [userId])).length > 0;
  }

  /** Lets go of archives that were kept long enough, and of those whose owners may have none. @returns of whom */
  async releaseExpired(): Promise<string[]> {
    const rows = await this.dataSource.query<{ user_id: string }[]>(
      `WITH gone AS (UPDATE data_exports SET status = 'removing', locked_until = NULL WHERE status = 'ready' AND expires_at <= now() RETURNING user_id)
       SELECT user_id FROM gone`,
    );
    return rows.map((row) => row.user_id);
  }

  /** Takes one export to work on, or one whose worker died. @param lease seconds */
  async claim(lease: number): Promise<ExportRow | null> {
    const rows = await this.dataSource.query<ExportRow[]>(
      `WITH next AS (
         SELECT id FROM data_exports WHERE status IN ('waiting', 'running') AND (locked_until IS NULL OR locked_until <= now())
         ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
       ), mine AS (
         UPDATE data_exports e SET status = 'running', attempts = attempts + 1, locked_until = now() + make_interval(secs => $1::float8)
         FROM next WHERE e.id = next.id RETURNING ${qualified})
       SELECT * FROM mine`,
      [lease],
    );
    return rows[0] ?? null;
  }

  /** Lets go of all leases, where nobody else can hold one. */
  async unlockAll(): Promise<void> {
    await this.dataSource.query('UPDATE data_exports SET locked_until = NULL WHERE locked_until IS NOT NULL');
  }

  /**
   * Goes on with one's own attempt: tells how far it is and that the next object may be written, and holds it.
   * @returns false when the export was stopped or taken over, or its owner suspended or deleted
   */
  async goOn({ id, attempts }: ExportRow, step: { progress: number; parts: number }, lease: number): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `WITH mine AS (
         UPDATE data_exports e SET progress = $3, parts = greatest(e.parts, $4), locked_until = now() + make_interval(secs => $5::float8)
         FROM users u WHERE e.id = $1 AND e.attempts = $2 AND e.status = 'running' AND u.id = e.user_id AND ${welcome} RETURNING e.id)
       SELECT id FROM mine`,
      [id, attempts, step.progress, step.parts, lease],
    );
    return rows.length > 0;
  }

  /** @param life seconds that the archive is kept @returns false when it was stopped meanwhile */
  async complete(manager: EntityManager, { id, attempts }: ExportRow, bytes: number, life: number): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `WITH mine AS (
         UPDATE data_exports SET status = 'ready', progress = 100, bytes = $3, ready_at = now(), locked_until = NULL,
           expires_at = now() + make_interval(secs => $4::float8)
         WHERE id = $1 AND attempts = $2 AND status = 'running' RETURNING id)
       SELECT id FROM mine`,
      [id, attempts, bytes, life],
    );
    return rows.length > 0;
  }

  /** Ends one's own attempt: `waiting` to be tried again after some seconds, `failed`, or `removing`. */
  async giveUp({ id, attempts }: ExportRow, status: 'waiting' | 'failed' | 'removing', retryIn = 0): Promise<void> {
    await this.dataSource.query(
      `UPDATE data_exports SET status = $3, locked_until = CASE WHEN $4::float8 > 0 THEN now() + make_interval(secs => $4::float8) END
       WHERE id = $1 AND attempts = $2 AND status = 'running'`,
      [id, attempts, status, retryIn],
    );
  }

  /** Exports whose objects are to be removed. */
  async removing(): Promise<ExportRow[]> {
    return this.dataSource.query<ExportRow[]>(
      `SELECT ${columns} FROM data_exports WHERE status = 'removing' AND (locked_until IS NULL OR locked_until <= now()) ORDER BY id LIMIT 100`,
    );
  }

  /** Nothing of it is in the storage any more. */
  async forget(id: string): Promise<void> {
    await this.dataSource.query(`DELETE FROM data_exports WHERE id = $1 AND status = 'removing'`, [id]);
  }

  /** Tries the removal again later. */
  async postpone(id: string, seconds: number): Promise<void> {
    await this.dataSource.query(
      `UPDATE data_exports SET locked_until = now() + make_interval(secs => $2::float8) WHERE id = $1 AND status = 'removing'`,
      [id, seconds],
    );
  }
}
