import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { inTransaction } from '../../database/index.js';
import { PersonalFeed } from '../users/index.js';
import { FriendFeed } from './friend-feed.js';
import { FriendRequests } from './friend-requests.service.js';
import { FriendsRepository } from './friends.repository.js';
import { FriendsService } from './friends.service.js';

/** The end of an account among friends. Blocks and hidden suggestions hang on the account's row and go with it. */
@Injectable()
export class FriendErasure {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly repository: FriendsRepository,
    private readonly friends: FriendsService,
    private readonly requests: FriendRequests,
    private readonly feed: FriendFeed,
    private readonly personal: PersonalFeed,
  ) {}

  /** Ends every friendship and request of a person, tells the others, and takes the person out of their feeds. May be done again. */
  async person(userId: string): Promise<void> {
    for (const friendId of await this.repository.friendIds(userId))
      await inTransaction(this.dataSource, async (manager) => {
        await this.feed.lockPair(manager, userId, friendId);
        await this.friends.end(manager, userId, friendId);
      });
    for (const { id, otherId } of await this.repository.requestsOf(userId))
      await inTransaction(this.dataSource, async (manager) => {
        await this.feed.lockPair(manager, userId, otherId);
        const request = await this.repository.request(id, manager);
        if (request) await this.requests.close(manager, request, 'withdrawn');
      });
    await inTransaction(this.dataSource, async (manager) => this.personal.forget(manager, 'friend', userId));
  }
}
