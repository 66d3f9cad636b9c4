import { Controller } from '@nestjs/common';
import type { Person } from '../../common/principal.js';
import type { EndpointInput, EndpointReply, endpoints } from '../../contracts/index.js';
import { CurrentPerson, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { SearchService } from './search.service.js';

/** Search over REST. */
@Controller()
export class SearchController {
  constructor(private readonly service: SearchService) {}

  @Endpoint('search')
  async search(
    @CurrentPerson() person: Person,
    @Input() { query }: EndpointInput<(typeof endpoints)['search']>,
  ): Promise<EndpointReply<(typeof endpoints)['search']>> {
    return this.service.search(person, query);
  }
}
