import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import { afterCommit, inTransaction } from '../../database/index.js';
import { InternalEvents } from '../../platform/events/index.js';
import { type SiteRole, UserAccounts } from '../users/index.js';
import { AuditLog } from './audit-log.js';

/** Who is moderator and admin of the server. */
@Injectable()
export class RolesService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly accounts: UserAccounts,
    private readonly audit: AuditLog,
    private readonly events: InternalEvents,
  ) {}

  /** Gives a person another role, on their open sockets too. @throws AppError `user.not-found`, `moderation.last-admin` */
  async change(actor: Person, userId: string, role: SiteRole): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      // All admins are locked, so that two who step down at once do not leave none.
      const admins = await this.accounts.lockAdmins(manager);
      const target = await this.accounts.lockById(userId, manager);
      if (!target || target.status !== 'active') throw new AppError('user.not-found');
      if (target.role === role) return;
      if (target.role === 'admin' && admins.length === 1) throw new AppError('moderation.last-admin');
      await this.accounts.setRole(manager, userId, role);
      await this.audit.record(manager, {
        actorId: actor.userId,
        action: 'user.role-changed',
        subjectKind: 'user',
        subjectId: userId,
        detail: { from: target.role, to: role },
      });
      afterCommit(manager, () => this.events.emit('person.role-changed', { userId, role }));
    });
  }
}
