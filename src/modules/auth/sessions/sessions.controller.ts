import { Controller } from '@nestjs/common';
import type { Person } from '../../../common/principal.js';
import type { EndpointInput, EndpointReply, endpoints } from '../../../contracts/index.js';
import { CurrentPerson, Endpoint, Input } from '../../../platform/http/endpoint.decorator.js';
import { SessionsService } from './sessions.service.js';

type Calls = typeof endpoints;

@Controller()
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Endpoint('auth.sessions.list')
  async list(
    @CurrentPerson() person: Person,
    @Input() { query }: EndpointInput<Calls['auth.sessions.list']>,
  ): Promise<EndpointReply<Calls['auth.sessions.list']>> {
    return this.sessions.devices(person, query);
  }

  @Endpoint('auth.sessions.revoke')
  async revoke(@CurrentPerson() person: Person, @Input() { params }: EndpointInput<Calls['auth.sessions.revoke']>): Promise<void> {
    await this.sessions.revoke(person, params.id);
  }
}
