import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type MessageRow, messageColumns, toMessage } from '../../common/message-view.js';
import type { Principal } from '../../common/principal.js';
import type { Room, RoomKind, RoomRight, RoomRole } from '../../contracts/index.js';
import { RoomPresence } from '../../realtime/index.js';
import { authorOf, UserDirectory } from '../users/index.js';

interface RoomRow {
  id: string;
  name: string;
  title: string;
  kind: RoomKind;
  access: RoomRight;
  posting: RoomRight;
  guests_allowed: boolean;
  pair_key: string | null;
  epoch: string;
  last_seq: string;
  position: string;
  member_count: number;
  role: RoomRole | null;
  read_seq: string | null;
  mention_count: string;
  last_message:
    | (Omit<MessageRow, 'created_at' | 'edited_at' | 'deleted_at'> & {
        created_at: string;
        edited_at: string | null;
        deleted_at: string | null;
      })
    | null;
  cursor_at: string;
}

export interface RoomFilter {
  query?: string | undefined;
  kind?: RoomKind | undefined;
  mine: boolean;
}

/** Of rooms `r` and the reader's membership `m`: everything that a room's view shows, in one statement for any number of rooms. */
const viewColumns = (reader: '$1' | '$2') => `
  r.id, r.name, r.title, r.kind, r.access, r.posting, r.guests_allowed, r.pair_key, r.epoch, r.last_seq, r.position, r.member_count,
  m.role, m.read_seq, r.last_activity_at::text AS cursor_at,
  (SELECT count(*) FROM mentions x WHERE x.room_id = r.id AND x.user_id = m.user_id AND x.seq > m.read_seq) AS mention_count,
  CASE WHEN (r.access = 'everyone' OR m.role IN ('owner', 'admin'))
    AND NOT EXISTS (SELECT FROM room_bans b WHERE b.room_id = r.id AND b.user_id = ${reader}) THEN
    (SELECT to_jsonb(last) FROM (SELECT ${messageColumns('l')} FROM messages l WHERE l.room_id = r.id AND l.seq = r.last_seq) last)
  END AS last_message`;

/** Rooms as one reader sees them: with their own unread count, role and peer. */
@Injectable()
export class RoomViews {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly users: UserDirectory,
    private readonly presence: RoomPresence,
  ) {}

  /** One room, or null when it is gone. Whether the reader may see it is decided before. */
  async one(principal: Principal, roomId: string): Promise<Room | null> {
    const rows = await this.dataSource.query<RoomRow[]>(
      `SELECT ${viewColumns('$2')} FROM rooms r LEFT JOIN room_members m ON m.room_id = r.id AND m.user_id = $2 WHERE r.id = $1`,
      [roomId, readerId(principal)],
    );
    return (await this.views(principal, rows))[0] ?? null;
  }

  /**
   * Rooms that the reader may see, the latest activity first.
   * @param after [last_activity_at, id] of the last room of the page before
   */
  async list(
    principal: Principal,
    filter: RoomFilter,
    limit: number,
    after: readonly [string, string] | null,
  ): Promise<{ room: Room; cursorAt: string }[]> {
    const visible =
      principal.kind === 'guest'
        ? `r.kind = 'public' AND r.guests_allowed AND r.access = 'everyone'`
        : filter.mine
          ? 'm.user_id IS NOT NULL'
          : `(r.kind = 'public' OR m.user_id IS NOT NULL)`;
    const rows = await this.dataSource.query<RoomRow[]>(
      `SELECT ${viewColumns('$1')} FROM rooms r ${filter.mine ? 'JOIN' : 'LEFT JOIN'} room_members m ON m.room_id = r.id AND m.user_id = $1
       WHERE ${visible}
         AND ($2::text IS NULL OR r.kind = $2)
         AND ($3::text IS NULL OR r.name_key LIKE $3 OR lower(r.title) LIKE $3)
         AND ($4::timestamptz IS NULL OR (r.last_activity_at, r.id) < ($4::timestamptz, $5::uuid))
       ORDER BY r.last_activity_at DESC, r.id DESC LIMIT $6`,
      [
        readerId(principal),
        filter.kind ?? null,
        filter.query ? `%${escapeLike(filter.query.toLowerCase())}%` : null,
        after?.[0] ?? null,
        after?.[1] ?? null,
        limit,
      ],
    );
    const views = await this.views(principal, rows);
    return views.map((room, index) => ({ room, cursorAt: rows[index]!.cursor_at }));
  }

  private async views(principal: Principal, rows: readonly RoomRow[]): Promise<Room[]> {
    const reader = readerId(principal);
    const wanted = rows
      .flatMap((row) => [row.last_message?.author_id, peerId(row, reader)])
      .filter((id): id is string => typeof id === 'string');
    const people = await this.users.loadMany(wanted);
    return rows.map((row) => {
      const peer = peerId(row, reader);
      const last = row.last_message;
      return {
        id: row.id,
        name: row.name,
        title: row.title,
        kind: row.kind,
        access: row.access,
        posting: row.posting,
        guestsAllowed: row.guests_allowed,
        memberCount: row.member_count,
        onlineCount: this.presence.count(row.id),
        unreadCount: row.read_seq === null ? 0 : Math.max(0, Number(row.last_seq) - Number(row.read_seq)),
        mentionCount: Number(row.mention_count),
        lastMessage: last
          ? toMessage(
              { ...last, created_at: new Date(last.created_at), edited_at: date(last.edited_at), deleted_at: date(last.deleted_at) },
              authorOf(people.get(last.author_id ?? '')),
            )
          : null,
        position: Number(row.position),
        epoch: row.epoch,
        myRole: row.role,
        ...(peer && people.has(peer) ? { peer: authorOf(people.get(peer))! } : {}),
      };
    });
  }
}

/** A pattern character of LIKE is an ordinary character for people. */
function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

function readerId(principal: Principal): string | null {
  return principal.kind === 'person' ? principal.userId : null;
}

function peerId(row: RoomRow, reader: string | null): string | null {
  return row.pair_key?.split(':').find((id) => id !== reader) ?? null;
}

function date(value: string | null): Date | null {
  return value === null ? null : new Date(value);
}
