import { Injectable } from '@nestjs/common';
import { AsyncCache } from '../../common/async-cache.js';
import { caseKey } from '../../common/case-key.js';
import { Gatherer } from '../../common/gatherer.js';
import { looksLikeUuid } from '../../contracts/index.js';
import type { RoomEntity } from './entities/room.entity.js';
import type { Membership, RoomRules } from './rooms.policy.js';
import { RoomsRepository } from './rooms.repository.js';

/** What memory keeps of a room: what it is and who may, never its counters. */
export interface RoomRecord extends RoomRules {
  id: string;
  name: string;
  title: string;
  epoch: string;
  accessVersion: number;
  /** The two people of a direct room. */
  pair: readonly [string, string] | null;
}

const roomsKept = 50_000;
const membershipsKept = 500_000;

/** Rooms and memberships in memory, so that the path of a message asks the database nothing. Features that change them say so here. */
@Injectable()
export class RoomDirectory {
  private readonly rooms: AsyncCache<string, RoomRecord | null>;
  private readonly ids: AsyncCache<string, string | null>;
  private readonly memberships: AsyncCache<string, Membership>;

  constructor(repository: RoomsRepository) {
    const keyOf = (key: string) => key;
    const byId = new Gatherer<string, RoomRecord | null>(
      async (ids) => {
        const rooms = new Map((await repository.byIds(ids)).map((room) => [room.id, room]));
        return ids.map((id) => recordOf(rooms.get(id)));
      },
      { keyOf },
    );
    const byName = new Gatherer<string, RoomRecord | null>(
      async (nameKeys) => {
        const rooms = new Map((await repository.byNameKeys(nameKeys)).map((room) => [room.nameKey, room]));
        return nameKeys.map((nameKey) => recordOf(rooms.get(nameKey)));
      },
      { keyOf },
    );
    const standings = new Gatherer<string, Membership>(
      async (pairs) =>
        repository.memberships(
          pairs.map((pair) => {
            const [roomId, userId] = pair.split(':') as [string, string];
            return { roomId, userId };
          }),
        ),
      { keyOf, most: 1_000 },
    );
    this.rooms = new AsyncCache(roomsKept, async (id) => byId.ask(id));
    this.ids = new AsyncCache(roomsKept, async (nameKey) => {
      const room = await byName.ask(nameKey);
      if (room) this.rooms.set(room.id, room);
      return room?.id ?? null;
    });
    this.memberships = new AsyncCache(membershipsKept, async (pair) => standings.ask(pair));
  }

  /** A room by name or id, from memory alone; undefined: memory does not know it (it may exist). */
  peek(reference: string): RoomRecord | undefined {
    const id = looksLikeUuid(reference) ? reference.toLowerCase() : this.ids.peek(caseKey(reference));
    return id ? (this.rooms.peek(id) ?? undefined) : undefined;
  }

  /** A room by name or id; null: there is none. */
  async find(reference: string): Promise<RoomRecord | null> {
    if (looksLikeUuid(reference)) return this.rooms.get(reference.toLowerCase());
    const key = caseKey(reference);
    const id = await this.ids.get(key);
    // An unknown name may be created at any moment, by another node too: it is never remembered as missing.
    if (id === null) this.ids.delete(key);
    return id === null ? null : this.rooms.get(id);
  }

  peekMembership(roomId: string, userId: string): Membership | undefined {
    return this.memberships.peek(`${roomId}:${userId}`);
  }

  async membership(roomId: string, userId: string): Promise<Membership> {
    return this.memberships.get(`${roomId}:${userId}`);
  }

  /** A membership as it is after a commit. */
  setMembership(roomId: string, userId: string, membership: Membership): void {
    this.memberships.set(`${roomId}:${userId}`, membership);
  }

  /** The room changed or is gone: what memory knew of it is asked anew. */
  forget(roomId: string): void {
    const name = this.rooms.peek(roomId)?.name;
    if (name !== undefined) this.ids.delete(caseKey(name));
    this.rooms.delete(roomId);
  }

  forgetMembership(roomId: string, userId: string): void {
    this.memberships.delete(`${roomId}:${userId}`);
  }
}

function recordOf(room: RoomEntity | undefined): RoomRecord | null {
  if (!room) return null;
  return {
    id: room.id,
    name: room.name,
    title: room.title,
    kind: room.kind,
    access: room.access,
    posting: room.posting,
    guestsAllowed: room.guestsAllowed,
    archived: room.archived,
    epoch: room.epoch,
    accessVersion: room.accessVersion,
    pair: room.pairKey === null ? null : (room.pairKey.split(':') as [string, string]),
  };
}
