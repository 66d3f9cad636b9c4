import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import type { Block } from '../../contracts/index.js';
import { afterCommit, inTransaction, type Page, pageByTime, type Paging } from '../../database/index.js';
import { InternalEvents } from '../../platform/events/index.js';
import { Publisher } from '../../realtime/index.js';
import { authorOf, UserDirectory } from '../users/index.js';
import { BlockDirectory } from './block-directory.js';
import { BlocksRepository } from './blocks.repository.js';
import { FriendRequests } from './friend-requests.service.js';
import { FriendFeed } from './friend-feed.js';
import { FriendViews } from './friend-views.js';
import { mostBlocks } from './friends.policy.js';
import { FriendsRepository } from './friends.repository.js';
import { FriendsService } from './friends.service.js';

/** Blocking and unblocking. A block ends the friendship and the requests between the two; only the blocker is told of it. */
@Injectable()
export class BlocksService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly repository: BlocksRepository,
    private readonly friendsRepository: FriendsRepository,
    private readonly friends: FriendsService,
    private readonly requests: FriendRequests,
    private readonly directory: BlockDirectory,
    private readonly users: UserDirectory,
    private readonly views: FriendViews,
    private readonly feed: FriendFeed,
    private readonly publisher: Publisher,
    private readonly events: InternalEvents,
  ) {}

  /** Blocks a person; once more changes nothing. @throws AppError `user.not-found`, `block.self`, `block.too-many` */
  async block(person: Person, username: string): Promise<Block> {
    const user = authorOf(await this.users.byUsername(username));
    if (!user) throw new AppError('user.not-found');
    if (user.id === person.userId) throw new AppError('block.self');
    return inTransaction(this.dataSource, async (manager) => {
      await this.events.emitWithin(manager, 'person.blocking', { blockerId: person.userId, blockedId: user.id });
      if (!(await this.feed.lockPair(manager, person.userId, user.id))) throw new AppError('user.not-found');
      const { at, added } = await this.repository.add(manager, person.userId, user.id);
      const block = { user, createdAt: at.toISOString() };
      if (!added) return block;
      if ((await this.repository.count(manager, person.userId)) > mostBlocks) throw new AppError('block.too-many');
      await this.friends.end(manager, person.userId, user.id);
      const request = await this.friendsRepository.requestBetween(manager, person.userId, user.id);
      if (request) await this.requests.close(manager, request, request.from_id === person.userId ? 'withdrawn' : 'rejected');
      await this.feed.touch(manager, person.userId, user.id);
      await this.events.emitWithin(manager, 'person.blocked', { blockerId: person.userId, blockedId: user.id });
      afterCommit(manager, () => {
        this.directory.noted(person.userId, user.id, true);
        this.events.emit('user.changed', { userId: person.userId });
        this.publisher.toPeople([person.userId], 'block.added', { block });
      });
      return block;
    });
  }

  /** Lifts a block; without one nothing changes. @throws AppError `user.not-found` */
  async unblock(person: Person, username: string): Promise<void> {
    const other = await this.users.byUsername(username);
    if (!other) throw new AppError('user.not-found');
    await inTransaction(this.dataSource, async (manager) => {
      await this.feed.lockPair(manager, person.userId, other.id);
      if (!(await this.repository.remove(manager, person.userId, other.id))) return;
      await this.feed.touch(manager, person.userId, other.id);
      afterCommit(manager, () => {
        this.directory.noted(person.userId, other.id, false);
        this.events.emit('user.changed', { userId: person.userId });
        this.publisher.toPeople([person.userId], 'block.removed', { userId: other.id });
      });
    });
  }

  /** @throws AppError `request.cursor-invalid` */
  async list(person: Person, paging: Paging): Promise<Page<Block>> {
    return pageByTime(
      paging,
      async (limit, after) => this.repository.list(person.userId, limit, after),
      (row) => row.userId,
      async (rows) => this.views.blocks(rows),
    );
  }
}
