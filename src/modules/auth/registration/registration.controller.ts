import { Controller, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { EndpointInput, EndpointReply, endpoints } from '../../../contracts/index.js';
import { Endpoint, Input } from '../../../platform/http/endpoint.decorator.js';
import { RateLimiter } from '../../../platform/rate-limit/index.js';
import { Caller, type CallerInfo } from '../caller.js';
import { parseRegistration } from './registration-input.js';
import { RegistrationService } from './registration.service.js';

type Calls = typeof endpoints;

@Controller()
export class RegistrationController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly limits: RateLimiter,
  ) {}

  /** Reads the body itself, because its rules need several fields and all faults are answered together. */
  @Endpoint('auth.register')
  async register(@Req() request: FastifyRequest, @Caller() caller: CallerInfo): Promise<EndpointReply<Calls['auth.register']>> {
    this.registration.assertOpen();
    await this.limits.consume('register:address', caller.address);
    const registration = parseRegistration(request.body);
    await this.registration.register(registration);
    return { user: { email: registration.email, username: registration.username } };
  }

  @Endpoint('auth.activate')
  async activate(
    @Input() { body }: EndpointInput<Calls['auth.activate']>,
    @Caller() caller: CallerInfo,
  ): Promise<EndpointReply<Calls['auth.activate']>> {
    await this.limits.consume('code:address', caller.address);
    const user =
      'token' in body ? await this.registration.activateByLink(body.token) : await this.registration.activateByCode(body.email, body.code);
    return { user };
  }

  @Endpoint('auth.activate.resend')
  async resend(@Input() { body }: EndpointInput<Calls['auth.activate.resend']>, @Caller() caller: CallerInfo): Promise<void> {
    await this.limits.consume('resend:address', caller.address);
    await this.registration.resend(body.email);
  }
}
