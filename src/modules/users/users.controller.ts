import { Controller } from '@nestjs/common';
import type { Me } from '../../contracts/index.js';
import type { Person } from '../../common/principal.js';
import { CurrentPerson, Endpoint } from '../../platform/http/endpoint.decorator.js';
import { UsersService } from './users.service.js';

@Controller()
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Endpoint('users.me')
  async me(@CurrentPerson() person: Person): Promise<Me> {
    return this.users.me(person.userId);
  }
}
