import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Person, Principal } from '../../common/principal.js';
import type { Room, RoomKind } from '../../contracts/index.js';
import { encodeCursor } from '../../database/index.js';
import { timeAndId } from './room-cursors.js';
import { RoomViews } from './room-views.js';

export interface RoomFilter {
  /** Part of a name, of a title, or of the name of a direct room's other person. */
  query?: string | undefined;
  kind?: RoomKind | undefined;
  /** Only rooms that the reader is a member of. */
  mine: boolean;
  /** The archived rooms instead of the others. */
  archived: boolean;
}

/**
 * How far `rooms.listed_at` may be behind `last_activity_at`, as SQL. The writer of messages and the list both go by it: whatever was active
 * after a moment is listed after that moment less this.
 */
export const listedBehind = `interval '10 seconds'`;

const pageSize = 50;

/** The list of rooms, the latest message first, with everything that a room's view shows: one statement, however many rooms. */
@Injectable()
export class RoomList {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly views: RoomViews,
  ) {}

  /** A page of the rooms that the reader may see. @throws AppError `request.cursor-invalid` */
  async page(
    principal: Principal,
    filter: RoomFilter,
    limit = pageSize,
    cursor?: string,
  ): Promise<{ items: Room[]; nextCursor: string | null }> {
    if (principal.kind === 'guest' && (filter.mine || (filter.kind && filter.kind !== 'public'))) return { items: [], nextCursor: null };
    const after = cursor === undefined ? null : timeAndId(cursor);
    const rows = await this.views.select([principal], pageSql(principal, filter), [
      filter.query ? `%${escapeLike(filter.query.toLowerCase())}%` : null,
      after?.[0] ?? null,
      after?.[1] ?? null,
      limit + 1,
    ]);
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map(({ room }) => room),
      nextCursor: rows.length > limit && last ? encodeCursor([last.activeAt, last.room.id]) : null,
    };
  }

  /**
   * A person's latest rooms, and how many of theirs have something unread that they may read. Archived rooms are left out of both. Their
   * memberships are gone through once.
   */
  async latest(person: Person, limit: number): Promise<{ items: Room[]; unreadRooms: number }> {
    const rows = await this.dataSource.query<{ id: string; unread: number }[]>(
      `WITH own AS MATERIALIZED (SELECT room_id, read_seq, role FROM room_members WHERE user_id = $1), heads AS MATERIALIZED (
         SELECT r.id, r.last_activity_at, r.last_seq > o.read_seq AND (r.access = 'everyone' OR o.role IN ('owner', 'admin') OR (r.kind = 'public' AND $2)) AS is_unread
         FROM rooms r JOIN own o ON o.room_id = r.id WHERE r.id = ANY(ARRAY(SELECT room_id FROM own)) AND r.archived_at IS NULL)
       SELECT id, (SELECT count(*)::int FROM heads WHERE is_unread) AS unread FROM heads ORDER BY last_activity_at DESC, id DESC LIMIT $3`,
      [person.userId, person.role === 'admin', limit],
    );
    const items = await this.views.many(
      person,
      rows.map(({ id }) => id),
    );
    return { items, unreadRooms: rows[0]?.unread ?? 0 };
  }
}

/** Parameters: $3 the pattern, $4 and $5 the cursor, $6 how many. */
function pageSql(principal: Principal, { kind, mine, archived, query }: RoomFilter): string {
  const listed = (alias: string) =>
    [
      `${alias}.archived_at IS ${archived ? 'NOT NULL' : 'NULL'}`,
      '($4::timestamptz IS NULL OR (' + `${alias}.last_activity_at, ${alias}.id) < ($4::timestamptz, $5::uuid))`,
      ...(query ? [named(alias)] : ['$3::text IS NULL']),
    ].join(' AND ');
  const parts: string[] = [];
  if (!mine && (kind === undefined || kind === 'public')) parts.push(publicSql(principal, listed));
  if (principal.kind === 'person' && (mine || kind !== 'public')) {
    const ofKind = kind ? `r.kind = '${kind}'` : mine ? 'true' : `r.kind <> 'public'`;
    // As an array, so that the planner looks each of them up: for somebody in a thousand rooms it would rather read all rooms of the server.
    parts.push(`SELECT r.id, r.last_activity_at FROM rooms r WHERE r.id = ANY(ARRAY(SELECT o.room_id FROM room_members o WHERE o.user_id = ($1::uuid[])[1]))
      AND ${ofKind} AND ${listed('r')} ORDER BY r.last_activity_at DESC, r.id DESC LIMIT $6`);
  }
  const found = parts.map((part) => `(${part})`).join(' UNION ALL ');
  return `SELECT id, last_activity_at FROM (${found}) found ORDER BY last_activity_at DESC, id DESC LIMIT $6`;
}

/**
 * Public rooms, by the index on `listed_at`: the page's worth of rooms that come first there shows how far back the page can reach, and
 * what was active later than that is listed at most `listedBehind` before it. Both ends of that range are there for the planner, too: of
 * one end it cannot know, it expects a third of the table.
 */
function publicSql(principal: Principal, listed: (alias: string) => string): string {
  const open = (alias: string) =>
    `${alias}.kind = 'public'${principal.kind === 'guest' ? ` AND ${alias}.guests_allowed AND ${alias}.access = 'everyone'` : ''}`;
  return `SELECT r.id, r.last_activity_at FROM rooms r
    WHERE ${open('r')} AND ${listed('r')} AND r.listed_at >= COALESCE(
      (SELECT e.listed_at FROM rooms e WHERE ${open('e')} AND ${listed('e')} AND ($4::timestamptz IS NULL OR e.listed_at <= $4::timestamptz) ORDER BY e.listed_at DESC, e.id DESC OFFSET $6 - 1 LIMIT 1),
      '-infinity') - ${listedBehind} AND r.listed_at <= (SELECT COALESCE($4::timestamptz, 'infinity'))
    ORDER BY r.last_activity_at DESC, r.id DESC LIMIT $6`;
}

function named(alias: string): string {
  return `CASE WHEN ${alias}.kind = 'direct'
    THEN EXISTS (SELECT FROM room_members p JOIN users u ON u.id = p.user_id WHERE p.room_id = ${alias}.id AND p.user_id <> ($1::uuid[])[1]
      AND (u.username_key LIKE $3 OR lower(u.first_name || ' ' || u.last_name) LIKE $3))
    ELSE ${alias}.name_key LIKE $3 OR lower(${alias}.title) LIKE $3 END`;
}

/** A pattern character of LIKE is an ordinary character for people. */
function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
