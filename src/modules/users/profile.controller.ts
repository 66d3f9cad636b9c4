import { Controller } from '@nestjs/common';
import type { EndpointInput, EndpointReply, endpoints, Me } from '../../contracts/index.js';
import type { Person } from '../../common/principal.js';
import { CurrentPerson, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { RateLimiter } from '../../platform/rate-limit/index.js';
import { ProfileChangesService } from './profile-changes.service.js';
import { UsernamesService } from './usernames.service.js';
import { UsersService } from './users.service.js';

type Calls = typeof endpoints;

@Controller()
export class ProfileController {
  constructor(
    private readonly users: UsersService,
    private readonly changes: ProfileChangesService,
    private readonly usernames: UsernamesService,
    private readonly limits: RateLimiter,
  ) {}

  @Endpoint('users.me.update')
  async update(@CurrentPerson() person: Person, @Input() { body }: EndpointInput<Calls['users.me.update']>): Promise<Me> {
    await this.limits.consume('profile:person', person.userId);
    await this.changes.update(person.userId, body);
    return this.users.me(person.userId);
  }

  @Endpoint('users.username.change')
  async changeUsername(@CurrentPerson() person: Person, @Input() { body }: EndpointInput<Calls['users.username.change']>): Promise<Me> {
    await this.limits.consume('profile:person', person.userId);
    await this.usernames.change(person.userId, body.username);
    return this.users.me(person.userId);
  }

  @Endpoint('users.username.suggestions')
  async suggestions(
    @CurrentPerson() person: Person,
    @Input() { query }: EndpointInput<Calls['users.username.suggestions']>,
  ): Promise<EndpointReply<Calls['users.username.suggestions']>> {
    await this.limits.consume('username-suggestions:person', person.userId);
    return { items: await this.usernames.suggest(person.userId, query) };
  }
}
