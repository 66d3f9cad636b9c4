import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppError } from '../../../common/app-error.js';
import { invalidFields } from '../../../common/parse.js';
import type { Person } from '../../../common/principal.js';
import { inTransaction } from '../../../database/index.js';
import { InternalEvents } from '../../../platform/events/index.js';
import { MailQueue } from '../../../platform/mail/index.js';
import { UserAccounts } from '../../users/index.js';
import { AuthLinks } from '../auth-links.js';
import { AccountCodes, changeCodeMinutes } from '../codes/account-codes.js';
import { MailQuotas } from '../codes/mail-quotas.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { passwordFaults } from '../passwords/password-rules.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { CurrentPassword } from './current-password.js';

/** Another password of somebody who is logged in: asked for with the current one, confirmed by a mailed code. */
@Injectable()
export class PasswordChangeService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly accounts: UserAccounts,
    private readonly currentPassword: CurrentPassword,
    private readonly codes: AccountCodes,
    private readonly quotas: MailQuotas,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionsService,
    private readonly mails: MailQueue,
    private readonly links: AuthLinks,
    private readonly events: InternalEvents,
  ) {}

  /**
   * Mails a code. Until it is confirmed the old password stays; of the new one only the hash waits.
   * @throws AppError `request.invalid`, `auth.password-wrong`, `rate.limited`, `server.busy`
   */
  async request(person: Person, current: string, next: string): Promise<void> {
    const owner = await this.currentPassword.check(person, 'currentPassword', current);
    const faults = passwordFaults(next, owner);
    if (faults.length === 0 && next.normalize('NFC') === current.normalize('NFC')) {
      faults.push({ field: 'password', code: 'same', message: 'is your password already' });
    }
    if (faults.length > 0) throw invalidFields(faults);
    const newHash = await this.hasher.hash(next);
    await inTransaction(this.dataSource, async (manager) => {
      await this.quotas.countPasswordChange(manager, owner.id);
      const account = await this.currentPassword.lockUnchanged(manager, owner);
      const code = await this.codes.issuePasswordChange(manager, account.id, newHash);
      await this.mails.enqueue(manager, {
        to: account.email,
        locale: account.locale,
        template: 'password-change',
        params: { code, validMinutes: changeCodeMinutes, resetLink: this.links.forgottenPassword() },
      });
    });
  }

  /** Sets the new password; this session stays and all others end. @throws AppError `auth.code-invalid`, the same whatever is wrong */
  async confirm(person: Person, code: string): Promise<void> {
    // The transaction commits also when the code was wrong: the try must count.
    const isChanged = await inTransaction(this.dataSource, async (manager) => {
      const account = await this.accounts.lockById(person.userId, manager);
      const used = account && (await this.codes.useCode(manager, 'password-change', account.id, code));
      if (!account || !used?.newPasswordHash) return false;
      await this.accounts.setPasswordHash(manager, account.id, used.newPasswordHash);
      // Whoever asked for these may have known the old password.
      await this.codes.revoke(manager, account.id, 'password-reset', 'email-change');
      await this.sessions.endOthersWithin(manager, person, 'password-changed');
      await this.events.emitWithin(manager, 'account.security', { userId: account.id, what: 'password-changed' });
      await this.mails.enqueue(manager, {
        to: account.email,
        locale: account.locale,
        template: 'password-changed',
        params: { at: new Date().toISOString(), signedOut: 'others', resetLink: this.links.forgottenPassword() },
      });
      return true;
    });
    if (!isChanged) throw new AppError('auth.code-invalid');
  }
}
