import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';

/** What can be liked and reacted to here. */
export type Subject = 'post' | 'comment';

/** One person's likes and emojis among some subjects. */
export interface OwnMarks {
  liked: ReadonlySet<string>;
  emojis: ReadonlyMap<string, string[]>;
}

/** Different emojis on one subject. */
export const mostEmojis = 20;

/**
 * The SQL of likes and reactions, the same for posts and comments. Table names come from the two words of `Subject` alone. Counters move in
 * the statement that writes the mark, so that they equal a recount whatever runs in parallel.
 */
@Injectable()
export class MarksRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @returns the count, and whether this was new; null: the subject is gone */
  async like(manager: EntityManager, subject: Subject, id: string, userId: string): Promise<{ count: number; changed: boolean } | null> {
    return this.moved(
      manager,
      subject,
      `INSERT INTO ${subject}_likes (${subject}_id, user_id, created_at) SELECT s.id, $2, now() FROM ${subject}s s WHERE s.id = $1 ON CONFLICT DO NOTHING RETURNING 1`,
      '+',
      [id, userId],
    );
  }

  /** As `like`. */
  async unlike(manager: EntityManager, subject: Subject, id: string, userId: string): Promise<{ count: number; changed: boolean } | null> {
    return this.moved(manager, subject, `DELETE FROM ${subject}_likes WHERE ${subject}_id = $1 AND user_id = $2 RETURNING 1`, '-', [
      id,
      userId,
    ]);
  }

  /** Adds an emoji. Call with the subject locked. @returns whether it was new */
  async addReaction(manager: EntityManager, subject: Subject, id: string, userId: string, emoji: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `WITH added AS (INSERT INTO ${subject}_reactions (${subject}_id, user_id, emoji, created_at) VALUES ($1, $2, $3, clock_timestamp())
       ON CONFLICT DO NOTHING RETURNING 1) SELECT * FROM added`,
      [id, userId, emoji],
    );
    if (rows.length > 0) await this.recount(manager, subject, id);
    return rows.length > 0;
  }

  /** Takes an emoji back. Call with the subject locked. @returns whether it was there */
  async removeReaction(manager: EntityManager, subject: Subject, id: string, userId: string, emoji: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `WITH removed AS (DELETE FROM ${subject}_reactions WHERE ${subject}_id = $1 AND user_id = $2 AND emoji = $3 RETURNING 1) SELECT * FROM removed`,
      [id, userId, emoji],
    );
    if (rows.length > 0) await this.recount(manager, subject, id);
    return rows.length > 0;
  }

  /** What one reader gave to some subjects, in one query. */
  async ofReader(subject: Subject, ids: readonly string[], userId: string): Promise<OwnMarks> {
    if (ids.length === 0) return { liked: new Set(), emojis: new Map() };
    const rows = await this.dataSource.query<{ id: string; emoji: string | null }[]>(
      `SELECT ${subject}_id AS id, NULL AS emoji FROM ${subject}_likes WHERE user_id = $1 AND ${subject}_id = ANY($2::uuid[])
       UNION ALL (SELECT ${subject}_id, emoji FROM ${subject}_reactions WHERE user_id = $1 AND ${subject}_id = ANY($2::uuid[]) ORDER BY created_at)`,
      [userId, ids],
    );
    const emojis = new Map<string, string[]>();
    for (const row of rows) if (row.emoji !== null) emojis.set(row.id, [...(emojis.get(row.id) ?? []), row.emoji]);
    return { liked: new Set(rows.filter((row) => row.emoji === null).map((row) => row.id)), emojis };
  }

  /** Who likes a post, newest first, after a cursor of [created_at, user_id], without some people. */
  async likers(
    postId: string,
    limit: number,
    after: readonly [string, string] | null,
    without: readonly string[],
  ): Promise<{ userId: string; cursorAt: string }[]> {
    const rows = await this.dataSource.query<{ user_id: string; cursor_at: string }[]>(
      `SELECT user_id, created_at::text AS cursor_at FROM post_likes
       WHERE post_id = $1 AND ($2::timestamptz IS NULL OR (created_at, user_id) < ($2::timestamptz, $3::uuid)) AND NOT (user_id = ANY($5::uuid[]))
       ORDER BY created_at DESC, user_id DESC LIMIT $4`,
      [postId, after?.[0] ?? null, after?.[1] ?? null, limit, without],
    );
    return rows.map((row) => ({ userId: row.user_id, cursorAt: row.cursor_at }));
  }

  private async moved(
    manager: EntityManager,
    subject: Subject,
    mark: string,
    sign: '+' | '-',
    values: unknown[],
  ): Promise<{ count: number; changed: boolean } | null> {
    // The subject's row is locked first: a mark and the deletion of its subject never wait for each other.
    await manager.query(`SELECT 1 FROM ${subject}s WHERE id = $1 FOR NO KEY UPDATE`, [values[0]]);
    const rows = await manager.query<{ count: number; moved: number }[]>(
      `WITH mark AS (${mark}), moved AS (SELECT count(*)::int AS n FROM mark), counted AS (
         UPDATE ${subject}s SET like_count = like_count ${sign} moved.n FROM moved WHERE id = $1 RETURNING like_count AS count, moved.n AS moved)
       SELECT count, moved FROM counted`,
      values,
    );
    const row = rows[0];
    return row ? { count: row.count, changed: row.moved > 0 } : null;
  }

  private async recount(manager: EntityManager, subject: Subject, id: string): Promise<void> {
    await manager.query(
      `UPDATE ${subject}s SET reactions = COALESCE((
         SELECT jsonb_agg(jsonb_build_object('emoji', r.emoji, 'count', r.n) ORDER BY r.first, r.emoji)
         FROM (SELECT emoji, count(*) AS n, min(created_at) AS first FROM ${subject}_reactions WHERE ${subject}_id = $1 GROUP BY emoji) r), '[]') WHERE id = $1`,
      [id],
    );
  }
}
