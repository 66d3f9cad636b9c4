import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { FriendChange } from '../../contracts/index.js';
import { PersonalFeed } from '../users/index.js';
import { BlocksRepository } from './blocks.repository.js';
import { FriendViews } from './friend-views.js';
import { FriendsRepository } from './friends.repository.js';

/** What changed between a person and others, in the person's own feed: who was away catches up by `sync {me}`. The other one's id names the change. */
@Injectable()
export class FriendFeed implements OnModuleInit {
  constructor(
    private readonly feed: PersonalFeed,
    private readonly repository: FriendsRepository,
    private readonly blocks: BlocksRepository,
    private readonly views: FriendViews,
  ) {}

  onModuleInit(): void {
    this.feed.register('friend', async (userId, ids) => this.load(userId, ids));
  }

  /**
   * Locks two accounts and then their feeds, each in the order of their ids: everything that happens between the two happens one after the other.
   * @returns whether both exist and are active
   */
  async lockPair(manager: EntityManager, a: string, b: string): Promise<boolean> {
    const active = await this.repository.lockPair(manager, a, b);
    if (active) await this.feed.lock(manager, [a, b]);
    return active;
  }

  /** Notes that something changed between two people, for both. Call with the pair locked. */
  async touchBoth(manager: EntityManager, a: string, b: string): Promise<void> {
    await this.touch(manager, a, b);
    await this.touch(manager, b, a);
  }

  /** Notes it for `userId` alone. Call with the pair locked. */
  async touch(manager: EntityManager, userId: string, otherId: string): Promise<void> {
    await this.feed.touch(manager, [userId], 'friend', otherId);
  }

  private async load(userId: string, ids: readonly string[]): Promise<ReadonlyMap<string, FriendChange>> {
    const changes = new Map<string, FriendChange>();
    const incoming = await this.repository.requestsWith(userId, 'in', ids);
    const outgoing = await this.repository.requestsWith(userId, 'out', ids);
    const requests = [...(await this.views.requests(incoming, 'in')), ...(await this.views.requests(outgoing, 'out'))];
    for (const friend of await this.views.friends(await this.repository.friendsAmong(userId, ids))) changes.set(friend.user.id, { friend });
    for (const request of requests) changes.set(request.user.id, { request });
    for (const block of await this.views.blocks(await this.blocks.among(userId, ids))) changes.set(block.user.id, { block });
    return changes;
  }
}
