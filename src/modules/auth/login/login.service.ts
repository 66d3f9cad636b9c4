import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppError } from '../../../common/app-error.js';
import { inTransaction } from '../../../database/index.js';
import { InternalEvents } from '../../../platform/events/index.js';
import { toAccount, UserAccounts, type UserRecord } from '../../users/index.js';
import type { CallerInfo } from '../caller.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { SessionsService, type TokenPair } from '../sessions/sessions.service.js';

export interface LoggedIn extends TokenPair {
  user: ReturnType<typeof toAccount>;
  /** The value of the session cookie, where one was asked for. */
  cookie: string | null;
}

/** Log-in by password. */
@Injectable()
export class LoginService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly accounts: UserAccounts,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionsService,
    private readonly events: InternalEvents,
  ) {}

  /**
   * An unknown account costs the same hash as a known one; that an account is inactive or suspended is told only to who knows its password.
   * @param login email or username
   * @throws AppError `auth.credentials-invalid`, `auth.inactive`, `auth.suspended`, `server.busy`
   */
  async login(login: string, password: string, withCookie: boolean, caller: CallerInfo): Promise<LoggedIn> {
    // Twice at most: the second time, if the password was changed or hashed anew between the check and the session.
    for (let attempt = 0; attempt < 2; attempt++) {
      const user = login.includes('@') ? await this.accounts.byEmail(login) : await this.accounts.byUsername(login);
      const right = user ? await this.hasher.verify(user.passwordHash, password) : await this.hasher.verifyNobody(password);
      if (!user || !right) throw new AppError('auth.credentials-invalid');
      if (user.status !== 'active') throw new AppError('auth.inactive');
      requireAdmission(user);
      const opened = await this.open(user, password, withCookie, caller);
      if (opened) return { ...opened, user: toAccount(user) };
    }
    throw new AppError('auth.credentials-invalid');
  }

  private async open(
    user: UserRecord,
    password: string,
    withCookie: boolean,
    caller: CallerInfo,
  ): Promise<(TokenPair & { cookie: string | null }) | null> {
    const outdated = this.hasher.isOutdated(user.passwordHash);
    const passwordHash = outdated ? await this.hasher.hash(password) : user.passwordHash;
    return inTransaction(this.dataSource, async (manager) => {
      if (outdated && !(await this.accounts.setPasswordHash(manager, user.id, passwordHash, user.passwordHash))) return null;
      const opened = await this.sessions.open(manager, user.id, passwordHash, caller, withCookie);
      if (opened) await this.events.emitWithin(manager, 'account.logged-in', { userId: user.id });
      return opened;
    });
  }
}

/** Told until when, in words and in seconds; a suspension for good has no time. */
function requireAdmission({ suspendedUntil }: UserRecord): void {
  if (!suspendedUntil || suspendedUntil.getTime() <= Date.now()) return;
  const forGood = suspendedUntil.getUTCFullYear() > 9000;
  if (forGood) throw new AppError('auth.suspended');
  throw new AppError('auth.suspended', {
    message: `This account is suspended until ${suspendedUntil.toISOString()}.`,
    retryAfter: Math.ceil((suspendedUntil.getTime() - Date.now()) / 1_000),
  });
}
