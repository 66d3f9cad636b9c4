import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Any, type DataSource, type EntityManager } from 'typeorm';
import { newId } from '../../common/ids.js';
import type { RoomKind, RoomRight, RoomRole } from '../../contracts/index.js';
import { RoomBanEntity } from './entities/room-ban.entity.js';
import { RoomMemberEntity } from './entities/room-member.entity.js';
import { RoomEntity } from './entities/room.entity.js';
import type { Membership } from './rooms.policy.js';

export interface NewRoom {
  name: string;
  nameKey: string;
  title: string;
  kind: RoomKind;
  access?: RoomRight | undefined;
  posting?: RoomRight | undefined;
  guestsAllowed?: boolean | undefined;
  pairKey?: string;
}

/** Reading and writing rooms, members and bans. A transaction that touches a room locks it first. */
@Injectable()
export class RoomsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Inserts a room with its first members. @throws a violation of `uq_rooms_name_key` or `uq_rooms_pair_key` */
  async create(manager: EntityManager, room: NewRoom, members: readonly { userId: string; role: RoomRole }[]): Promise<RoomEntity> {
    const now = new Date();
    const entity = manager.create(RoomEntity, {
      id: newId(),
      access: 'everyone',
      posting: 'everyone',
      guestsAllowed: false,
      pairKey: null,
      ...withoutUndefined(room),
      epoch: newId(),
      lastSeq: '0',
      position: '0',
      accessVersion: 0,
      memberCount: members.length,
      archivedAt: null,
      avatarFileId: null,
      lastActivityAt: now,
      listedAt: now,
      createdAt: now,
    });
    await manager.insert(RoomEntity, entity);
    if (members.length > 0) {
      await manager.insert(
        RoomMemberEntity,
        members.map(({ userId, role }) => ({ roomId: entity.id, userId, role, readSeq: '0', joinedAt: now })),
      );
    }
    return entity;
  }

  /** The file that is a room's picture. */
  async pictureOf(manager: EntityManager, roomId: string): Promise<string | null> {
    const rows = await manager.query<{ avatar_file_id: string | null }[]>('SELECT avatar_file_id FROM rooms WHERE id = $1', [roomId]);
    return rows[0]?.avatar_file_id ?? null;
  }

  /** The room, locked until the transaction ends; null: gone. */
  async lock(manager: EntityManager, roomId: string): Promise<RoomEntity | null> {
    return manager.findOne(RoomEntity, { where: { id: roomId }, lock: { mode: 'pessimistic_write' } });
  }

  async byId(roomId: string): Promise<RoomEntity | null> {
    return this.dataSource.manager.findOneBy(RoomEntity, { id: roomId });
  }

  /** Those of some rooms that exist. */
  async byIds(ids: readonly string[]): Promise<RoomEntity[]> {
    return this.dataSource.manager.findBy(RoomEntity, { id: Any(ids) });
  }

  /** As `byIds`, by their names without case. */
  async byNameKeys(nameKeys: readonly string[]): Promise<RoomEntity[]> {
    return this.dataSource.manager.findBy(RoomEntity, { nameKey: Any(nameKeys) });
  }

  async member(manager: EntityManager, roomId: string, userId: string): Promise<RoomMemberEntity | null> {
    return manager.findOneBy(RoomMemberEntity, { roomId, userId });
  }

  /** How a person stands to a room, as the database says at this moment. */
  async membership(manager: EntityManager, roomId: string, userId: string): Promise<Membership> {
    const member = await this.member(manager, roomId, userId);
    return { role: member?.role ?? null, banned: await this.isBanned(manager, roomId, userId) };
  }

  /** How people stand to rooms, in the order asked for, as the database says at this moment, in one query. */
  async memberships(pairs: readonly { roomId: string; userId: string }[]): Promise<Membership[]> {
    return this.dataSource.query<Membership[]>(
      `SELECT m.role, b.user_id IS NOT NULL AS banned FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS p(room_id, user_id, n)
       LEFT JOIN room_members m ON m.room_id = p.room_id AND m.user_id = p.user_id
       LEFT JOIN room_bans b ON b.room_id = p.room_id AND b.user_id = p.user_id ORDER BY p.n`,
      [pairs.map(({ roomId }) => roomId), pairs.map(({ userId }) => userId)],
    );
  }

  /** The ids of all rooms that a person is a member of. */
  async roomsOf(userId: string): Promise<string[]> {
    const rows = await this.dataSource.query<{ room_id: string }[]>('SELECT room_id FROM room_members WHERE user_id = $1', [userId]);
    return rows.map((row) => row.room_id);
  }

  async isBanned(manager: EntityManager, roomId: string, userId: string): Promise<boolean> {
    return manager.existsBy(RoomBanEntity, { roomId, userId });
  }

  async directByPair(pairKey: string): Promise<RoomEntity | null> {
    return this.dataSource.manager.findOneBy(RoomEntity, { pairKey });
  }

  /** Adds a member, who has read everything so far. Call with the room locked. @returns whether they were not a member before */
  async addMember(manager: EntityManager, room: RoomEntity, userId: string, role: RoomRole): Promise<boolean> {
    const result = await manager
      .createQueryBuilder()
      .insert()
      .into(RoomMemberEntity)
      .values({ roomId: room.id, userId, role, readSeq: room.lastSeq, joinedAt: new Date() })
      .orIgnore()
      .returning('user_id')
      .execute();
    const added = (result.raw as unknown[]).length > 0;
    if (added) await manager.increment(RoomEntity, { id: room.id }, 'memberCount', 1);
    return added;
  }

  /** Removes a member and raises the access version. Call with the room locked. @returns whether they were a member */
  async removeMember(manager: EntityManager, roomId: string, userId: string): Promise<boolean> {
    const { affected } = await manager.delete(RoomMemberEntity, { roomId, userId });
    if (!affected) return false;
    await manager.query('UPDATE rooms SET member_count = member_count - 1, access_version = access_version + 1 WHERE id = $1', [roomId]);
    return true;
  }

  async setRole(manager: EntityManager, roomId: string, userId: string, role: RoomRole): Promise<void> {
    await manager.update(RoomMemberEntity, { roomId, userId }, { role });
    await this.raiseAccessVersion(manager, roomId);
  }

  async raiseAccessVersion(manager: EntityManager, roomId: string): Promise<void> {
    await manager.increment(RoomEntity, { id: roomId }, 'accessVersion', 1);
  }

  async owners(manager: EntityManager, roomId: string): Promise<number> {
    return manager.countBy(RoomMemberEntity, { roomId, role: 'owner' });
  }

  /** Bans a person, once. */
  async ban(manager: EntityManager, roomId: string, userId: string, bannedBy: string): Promise<void> {
    await manager
      .createQueryBuilder()
      .insert()
      .into(RoomBanEntity)
      .values({ roomId, userId, bannedBy, createdAt: new Date() })
      .orIgnore()
      .execute();
  }

  async unban(manager: EntityManager, roomId: string, userId: string): Promise<void> {
    await manager.delete(RoomBanEntity, { roomId, userId });
  }

  async update(manager: EntityManager, roomId: string, change: Partial<RoomEntity>): Promise<void> {
    if (Object.keys(change).length > 0) await manager.update(RoomEntity, { id: roomId }, change);
  }

  async delete(manager: EntityManager, roomId: string): Promise<void> {
    await manager.delete(RoomEntity, { id: roomId });
  }

  async memberIds(roomId: string, manager: EntityManager = this.dataSource.manager): Promise<string[]> {
    const rows = await manager.query<{ user_id: string }[]>('SELECT user_id FROM room_members WHERE room_id = $1', [roomId]);
    return rows.map((row) => row.user_id);
  }

  /** Members in the order they joined, after a cursor of [joined_at, user_id]. */
  async members(
    roomId: string,
    limit: number,
    after: readonly [string, string] | null,
  ): Promise<(RoomMemberEntity & { cursorAt: string })[]> {
    const rows = await this.dataSource.query<{ user_id: string; role: RoomRole; read_seq: string; joined_at: Date; cursor_at: string }[]>(
      `SELECT user_id, role, read_seq, joined_at, joined_at::text AS cursor_at FROM room_members
       WHERE room_id = $1 AND ($2::timestamptz IS NULL OR (joined_at, user_id) > ($2::timestamptz, $3::uuid))
       ORDER BY joined_at, user_id LIMIT $4`,
      [roomId, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
    return rows.map((row) => ({
      roomId,
      userId: row.user_id,
      role: row.role,
      readSeq: row.read_seq,
      joinedAt: row.joined_at,
      cursorAt: row.cursor_at,
    }));
  }

  /** Bans, the newest first, after a cursor of [created_at, user_id]. */
  async bans(roomId: string, limit: number, after: readonly [string, string] | null): Promise<(RoomBanEntity & { cursorAt: string })[]> {
    const rows = await this.dataSource.query<{ user_id: string; banned_by: string | null; created_at: Date; cursor_at: string }[]>(
      `SELECT user_id, banned_by, created_at, created_at::text AS cursor_at FROM room_bans
       WHERE room_id = $1 AND ($2::timestamptz IS NULL OR (created_at, user_id) < ($2::timestamptz, $3::uuid))
       ORDER BY created_at DESC, user_id DESC LIMIT $4`,
      [roomId, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
    return rows.map((row) => ({
      roomId,
      userId: row.user_id,
      bannedBy: row.banned_by,
      createdAt: row.created_at,
      cursorAt: row.cursor_at,
    }));
  }

  /** Moves a read position forward, never past the head and never back. @returns the position and the head; null: not a member */
  async read(roomId: string, userId: string, seq: number): Promise<ReadPosition | null> {
    const moved = await this.dataSource.query<ReadRow[]>(
      `WITH moved AS (
         UPDATE room_members m SET read_seq = LEAST($3::bigint, r.last_seq) FROM rooms r
         WHERE r.id = m.room_id AND m.room_id = $1 AND m.user_id = $2 AND m.read_seq < LEAST($3::bigint, r.last_seq)
         RETURNING m.read_seq, r.last_seq, r.member_count)
       SELECT read_seq, last_seq, member_count FROM moved`,
      [roomId, userId, seq],
    );
    if (moved[0]) return readPosition(moved[0], true);
    // Asked anew: a statement that waited for somebody else's move still sees what was before.
    const rows = await this.dataSource.query<ReadRow[]>(
      `SELECT m.read_seq, r.last_seq, r.member_count FROM room_members m JOIN rooms r ON r.id = m.room_id WHERE m.room_id = $1 AND m.user_id = $2`,
      [roomId, userId],
    );
    return rows[0] ? readPosition(rows[0], false) : null;
  }
}

interface ReadRow {
  read_seq: string;
  last_seq: string;
  member_count: number;
}

/** How far a person has read a room. */
export interface ReadPosition {
  readSeq: number;
  lastSeq: number;
  memberCount: number;
  /** Whether this call moved it. */
  moved: boolean;
}

function readPosition(row: ReadRow, moved: boolean): ReadPosition {
  return { readSeq: Number(row.read_seq), lastSeq: Number(row.last_seq), memberCount: row.member_count, moved };
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}
