import { Controller, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { invalidFields, parseInput } from '../../../common/parse.js';
import type { Person } from '../../../common/principal.js';
import { type EndpointInput, endpoints, type FieldError, type Me } from '../../../contracts/index.js';
import { CurrentPerson, Endpoint, Input } from '../../../platform/http/endpoint.decorator.js';
import { RateLimiter } from '../../../platform/rate-limit/index.js';
import { UsersService } from '../../users/index.js';
import { Caller, type CallerInfo } from '../caller.js';
import { collecting, confirmationFaults, textsOf } from '../registration/registration-input.js';
import { EmailChangeService } from './email-change.service.js';
import { PasswordChangeService } from './password-change.service.js';

type Calls = typeof endpoints;

@Controller()
export class CredentialsController {
  constructor(
    private readonly emails: EmailChangeService,
    private readonly passwords: PasswordChangeService,
    private readonly users: UsersService,
    private readonly limits: RateLimiter,
  ) {}

  @Endpoint('users.email.change')
  async changeEmail(@CurrentPerson() person: Person, @Input() { body }: EndpointInput<Calls['users.email.change']>): Promise<void> {
    await this.emails.request(person, body.email, body.password);
  }

  @Endpoint('users.email.confirm')
  async confirmEmail(
    @CurrentPerson() person: Person,
    @Input() { body }: EndpointInput<Calls['users.email.confirm']>,
    @Caller() caller: CallerInfo,
  ): Promise<Me> {
    await this.limits.consume('code:address', caller.address);
    await this.emails.confirm(person, body);
    return this.users.me(person.userId);
  }

  /** Reads the body itself, so that a wrong confirmation is told together with the other faults. */
  @Endpoint('users.password.change')
  async changePassword(@CurrentPerson() person: Person, @Req() request: FastifyRequest): Promise<void> {
    const errors: FieldError[] = [];
    const body = collecting(errors, () => parseInput(endpoints['users.password.change'].body, request.body));
    errors.push(...confirmationFaults(textsOf(request.body), (field) => errors.every((error) => error.field !== field)));
    if (errors.length > 0 || !body) throw invalidFields(errors);
    await this.passwords.request(person, body.currentPassword, body.password);
  }

  @Endpoint('users.password.confirm')
  async confirmPassword(
    @CurrentPerson() person: Person,
    @Input() { body }: EndpointInput<Calls['users.password.confirm']>,
    @Caller() caller: CallerInfo,
  ): Promise<void> {
    await this.limits.consume('code:address', caller.address);
    await this.passwords.confirm(person, body.code);
  }
}
