import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';

/** Stands where an id must be and nobody's is. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** The SQL of an erasure that belongs to no module: traces that are neither counted nor listened to. */
@Injectable()
export class ErasureRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** The username of an account and those that it had. */
  async namesOf(userId: string): Promise<string[]> {
    const rows = await this.dataSource.query<{ name: string }[]>(
      `SELECT username AS name FROM users WHERE id = $1 UNION SELECT username_key FROM username_reservations WHERE user_id = $1`,
      [userId],
    );
    return rows.map((row) => row.name);
  }

  /**
   * Of reports and acts of moderation stays what happened, when, and by whom; what the person had said or done, and that it was them, goes.
   * The foreign keys take the person's own reports and acts out of their name.
   */
  async moderation(userId: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE reports SET content = '', owner_id = NULL, subject_id = CASE WHEN kind = 'person' THEN id ELSE subject_id END WHERE owner_id = $1`,
      [userId],
    );
    await this.dataSource.query(`UPDATE reports SET content = '', subject_id = id WHERE subject_id = $1`, [userId]);
    await this.dataSource.query(`UPDATE audit_log SET subject_id = $2, detail = detail - 'reason' WHERE subject_id = $1`, [userId, nobody]);
  }

  /** Answers that are kept for a day for other people's repetitions, names kept for a registration, lists of who was told first. */
  async traces(userId: string, emailKey: string): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM idempotency_keys WHERE person = $1 OR position($1::text in response::text) > 0 OR position($2 in lower(response::text)) > 0
         OR position($1::text in route) > 0`,
      [userId, emailKey],
    );
    await this.dataSource.query('DELETE FROM username_reservations WHERE email_key = $1', [emailKey]);
    await this.dataSource.query(
      `UPDATE announcements SET first_told = array_remove(first_told, $1::uuid), told_up_to = NULLIF(told_up_to, $1::uuid)
       WHERE done_at IS NOT NULL AND ($1::uuid = ANY(first_told) OR told_up_to = $1::uuid)`,
      [userId],
    );
    await this.dataSource.query(
      `DELETE FROM legacy_receipts r USING revoked_sessions v WHERE v.user_id = $1 AND r.session_id = v.session_id`,
      [userId],
    );
  }

  /** Whether an announcement that is under way has its place at this person. */
  async isAnnounced(userId: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT 1 FROM announcements WHERE $1::uuid = ANY(first_told) OR told_up_to = $1::uuid LIMIT 1`,
      [userId],
    );
    return rows.length > 0;
  }

  /** The account goes, and with it everything that hangs on it. Ended sessions stay known, as nobody's, until no token of them can be valid. */
  async finish(manager: EntityManager, userId: string): Promise<void> {
    await manager.query('UPDATE revoked_sessions SET user_id = $2 WHERE user_id = $1', [userId, nobody]);
    await manager.query('DELETE FROM users WHERE id = $1', [userId]);
    // The index has nothing of the person any more, and need not be told.
    await manager.query('DELETE FROM search_queue WHERE id = $1', [userId]);
  }
}
