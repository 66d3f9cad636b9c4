import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { AppError } from '../../../common/app-error.js';
import { caseKey } from '../../../common/case-key.js';
import { invalidFields } from '../../../common/parse.js';
import type { Person } from '../../../common/principal.js';
import { inTransaction } from '../../../database/index.js';
import { InternalEvents } from '../../../platform/events/index.js';
import { MailQueue, parseMailAddress } from '../../../platform/mail/index.js';
import { UserAccounts, type UserRecord } from '../../users/index.js';
import { AuthLinks } from '../auth-links.js';
import { AccountCodes, changeCodeMinutes, emailLinkMinutes } from '../codes/account-codes.js';
import type { UsedCode } from '../codes/account-codes.repository.js';
import { MailQuotas } from '../codes/mail-quotas.js';
import { inEvenTime } from '../even-time.js';
import { CurrentPassword } from './current-password.js';

/** Steps of the answers to a request, in ms, above what the work takes whether or not the address has an account. */
const requestStep = 100;

/** Another email address: asked for with the password, confirmed at the new address, told to the old one. */
@Injectable()
export class EmailChangeService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly accounts: UserAccounts,
    private readonly currentPassword: CurrentPassword,
    private readonly codes: AccountCodes,
    private readonly quotas: MailQuotas,
    private readonly mails: MailQueue,
    private readonly links: AuthLinks,
    private readonly events: InternalEvents,
  ) {}

  /**
   * Mails a code and a link to the new address, or, where it has an account already, a notice to its owner. The answer, and what older codes
   * do from now on, is the same in both cases.
   * @throws AppError `request.invalid`, `auth.password-wrong`, `rate.limited`, `server.busy`
   */
  async request(person: Person, email: string, password: string): Promise<void> {
    if (parseMailAddress(email) === null) throw invalidFields([{ field: 'email', code: 'format', message: 'must be an email address' }]);
    const owner = await this.currentPassword.check(person, 'password', password);
    if (email === owner.email) throw invalidFields([{ field: 'email', code: 'same', message: 'is your address already' }]);
    await inEvenTime(requestStep, async () => {
      await inTransaction(this.dataSource, async (manager) => {
        await this.quotas.countEmailChange(manager, owner.id, email);
        const account = await this.currentPassword.lockUnchanged(manager, owner);
        const { code, token } = await this.codes.issueEmailChange(manager, account.id, email);
        await this.mail(manager, account, email, code, token);
      });
    });
  }

  /** Makes the new address the account's. @throws AppError `auth.code-invalid`, the same whatever is wrong */
  async confirm(person: Person, proof: { code: string } | { token: string }): Promise<void> {
    // The transaction commits also when the proof was wrong: the try must count.
    const isChanged = await inTransaction(this.dataSource, async (manager) => {
      const account = await this.accounts.lockById(person.userId, manager);
      const used = account && (await this.use(manager, account.id, proof));
      if (!account || !used?.newEmail) return false;
      await this.change(manager, account, used.newEmail);
      return true;
    });
    if (!isChanged) throw new AppError('auth.code-invalid');
  }

  private async use(manager: EntityManager, userId: string, proof: { code: string } | { token: string }): Promise<UsedCode | null> {
    if ('code' in proof) return this.codes.useCode(manager, 'email-change', userId, proof.code);
    const link = await this.codes.peekLink(manager, 'email-change', proof.token);
    return link?.userId === userId ? this.codes.useLink(manager, 'email-change', proof.token) : null;
  }

  private async change(manager: EntityManager, account: UserRecord, newEmail: string): Promise<void> {
    if (!(await this.accounts.setEmail(manager, account.id, newEmail))) throw new AppError('auth.code-invalid');
    // What was mailed to the old address opens nothing any more.
    await this.codes.revoke(manager, account.id, 'password-reset', 'password-change');
    await this.events.emitWithin(manager, 'account.security', { userId: account.id, what: 'email-changed' });
    await this.mails.enqueue(manager, {
      to: account.email,
      locale: account.locale,
      template: 'email-changed',
      params: { at: new Date().toISOString(), newAddress: masked(newEmail), loginLink: this.links.login() },
    });
  }

  private async mail(manager: EntityManager, account: UserRecord, email: string, code: string, token: string): Promise<void> {
    const known = await this.accounts.byEmail(email, manager);
    if (known && known.status !== 'inactive' && known.id !== account.id) {
      await this.mails.enqueue(manager, {
        to: known.email,
        locale: known.locale,
        template: 'email-in-use',
        params: { loginLink: this.links.login(), resetLink: this.links.forgottenPassword() },
      });
      return;
    }
    await this.mails.enqueue(manager, {
      to: email,
      locale: account.locale,
      template: 'email-change',
      params: {
        link: this.links.emailChange(token),
        code,
        username: account.username,
        codeMinutes: changeCodeMinutes,
        linkMinutes: emailLinkMinutes,
      },
    });
  }
}

/** Enough of an address for its owner to know it, too little for others to write to it. */
function masked(email: string): string {
  const [local = '', domain = ''] = caseKey(email).split('@');
  return `${[...local][0] ?? ''}…@${domain}`;
}
