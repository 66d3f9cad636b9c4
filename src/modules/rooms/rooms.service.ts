import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { caseKey } from '../../common/case-key.js';
import type { Person, Principal } from '../../common/principal.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import type { EndpointInput, endpoints, Room, RoomRole } from '../../contracts/index.js';
import { looksLikeUuid, roomName } from '../../contracts/index.js';
import { afterCommit, inTransaction, isUniqueViolation } from '../../database/index.js';
import { InternalEvents } from '../../platform/events/index.js';
import { Publisher, type RoomAccess } from '../../realtime/index.js';
import { UserDirectory } from '../users/index.js';
import type { RoomEntity } from './entities/room.entity.js';
import { RoomDirectory, type RoomRecord } from './room-directory.js';
import { RoomViews } from './room-views.js';
import { mayDelete, mayManage, mayPost, mayRead, mayRemove, maySee, type Membership, stranger } from './rooms.policy.js';
import { RoomsRepository } from './rooms.repository.js';

type CreateBody = EndpointInput<(typeof endpoints)['rooms.create']>['body'];
type UpdateBody = EndpointInput<(typeof endpoints)['rooms.update']>['body'];

interface NewMember {
  userId: string;
  role: RoomRole;
}

function asMember(userId: string): NewMember {
  return { userId, role: 'member' };
}

/** Rooms: finding, entering, creating, changing and deleting them. Who belongs to them is `MembersService`'s. */
@Injectable()
export class RoomsService implements RoomAccess {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly repository: RoomsRepository,
    private readonly directory: RoomDirectory,
    private readonly views: RoomViews,
    private readonly users: UserDirectory,
    private readonly publisher: Publisher,
    private readonly events: InternalEvents,
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
    return room;
  }

  /**
   * A room that a person may write to, decided from memory alone; null: memory does not know enough, ask `writable`.
   * @throws AppError as `writable`
   */
  writableNow(person: Person, reference: string): RoomRecord | null {
    const room = this.directory.peek(reference);
    const membership = room && this.directory.peekMembership(room.id, person.userId);
    if (!room || !membership) return null;
    this.requireWriter(person, room, membership);
    return room;
  }

  /** A room that a person may write to. @throws AppError `room.not-found`, `room.banned`, `room.forbidden`, `room.not-joined`, `room.posting-restricted` */
  async writable(person: Person, reference: string): Promise<RoomRecord> {
    const room = await this.directory.find(reference);
    if (!room) throw new AppError('room.not-found');
    this.requireWriter(person, room, await this.membership(person, room.id));
    return room;
  }

  /**
   * Why a person may not write to a room, if they may not. Reacting needs no right to post.
   * @throws AppError `room.not-found`, `room.banned`, `room.not-joined`, `room.forbidden`, `room.posting-restricted`
   */
  requireWriter(person: Person, room: RoomRecord, membership: Membership, { reacting = false } = {}): void {
    if (!maySee(person, room, membership, this.settings.guests)) throw new AppError('room.not-found');
    if (membership.banned) throw new AppError('room.banned');
    if (!membership.role) throw new AppError('room.not-joined');
    if (!mayRead(person, room, membership, this.settings.guests)) throw new AppError('room.forbidden');
    if (!reacting && !mayPost(person, room, membership)) throw new AppError('room.posting-restricted');
  }

  /** Whether a person may delete what another one wrote: moderators and above, of people below them and of people who are gone. */
  mayModerate(person: Person, room: RoomRecord, own: Membership, author: Membership): boolean {
    return room.kind !== 'direct' && mayRemove(person, room, own, author);
  }

  /** How a person stands to a room, by id; people who are gone stand as strangers. */
  async membershipOf(userId: string | null, roomId: string): Promise<Membership> {
    return userId === null ? stranger : (this.directory.peekMembership(roomId, userId) ?? this.directory.membership(roomId, userId));
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
    const people = principals.flatMap((principal) => (principal.kind === 'person' ? principal.userId : []));
    const memberships = await this.repository.memberships(roomId, [...new Set(people)]);
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

  /** Creates a room with its first members. @throws AppError `room.name-taken`, `user.not-found` */
  async create(person: Person, body: CreateBody): Promise<Room> {
    const invited = new Map<string, string>();
    for (const name of body.members ?? []) {
      const card = await this.users.byUsername(name);
      if (!card) throw new AppError('user.not-found', { message: `There is nobody named ${name.slice(0, 64)}.` });
      if (card.id !== person.userId) invited.set(card.id, card.username);
    }
    const members: NewMember[] = [{ userId: person.userId, role: 'owner' }, ...[...invited.keys()].map(asMember)];
    const room = await this.insert({ ...body, nameKey: caseKey(body.name), title: body.title ?? body.name, name: body.name }, members);
    for (const { userId } of members) this.events.emit('room.member-joined', { roomId: room.id, userId });
    return this.view(person, room.id);
  }

  /** The one direct room of two people. @throws AppError `user.not-found`, `room.self-direct` */
  async direct(person: Person, username: string): Promise<RoomRecord> {
    const other = await this.users.byUsername(username);
    if (!other) throw new AppError('user.not-found');
    if (other.id === person.userId) throw new AppError('room.self-direct');
    const pairKey = [person.userId, other.id].sort().join(':');
    const name = `direct-${pairKey}`;
    const existing = this.directory.peek(name) ?? (await this.directory.find(name));
    if (existing) return existing;
    try {
      const members = [person.userId, other.id].map(asMember);
      await this.insertOnce({ name, nameKey: caseKey(name), title: '', kind: 'direct', pairKey }, members);
    } catch (error) {
      if (!isUniqueViolation(error, 'uq_rooms_pair_key') && !isUniqueViolation(error, 'uq_rooms_name_key')) throw error;
    }
    const room = await this.directory.find(name);
    if (!room) throw new AppError('room.not-found');
    return room;
  }

  /** Changes what is named. Whoever may no longer read is out at once. @throws AppError `room.not-found`, `room.forbidden`, `room.name-taken`, `room.direct-fixed` */
  async update(person: Person, reference: string, body: UpdateBody): Promise<Room> {
    const room = await this.visible(person, reference);
    if (room.kind === 'direct') throw new AppError('room.direct-fixed');
    if (!mayManage(person, room, await this.membership(person, room.id))) throw new AppError('room.forbidden');
    const change = { ...body, ...(body.name === undefined ? {} : { nameKey: caseKey(body.name) }) };
    try {
      await inTransaction(this.dataSource, async (manager) => {
        const locked = await this.repository.lock(manager, room.id);
        if (!locked) throw new AppError('room.not-found');
        if (!mayManage(person, locked, await this.repository.membership(manager, room.id, person.userId)))
          throw new AppError('room.forbidden');
        await this.repository.update(manager, room.id, change);
        await this.repository.raiseAccessVersion(manager, room.id);
        afterCommit(manager, () => this.directory.forget(room.id));
      });
    } catch (error) {
      if (isUniqueViolation(error, 'uq_rooms_name_key')) throw new AppError('room.name-taken');
      throw error;
    }
    const view = await this.view(person, room.id);
    await this.tellChanged(view);
    return view;
  }

  /** Deletes a room with everything in it. @throws AppError `room.not-found`, `room.forbidden`, `room.direct-fixed` */
  async remove(person: Person, reference: string): Promise<void> {
    const room = await this.visible(person, reference);
    if (room.kind === 'direct') throw new AppError('room.direct-fixed');
    if (!mayDelete(person, room, await this.membership(person, room.id))) throw new AppError('room.forbidden');
    const members = await this.repository.memberIds(room.id);
    await inTransaction(this.dataSource, async (manager) => {
      const locked = await this.repository.lock(manager, room.id);
      if (!locked) throw new AppError('room.not-found');
      if (!mayDelete(person, locked, await this.repository.membership(manager, room.id, person.userId)))
        throw new AppError('room.forbidden');
      await this.repository.delete(manager, room.id);
      afterCommit(manager, () => {
        this.directory.forget(room.id);
        for (const userId of members) this.directory.forgetMembership(room.id, userId);
        this.publisher.closeRoom(room.id, members);
        this.events.emit('room.deleted', { roomId: room.id });
      });
    });
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
        if (added) {
          this.directory.setMembership(room.id, person.userId, { role: 'member', banned: false });
          this.events.emit('room.member-joined', { roomId: room.id, userId: person.userId });
        } else this.directory.forgetMembership(room.id, person.userId);
      });
    });
  }

  private async createByEntering(person: Person, reference: string): Promise<string> {
    const name = roomName.safeParse(reference);
    if (!this.settings.roomAutocreate || !name.success || looksLikeUuid(reference)) throw new AppError('room.not-found');
    try {
      const room = await this.insertOnce({ name: name.data, nameKey: caseKey(name.data), title: name.data, kind: 'public' }, [
        { userId: person.userId, role: 'owner' },
      ]);
      this.events.emit('room.member-joined', { roomId: room.id, userId: person.userId });
      return room.id;
    } catch (error) {
      if (!isUniqueViolation(error, 'uq_rooms_name_key')) throw error;
      // Somebody was quicker: enter theirs.
      const room = await this.visible(person, name.data);
      await this.becomeMember(person, room);
      return room.id;
    }
  }

  private async insert(...args: Parameters<RoomsService['insertOnce']>): Promise<RoomEntity> {
    try {
      return await this.insertOnce(...args);
    } catch (error) {
      if (isUniqueViolation(error, 'uq_rooms_name_key')) throw new AppError('room.name-taken');
      throw error;
    }
  }

  private async insertOnce(room: Parameters<RoomsRepository['create']>[1], members: readonly NewMember[]): Promise<RoomEntity> {
    return inTransaction(this.dataSource, async (manager: EntityManager) => {
      const created = await this.repository.create(manager, room, members);
      afterCommit(manager, () => {
        this.directory.forget(created.id);
        for (const { userId, role } of members) this.directory.setMembership(created.id, userId, { role, banned: false });
      });
      return created;
    });
  }

  private async tellChanged(view: Room): Promise<void> {
    const members = await this.repository.memberIds(view.id);
    await this.publisher.reviewRoom(view.id);
    const { id, name, title, kind, access, posting, guestsAllowed, memberCount } = view;
    this.publisher.toRoomAndMembers(view.id, members, 'room.updated', {
      room: { id, name, title, kind, access, posting, guestsAllowed, memberCount },
    });
  }
}
