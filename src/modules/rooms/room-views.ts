import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Gatherer } from '../../common/gatherer.js';
import { type MessageRow, messageColumns, toMessage } from '../../common/message-view.js';
import { asRead } from '../../common/hidden-message.js';
import type { Principal } from '../../common/principal.js';
import type { Room, RoomKind, RoomRight, RoomRole } from '../../contracts/index.js';
import { RoomPresence } from '../../realtime/index.js';
import { BlockDirectory } from '../friends/index.js';
import { authorOf, type UserCard, UserDirectory } from '../users/index.js';

interface RoomRow {
  id: string;
  name: string;
  title: string;
  kind: RoomKind;
  access: RoomRight;
  posting: RoomRight;
  guests_allowed: boolean;
  archived: boolean;
  avatar_file_id: string | null;
  pair_key: string | null;
  epoch: string;
  last_seq: string;
  position: string;
  member_count: number;
  reader_id: string | null;
  is_admin: boolean;
  role: RoomRole | null;
  read_seq: string | null;
  readable: boolean;
  mention_count: string;
  last_message:
    | (Omit<MessageRow, 'created_at' | 'edited_at' | 'deleted_at'> & {
        created_at: string;
        edited_at: string | null;
        deleted_at: string | null;
      })
    | null;
  active_at: string;
}

/** Who a view is made for. */
export interface Reader {
  /** null: a guest */
  id: string | null;
  /** Site admins read every public room. */
  isAdmin: boolean;
}

function readerOf(principal: Principal): Reader {
  return principal.kind === 'person' ? { id: principal.userId, isAdmin: principal.role === 'admin' } : { id: null, isAdmin: false };
}

/** A room as one reader sees it. */
export interface RoomView {
  room: Room;
  reader: Reader;
  /** `last_activity_at`, whole, for cursors. */
  activeAt: string;
}

/** Everything that the views of some rooms show to some readers, in one statement. @param pairs selects `id` of the room, `reader_id` and `is_admin` */
const viewSql = (pairs: string) => `
  SELECT r.id, r.name, r.title, r.kind, r.access, r.posting, r.guests_allowed, r.archived_at IS NOT NULL AS archived, r.avatar_file_id,
    r.pair_key, r.epoch, r.last_seq, r.position, r.member_count, r.last_activity_at::text AS active_at, page.reader_id, page.is_admin, m.role,
    m.read_seq, may.be_read AS readable,
    CASE WHEN may.be_read THEN
      (SELECT count(*) FROM mentions x WHERE x.room_id = r.id AND x.user_id = m.user_id AND x.seq > m.read_seq) ELSE 0 END AS mention_count,
    CASE WHEN may.be_read THEN
      (SELECT to_jsonb(last) FROM (SELECT ${messageColumns('l')} FROM messages l WHERE l.room_id = r.id AND l.seq = r.last_seq) last)
    END AS last_message
  FROM (${pairs}) page JOIN rooms r ON r.id = page.id
  LEFT JOIN room_members m ON m.room_id = r.id AND m.user_id = page.reader_id
  CROSS JOIN LATERAL (SELECT (r.access = 'everyone' OR m.role IN ('owner', 'admin') OR (r.kind = 'public' AND page.is_admin))
    AND NOT EXISTS (SELECT FROM room_bans b WHERE b.room_id = r.id AND b.user_id = page.reader_id) AS be_read) may
  ORDER BY r.last_activity_at DESC, r.id DESC`;

/** Each of some rooms for each of some readers. @param rooms selects `id`; $1 and $2 are the readers */
const eachFor = (rooms: string) =>
  `SELECT room.id, reader.id AS reader_id, reader.is_admin FROM (${rooms}) room CROSS JOIN unnest($1::uuid[], $2::boolean[]) AS reader(id, is_admin)`;

/** One room for each of some readers, each with their own. */
const ownPairs = 'SELECT reader_id, is_admin, id FROM unnest($1::uuid[], $2::boolean[], $3::uuid[]) AS own(reader_id, is_admin, id)';

/** Rooms as one reader sees them: with their own unread count, role and peer. */
@Injectable()
export class RoomViews {
  /** A socket that enters a room asks for one view; so do all that come at once. */
  private readonly single = new Gatherer(async (wanted: readonly { reader: Reader; roomId: string }[]) => {
    const readers = wanted.map(({ reader }) => reader);
    const views = await this.read(ownPairs, readers, [wanted.map(({ roomId }) => roomId)]);
    const keyOf = (roomId: string, { id, isAdmin }: Reader) => `${roomId} ${id} ${isAdmin}`;
    const byPair = new Map(views.map(({ room, reader }) => [keyOf(room.id, reader), room]));
    return wanted.map(({ reader, roomId }) => byPair.get(keyOf(roomId, reader)) ?? null);
  });

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly users: UserDirectory,
    private readonly presence: RoomPresence,
    private readonly blocks: BlockDirectory,
  ) {}

  /** One room, or null when it is gone. Whether the reader may see it is decided before. */
  async one(principal: Principal, roomId: string): Promise<Room | null> {
    return this.single.ask({ reader: readerOf(principal), roomId });
  }

  /** One room as several people see it, by their ids; nothing when it is gone. */
  async forPeople(roomId: string, userIds: readonly string[]): Promise<Map<string, Room>> {
    const people = await this.users.loadMany(userIds);
    const readers = [...people.values()].map(({ id, role }) => ({ id, isAdmin: role === 'admin' }));
    const views = await this.read(eachFor('SELECT $3::uuid AS id'), readers, [roomId]);
    return new Map(views.map(({ room, reader }) => [reader.id!, room]));
  }

  /** Rooms by id, in the order asked for; those that are gone are left out. Whether the reader may see them is decided before. */
  async many(principal: Principal, roomIds: readonly string[]): Promise<Room[]> {
    const views = await this.select([principal], 'SELECT unnest($3::uuid[]) AS id', [roomIds]);
    const byId = new Map(views.map(({ room }) => [room.id, room]));
    return roomIds.flatMap((id) => byId.get(id) ?? []);
  }

  /**
   * The views of the rooms that a query gives, the latest activity first.
   * @param rooms selects `id`; its parameters begin at $3, and `($1::uuid[])[1]` is the first reader's id, null for a guest
   */
  async select(principals: readonly Principal[], rooms: string, parameters: readonly unknown[]): Promise<RoomView[]> {
    return this.read(eachFor(rooms), principals.map(readerOf), parameters);
  }

  private async read(pairs: string, readers: readonly Reader[], parameters: readonly unknown[]): Promise<RoomView[]> {
    const rows = await this.dataSource.query<RoomRow[]>(viewSql(pairs), [
      readers.map(({ id }) => id),
      readers.map(({ isAdmin }) => isAdmin),
      ...parameters,
    ]);
    const wanted = rows.flatMap((row) => [row.last_message?.author_id, peerId(row)]).filter((id): id is string => typeof id === 'string');
    const people = await this.users.loadMany(wanted);
    return rows.map((row) => ({
      room: this.view(row, people),
      reader: { id: row.reader_id, isAdmin: row.is_admin },
      activeAt: row.active_at,
    }));
  }

  private view(row: RoomRow, people: ReadonlyMap<string, UserCard>): Room {
    const peer = authorOf(people.get(peerId(row) ?? ''));
    const last = row.last_message;
    return {
      id: row.id,
      name: row.name,
      title: row.title,
      kind: row.kind,
      access: row.access,
      posting: row.posting,
      guestsAllowed: row.guests_allowed,
      archived: row.archived,
      avatarUrl: avatarUrlOf(row.avatar_file_id),
      memberCount: row.member_count,
      onlineCount: this.presence.count(row.id),
      unreadCount: row.read_seq === null || !row.readable ? 0 : Math.max(0, Number(row.last_seq) - Number(row.read_seq)),
      mentionCount: Number(row.mention_count),
      lastMessage: last
        ? asRead(
            row.reader_id === null ? undefined : this.blocks.blockedBy(row.reader_id),
            toMessage(
              { ...last, created_at: new Date(last.created_at), edited_at: date(last.edited_at), deleted_at: date(last.deleted_at) },
              authorOf(people.get(last.author_id ?? '')),
            ),
          )
        : null,
      position: Number(row.position),
      epoch: row.epoch,
      myRole: row.role,
      ...(peer ? { peer } : {}),
    };
  }
}

/** Where a room's picture is, relative to this server. */
export function avatarUrlOf(fileId: string | null): string | null {
  return fileId === null ? null : `/api/v1/files/${fileId}?size=thumbnail`;
}

function peerId(row: RoomRow): string | null {
  return row.pair_key?.split(':').find((id) => id !== row.reader_id) ?? null;
}

function date(value: string | null): Date | null {
  return value === null ? null : new Date(value);
}
