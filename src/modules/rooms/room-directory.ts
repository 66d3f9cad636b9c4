import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { AsyncCache } from '../../common/async-cache.js';
import { caseKey } from '../../common/case-key.js';
import { looksLikeUuid } from '../../contracts/index.js';
import { RoomBanEntity } from './entities/room-ban.entity.js';
import { RoomMemberEntity } from './entities/room-member.entity.js';
import { RoomEntity } from './entities/room.entity.js';
import type { Membership, RoomRules } from './rooms.policy.js';

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

  constructor(
    @InjectRepository(RoomEntity) roomRepository: Repository<RoomEntity>,
    @InjectRepository(RoomMemberEntity) memberRepository: Repository<RoomMemberEntity>,
    @InjectRepository(RoomBanEntity) banRepository: Repository<RoomBanEntity>,
  ) {
    this.rooms = new AsyncCache(roomsKept, async (id) => {
      const room = await roomRepository.findOneBy({ id });
      return room ? recordOf(room) : null;
    });
    this.ids = new AsyncCache(roomsKept, async (nameKey) => {
      const room = await roomRepository.findOneBy({ nameKey });
      if (room) this.rooms.set(room.id, recordOf(room));
      return room?.id ?? null;
    });
    this.memberships = new AsyncCache(membershipsKept, async (key) => {
      const [roomId, userId] = key.split(':') as [string, string];
      const member = await memberRepository.findOneBy({ roomId, userId });
      const banned = await banRepository.existsBy({ roomId, userId });
      return { role: member?.role ?? null, banned };
    });
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

function recordOf(room: RoomEntity): RoomRecord {
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
