import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import type { Friend, FriendCounters, FriendRequest, FriendSuggestion } from '../../contracts/index.js';
import {
  afterCommit,
  decodeCursor,
  decodeTimeCursor,
  encodeCursor,
  inTransaction,
  type Page,
  pageByTime,
  type Paging,
} from '../../database/index.js';
import { Publisher } from '../../realtime/index.js';
import { authorOf, UserDirectory } from '../users/index.js';
import { FriendFeed } from './friend-feed.js';
import { FriendViews } from './friend-views.js';
import { FriendsRepository } from './friends.repository.js';
import { type SuggestionAfter, SuggestionsRepository } from './suggestions.repository.js';

const pageSize = 50;

/** How somebody stands to a person whom nobody blocks. */
export type Standing = 'none' | 'friends' | 'incoming' | 'outgoing';

/** Reading one's friends, requests and suggestions; ending a friendship. */
@Injectable()
export class FriendsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly repository: FriendsRepository,
    private readonly suggestions: SuggestionsRepository,
    private readonly users: UserDirectory,
    private readonly views: FriendViews,
    private readonly feed: FriendFeed,
    private readonly publisher: Publisher,
  ) {}

  /** @throws AppError `request.cursor-invalid` */
  async list(person: Person, paging: Paging): Promise<Page<Friend>> {
    return pageByTime(
      paging,
      async (limit, after) => this.repository.friends(person.userId, limit, after),
      (row) => row.userId,
      async (rows) => this.views.friends(rows),
    );
  }

  /** @throws AppError `request.cursor-invalid` */
  async requests(person: Person, direction: 'in' | 'out', paging: Paging): Promise<Page<FriendRequest>> {
    return pageByTime(
      paging,
      async (limit, after) => this.repository.requests(person.userId, direction, limit, after),
      (row) => row.id,
      async (rows) => this.views.requests(rows, direction),
    );
  }

  async counters(userId: string): Promise<FriendCounters> {
    return this.repository.counters(userId);
  }

  /** The friends of a person, for other modules. */
  async friendIds(userId: string): Promise<string[]> {
    return this.repository.friendIds(userId);
  }

  /** Whether two people are friends, as the database says at this moment. */
  async areFriends(a: string, b: string): Promise<boolean> {
    return this.repository.areFriends(this.dataSource.manager, a, b);
  }

  /** How two people stand to each other, with the request that waits between them; blocks are `BlockDirectory`'s. */
  async standing(readerId: string, otherId: string): Promise<{ relation: Standing; requestId?: string }> {
    const { manager } = this.dataSource;
    if (await this.repository.areFriends(manager, readerId, otherId)) return { relation: 'friends' };
    const request = await this.repository.requestBetween(manager, readerId, otherId);
    if (!request) return { relation: 'none' };
    return { relation: request.from_id === readerId ? 'outgoing' : 'incoming', requestId: request.id };
  }

  /** How a person stands to some others; strangers are left out. */
  async relations(readerId: string, otherIds: readonly string[]): Promise<ReadonlyMap<string, Standing>> {
    const relations = new Map<string, Standing>();
    const [friends, incoming, outgoing] = await Promise.all([
      this.repository.friendsAmong(readerId, otherIds),
      this.repository.requestsWith(readerId, 'in', otherIds),
      this.repository.requestsWith(readerId, 'out', otherIds),
    ]);
    for (const { userId } of friends) relations.set(userId, 'friends');
    for (const { userId } of incoming) relations.set(userId, 'incoming');
    for (const { userId } of outgoing) relations.set(userId, 'outgoing');
    return relations;
  }

  /** Ends a friendship, for both. @throws AppError `user.not-found`, `friend.not-found` */
  async remove(person: Person, username: string): Promise<void> {
    const other = await this.users.byUsername(username);
    if (!other) throw new AppError('user.not-found');
    await inTransaction(this.dataSource, async (manager) => {
      await this.feed.lockPair(manager, person.userId, other.id);
      if (!(await this.end(manager, person.userId, other.id))) throw new AppError('friend.not-found');
    });
  }

  /** Ends a friendship and tells both. Call with the pair locked. @returns whether there was one */
  async end(manager: EntityManager, a: string, b: string): Promise<boolean> {
    if (!(await this.repository.unfriend(manager, a, b))) return false;
    await this.feed.touchBoth(manager, a, b);
    afterCommit(manager, () => {
      this.publisher.toPeople([a], 'friend.removed', { userId: b });
      this.publisher.toPeople([b], 'friend.removed', { userId: a });
    });
    return true;
  }

  /** People one may know, the likeliest first. @throws AppError `request.cursor-invalid` */
  async suggest(person: Person, { limit = pageSize, cursor }: Paging): Promise<Page<FriendSuggestion>> {
    const rows = await this.suggestions.list(person.userId, limit + 1, cursor === undefined ? null : suggestionAfter(cursor));
    const page = rows.slice(0, limit);
    const people = await this.users.loadMany(page.map((row) => row.userId));
    const last = page.at(-1);
    return {
      items: page.flatMap(({ userId, commonFriends, sharedRooms }) => {
        const user = authorOf(people.get(userId));
        return user ? [{ user, commonFriends, sharedRooms }] : [];
      }),
      nextCursor: rows.length > limit && last ? encodeCursor([last.commonFriends, last.sharedRooms, last.cursorAt, last.userId]) : null,
    };
  }

  /** Never suggests a person again. @throws AppError `user.not-found`, `friend.self` */
  async hideSuggestion(person: Person, username: string): Promise<void> {
    const other = await this.users.byUsername(username);
    if (!other) throw new AppError('user.not-found');
    if (other.id === person.userId) throw new AppError('friend.self');
    await this.suggestions.hide(person.userId, other.id);
  }
}

function suggestionAfter(cursor: string): SuggestionAfter {
  const [common, shared, time, id] = decodeCursor(cursor, ['number', 'number', 'string', 'string']);
  if ([common, shared].some((count) => count < 0 || count > 1_000_000)) throw new AppError('request.cursor-invalid');
  return [common, shared, ...decodeTimeCursor(encodeCursor([time, id]))];
}
