import { Controller } from '@nestjs/common';
import type { Person } from '../../common/principal.js';
import type { EndpointReply, endpoints } from '../../contracts/index.js';
import { CurrentPerson, Endpoint } from '../../platform/http/endpoint.decorator.js';
import { HomeService } from './home.service.js';

/** The first page over REST. */
@Controller()
export class HomeController {
  constructor(private readonly home: HomeService) {}

  @Endpoint('home.get')
  async get(@CurrentPerson() person: Person): Promise<EndpointReply<(typeof endpoints)['home.get']>> {
    return this.home.of(person);
  }
}
