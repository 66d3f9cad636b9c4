import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { caseKey } from '../../common/case-key.js';
import { newId } from '../../common/ids.js';
import type { Tag } from '../../contracts/index.js';

/** The SQL of tags. Rows of `tags` are locked in the order of their names, so that two posts with the same tags never wait for each other. */
@Injectable()
export class TagsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Gives a post these tags and no others; unknown ones are made. Counts follow. */
  async set(manager: EntityManager, postId: string, names: readonly string[]): Promise<void> {
    const byKey = new Map(names.map((name) => [caseKey(name), name]));
    const wanted = [...byKey.keys()];
    const held = await manager.query<{ name_key: string }[]>(
      'SELECT t.name_key FROM post_tags p JOIN tags t ON t.id = p.tag_id WHERE p.post_id = $1',
      [postId],
    );
    const before = new Set(held.map((row) => row.name_key));
    const touched = [...new Set([...before, ...wanted])].sort();
    if (touched.length === 0) return;
    const fresh = touched.filter((key) => byKey.has(key));
    await manager.query(
      `INSERT INTO tags (id, name, name_key) SELECT id, name, name_key FROM unnest($1::uuid[], $2::text[], $3::text[]) AS n(id, name, name_key)
       ORDER BY name_key ON CONFLICT (name_key) DO NOTHING`,
      [fresh.map(() => newId()), fresh.map((key) => byKey.get(key)), fresh],
    );
    const rows = await manager.query<{ id: string; name_key: string }[]>(
      'SELECT id, name_key FROM tags WHERE name_key = ANY($1::text[]) ORDER BY name_key FOR NO KEY UPDATE',
      [touched],
    );
    const idOf = new Map(rows.map((row) => [row.name_key, row.id]));
    await manager.query('DELETE FROM post_tags WHERE post_id = $1', [postId]);
    await manager.query(
      `INSERT INTO post_tags (post_id, tag_id, place) SELECT $1, id, place - 1 FROM unnest($2::uuid[]) WITH ORDINALITY AS n(id, place)`,
      [postId, wanted.map((key) => idOf.get(key))],
    );
    await this.count(
      manager,
      touched.filter((key) => !before.has(key)),
      1,
    );
    await this.count(
      manager,
      touched.filter((key) => !byKey.has(key)),
      -1,
    );
  }

  /** Tags that begin like a text, or without one the default topics and then the most used. */
  async list(query: string | undefined, limit: number): Promise<Tag[]> {
    const prefix = query === undefined ? null : `${caseKey(query.replace(/^#+\s*/, '')).replace(/[\\%_]/g, '\\$&')}%`;
    const rows = await this.dataSource.query<{ name: string; post_count: number; is_default: boolean }[]>(
      prefix === null
        ? 'SELECT name, post_count, is_default FROM tags ORDER BY is_default DESC, post_count DESC, name_key LIMIT $1'
        : 'SELECT name, post_count, is_default FROM tags WHERE name_key LIKE $2 ORDER BY post_count DESC, name_key LIMIT $1',
      prefix === null ? [limit] : [limit, prefix],
    );
    return rows.map((row) => ({ name: row.name, postCount: row.post_count, isDefault: row.is_default }));
  }

  private async count(manager: EntityManager, keys: readonly string[], by: 1 | -1): Promise<void> {
    if (keys.length > 0) await manager.query('UPDATE tags SET post_count = post_count + $2 WHERE name_key = ANY($1::text[])', [keys, by]);
  }
}
