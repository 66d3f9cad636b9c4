import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import type { Author, Friend, FriendRequest } from '../../contracts/index.js';
import { afterCommit, inTransaction } from '../../database/index.js';
import { InternalEvents, type TransactionalEventMap } from '../../platform/events/index.js';
import { RateLimiter } from '../../platform/rate-limit/index.js';
import { Publisher } from '../../realtime/index.js';
import { authorOf, UserDirectory } from '../users/index.js';
import { BlocksRepository } from './blocks.repository.js';
import { FriendFeed } from './friend-feed.js';
import { FriendViews } from './friend-views.js';
import { requireReach, requireRoomForFriend, requireRoomForRequest } from './friends.policy.js';
import { FriendsRepository, type StoredRequest } from './friends.repository.js';

type Outcome = TransactionalEventMap['friend.request-closed']['outcome'];

/**
 * Asking, accepting, rejecting, withdrawing. Each locks the two accounts first, in the order of their ids, so that whatever happens at once
 * between two people happens one after the other: two who ask each other become friends, once.
 */
@Injectable()
export class FriendRequests {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly repository: FriendsRepository,
    private readonly blocks: BlocksRepository,
    private readonly users: UserDirectory,
    private readonly views: FriendViews,
    private readonly feed: FriendFeed,
    private readonly publisher: Publisher,
    private readonly events: InternalEvents,
    private readonly limits: RateLimiter,
  ) {}

  /**
   * Asks somebody; whoever asked first is a friend then. A request that waits already is answered as it is.
   * @throws AppError `user.not-found`, `friend.self`, `friend.already`, `user.blocked`, `user.unavailable`, `friend.too-many`,
   *   `friend.too-many-requests`, `rate.limited`
   */
  async send(person: Person, username: string): Promise<{ request: FriendRequest } | { friend: Friend }> {
    const card = await this.users.byUsername(username);
    const [own, other] = [authorOf(await this.users.load(person.userId)), authorOf(card)];
    if (!own || !other) throw new AppError('user.not-found');
    if (other.id === own.id) throw new AppError('friend.self');
    const waiting = await this.repository.requestBetween(this.dataSource.manager, own.id, other.id);
    if (!waiting) await this.limits.consume('friend-request:person', own.id);
    return inTransaction(this.dataSource, async (manager) => {
      if (!(await this.feed.lockPair(manager, own.id, other.id))) throw new AppError('user.not-found');
      requireReach(await this.blocks.between(manager, own.id, other.id));
      if (await this.repository.areFriends(manager, own.id, other.id)) throw new AppError('friend.already');
      const existing = await this.repository.requestBetween(manager, own.id, other.id);
      if (existing?.from_id === own.id) return { request: this.views.request(existing, own.id, other) };
      if (existing) return { friend: await this.becomeFriends(manager, existing, own, other) };
      requireRoomForRequest({
        friendsOfSender: await this.repository.countFriends(manager, own.id),
        friendsOfAddressee: await this.repository.countFriends(manager, other.id),
        waitingOfSender: await this.repository.countWaiting(manager, own.id),
      });
      const request = await this.repository.insertRequest(manager, own.id, other.id);
      await this.feed.touchBoth(manager, own.id, other.id);
      await this.events.emitWithin(manager, 'friend.requested', { requestId: request.id, fromId: own.id, toId: other.id });
      afterCommit(manager, () => {
        this.publisher.toPeople([own.id], 'friend.requested', { request: this.views.request(request, own.id, other) });
        this.publisher.toPeople([other.id], 'friend.requested', { request: this.views.request(request, other.id, own) });
      });
      return { request: this.views.request(request, own.id, other) };
    });
  }

  /** Accepts a request to oneself. @throws AppError `friend.request-not-found`, `friend.too-many` */
  async accept(person: Person, id: string): Promise<Friend> {
    return this.answer(person, id, 'to_id', async (manager, request, own, other) => this.becomeFriends(manager, request, own, other));
  }

  /** Rejects a request to oneself. @throws AppError `friend.request-not-found` */
  async reject(person: Person, id: string): Promise<void> {
    await this.answer(person, id, 'to_id', async (manager, request) => this.close(manager, request, 'rejected'));
  }

  /** Takes a request of one's own back. @throws AppError `friend.request-not-found` */
  async withdraw(person: Person, id: string): Promise<void> {
    await this.answer(person, id, 'from_id', async (manager, request) => this.close(manager, request, 'withdrawn'));
  }

  /** Removes a request that was rejected or withdrawn, and tells both. Call with the pair locked. */
  async close(manager: EntityManager, request: StoredRequest, outcome: Exclude<Outcome, 'accepted'>): Promise<void> {
    await this.remove(manager, request, outcome);
    afterCommit(manager, () => {
      this.publisher.toPeople([request.from_id], `friend.${outcome}`, { requestId: request.id, userId: request.to_id });
      this.publisher.toPeople([request.to_id], `friend.${outcome}`, { requestId: request.id, userId: request.from_id });
    });
  }

  /** @param role the column in which the person must stand */
  private async answer<T>(
    person: Person,
    id: string,
    role: 'from_id' | 'to_id',
    work: (manager: EntityManager, request: StoredRequest, own: Author, other: Author) => Promise<T>,
  ): Promise<T> {
    const seen = await this.repository.request(id);
    if (seen?.[role] !== person.userId) throw new AppError('friend.request-not-found');
    const otherId = seen.from_id === person.userId ? seen.to_id : seen.from_id;
    const [own, other] = [authorOf(await this.users.load(person.userId)), authorOf(await this.users.load(otherId))];
    if (!own || !other) throw new AppError('friend.request-not-found');
    return inTransaction(this.dataSource, async (manager) => {
      const active = await this.feed.lockPair(manager, person.userId, otherId);
      const request = active ? await this.repository.request(id, manager) : undefined;
      if (!request) throw new AppError('friend.request-not-found');
      return work(manager, request, own, other);
    });
  }

  private async becomeFriends(manager: EntityManager, request: StoredRequest, own: Author, other: Author): Promise<Friend> {
    requireRoomForFriend(await this.repository.countFriends(manager, own.id), await this.repository.countFriends(manager, other.id));
    await this.remove(manager, request, 'accepted');
    const since = await this.repository.befriend(manager, own.id, other.id);
    afterCommit(manager, () => {
      this.publisher.toPeople([own.id], 'friend.accepted', { requestId: request.id, friend: this.views.friend(other, since) });
      this.publisher.toPeople([other.id], 'friend.accepted', { requestId: request.id, friend: this.views.friend(own, since) });
    });
    return this.views.friend(other, since);
  }

  private async remove(manager: EntityManager, request: StoredRequest, outcome: Outcome): Promise<void> {
    await this.repository.deleteRequest(manager, request.id);
    await this.feed.touchBoth(manager, request.from_id, request.to_id);
    await this.events.emitWithin(manager, 'friend.request-closed', {
      requestId: request.id,
      fromId: request.from_id,
      toId: request.to_id,
      outcome,
    });
  }
}
