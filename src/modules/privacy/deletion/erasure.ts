import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { DeletedMessages } from '../../../contracts/index.js';
import { afterCommit, inTransaction } from '../../../database/index.js';
import { InternalEvents } from '../../../platform/events/index.js';
import { MailQueue } from '../../../platform/mail/index.js';
import { MailQuotas, SessionsService } from '../../auth/index.js';
import { FilesService } from '../../files/index.js';
import { FriendErasure } from '../../friends/index.js';
import { MessageErasure } from '../../messages/index.js';
import { NotificationErasure } from '../../notifications/index.js';
import { PostErasure } from '../../posts/index.js';
import { SearchErasure } from '../../search/index.js';
import { UserAccounts, type UserRecord } from '../../users/index.js';
import { ExportsService } from '../exports/exports.service.js';
import { DeletionsRepository } from './deletions.repository.js';
import { DeletionsService } from './deletions.service.js';
import { ErasureRepository } from './erasure.repository.js';

/** Something is still under way that must be over first; the erasure goes on in a moment. */
export class NotYet extends Error {}

/**
 * The end of an account. Everything that has counters, positions, listeners or bytes is undone by the module that made it, in small
 * transactions; what is left hangs on the account's row and goes with it, in the last one. Each step may be done again, so an erasure that was
 * cut off begins anew and finds less to do. `verify-erasure` looks for what was forgotten.
 */
@Injectable()
export class Erasure {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly repository: ErasureRepository,
    private readonly requests: DeletionsRepository,
    private readonly deletions: DeletionsService,
    private readonly accounts: UserAccounts,
    private readonly sessions: SessionsService,
    private readonly exports: ExportsService,
    private readonly posts: PostErasure,
    private readonly messages: MessageErasure,
    private readonly friends: FriendErasure,
    private readonly notifications: NotificationErasure,
    private readonly files: FilesService,
    private readonly search: SearchErasure,
    private readonly mails: MailQueue,
    private readonly quotas: MailQuotas,
    private readonly events: InternalEvents,
  ) {}

  /**
   * @param step called between the steps; it may throw to stop
   * @throws NotYet, AppError `moderation.last-admin`
   */
  async run(userId: string, choice: DeletedMessages, step: () => Promise<void>): Promise<void> {
    const account = await this.close(userId);
    if (!account) return;
    const names = await this.repository.namesOf(userId);
    const blanks = { all: choice === 'erase', containing: account.email };
    for (const work of [
      async () => this.eraseExports(userId),
      async () => this.leaveRooms(userId),
      async () => this.posts.author(userId, blanks, step),
      async () => this.messages.author(userId, blanks, step),
      async () => this.messages.systemNotes(names),
      async () => this.friends.person(userId),
      async () => this.notifications.person(userId),
      async () => this.eraseFiles(userId),
      async () => this.repository.moderation(userId),
      async () => this.repository.traces(userId, account.emailKey),
      async () => this.search.person(userId, [...names, account.firstName, account.lastName]),
    ]) {
      await step();
      await work();
    }
    await step();
    await this.finish(account);
  }

  /** The person is out, on every door, and can do nothing any more. @returns null when the wish was taken back */
  private async close(userId: string): Promise<UserRecord | null> {
    return inTransaction(this.dataSource, async (manager) => {
      const account = await this.accounts.byId(userId, manager);
      if (!account) return null;
      if (account.status !== 'deactivated') await this.deletions.requireAnotherAdmin(manager, account);
      const locked = await this.accounts.lockById(userId, manager);
      if (!locked || !(await this.requests.start(manager, userId))) return null;
      await this.accounts.deactivate(manager, userId);
      await this.sessions.endAllWithin(manager, userId, 'deactivated');
      return locked;
    });
  }

  private async leaveRooms(userId: string): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => this.events.emitWithin(manager, 'account.closing', { userId, how: 'deleted' }));
  }

  private async eraseExports(userId: string): Promise<void> {
    await this.exports.release(userId);
    await this.exports.removeReleased();
    if (!(await this.exports.isClean(userId))) throw new NotYet();
  }

  private async eraseFiles(userId: string): Promise<void> {
    if (!(await this.files.eraseOwner(userId, { keeping: 'room' }))) throw new NotYet();
  }

  private async finish({ id, email }: UserRecord): Promise<void> {
    if (await this.repository.isAnnounced(id)) throw new NotYet();
    await inTransaction(this.dataSource, async (manager) => {
      await this.mails.forget(manager, email);
      await this.quotas.forget(manager, id, email);
      await this.repository.finish(manager, id);
      afterCommit(manager, () => this.events.emit('user.changed', { userId: id }));
    });
  }
}
