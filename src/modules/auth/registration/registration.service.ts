import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { AppError } from '../../../common/app-error.js';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import type { Account } from '../../../contracts/index.js';
import { inTransaction } from '../../../database/index.js';
import { MailQueue } from '../../../platform/mail/index.js';
import { toAccount, UserAccounts, type UserRecord } from '../../users/index.js';
import { AuthLinks } from '../auth-links.js';
import { AccountCodes } from '../codes/account-codes.js';
import { MailQuotas } from '../codes/mail-quotas.js';
import { inEvenTime } from '../even-time.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { SiteInvitations } from './site-invitations.js';
import type { Registration } from './registration-input.js';

/** Steps of the answers, in ms, above what the work takes with and without an account. */
const registrationStep = 100;
const mailStep = 50;

/** An id that no account has. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** Registration and activation. Whether an address has an account is told to its owner by mail, and to nobody by an answer. */
@Injectable()
export class RegistrationService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly accounts: UserAccounts,
    private readonly codes: AccountCodes,
    private readonly quotas: MailQuotas,
    private readonly hasher: PasswordHasher,
    private readonly mails: MailQueue,
    private readonly links: AuthLinks,
    private readonly invitations: SiteInvitations,
  ) {}

  /** @throws AppError `auth.registration-closed` */
  assertOpen(): void {
    if (this.settings.registration === 'closed') throw new AppError('auth.registration-closed');
  }

  /** @throws AppError `auth.invitation-required` where people are invited and this one is not, `user.username-taken`, `rate.limited`, `server.busy` */
  async register(registration: Registration): Promise<void> {
    await inEvenTime(registrationStep, async () => {
      // Hashed for a known address too, and before the transaction: inside nothing but SQL is waited for.
      const passwordHash = await this.hasher.hash(registration.password);
      await inTransaction(this.dataSource, async (manager) => this.store(manager, registration, passwordHash));
    });
  }

  /** @throws AppError `auth.code-invalid` */
  async activateByLink(token: string): Promise<Account> {
    return this.activate(async (manager) => {
      const link = await this.codes.peekLink(manager, 'activation', token);
      const account = link && (await this.accounts.lockById(link.userId, manager));
      return account && (await this.codes.useLink(manager, 'activation', token)) ? account : null;
    });
  }

  /** @throws AppError `auth.code-invalid`, the same whatever is wrong */
  async activateByCode(email: string, code: string): Promise<Account> {
    return this.activate(async (manager) => {
      const account = await this.accounts.lockByEmail(email, manager);
      return (await this.codes.useCode(manager, 'activation', account?.id ?? nobody, code)) ? account : null;
    });
  }

  /** Mails a new code and link, if an account waits for them. @throws AppError `rate.limited` */
  async resend(email: string): Promise<void> {
    await inEvenTime(mailStep, async () => {
      await inTransaction(this.dataSource, async (manager) => {
        await this.quotas.countResend(manager, email);
        const account = await this.accounts.lockByEmail(email, manager);
        if (account?.status === 'inactive') await this.mailActivation(manager, account);
      });
    });
  }

  /** The quota's row is locked first, so that registrations of one address follow each other. */
  private async store(manager: EntityManager, registration: Registration, passwordHash: string): Promise<void> {
    const { email, username, firstName = '', lastName = '', locale = 'en', details } = registration;
    await this.quotas.countRegistration(manager, email);
    // Used up for a known address too: the answer tells nothing of it.
    if (this.settings.registration === 'invite' && !(await this.invitations.use(manager, registration.invitation ?? '')))
      throw new AppError('auth.invitation-required');
    const known = await this.accounts.lockByEmail(email, manager);
    await this.accounts.claimUsername(manager, username, email);
    if (known && known.status !== 'inactive') {
      await this.mails.enqueue(manager, {
        to: known.email,
        locale: known.locale,
        template: 'already-registered',
        params: { loginLink: this.links.login(), resetLink: this.links.forgottenPassword() },
      });
      return;
    }
    const id = await this.accounts.create(manager, {
      email,
      username,
      passwordHash,
      firstName,
      lastName,
      locale,
      details,
      status: 'inactive',
    });
    await this.mailActivation(manager, { id, email, locale });
  }

  private async mailActivation(manager: EntityManager, account: Pick<UserRecord, 'id' | 'email' | 'locale'>): Promise<void> {
    const { code, token } = await this.codes.issueActivation(manager, account.id);
    await this.mails.enqueue(manager, {
      to: account.email,
      locale: account.locale,
      template: 'activation',
      params: { link: this.links.activation(token), code },
    });
  }

  /** The transaction commits also when the proof was wrong: the try must count. */
  private async activate(prove: (manager: EntityManager) => Promise<UserRecord | null>): Promise<Account> {
    const account = await inEvenTime(mailStep, async () => {
      return inTransaction(this.dataSource, async (manager) => {
        const proved = await prove(manager);
        if (!proved) return null;
        await this.codes.revoke(manager, proved.id, 'activation');
        return this.accounts.activate(manager, proved.id);
      });
    });
    if (!account) throw new AppError('auth.code-invalid');
    return toAccount(account);
  }
}
