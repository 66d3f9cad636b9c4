import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppError } from '../../../common/app-error.js';
import { invalidFields } from '../../../common/parse.js';
import { inTransaction } from '../../../database/index.js';
import { InternalEvents } from '../../../platform/events/index.js';
import { MailQueue } from '../../../platform/mail/index.js';
import { UserAccounts } from '../../users/index.js';
import { AuthLinks } from '../auth-links.js';
import { AccountCodes, resetLinkMinutes } from '../codes/account-codes.js';
import { inEvenTime } from '../even-time.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { passwordFaults } from '../passwords/password-rules.js';
import { SessionsService } from '../sessions/sessions.service.js';

/** Steps of the answers to a request, in ms, above what the work takes with and without an account. */
const requestStep = 50;

/** A forgotten password, replaced by a mailed link. */
@Injectable()
export class PasswordResetService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly accounts: UserAccounts,
    private readonly codes: AccountCodes,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionsService,
    private readonly mails: MailQueue,
    private readonly links: AuthLinks,
    private readonly events: InternalEvents,
  ) {}

  /** Mails a link to the address's account, if there is one; the older link is dead. */
  async request(email: string): Promise<void> {
    await inEvenTime(requestStep, async () => {
      await inTransaction(this.dataSource, async (manager) => {
        const account = await this.accounts.lockByEmail(email, manager);
        if (!account || account.status === 'deactivated') return;
        const token = await this.codes.issuePasswordReset(manager, account.id);
        await this.mails.enqueue(manager, {
          // The stored address: two spellings of one address need not lead to the same mailbox.
          to: account.email,
          locale: account.locale,
          template: 'password-reset',
          params: { link: this.links.passwordReset(token), validMinutes: resetLinkMinutes },
        });
      });
    });
  }

  /** @returns the seconds that a link has left @throws AppError `auth.code-invalid` */
  async validate(token: string): Promise<number> {
    const link = await this.codes.peekLink(this.dataSource.manager, 'password-reset', token);
    if (!link) throw new AppError('auth.code-invalid');
    return link.secondsLeft;
  }

  /**
   * Sets the new password and ends all sessions. An account that waits for its activation goes on waiting.
   * @throws AppError `auth.code-invalid`, `request.invalid`, `server.busy`
   */
  async confirm(token: string, password: string): Promise<void> {
    const link = await this.codes.peekLink(this.dataSource.manager, 'password-reset', token);
    const owner = link && (await this.accounts.byId(link.userId));
    if (!owner) throw new AppError('auth.code-invalid');
    const faults = passwordFaults(password, owner);
    if (faults.length > 0) throw invalidFields(faults);
    const passwordHash = await this.hasher.hash(password);

    await inTransaction(this.dataSource, async (manager) => {
      const account = await this.accounts.lockById(owner.id, manager);
      const used = account && (await this.codes.useLink(manager, 'password-reset', token));
      if (!used) throw new AppError('auth.code-invalid');
      await this.accounts.setPasswordHash(manager, account.id, passwordHash);
      // Whoever asked for these may have known the old password.
      await this.codes.revoke(manager, account.id, 'email-change', 'password-change');
      await this.sessions.endAllWithin(manager, account.id, 'password-changed');
      await this.events.emitWithin(manager, 'account.security', { userId: account.id, what: 'password-reset' });
      await this.mails.enqueue(manager, {
        to: account.email,
        locale: account.locale,
        template: 'password-changed',
        params: { at: new Date().toISOString(), signedOut: 'all', resetLink: this.links.forgottenPassword() },
      });
    });
  }
}
