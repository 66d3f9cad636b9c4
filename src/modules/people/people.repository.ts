import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';

const username = 'u.username_key';
const name = `lower(u.first_name || ' ' || u.last_name)`;
const lastName = 'lower(u.last_name)';

/** What is looked at, one after the other; whoever was found by an earlier one is left out of the later ones. Each has an index of its own. */
const stages = [
  { key: username, found: [] },
  { key: name, found: [username] },
  { key: lastName, found: [username, name] },
] as const;

export const searchStages = stages.length;

/** Above every text that begins with the prefix before it: the last code point there is, in the order of bytes. */
const last = '\u{10FFFF}';

export interface FoundRow {
  userId: string;
  key: string;
}

/** The statement of one stage: a range of an index, from a key and id on. */
export function searchSql(stage: number): string {
  const { key, found } = stages[stage]!;
  const parameter = (column: string) => (column === username ? '$2::text' : 'lower($3::text)');
  const prefix = parameter(key);
  const isFound = (column: string) => `(${column} ~>=~ ${parameter(column)} AND ${column} ~<~ (${parameter(column)} || '${last}'))`;
  return `SELECT u.id, ${key} AS key FROM users u
    WHERE u.status = 'active' AND u.id <> $1 AND $2::text IS NOT NULL AND $3::text IS NOT NULL
      AND ${key} ~>=~ COALESCE($4::text, ${prefix}) AND ${key} ~<~ (${prefix} || '${last}')
      AND ($4::text IS NULL OR ${key} <> $4::text OR u.id > $5::uuid)
      ${found.map((column) => `AND NOT ${isFound(column)}`).join(' ')}
      AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = $1 AND b.blocked_id = u.id)
      AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = u.id AND b.blocked_id = $1)
    ORDER BY ${key} USING ~<~, u.id LIMIT $6`;
}

/** The SQL of finding people. */
@Injectable()
export class PeopleRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @param words as a key of usernames, and as it was typed @param after key and id of the last one of the page before */
  async search(
    stage: number,
    readerId: string,
    words: { usernameKey: string; typed: string },
    limit: number,
    after: readonly [key: string, id: string] | null,
  ): Promise<FoundRow[]> {
    const values = [readerId, words.usernameKey, words.typed, after?.[0] ?? null, after?.[1] ?? null, limit];
    const rows = await this.dataSource.query<{ id: string; key: string }[]>(searchSql(stage), values);
    return rows.map((row) => ({ userId: row.id, key: row.key }));
  }
}
