import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { caseKey } from '../../common/case-key.js';
import { inTransaction, isUniqueViolation } from '../../database/index.js';
import { InternalEvents } from '../../platform/events/index.js';
import { ProfilesRepository } from './profiles.repository.js';
import { UserAnnouncements } from './user-announcements.js';
import { usernameTaken } from './username-taken.js';
import { usernameCandidates } from './username-suggestions.js';
import { UsernamesRepository } from './usernames.repository.js';
import { UsersRepository } from './users.repository.js';

const suggestionsGiven = 5;

/** Changing one's username, and names to choose from. */
@Injectable()
export class UsernamesService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly users: UsersRepository,
    private readonly usernames: UsernamesRepository,
    private readonly profiles: ProfilesRepository,
    private readonly announcements: UserAnnouncements,
    private readonly events: InternalEvents,
  ) {}

  /**
   * Gives a person another username; the old one stays theirs alone for a year. The name one has already changes nothing and does not count.
   * @throws AppError `user.username-taken`, `user.username-changed-recently` with the seconds to wait, `auth.token-invalid`
   */
  async change(userId: string, username: string): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      const user = await this.users.lockById(userId, manager);
      if (!user) throw new AppError('auth.token-invalid');
      if (user.username === username) return this.profiles.change(manager, userId, { profileCompleted: true });
      const wait = await this.usernames.secondsToWait(manager, userId);
      if (wait > 0) throw new AppError('user.username-changed-recently', { retryAfter: wait });

      const key = caseKey(username);
      const free =
        key === user.usernameKey || (!(await this.usernames.isHeld(manager, key)) && (await this.usernames.claim(manager, key, user)));
      if (!free) throw usernameTaken();
      try {
        await this.usernames.rename(manager, user, username, key);
      } catch (error) {
        if (isUniqueViolation(error, 'uq_users_username_key')) throw usernameTaken();
        throw error;
      }
      await this.events.emitWithin(manager, 'account.security', { userId, what: 'username-changed' });
      this.announcements.seenAnew(manager, userId);
    });
  }

  /** Up to five free usernames for a name; without one, for the person's own. @throws AppError `auth.token-invalid` when the account is gone */
  async suggest(userId: string, names: { firstName?: string | undefined; lastName?: string | undefined }): Promise<string[]> {
    const user = await this.users.byId(userId);
    if (!user) throw new AppError('auth.token-invalid');
    const { firstName = '', lastName = '' } = names.firstName === undefined && names.lastName === undefined ? user : names;
    const candidates = usernameCandidates({ firstName, lastName, locale: user.locale, username: user.username }, randomInt);
    const free = await this.usernames.free(candidates, userId);
    return free.slice(0, suggestionsGiven);
  }
}
