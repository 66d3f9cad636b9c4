import { Injectable } from '@nestjs/common';
import type { Author, Block, Friend, FriendRequest } from '../../contracts/index.js';
import { OnlineCount } from '../../realtime/index.js';
import { authorOf, UserDirectory } from '../users/index.js';
import type { PersonRow, RequestRow, StoredRequest } from './friends.repository.js';

/** Rows as people read them: with the other person's name and picture. */
@Injectable()
export class FriendViews {
  constructor(
    private readonly users: UserDirectory,
    private readonly online: OnlineCount,
  ) {}

  async friends(rows: readonly Omit<PersonRow, 'cursorAt'>[]): Promise<Friend[]> {
    return this.views(rows, (row, user) => ({ user, since: row.at.toISOString(), online: this.online.isOnline(user.id) }));
  }

  async requests(rows: readonly Omit<RequestRow, 'cursorAt'>[], direction: 'in' | 'out'): Promise<FriendRequest[]> {
    return this.views(rows, (row, user) => ({ id: row.id, direction, user, createdAt: row.at.toISOString() }));
  }

  async blocks(rows: readonly Omit<PersonRow, 'cursorAt'>[]): Promise<Block[]> {
    return this.views(rows, (row, user) => ({ user, createdAt: row.at.toISOString() }));
  }

  friend(user: Author, since: Date): Friend {
    return { user, since: since.toISOString(), online: this.online.isOnline(user.id) };
  }

  /** A request as the reader sees it. @param other the other one of the two */
  request(request: StoredRequest, readerId: string, other: Author): FriendRequest {
    return {
      id: request.id,
      direction: request.from_id === readerId ? 'out' : 'in',
      user: other,
      createdAt: request.created_at.toISOString(),
    };
  }

  private async views<R extends { userId: string }, V>(rows: readonly R[], view: (row: R, user: Author) => V): Promise<V[]> {
    const people = await this.users.loadMany(rows.map((row) => row.userId));
    return rows.flatMap((row) => {
      const user = authorOf(people.get(row.userId));
      return user ? [view(row, user)] : [];
    });
  }
}
