import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AppError } from '../../../common/app-error.js';
import type { Person } from '../../../common/principal.js';
import { RateLimiter } from '../../../platform/rate-limit/index.js';
import { UserAccounts, type UserRecord } from '../../users/index.js';
import { PasswordHasher } from '../passwords/password-hasher.js';

/** Asks somebody who is logged in for the password once more: a session that was left open must not be enough to take an account away. */
@Injectable()
export class CurrentPassword {
  constructor(
    private readonly accounts: UserAccounts,
    private readonly hasher: PasswordHasher,
    private readonly limits: RateLimiter,
  ) {}

  /**
   * @param field what the request calls it
   * @returns the account whose password it is
   * @throws AppError `auth.password-wrong`, `rate.limited` after ten tries in ten minutes, `auth.token-invalid`, `server.busy`
   */
  async check(person: Person, field: string, password: string): Promise<UserRecord> {
    await this.limits.consume('password-check:person', person.userId);
    const account = await this.accounts.byId(person.userId);
    if (!account) throw new AppError('auth.token-invalid');
    if (!(await this.hasher.verify(account.passwordHash, password))) throw wrongPassword(field);
    return account;
  }

  /** Locks the account that was checked. @throws AppError `auth.token-invalid` when its password was changed or it ended since */
  async lockUnchanged(manager: EntityManager, checked: UserRecord): Promise<UserRecord> {
    const account = await this.accounts.lockById(checked.id, manager);
    if (account?.passwordHash !== checked.passwordHash) throw new AppError('auth.token-invalid');
    return account;
  }
}

function wrongPassword(field: string): AppError {
  return new AppError('auth.password-wrong', { errors: [{ field, code: 'wrong', message: 'is not your current password' }] });
}
