import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { caseKey } from '../../common/case-key.js';
import type { Person, Principal } from '../../common/principal.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import type { Room } from '../../contracts/index.js';
import { looksLikeUuid, roomName } from '../../contracts/index.js';
import { afterCommit, inTransaction, isUniqueViolation } from '../../database/index.js';
import type { RoomAccess } from '../../realtime/index.js';
import { BlockDirectory, requireReach } from '../friends/index.js';
import { UserDirectory } from '../users/index.js';
import type { RoomEntity } from './entities/room.entity.js';
import { RoomCreation } from './room-creation.js';
import { RoomDirectory, type RoomRecord } from './room-directory.js';
import { RoomNews } from './room-news.js';
import { RoomViews } from './room-views.js';
import { mayManage, mayPost, mayRead, mayRemove, maySee, type Membership, stranger } from './rooms.policy.js';
import { RoomsRepository } from './rooms.repository.js';

/** Rooms: finding them, who may do what there, entering them, and direct rooms. */
@Injectable()
export class RoomsService implements RoomAccess {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly repository: RoomsRepository,
    private readonly directory: RoomDirectory,
    private readonly views: RoomViews,
    private readonly creation: RoomCreation,
    private readonly news: RoomNews,
    private readonly users: UserDirectory,
    private readonly blocks: BlockDirectory,
  ) {}

  /** A room that the principal may see. @throws AppError `room.not-found`, alike for unknown and invisible ones */
  async visible(principal: Principal, reference: string): Promise<RoomRecord> {
    const room = await this.directory.find(reference);
    if (!room || !maySee(principal, room, await this.membership(principal, room.id), this.settings.guests))
      throw new AppError('room.not-found');
    return room;
  }

  /** A room whose messages the principal may read. @throws AppError `room.not-found`, `room.banned`, `room.forbidden` */
  async readable(principal: Principal, reference: string): Promise<RoomRecord> {
    const room = await this.visible(principal, reference);
    await this.requireReader(principal, room);
    // What follows may decide from memory whether one of the two blocks the other.
    if (room.pair) await this.blocks.between(...room.pair);
    return room;
  }

  /**
   * A room that a person may write to, decided from memory alone; null: memory does not know enough, ask `writable`.
   * @throws AppError as `writable`
   */
  writableNow(person: Person, reference: string): RoomRecord | null {
    const room = this.directory.peek(reference);
    const membership = room && this.directory.peekMembership(room.id, person.userId);
    if (!room || !membership || (room.pair && !this.blocks.betweenNow(...room.pair))) return null;
    this.requireWriter(person, room, membership);
    return room;
  }

  /** A room that a person may write to. @throws AppError `room.not-found`, `room.banned`, `room.forbidden`, `room.not-joined`, `room.posting-restricted`, `room.archived` */
  async writable(person: Person, reference: string): Promise<RoomRecord> {
    const room = await this.directory.find(reference);
    if (!room) throw new AppError('room.not-found');
    if (room.pair) await this.blocks.between(...room.pair);
    this.requireWriter(person, room, await this.membership(person, room.id));
    return room;
  }

  /**
   * Why a person may not write to a room, if they may not. Reacting needs no right to post.
   * @throws AppError `room.not-found`, `room.banned`, `room.not-joined`, `room.forbidden`, `room.archived`, `room.posting-restricted`
   */
  requireWriter(person: Person, room: RoomRecord, membership: Membership, { reacting = false } = {}): void {
    if (!maySee(person, room, membership, this.settings.guests)) throw new AppError('room.not-found');
    if (membership.banned) throw new AppError('room.banned');
    if (!membership.role) throw new AppError('room.not-joined');
    if (!mayRead(person, room, membership, this.settings.guests)) throw new AppError('room.forbidden');
    this.requireOpen(room);
    const other = room.pair?.find((id) => id !== person.userId);
    if (!reacting && other !== undefined) requireReach(this.blocks.betweenNow(person.userId, other) ?? 'none');
    if (!reacting && !mayPost(person, room, membership)) throw new AppError('room.posting-restricted');
  }

  /** In an archived room nothing is changed any more. @throws AppError `room.archived` */
  requireOpen(room: { archived: boolean }): void {
    if (room.archived) throw new AppError('room.archived');
  }

  /** Whether a room is archived, from memory where it is known; one that is gone is not. */
  async isArchived(roomId: string): Promise<boolean> {
    return (await this.directory.find(roomId))?.archived ?? false;
  }

  /** A room that a person may change. @throws AppError `room.not-found`, `room.forbidden`, `room.direct-fixed` */
  async managed(person: Person, reference: string): Promise<RoomRecord> {
    const room = await this.changeable(person, reference);
    if (!mayManage(person, room, await this.membership(person, room.id))) throw new AppError('room.forbidden');
    return room;
  }

  /** A room that the person sees and that is no direct room. @throws AppError `room.not-found`, `room.direct-fixed` */
  async changeable(person: Person, reference: string): Promise<RoomRecord> {
    const room = await this.visible(person, reference);
    if (room.kind === 'direct') throw new AppError('room.direct-fixed');
    return room;
  }

  /**
   * Locks a room that a person may change, as the database says at this moment.
   * @throws AppError `room.not-found`, `room.forbidden`
   */
  async lockManaged(manager: EntityManager, person: Person, roomId: string): Promise<RoomEntity> {
    const locked = await this.lock(manager, roomId);
    if (!mayManage(person, locked, await this.repository.membership(manager, roomId, person.userId))) throw new AppError('room.forbidden');
    return locked;
  }

  /** Locks a room until the transaction ends. @throws AppError `room.not-found` */
  async lock(manager: EntityManager, roomId: string): Promise<RoomEntity> {
    const locked = await this.repository.lock(manager, roomId);
    if (!locked) throw new AppError('room.not-found');
    return locked;
  }

  /** Whether a person may delete what another one wrote: moderators and above, of people below them and of people who are gone. */
  mayModerate(person: Person, room: RoomRecord, own: Membership, author: Membership): boolean {
    return room.kind !== 'direct' && mayRemove(person, room, own, author);
  }

  /** How a person stands to a room, by id; people who are gone stand as strangers. */
  async membershipOf(userId: string | null, roomId: string): Promise<Membership> {
    return userId === null ? stranger : (this.directory.peekMembership(roomId, userId) ?? this.directory.membership(roomId, userId));
  }

  /** Rooms by id as the principal sees them, in one query; whether they may see them is decided before. */
  async viewMany(principal: Principal, roomIds: readonly string[]): Promise<Room[]> {
    return this.views.many(principal, roomIds);
  }

  /**
   * As `writable`, decided anew because the room's access version has moved on since: memory is not asked about what may have changed.
   * @param decidedAt the version of the earlier decision
   */
  async writableAnew(person: Person, roomId: string, decidedAt: number): Promise<RoomRecord> {
    this.forgetRights(roomId, person.userId, decidedAt);
    const room = await this.writable(person, roomId);
    const other = room.pair?.find((id) => id !== person.userId);
    if (other !== undefined) requireReach(await this.blocks.betweenAnew(person.userId, other));
    return room;
  }

  /** Rights were decided on what memory knew at this access version, and that is out of date: asks anew at the next decision. */
  forgetRights(roomId: string, userId: string, accessVersion: number): void {
    const known = this.directory.peek(roomId);
    if (known && known.accessVersion > accessVersion) return;
    this.directory.forget(roomId);
    this.directory.forgetMembership(roomId, userId);
  }

  async resolve(principal: Principal, reference: string): Promise<string> {
    return (await this.visible(principal, reference)).id;
  }

  async view(principal: Principal, roomId: string): Promise<Room> {
    const view = await this.views.one(principal, roomId);
    if (!view) throw new AppError('room.not-found');
    return view;
  }

  async readers(roomId: string, principals: readonly Principal[]): Promise<{ allowed: ReadonlySet<Principal>; accessVersion: number }> {
    this.directory.forget(roomId);
    const room = await this.directory.find(roomId);
    if (!room) return { allowed: new Set(), accessVersion: Number.MAX_SAFE_INTEGER };
    const people = [...new Set(principals.flatMap((principal) => (principal.kind === 'person' ? principal.userId : [])))];
    const found = await this.repository.memberships(people.map((userId) => ({ roomId, userId })));
    const memberships = new Map(people.map((userId, index) => [userId, found[index]!]));
    const allowed = new Set<Principal>();
    for (const principal of principals) {
      const membership = principal.kind === 'guest' ? stranger : (memberships.get(principal.userId) ?? stranger);
      // A person listens as a member: who was put out of a public room may look into it again, but has to enter again first.
      const belongs = principal.kind === 'guest' || membership.role !== null;
      if (belongs && mayRead(principal, room, membership, this.settings.guests)) allowed.add(principal);
      else if (principal.kind === 'person') this.directory.forgetMembership(roomId, principal.userId);
    }
    return { allowed, accessVersion: room.accessVersion };
  }

  async enter(principal: Principal, reference: string): Promise<{ roomId: string; accessVersion: number }> {
    const room = await this.directory.find(reference);
    if (principal.kind === 'guest') {
      if (!room || !mayRead(principal, room, stranger, this.settings.guests)) throw new AppError('auth.required');
      return { roomId: room.id, accessVersion: room.accessVersion };
    }
    if (room) {
      await this.visible(principal, room.id);
      await this.becomeMember(principal, room);
      return { roomId: room.id, accessVersion: room.accessVersion };
    }
    return { roomId: await this.createByEntering(principal, reference), accessVersion: 0 };
  }

  /** Becomes a member of a public room. @throws AppError `room.not-found`, `room.banned`, `room.forbidden` */
  async join(person: Person, reference: string): Promise<Room> {
    const room = await this.visible(person, reference);
    await this.becomeMember(person, room);
    return this.view(person, room.id);
  }

  /** The one direct room of two people. @throws AppError `user.not-found`, `room.self-direct`, `user.blocked`, `user.unavailable` */
  async direct(person: Person, username: string): Promise<RoomRecord> {
    const other = await this.users.byUsername(username);
    if (!other) throw new AppError('user.not-found');
    if (other.id === person.userId) throw new AppError('room.self-direct');
    await this.blocks.requireReach(person.userId, other.id);
    const pairKey = [person.userId, other.id].sort().join(':');
    const name = `direct-${pairKey}`;
    const existing = this.directory.peek(name) ?? (await this.directory.find(name));
    if (existing) return existing;
    try {
      const members = [person.userId, other.id].map((userId) => ({ userId, role: 'member' as const }));
      await this.creation.insert({ name, nameKey: caseKey(name), title: '', kind: 'direct', pairKey }, members, person.userId);
    } catch (error) {
      if (!isUniqueViolation(error, 'uq_rooms_pair_key') && !isUniqueViolation(error, 'uq_rooms_name_key')) throw error;
    }
    const room = await this.directory.find(name);
    if (!room) throw new AppError('room.not-found');
    return room;
  }

  /** How the principal stands to a room, from memory where it is known. */
  async membership(principal: Principal, roomId: string) {
    return principal.kind === 'guest'
      ? stranger
      : (this.directory.peekMembership(roomId, principal.userId) ?? this.directory.membership(roomId, principal.userId));
  }

  private async requireReader(principal: Principal, room: RoomRecord): Promise<void> {
    const membership = await this.membership(principal, room.id);
    if (membership.banned) throw new AppError('room.banned');
    if (!mayRead(principal, room, membership, this.settings.guests))
      throw new AppError(principal.kind === 'guest' ? 'room.not-found' : 'room.forbidden');
  }

  /** Members stay members; a stranger becomes one of a public room, unless banned. */
  private async becomeMember(person: Person, room: RoomRecord): Promise<void> {
    await this.requireReader(person, room);
    if ((await this.membership(person, room.id)).role) return;
    await inTransaction(this.dataSource, async (manager) => {
      const locked = await this.repository.lock(manager, room.id);
      if (!locked || (locked.kind !== 'public' && !(await this.repository.member(manager, room.id, person.userId))))
        throw new AppError('room.not-found');
      if (await this.repository.isBanned(manager, room.id, person.userId)) throw new AppError('room.banned');
      const added = await this.repository.addMember(manager, locked, person.userId, 'member');
      afterCommit(manager, () => {
        if (!added) this.directory.forgetMembership(room.id, person.userId);
        else this.directory.setMembership(room.id, person.userId, { role: 'member', banned: false });
      });
      if (added) afterCommit(manager, async () => this.news.joined(locked, [person.userId]));
    });
  }

  private async createByEntering(person: Person, reference: string): Promise<string> {
    const name = roomName.safeParse(reference);
    if (!this.settings.roomAutocreate || !name.success || looksLikeUuid(reference)) throw new AppError('room.not-found');
    try {
      const owner = { userId: person.userId, role: 'owner' as const };
      const fields = { name: name.data, nameKey: caseKey(name.data), title: name.data, kind: 'public' as const };
      return (await this.creation.insert(fields, [owner], person.userId)).id;
    } catch (error) {
      if (!isUniqueViolation(error, 'uq_rooms_name_key')) throw error;
      // Somebody was quicker: enter theirs.
      const room = await this.visible(person, name.data);
      await this.becomeMember(person, room);
      return room.id;
    }
  }
}
