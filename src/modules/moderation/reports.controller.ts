import { Controller } from '@nestjs/common';
import type { Person } from '../../common/principal.js';
import type { EndpointInput, EndpointReply, endpoints } from '../../contracts/index.js';
import { CurrentPerson, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { paged } from './admin.controller.js';
import { AdminListsRepository } from './admin-lists.repository.js';
import { ReportsService } from './reports.service.js';

type In<N extends keyof typeof endpoints> = EndpointInput<(typeof endpoints)[N]>;
type Out<N extends keyof typeof endpoints> = Promise<EndpointReply<(typeof endpoints)[N]>>;

/** Reports over REST: anybody makes them, moderators work through them. */
@Controller()
export class ReportsController {
  constructor(
    private readonly reports: ReportsService,
    private readonly lists: AdminListsRepository,
  ) {}

  @Endpoint('reports.create')
  async create(@CurrentPerson() person: Person, @Input() { body }: In<'reports.create'>): Out<'reports.create'> {
    return { report: { id: await this.reports.create(person, body.kind, body.id, body.reason) } };
  }

  @Endpoint('admin.reports.list')
  async list(@Input() { query }: In<'admin.reports.list'>): Out<'admin.reports.list'> {
    const { items, nextCursor } = await paged(query, async (limit, after) =>
      this.lists.reports(query.status ?? 'open', query.kind, limit, after),
    );
    return { items: await this.reports.views(items), nextCursor };
  }

  @Endpoint('admin.reports.claim')
  async claim(@CurrentPerson() person: Person, @Input() { params }: In<'admin.reports.claim'>): Out<'admin.reports.claim'> {
    return { report: await this.reports.claim(person, params.id) };
  }

  @Endpoint('admin.reports.decide')
  async decide(@CurrentPerson() person: Person, @Input() { params, body }: In<'admin.reports.decide'>): Out<'admin.reports.decide'> {
    return { report: await this.reports.decide(person, params.id, body) };
  }
}
