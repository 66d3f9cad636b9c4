import { Injectable } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import { UserDirectory } from './user-directory.js';

/** Whether a person may speak: who was muted sends and edits no messages, posts, comments, likes or emojis, at any door. From memory. */
@Injectable()
export class Voice {
  constructor(private readonly users: UserDirectory) {}

  /** @throws AppError `user.muted` with the seconds that are left */
  require(userId: string): void {
    const until = this.users.card(userId)?.mutedUntil;
    if (until && until.getTime() > Date.now())
      throw new AppError('user.muted', { retryAfter: Math.ceil((until.getTime() - Date.now()) / 1_000) });
  }
}
