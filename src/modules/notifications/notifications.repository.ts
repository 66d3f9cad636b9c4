import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import type { NotificationKind, RoomKind } from '../../contracts/index.js';
import { isBlocked } from './blocked.js';

/** People of whom a notification remembers that they did it. */
export const mostActors = 100;

/** A notification on its way into the table, gathered already. */
export interface NotificationInput {
  id: string;
  userId: string;
  kind: NotificationKind;
  groupKey: string;
  roomId: string | null;
  seq: number | null;
  count: number;
  /** The newest first, each once. */
  actors: readonly string[];
  data: Record<string, string>;
  mailPending: boolean;
  isRead: boolean;
  at: Date;
}

/** A notification with what it speaks of, as far as its reader may know it. */
export interface NotificationRow {
  id: string;
  user_id: string;
  kind: NotificationKind;
  count: number;
  actors: string[];
  data: Record<string, string>;
  seq: string | null;
  created_at: Date;
  updated_at: Date;
  read_at: Date | null;
  cursor_at: string;
  room: { id: string; name: string; title: string; kind: RoomKind } | null;
  message_id: string | null;
  /** One character more than is shown, so that one sees where it was cut. */
  excerpt: string | null;
  announcement: { id: string; message: string; createdAt: string } | null;
  post: { id: string; title: string } | null;
}

/** Whose notifications, by their ids. */
export type IdsByPerson = Map<string, string[]>;

export const excerptLength = 140;

/** Of notifications `n`: what may be shown. Rooms and messages are read as they are now, and by the rights of now. */
const shown = `
  n.id, n.user_id, n.kind, n.count, n.actors, n.data, n.seq, n.created_at, n.updated_at, n.read_at, n.updated_at::text AS cursor_at,
  CASE WHEN m.user_id IS NOT NULL OR r.kind = 'public' THEN json_build_object('id', r.id, 'name', r.name, 'title', r.title, 'kind', r.kind) END AS room,
  x.id AS message_id, left(x.content, ${excerptLength + 1}) AS excerpt,
  CASE WHEN a.id IS NOT NULL THEN
    json_build_object('id', a.id, 'message', a.message, 'createdAt', to_char(a.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
  END AS announcement,
  CASE WHEN o.id IS NOT NULL THEN json_build_object('id', o.id, 'title', o.title) END AS post`;
const joined = `
  LEFT JOIN rooms r ON r.id = n.room_id
  LEFT JOIN room_members m ON m.room_id = n.room_id AND m.user_id = n.user_id
  LEFT JOIN messages x ON x.room_id = n.room_id AND x.seq = n.seq AND m.user_id IS NOT NULL
    AND (r.access = 'everyone' OR m.role IN ('owner', 'admin'))
  LEFT JOIN announcements a ON a.id = (n.data->>'announcementId')::uuid
  LEFT JOIN posts o ON o.id = (n.data->>'postId')::uuid`;

export interface ListFilter {
  unread: boolean;
  limit: number;
  /** After the row with this `updated_at` and id. */
  after: readonly [string, string] | null;
}

/** The statement of a page, for the repository and for whoever looks at its plan. */
export function listQuery(userId: string, { unread, limit, after }: ListFilter): { text: string; values: unknown[] } {
  return {
    text: `SELECT h.unread, p.* FROM (SELECT count(*) AS unread FROM notifications WHERE user_id = $1 AND read_at IS NULL) h
      LEFT JOIN (
        SELECT ${shown} FROM (
          SELECT * FROM notifications WHERE user_id = $1 ${unread ? 'AND read_at IS NULL' : ''}
            ${after ? 'AND (updated_at, id) < ($3::timestamptz, $4::uuid)' : ''}
          ORDER BY updated_at DESC, id DESC LIMIT $2
        ) n ${joined}
      ) p ON true ORDER BY p.updated_at DESC, p.id DESC`,
    values: [userId, limit, ...(after ?? [])],
  };
}

/** The SQL of notifications. What changes them expects the people to be locked in their personal feed. */
@Injectable()
export class NotificationsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** A person's notifications, what happened last first, with how many are unread at the same moment. */
  async list(userId: string, filter: ListFilter): Promise<{ rows: NotificationRow[]; unreadCount: number }> {
    const { text, values } = listQuery(userId, filter);
    const rows = await this.dataSource.query<(Pick<NotificationRow, 'id'> & { unread: string })[]>(text, values);
    return { rows: rows.filter((row) => row.id !== null) as unknown as NotificationRow[], unreadCount: Number(rows[0]!.unread) };
  }

  /** Notifications by id, whoever they belong to. */
  async byIds(ids: readonly string[]): Promise<NotificationRow[]> {
    if (ids.length === 0) return [];
    return this.dataSource.query<NotificationRow[]>(`SELECT ${shown} FROM notifications n ${joined} WHERE n.id = ANY($1::uuid[])`, [ids]);
  }

  /** How many notifications each of these people has not read. */
  async unreadCounts(manager: EntityManager, userIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await manager.query<{ user_id: string; n: string }[]>(
      'SELECT user_id, count(*) AS n FROM notifications WHERE user_id = ANY($1::uuid[]) AND read_at IS NULL GROUP BY user_id',
      [userIds],
    );
    return new Map(rows.map((row) => [row.user_id, Number(row.n)]));
  }

  /** Of pairs of a reader and an actor those of whom the reader blocks the actor, as `reader actor`. */
  async blockedPairs(manager: EntityManager, pairs: readonly (readonly [string, string])[]): Promise<Set<string>> {
    if (pairs.length === 0) return new Set();
    const rows = await manager.query<{ reader: string; actor: string }[]>(
      `SELECT p.reader, p.actor FROM unnest($1::uuid[], $2::uuid[]) AS p(reader, actor) WHERE ${isBlocked('p.reader', 'p.actor')}`,
      [pairs.map(([reader]) => reader), pairs.map(([, actor]) => actor)],
    );
    return new Set(rows.map(({ reader, actor }) => `${reader} ${actor}`));
  }

  async unreadCount(userId: string): Promise<number> {
    return (await this.unreadCounts(this.dataSource.manager, [userId])).get(userId) ?? 0;
  }

  /** Stores notifications; one that gathers with an unread one makes that one grow. @returns the ids of the rows, by person, in the order given */
  async store(manager: EntityManager, inputs: readonly NotificationInput[]): Promise<IdsByPerson> {
    const rows = await manager.query<{ id: string; user_id: string; group_key: string; read: boolean }[]>(
      `INSERT INTO notifications (id, user_id, kind, group_key, room_id, seq, count, actors, data, mail_pending, created_at, updated_at, read_at)
       SELECT i.id, i."userId", i.kind, i."groupKey", i."roomId", i.seq, i.count, i.actors, i.data, i."mailPending", i.at, i.at,
         CASE WHEN i."isRead" THEN i.at END
       FROM jsonb_to_recordset($1::jsonb) AS i(id uuid, "userId" uuid, kind text, "groupKey" text, "roomId" uuid, seq bigint, count int,
         actors uuid[], data jsonb, "mailPending" boolean, "isRead" boolean, at timestamptz)
       ON CONFLICT (user_id, group_key) WHERE read_at IS NULL DO UPDATE SET
         count = notifications.count + EXCLUDED.count,
         seq = GREATEST(notifications.seq, EXCLUDED.seq),
         data = EXCLUDED.data,
         mail_pending = notifications.mail_pending OR EXCLUDED.mail_pending,
         updated_at = GREATEST(notifications.updated_at, EXCLUDED.updated_at),
         actors = ARRAY(
           SELECT actor FROM unnest(EXCLUDED.actors || notifications.actors) WITH ORDINALITY AS u(actor, place)
           GROUP BY actor ORDER BY min(place) LIMIT ${mostActors})
       RETURNING id, user_id, group_key, read_at IS NOT NULL AS read`,
      [JSON.stringify(inputs)],
    );
    const ids = new Map(rows.map((row) => [`${row.user_id} ${row.group_key} ${row.read}`, row.id]));
    return byPerson(
      inputs.flatMap((input) => {
        const id = ids.get(`${input.userId} ${input.groupKey} ${input.isRead}`);
        return id ? [{ user_id: input.userId, id: input.isRead ? input.id : id }] : [];
      }),
    );
  }

  /** Marks a person's notifications as read. @param ids null: all @returns those that were not */
  async markRead(manager: EntityManager, userId: string, ids: readonly string[] | null): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>(
      `WITH read AS (
         UPDATE notifications SET read_at = now(), mail_pending = false
         WHERE user_id = $1 AND read_at IS NULL AND ($2::uuid[] IS NULL OR id = ANY($2::uuid[])) RETURNING id, updated_at)
       SELECT id FROM read ORDER BY updated_at, id`,
      [userId, ids],
    );
    return rows.map((row) => row.id);
  }

  /** People among these who have something unread of a room that they have read. */
  async behindTheirRooms(userIds: readonly string[]): Promise<string[]> {
    const rows = await this.dataSource.query<{ user_id: string }[]>(
      `SELECT DISTINCT n.user_id FROM notifications n JOIN room_members m ON m.room_id = n.room_id AND m.user_id = n.user_id
       WHERE n.user_id = ANY($1::uuid[]) AND n.read_at IS NULL AND n.seq <= m.read_seq`,
      [userIds],
    );
    return rows.map((row) => row.user_id);
  }

  /** Marks what these people have read in rooms. @returns what was unread until now */
  async settle(manager: EntityManager, userIds: readonly string[]): Promise<IdsByPerson> {
    return byPerson(
      await manager.query<{ id: string; user_id: string }[]>(
        `WITH read AS (
           UPDATE notifications n SET read_at = now(), mail_pending = false FROM room_members m
           WHERE n.user_id = ANY($1::uuid[]) AND n.read_at IS NULL AND m.room_id = n.room_id AND m.user_id = n.user_id AND n.seq <= m.read_seq
           RETURNING n.id, n.user_id)
         SELECT id, user_id FROM read`,
        [userIds],
      ),
    );
  }

  /** @returns whether it was there */
  async remove(manager: EntityManager, userId: string, id: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      'WITH gone AS (DELETE FROM notifications WHERE id = $2 AND user_id = $1 RETURNING 1) SELECT * FROM gone',
      [userId, id],
    );
    return rows.length > 0;
  }

  /** Takes a person out of another one's notifications; what nobody else did is gone. Announcements speak for the house and stay. */
  async forgetActor(manager: EntityManager, userId: string, actorId: string): Promise<{ gone: string[]; changed: string[] }> {
    const rows = await manager.query<{ id: string; gone: boolean }[]>(
      `WITH gone AS (
         DELETE FROM notifications WHERE user_id = $1 AND actors = ARRAY[$2::uuid] AND kind <> 'announcement' RETURNING id
       ), changed AS (
         UPDATE notifications SET actors = array_remove(actors, $2::uuid)
         WHERE user_id = $1 AND cardinality(actors) > 1 AND $2::uuid = ANY(actors) RETURNING id)
       SELECT id, true AS gone FROM gone UNION ALL SELECT id, false FROM changed`,
      [userId, actorId],
    );
    return { gone: rows.filter((row) => row.gone).map((row) => row.id), changed: rows.filter((row) => !row.gone).map((row) => row.id) };
  }

  /** Everybody in whose notifications somebody did something, in the order of their ids; looks at every notification. */
  async readersOfActor(actorId: string): Promise<string[]> {
    const rows = await this.dataSource.query<{ user_id: string }[]>(
      `SELECT DISTINCT user_id FROM notifications WHERE actors @> ARRAY[$1::uuid] AND kind <> 'announcement' ORDER BY user_id`,
      [actorId],
    );
    return rows.map((row) => row.user_id);
  }

  /** Announcements stay, as nobody's. */
  async forgetAnnouncer(actorId: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE notifications SET actors = array_remove(actors, $1::uuid) WHERE kind = 'announcement' AND actors @> ARRAY[$1::uuid]`,
      [actorId],
    );
  }

  /** People with notifications of a room, at most `limit`, in the order of their ids. */
  async peopleOfRoom(roomId: string, limit: number): Promise<string[]> {
    const rows = await this.dataSource.query<{ user_id: string }[]>(
      'SELECT DISTINCT user_id FROM notifications WHERE room_id = $1 ORDER BY user_id LIMIT $2',
      [roomId, limit],
    );
    return rows.map((row) => row.user_id);
  }

  async removeOfRoom(manager: EntityManager, roomId: string, userIds: readonly string[]): Promise<IdsByPerson> {
    return byPerson(
      await manager.query<{ id: string; user_id: string }[]>(
        `WITH gone AS (DELETE FROM notifications WHERE room_id = $1 AND user_id = ANY($2::uuid[]) RETURNING id, user_id)
         SELECT id, user_id FROM gone`,
        [roomId, userIds],
      ),
    );
  }

  /** Removes notifications that were read and are older than that. @returns how many, at most `limit` */
  async removeOld(before: Date, limit: number): Promise<number> {
    const rows = await this.dataSource.query<unknown[]>(
      `WITH gone AS (
         DELETE FROM notifications WHERE id IN (
           SELECT id FROM notifications WHERE read_at IS NOT NULL AND updated_at < $1 ORDER BY updated_at LIMIT $2) RETURNING 1)
       SELECT * FROM gone`,
      [before, limit],
    );
    return rows.length;
  }

  /** Rooms that are gone and have notifications still: a server that ended at the wrong moment leaves some. */
  async roomsGone(limit: number): Promise<string[]> {
    const rows = await this.dataSource.query<{ room_id: string }[]>(
      `SELECT DISTINCT n.room_id FROM notifications n
       WHERE n.room_id IS NOT NULL AND NOT EXISTS (SELECT FROM rooms r WHERE r.id = n.room_id) LIMIT $1`,
      [limit],
    );
    return rows.map((row) => row.room_id);
  }
}

function byPerson(rows: readonly { id: string; user_id: string }[]): IdsByPerson {
  const people: IdsByPerson = new Map();
  for (const { id, user_id } of rows) {
    const ids = people.get(user_id);
    if (ids) ids.push(id);
    else people.set(user_id, [id]);
  }
  return people;
}
