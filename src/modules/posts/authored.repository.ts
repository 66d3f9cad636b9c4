import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import type { Subject } from './marks.repository.js';

/** Rows of one step. */
const step = 200;

/** The SQL of what one person did here, for the end of their account. Subjects are locked in the order of their ids. */
@Injectable()
export class AuthoredRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async postIds(userId: string): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>('SELECT id FROM posts WHERE author_id = $1 ORDER BY id LIMIT $2', [
      userId,
      step,
    ]);
    return rows.map((row) => row.id);
  }

  /** Comments that are not blanked yet: all of a person, or those that hold a text. */
  async commentIds(userId: string, { all, containing }: { all: boolean; containing: string }): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM comments WHERE author_id = $1 AND deleted_at IS NULL AND ($2::boolean OR position(lower($3) in lower(content)) > 0) ORDER BY id`,
      [userId, all, containing],
    );
    return rows.map((row) => row.id);
  }

  /** Takes some of a person's likes and emojis back, with what they are counted in. @returns whether there may be more */
  async takeMarks(manager: EntityManager, subject: Subject, userId: string): Promise<boolean> {
    const rows = await manager.query<{ id: string }[]>(
      `SELECT id FROM ${subject}s WHERE id IN (
         (SELECT ${subject}_id FROM ${subject}_likes WHERE user_id = $1 ORDER BY 1 LIMIT ${step}) UNION
         (SELECT ${subject}_id FROM ${subject}_reactions WHERE user_id = $1 ORDER BY 1 LIMIT ${step})) ORDER BY id FOR NO KEY UPDATE`,
      [userId],
    );
    const ids = rows.map((row) => row.id);
    if (ids.length === 0) return false;
    await manager.query(
      `WITH gone AS (DELETE FROM ${subject}_likes WHERE user_id = $1 AND ${subject}_id = ANY($2::uuid[]) RETURNING ${subject}_id AS id)
       UPDATE ${subject}s s SET like_count = s.like_count - 1 FROM gone WHERE s.id = gone.id`,
      [userId, ids],
    );
    await manager.query(`DELETE FROM ${subject}_reactions WHERE user_id = $1 AND ${subject}_id = ANY($2::uuid[])`, [userId, ids]);
    await manager.query(
      `UPDATE ${subject}s s SET reactions = COALESCE((
         SELECT jsonb_agg(jsonb_build_object('emoji', r.emoji, 'count', r.n) ORDER BY r.first, r.emoji)
         FROM (SELECT emoji, count(*) AS n, min(created_at) AS first FROM ${subject}_reactions WHERE ${subject}_id = s.id GROUP BY emoji) r), '[]')
       WHERE s.id = ANY($1::uuid[]) AND s.reactions <> '[]'`,
      [ids],
    );
    return true;
  }

  /** As `takeMarks`, of views. */
  async takeViews(manager: EntityManager, userId: string): Promise<boolean> {
    const rows = await manager.query<{ id: string }[]>(
      `SELECT id FROM posts WHERE id IN (SELECT post_id FROM post_views WHERE user_id = $1 ORDER BY post_id LIMIT ${step})
       ORDER BY id FOR NO KEY UPDATE`,
      [userId],
    );
    if (rows.length === 0) return false;
    await manager.query(
      `WITH gone AS (DELETE FROM post_views WHERE user_id = $1 AND post_id = ANY($2::uuid[]) RETURNING post_id), counted AS (
         SELECT post_id, count(*)::int AS n FROM gone GROUP BY post_id)
       UPDATE posts p SET view_count = p.view_count - c.n FROM counted c WHERE p.id = c.post_id`,
      [userId, rows.map((row) => row.id)],
    );
    return true;
  }

  /** Leaves some comments to nobody. @returns whether there may be more */
  async disownComments(manager: EntityManager, userId: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `WITH disowned AS (UPDATE comments SET author_id = NULL
         WHERE id IN (SELECT id FROM comments WHERE author_id = $1 ORDER BY id LIMIT ${step}) RETURNING 1)
       SELECT * FROM disowned`,
      [userId],
    );
    return rows.length > 0;
  }
}
