import { Controller } from '@nestjs/common';
import type { EndpointInput, endpoints, Me, PersonalChanges } from '../../contracts/index.js';
import type { Person } from '../../common/principal.js';
import { CurrentPerson, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { PersonalFeed } from './personal-feed.js';
import { UsersService } from './users.service.js';

@Controller()
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly feed: PersonalFeed,
  ) {}

  @Endpoint('users.me')
  async me(@CurrentPerson() person: Person): Promise<Me> {
    return this.users.me(person.userId);
  }

  @Endpoint('users.me.changes')
  async changes(
    @CurrentPerson() person: Person,
    @Input() { query }: EndpointInput<(typeof endpoints)['users.me.changes']>,
  ): Promise<PersonalChanges> {
    return this.feed.since(person.userId, query.since);
  }
}
