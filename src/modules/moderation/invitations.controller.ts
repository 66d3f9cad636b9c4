import { Controller, Inject } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import type { EndpointInput, EndpointReply, endpoints, SiteInvitation } from '../../contracts/index.js';
import { inTransaction } from '../../database/index.js';
import { CurrentPerson, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { AuthLinks, type SiteInvitationRow, SiteInvitations } from '../auth/index.js';
import { authorOf, UserDirectory } from '../users/index.js';
import { paged } from './admin.controller.js';
import { AuditLog } from './audit-log.js';

type In<N extends keyof typeof endpoints> = EndpointInput<(typeof endpoints)[N]>;
type Out<N extends keyof typeof endpoints> = Promise<EndpointReply<(typeof endpoints)[N]>>;

const week = 7 * 86_400;

/** Invitations to register, over REST. */
@Controller()
export class InvitationsController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly invitations: SiteInvitations,
    private readonly links: AuthLinks,
    private readonly users: UserDirectory,
    private readonly audit: AuditLog,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Endpoint('admin.registration.get')
  mode(): EndpointReply<(typeof endpoints)['admin.registration.get']> {
    return { mode: this.settings.registration };
  }

  @Endpoint('admin.invitations.create')
  async create(@CurrentPerson() person: Person, @Input() { body }: In<'admin.invitations.create'>): Out<'admin.invitations.create'> {
    const { row, code } = await inTransaction(this.dataSource, async (manager) => {
      const made = await this.invitations.create(manager, person.userId, body.maxUses ?? 1, body.expiresIn ?? week);
      await this.audit.record(manager, {
        actorId: person.userId,
        action: 'invitation.created',
        subjectKind: 'invitation',
        subjectId: made.row.id,
        detail: { maxUses: made.row.max_uses },
      });
      return made;
    });
    return { invitation: await this.view(row), code, url: this.links.registration(code) };
  }

  @Endpoint('admin.invitations.list')
  async list(@Input() { query }: In<'admin.invitations.list'>): Out<'admin.invitations.list'> {
    const { items, nextCursor } = await paged(query, async (limit, before) => this.invitations.list(limit, before));
    return { items: await Promise.all(items.map(async (row) => this.view(row))), nextCursor };
  }

  @Endpoint('admin.invitations.delete')
  async delete(@CurrentPerson() person: Person, @Input() { params }: In<'admin.invitations.delete'>): Out<'admin.invitations.delete'> {
    await inTransaction(this.dataSource, async (manager) => {
      if (!(await this.invitations.delete(manager, params.id))) throw new AppError('auth.invitation-not-found');
      await this.audit.record(manager, {
        actorId: person.userId,
        action: 'invitation.deleted',
        subjectKind: 'invitation',
        subjectId: params.id,
      });
    });
  }

  private async view(row: SiteInvitationRow): Promise<SiteInvitation> {
    return {
      id: row.id,
      by: row.by_id === null ? null : authorOf(await this.users.load(row.by_id)),
      maxUses: row.max_uses,
      uses: row.uses,
      expiresAt: row.expires_at.toISOString(),
      createdAt: row.created_at.toISOString(),
    };
  }
}
