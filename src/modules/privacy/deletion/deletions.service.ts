import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../../../common/app-error.js';
import type { Person } from '../../../common/principal.js';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import type { AccountDeletion, DeletedMessages } from '../../../contracts/index.js';
import { afterCommit, inTransaction } from '../../../database/index.js';
import { InternalEvents } from '../../../platform/events/index.js';
import { MailQueue } from '../../../platform/mail/index.js';
import { Publisher } from '../../../realtime/index.js';
import { AuthLinks, CurrentPassword, SessionsService } from '../../auth/index.js';
import { UserAccounts, type UserRecord } from '../../users/index.js';
import { type DeletionRow, DeletionsRepository } from './deletions.repository.js';

/** Reminders of one transaction. */
const remindersAtOnce = 50;

/** Asking for one's account to be deleted, and taking it back in time. */
@Injectable()
export class DeletionsService implements OnModuleInit {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'deletionGrace'>,
    private readonly repository: DeletionsRepository,
    private readonly currentPassword: CurrentPassword,
    private readonly accounts: UserAccounts,
    private readonly sessions: SessionsService,
    private readonly links: AuthLinks,
    private readonly mails: MailQueue,
    private readonly publisher: Publisher,
    private readonly events: InternalEvents,
  ) {}

  onModuleInit(): void {
    this.events.onWithin('account.logged-in', async (manager, { userId }) => this.cancelWithin(manager, userId));
  }

  /**
   * Notes the wish, logs every other device out and tells the owner by mail; again: only the choice changes.
   * @throws AppError `auth.password-wrong`, `rate.limited`, `moderation.last-admin`, `auth.token-invalid`
   */
  async request(person: Person, password: string, messages: DeletedMessages): Promise<AccountDeletion> {
    const checked = await this.currentPassword.check(person, 'password', password);
    return inTransaction(this.dataSource, async (manager) => {
      await this.requireAnotherAdmin(manager, checked);
      const account = await this.currentPassword.lockUnchanged(manager, checked);
      const { row, isNew } = await this.repository.request(manager, account.id, messages, this.settings.deletionGrace);
      if (isNew) {
        await this.sessions.endOthersWithin(manager, person, 'revoked');
        await this.mail(manager, account, 'requested', row);
      }
      this.tell(manager, account.id, row);
      return toDeletion(row);
    });
  }

  async state(person: Person): Promise<AccountDeletion | null> {
    const row = await this.repository.of(person.userId);
    return row && toDeletion(row);
  }

  /** Keeps the account; without a wish that was noted nothing happens. */
  async cancel(person: Person): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => this.cancelWithin(manager, person.userId));
  }

  /** Tells those whose time is nearly over. @returns how many */
  async remind(): Promise<number> {
    return inTransaction(this.dataSource, async (manager) => {
      const rows = await this.repository.remind(manager, remindersAtOnce);
      for (const row of rows) {
        const account = await this.accounts.byId(row.user_id, manager);
        if (account) await this.mail(manager, account, 'soon', row);
      }
      return rows.length;
    });
  }

  /** All admins are locked, so that two who go at once do not leave none. @throws AppError `moderation.last-admin` */
  async requireAnotherAdmin(manager: EntityManager, account: UserRecord): Promise<void> {
    if (account.role !== 'admin') return;
    const admins = await this.accounts.lockAdmins(manager);
    if (admins.every((id) => id === account.id)) throw new AppError('moderation.last-admin');
  }

  private async cancelWithin(manager: EntityManager, userId: string): Promise<void> {
    if (!(await this.repository.cancel(manager, userId))) return;
    const account = await this.accounts.byId(userId, manager);
    if (account) await this.mail(manager, account, 'cancelled', null);
    this.tell(manager, userId, null);
  }

  private async mail(
    manager: EntityManager,
    account: UserRecord,
    stage: 'requested' | 'soon' | 'cancelled',
    row: DeletionRow | null,
  ): Promise<void> {
    await this.mails.enqueue(manager, {
      to: account.email,
      locale: account.locale,
      template: 'account-deletion',
      params: {
        stage,
        at: (row?.erase_after ?? new Date()).toISOString(),
        loginLink: this.links.login(),
        resetLink: this.links.forgottenPassword(),
      },
    });
  }

  private tell(manager: EntityManager, userId: string, row: DeletionRow | null): void {
    afterCommit(manager, () => this.publisher.toPeople([userId], 'account.deletion', { deletion: row && toDeletion(row) }));
  }
}

function toDeletion(row: DeletionRow): AccountDeletion {
  return { requestedAt: row.requested_at.toISOString(), eraseAfter: row.erase_after.toISOString(), messages: row.messages };
}
