import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import type { Author, Ban, Member, RoomRole } from '../../contracts/index.js';
import { afterCommit, encodeCursor, inTransaction, isForeignKeyViolation } from '../../database/index.js';
import { InternalEvents } from '../../platform/events/index.js';
import { Publisher, RoomPresence } from '../../realtime/index.js';
import { BlockDirectory } from '../friends/index.js';
import { authorOf, UserDirectory } from '../users/index.js';
import type { RoomMemberEntity } from './entities/room-member.entity.js';
import { timeAndId } from './room-cursors.js';
import { RoomDirectory, type RoomRecord } from './room-directory.js';
import { RoomNews } from './room-news.js';
import { mayAssign, mayRemove, type Membership } from './rooms.policy.js';
import { RoomsRepository } from './rooms.repository.js';
import { RoomsService } from './rooms.service.js';

const pageSize = 50;
/** In bigger rooms nobody is told who has read how far. */
const readsAreTold = 50;

/** Who belongs to a room: joining by invitation, leaving, roles, kicks and bans, read positions. Every loss of rights acts on open sockets. */
@Injectable()
export class MembersService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly rooms: RoomsService,
    private readonly repository: RoomsRepository,
    private readonly directory: RoomDirectory,
    private readonly news: RoomNews,
    private readonly users: UserDirectory,
    private readonly blocks: BlockDirectory,
    private readonly publisher: Publisher,
    private readonly presence: RoomPresence,
    private readonly events: InternalEvents,
  ) {}

  /** A page of members in the order they joined. @throws AppError `room.not-found`, `room.banned`, `room.forbidden`, `request.cursor-invalid` */
  async list(
    person: Person,
    reference: string,
    limit = pageSize,
    cursor?: string,
  ): Promise<{ items: Member[]; nextCursor: string | null }> {
    const room = await this.rooms.readable(person, reference);
    const rows = await this.repository.members(room.id, limit + 1, cursor === undefined ? null : timeAndId(cursor));
    const page = rows.slice(0, limit);
    const people = await this.users.loadMany(page.map((row) => row.userId));
    const last = page.at(-1);
    return {
      items: page.flatMap((row) => {
        const user = authorOf(people.get(row.userId));
        return user ? [this.view(person, room.id, row, user)] : [];
      }),
      nextCursor: rows.length > limit && last ? encodeCursor([last.cursorAt, last.userId]) : null,
    };
  }

  /** Adds a person by name. @throws AppError `room.not-found`, `room.forbidden`, `room.banned`, `room.archived`, `user.not-found`, `room.direct-fixed` */
  async add(person: Person, reference: string, username: string): Promise<Member> {
    const room = await this.rooms.managed(person, reference);
    const card = await this.users.byUsername(username);
    if (!card) throw new AppError('user.not-found');
    await this.blocks.requireReach(person.userId, card.id);
    await inTransaction(this.dataSource, async (manager) => {
      const locked = await this.rooms.lockManaged(manager, person, room.id);
      this.rooms.requireOpen(locked);
      if (await this.repository.isBanned(manager, room.id, card.id))
        throw new AppError('room.banned', { message: 'That person is banned from this room; lift the ban first.' });
      const added = await this.repository.addMember(manager, locked, card.id, 'member');
      afterCommit(manager, () => this.directory.forgetMembership(room.id, card.id));
      if (!added) return;
      if (card.id !== person.userId)
        await this.events.emitWithin(manager, 'room.member-added', { roomId: room.id, userId: card.id, byId: person.userId });
      afterCommit(manager, async () => this.news.joined(locked, [card.id]));
    }).catch((error: unknown) => {
      throw isForeignKeyViolation(error, 'fk_room_members_user') ? new AppError('user.not-found', { cause: error }) : error;
    });
    return this.member(person, room.id, card.id);
  }

  /**
   * Gives a member another role. A room may have several owners and, while anybody is in it, never none: who hands it over names the other
   * owner first and steps down after.
   * @throws AppError `room.not-found`, `room.forbidden`, `room.member-not-found`, `room.last-owner`, `room.direct-fixed`
   */
  async setRole(person: Person, reference: string, userId: string, role: RoomRole): Promise<Member> {
    const room = await this.rooms.managed(person, reference);
    await inTransaction(this.dataSource, async (manager) => {
      const locked = await this.rooms.lock(manager, room.id);
      const target = await this.target(manager, room.id, userId);
      if (!mayAssign(person, locked, await this.repository.membership(manager, room.id, person.userId), target, role))
        throw new AppError('room.forbidden');
      if (target.role === 'owner' && role !== 'owner' && (await this.repository.owners(manager, room.id)) === 1)
        throw new AppError('room.last-owner');
      if (target.role === role) return;
      await this.repository.setRole(manager, room.id, userId, role);
      afterCommit(manager, () => {
        this.directory.forget(room.id);
        this.directory.setMembership(room.id, userId, { role, banned: false });
      });
      afterCommit(manager, async () => this.news.roleChanged(room.id, userId, role, person.userId));
    });
    return this.member(person, room.id, userId);
  }

  /** Kicks a member, who may return. @throws AppError `room.not-found`, `room.forbidden`, `room.member-not-found`, `room.direct-fixed` */
  async kick(person: Person, reference: string, userId: string): Promise<void> {
    const room = await this.moderated(person, reference);
    await inTransaction(this.dataSource, async (manager) => {
      const locked = await this.rooms.lock(manager, room.id);
      const target = await this.target(manager, room.id, userId);
      if (!mayRemove(person, locked, await this.repository.membership(manager, room.id, person.userId), target))
        throw new AppError('room.forbidden');
      await this.repository.removeMember(manager, room.id, userId);
      afterCommit(manager, () => this.gone(room.id, userId, 'kicked', { role: null, banned: false }));
    });
  }

  /** A page of bans, the newest first. @throws AppError `room.not-found`, `room.forbidden`, `room.direct-fixed`, `request.cursor-invalid` */
  async bans(person: Person, reference: string, limit = pageSize, cursor?: string): Promise<{ items: Ban[]; nextCursor: string | null }> {
    const room = await this.moderated(person, reference);
    const rows = await this.repository.bans(room.id, limit + 1, cursor === undefined ? null : timeAndId(cursor));
    const page = rows.slice(0, limit);
    const people = await this.users.loadMany(page.flatMap(({ userId, bannedBy }) => [userId, bannedBy ?? []].flat()));
    const last = page.at(-1);
    return {
      items: page.flatMap(({ userId, bannedBy, createdAt }) => {
        const user = authorOf(people.get(userId));
        return user ? [{ user, bannedBy: authorOf(people.get(bannedBy ?? '')), createdAt: createdAt.toISOString() }] : [];
      }),
      nextCursor: rows.length > limit && last ? encodeCursor([last.cursorAt, last.userId]) : null,
    };
  }

  /** Bans a person, member or not. @throws AppError `room.not-found`, `room.forbidden`, `user.not-found`, `room.direct-fixed` */
  async ban(person: Person, reference: string, userId: string): Promise<void> {
    const room = await this.moderated(person, reference);
    if (!(await this.users.load(userId))) throw new AppError('user.not-found');
    await inTransaction(this.dataSource, async (manager) => {
      const locked = await this.rooms.lock(manager, room.id);
      const target = await this.repository.membership(manager, room.id, userId);
      if (!mayRemove(person, locked, await this.repository.membership(manager, room.id, person.userId), target))
        throw new AppError('room.forbidden');
      await this.repository.ban(manager, room.id, userId, person.userId);
      await this.repository.removeMember(manager, room.id, userId);
      afterCommit(manager, () => this.gone(room.id, userId, 'banned', { role: null, banned: true }));
    });
  }

  /** Lifts a ban; the person is a stranger then. @throws AppError `room.not-found`, `room.forbidden`, `room.direct-fixed` */
  async unban(person: Person, reference: string, userId: string): Promise<void> {
    const room = await this.moderated(person, reference);
    await inTransaction(this.dataSource, async (manager) => {
      const locked = await this.rooms.lock(manager, room.id);
      const own = await this.repository.membership(manager, room.id, person.userId);
      if (!mayRemove(person, locked, own, { role: null, banned: true })) throw new AppError('room.forbidden');
      await this.repository.unban(manager, room.id, userId);
      afterCommit(manager, () => {
        this.directory.forgetMembership(room.id, userId);
        this.events.emit('room.rights-changed', { roomId: room.id, userIds: [userId] });
      });
    });
  }

  /**
   * Ends one's own membership. The last owner of a room with other members cannot leave; a private room that its last member leaves is gone.
   * @throws AppError `room.not-found`, `room.last-owner`, `room.direct-fixed`
   */
  async leave(person: Person, reference: string): Promise<void> {
    const room = await this.rooms.changeable(person, reference);
    await inTransaction(this.dataSource, async (manager) => {
      const locked = await this.rooms.lock(manager, room.id);
      const own = await this.repository.membership(manager, room.id, person.userId);
      if (!own.role) return;
      if (own.role === 'owner' && locked.memberCount > 1 && (await this.repository.owners(manager, room.id)) === 1)
        throw new AppError('room.last-owner');
      await this.repository.removeMember(manager, room.id, person.userId);
      if (locked.memberCount === 1 && locked.kind === 'private') {
        await this.events.emitWithin(manager, 'room.removing', { roomId: room.id });
        await this.repository.delete(manager, room.id);
      }
      afterCommit(manager, () => this.gone(room.id, person.userId, 'left', { role: null, banned: false }));
    });
  }

  /** Moves one's read position forward. @throws AppError `room.not-found`, `room.not-joined` */
  async read(person: Person, reference: string, seq: number): Promise<{ seq: number; unreadCount: number }> {
    const room = this.directory.peek(reference) ?? (await this.rooms.visible(person, reference));
    const position = await this.repository.read(room.id, person.userId, seq);
    if (!position) throw new AppError(room.kind === 'public' ? 'room.not-joined' : 'room.not-found');
    const { readSeq, lastSeq, memberCount, moved } = position;
    if (moved) {
      this.events.emit('room.read', { roomId: room.id, userId: person.userId, seq: readSeq });
      if (memberCount <= readsAreTold)
        this.publisher.toRoomAbout(room.id, person.userId, 'room.read', { room: room.id, userId: person.userId, seq: readSeq });
    }
    return { seq: readSeq, unreadCount: lastSeq - readSeq };
  }

  private gone(roomId: string, userId: string, reason: 'left' | 'kicked' | 'banned', membership: Membership): void {
    this.directory.forget(roomId);
    this.directory.setMembership(roomId, userId, membership);
    this.publisher.removeFromRoom(userId, roomId, reason);
    this.events.emit('room.member-left', { roomId, userId, reason });
  }

  private async moderated(person: Person, reference: string): Promise<RoomRecord> {
    const room = await this.rooms.changeable(person, reference);
    if (!mayRemove(person, room, await this.rooms.membership(person, room.id), { role: null, banned: false }))
      throw new AppError('room.forbidden');
    return room;
  }

  private async target(manager: EntityManager, roomId: string, userId: string): Promise<Membership> {
    const target = await this.repository.membership(manager, roomId, userId);
    if (!target.role) throw new AppError('room.member-not-found');
    return target;
  }

  private async member(reader: Person, roomId: string, userId: string): Promise<Member> {
    const row = await this.repository.member(this.dataSource.manager, roomId, userId);
    const user = authorOf(await this.users.load(userId));
    if (!row || !user) throw new AppError('room.member-not-found');
    return this.view(reader, roomId, row, user);
  }

  /** A member as another one sees them: of two people one of whom blocks the other, neither learns whether the other is here. */
  private view(reader: Person, roomId: string, row: Pick<RoomMemberEntity, 'userId' | 'role' | 'joinedAt'>, user: Author): Member {
    const blocked = this.blocks.blockedBy(reader.userId)?.has(row.userId) ?? false;
    const isHidden = blocked || (this.blocks.blockedBy(row.userId)?.has(reader.userId) ?? false);
    return {
      user,
      role: row.role,
      online: !isHidden && this.presence.isPresent(roomId, row.userId),
      joinedAt: row.joinedAt.toISOString(),
      ...(blocked ? { blocked } : {}),
    };
  }
}
