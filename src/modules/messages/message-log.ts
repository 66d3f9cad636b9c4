import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { Gatherer } from '../../common/gatherer.js';
import { type MessageRow, messageColumns, toMessage } from '../../common/message-view.js';
import type { ListedMessage, Message, RoomChanges } from '../../contracts/index.js';
import { asRead } from '../../common/hidden-message.js';
import type { Principal } from '../../common/principal.js';
import type { RoomHead, RoomLog, RoomSlice } from '../../realtime/index.js';
import { BlockDirectory } from '../friends/index.js';
import { authorOf } from '../rooms/index.js';
import { UserDirectory } from '../users/index.js';
import { ChangesRepository } from './changes.repository.js';

/** A client that missed more gets this many of the newest messages instead. */
const gapPage = 50;
/** Further behind than this is a gap. */
const farthest = 500;

export interface HistoryPage extends RoomSlice {
  nextBefore: number | null;
  nextAfter: number | null;
}

/** As `RoomChanges`, not yet for anybody's eyes. */
export type Changes = Omit<RoomChanges, 'items'> & { items: Message[] };

/** A row of a slice: the room's head, and a message or nothing but nulls. */
type SliceRow = { room: string; head: string; epoch: string; access_version: number } & (MessageRow | { id: null });

interface Since {
  roomId: string;
  since: number;
  limit: number;
}

interface Newest {
  roomId: string;
  limit: number;
}

/** What a room holds, from the database: pages of history, and what changed since a position. Every read brings the head of the same moment. */
@Injectable()
export class MessageLog implements RoomLog {
  /** Whoever is back in a room asks what changed; so do all that were cut off together. */
  private readonly changed = new Gatherer<Since, RoomSlice | null>(async (wanted) => this.readChanged(wanted));
  private readonly pages = new Gatherer<Newest, RoomSlice>(async (wanted) => this.readNewest(wanted), {
    keyOf: ({ roomId, limit }) => `${roomId} ${limit}`,
  });

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly users: UserDirectory,
    private readonly changesRepository: ChangesRepository,
    private readonly blocks: BlockDirectory,
  ) {}

  /** @throws AppError `room.not-found` */
  async newest(roomId: string, limit: number): Promise<RoomSlice> {
    return this.pages.ask({ roomId, limit });
  }

  /** @throws AppError `room.not-found` */
  async changedSince(roomId: string, since: number, limit: number): Promise<RoomSlice & { gap: boolean }> {
    const slice = await this.changed.ask({ roomId, since, limit });
    return slice ? { ...slice, gap: false } : { ...(await this.newest(roomId, gapPage)), gap: true };
  }

  /** @throws AppError `room.not-found` */
  async changesAfter(roomId: string, since: number, limit: number): Promise<RoomSlice & { more: boolean }> {
    const slice = await this.read(roomId, 'AND m.position > $2::bigint ORDER BY m.position LIMIT $3', [since, limit + 1]);
    const more = slice.messages.length > limit;
    return { ...slice, messages: slice.messages.slice(0, limit), more };
  }

  /** What changed since a position, for REST and `sync`. @throws AppError `room.not-found` */
  async changes(roomId: string, since: number, epoch: string | undefined, limit: number): Promise<Changes> {
    const { messages, more, position, epoch: current } = await this.changesAfter(roomId, since, limit);
    if (since > position || position - since > farthest || epoch !== current) {
      const newest = await this.newest(roomId, gapPage);
      return { items: newest.messages, position: newest.position, epoch: newest.epoch, more: false, gap: true };
    }
    return { items: messages, position: more ? messages.at(-1)!.position : position, epoch: current, more, gap: false };
  }

  /** A page of history, ascending by seq; the newest one without `before` and `after`. @throws AppError `room.not-found` */
  async page(
    roomId: string,
    limit: number,
    { before, after }: { before?: number | undefined; after?: number | undefined },
  ): Promise<HistoryPage> {
    const slice =
      after !== undefined
        ? await this.read(roomId, 'AND m.seq > $2::bigint ORDER BY m.seq LIMIT $3', [after, limit + 1])
        : await this.read(roomId, 'AND m.seq < $2::bigint ORDER BY m.seq DESC LIMIT $3', [before ?? Number.MAX_SAFE_INTEGER, limit + 1]);
    const more = slice.messages.length > limit;
    const messages = slice.messages.slice(0, limit);
    if (after === undefined) messages.reverse();
    const first = messages[0]?.seq ?? null;
    const last = messages.at(-1)?.seq ?? null;
    return {
      ...slice,
      messages,
      nextBefore: after === undefined ? (more ? first : null) : first !== null && first > 1 ? first : null,
      nextAfter: after === undefined ? (before === undefined ? null : last) : more ? last : null,
    };
  }

  /** One message of a room; undefined: that room has none with this id. @throws AppError `room.not-found` */
  async one(roomId: string, id: string): Promise<Message | undefined> {
    return (await this.read(roomId, 'AND m.id = $2::uuid', [id])).messages[0];
  }

  async forReader(principal: Principal, messages: Message[]): Promise<ListedMessage[]> {
    if (principal.kind !== 'person') return messages;
    const blocks = this.blocks.blockedBy(principal.userId);
    return (await this.changesRepository.withMine(principal.userId, messages)).map((message) => asRead(blocks, message));
  }

  async heads(roomIds: readonly string[]): Promise<ReadonlyMap<string, RoomHead & { epoch: string }>> {
    const rows = await this.dataSource.query<{ id: string; position: string; epoch: string; access_version: number }[]>(
      'SELECT id, position, epoch, access_version FROM rooms WHERE id = ANY($1::uuid[])',
      [roomIds],
    );
    return new Map(rows.map((row) => [row.id, { position: Number(row.position), epoch: row.epoch, accessVersion: row.access_version }]));
  }

  /** Turns stored rows into messages, with their authors' snapshots. */
  async toMessages(rows: readonly MessageRow[]): Promise<Message[]> {
    const people = await this.users.loadMany([...new Set(rows.flatMap((row) => row.author_id ?? []))]);
    return rows.map((row) => toMessage(row, row.author_id === null ? null : authorOf(people.get(row.author_id))));
  }

  private async read(roomId: string, part: string, values: unknown[]): Promise<RoomSlice> {
    const slices = await this.readEach('(SELECT $1::uuid AS room_id)', part, [roomId, ...values]);
    const [slice] = slices.values();
    if (!slice) throw new AppError('room.not-found');
    return slice;
  }

  /** A room's changes are read once for all who wait for them, from where the one farthest behind stands. null: too far behind. */
  private async readChanged(wanted: readonly Since[]): Promise<(RoomSlice | AppError | null)[]> {
    const rooms = new Map<string, { since: number; limit: number }>();
    for (const { roomId, since, limit } of wanted) {
      const room = rooms.get(roomId);
      rooms.set(roomId, { since: Math.min(since, room?.since ?? since), limit: Math.max(limit, room?.limit ?? limit) });
    }
    const places = [...rooms.values()];
    const slices = await this.readEach(
      '(SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS asked(room_id, since, most))',
      // Nobody gets what is further back than that, and no two changes share a position.
      'AND m.position > GREATEST(w.since, r.position - w.most) ORDER BY m.position',
      [[...rooms.keys()], places.map(({ since }) => since), places.map(({ limit }) => limit)],
    );
    return wanted.map(({ roomId, since, limit }) => {
      const slice = slices.get(roomId);
      if (!slice) return new AppError('room.not-found');
      if (since > slice.position || slice.position - since > limit) return null;
      return { ...slice, messages: slice.messages.filter((message) => message.position > since) };
    });
  }

  private async readNewest(wanted: readonly Newest[]): Promise<(RoomSlice | AppError)[]> {
    const slices = new Map<number, ReadonlyMap<string, RoomSlice>>();
    for (const limit of new Set(wanted.map((page) => page.limit))) {
      const roomIds = wanted.filter((page) => page.limit === limit).map(({ roomId }) => roomId);
      const read = await this.readEach('(SELECT unnest($1::uuid[]) AS room_id)', 'ORDER BY m.seq DESC LIMIT $2', [roomIds, limit]);
      for (const { messages } of read.values()) messages.reverse();
      slices.set(limit, read);
    }
    return wanted.map(({ roomId, limit }) => slices.get(limit)?.get(roomId) ?? new AppError('room.not-found'));
  }

  /**
   * Some messages of some rooms, each room with its head of the same moment; rooms that are gone are left out.
   * @param rooms a query of `room_id`, known to `part` as `w`
   */
  private async readEach(rooms: string, part: string, values: readonly unknown[]): Promise<Map<string, RoomSlice>> {
    const rows = await this.dataSource.query<SliceRow[]>(
      `SELECT r.id AS room, r.position AS head, r.epoch, r.access_version, s.* FROM ${rooms} w JOIN rooms r ON r.id = w.room_id
       LEFT JOIN LATERAL (SELECT ${messageColumns('m')} FROM messages m WHERE m.room_id = r.id ${part}) s ON true`,
      [...values],
    );
    const stored = rows.filter((row): row is Extract<SliceRow, MessageRow> => row.id !== null);
    const messages = await this.toMessages(stored);
    const slices = new Map<string, RoomSlice & { createdAt: Map<string, number> }>();
    for (const { room, head, epoch, access_version: accessVersion } of rows) {
      if (!slices.has(room)) slices.set(room, { messages: [], createdAt: new Map(), position: Number(head), epoch, accessVersion });
    }
    stored.forEach((row, index) => {
      const slice = slices.get(row.room)!;
      slice.messages.push(messages[index]!);
      slice.createdAt.set(row.id, Number(row.created_position));
    });
    return slices;
  }
}
