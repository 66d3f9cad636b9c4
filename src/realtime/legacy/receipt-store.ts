import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

export interface ReceiptRow {
  sessionId: string;
  roomId: string;
  position: number;
  seq: number;
  open: boolean;
}

export const RECEIPT_STORE = Symbol('ReceiptStore');

/** Where receipts outlive this process. */
export interface ReceiptStore {
  /**
   * What is remembered of a session and room, with its age in ms since the page's end; a row that is still open was left behind by a server
   * that ended, and counts from its last write. Null when there is nothing younger than `maxAge` ms.
   */
  find(sessionId: string, roomId: string, maxAge: number): Promise<(Pick<ReceiptRow, 'position' | 'seq'> & { age: number }) | null>;
  /** Writes some and removes others, in one statement. */
  save(kept: readonly ReceiptRow[], forgotten: readonly Pick<ReceiptRow, 'sessionId' | 'roomId'>[]): Promise<void>;
  /** Removes rows that nobody touched for `age` ms. */
  prune(age: number): Promise<void>;
}

/** Receipts in the table `legacy_receipts`. Times are the database's own. */
@Injectable()
export class SqlReceiptStore implements ReceiptStore {
  constructor(private readonly dataSource: DataSource) {}

  async find(sessionId: string, roomId: string, maxAge: number): ReturnType<ReceiptStore['find']> {
    const rows: { position: string; seq: string; age: number }[] = await this.dataSource.query(
      `SELECT position, seq, age FROM (
         SELECT position, seq, (extract(epoch FROM now() - coalesce(ended_at, updated_at)) * 1000)::float8 AS age
         FROM legacy_receipts WHERE session_id = $1 AND room_id = $2
       ) AS found WHERE age < $3`,
      [sessionId, roomId, maxAge],
    );
    const [row] = rows;
    return row ? { position: Number(row.position), seq: Number(row.seq), age: Math.max(0, row.age) } : null;
  }

  async save(kept: readonly ReceiptRow[], forgotten: readonly Pick<ReceiptRow, 'sessionId' | 'roomId'>[]): Promise<void> {
    await this.dataSource.query(
      `WITH gone AS (
         DELETE FROM legacy_receipts USING unnest($6::uuid[], $7::uuid[]) AS old (session_id, room_id)
         WHERE legacy_receipts.session_id = old.session_id AND legacy_receipts.room_id = old.room_id
       )
       INSERT INTO legacy_receipts (session_id, room_id, position, seq, open, ended_at, updated_at)
       SELECT session_id, room_id, position, seq, open, CASE WHEN open THEN NULL ELSE now() END, now()
       FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::boolean[]) AS new (session_id, room_id, position, seq, open)
       ON CONFLICT (session_id, room_id) DO UPDATE SET
         position = excluded.position, seq = excluded.seq, open = excluded.open, ended_at = excluded.ended_at, updated_at = excluded.updated_at`,
      [
        kept.map((row) => row.sessionId),
        kept.map((row) => row.roomId),
        kept.map((row) => row.position),
        kept.map((row) => row.seq),
        kept.map((row) => row.open),
        forgotten.map((row) => row.sessionId),
        forgotten.map((row) => row.roomId),
      ],
    );
  }

  async prune(age: number): Promise<void> {
    await this.dataSource.query(`DELETE FROM legacy_receipts WHERE updated_at < now() - $1 * interval '1 millisecond'`, [age]);
  }
}
