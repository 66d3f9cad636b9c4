import { Controller } from '@nestjs/common';
import type { Person } from '../../common/principal.js';
import type { EndpointInput, EndpointReply, endpoints } from '../../contracts/index.js';
import { CurrentPerson, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { PeopleService } from './people.service.js';

type In<N extends keyof typeof endpoints> = EndpointInput<(typeof endpoints)[N]>;
type Out<N extends keyof typeof endpoints> = Promise<EndpointReply<(typeof endpoints)[N]>>;

/** People's pages and the search of people, over REST. */
@Controller()
export class PeopleController {
  constructor(private readonly people: PeopleService) {}

  @Endpoint('people.search')
  async search(@CurrentPerson() person: Person, @Input() { query }: In<'people.search'>): Out<'people.search'> {
    return this.people.search(person, query);
  }

  @Endpoint('people.profile')
  async profile(@CurrentPerson() person: Person, @Input() { params }: In<'people.profile'>): Out<'people.profile'> {
    return { profile: await this.people.profile(person, params.username) };
  }
}
