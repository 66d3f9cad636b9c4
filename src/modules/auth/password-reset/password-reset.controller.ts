import { Controller, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { caseKey } from '../../../common/case-key.js';
import { invalidFields, parseInput } from '../../../common/parse.js';
import { type EndpointInput, type EndpointReply, endpoints, type FieldError } from '../../../contracts/index.js';
import { Endpoint, Input } from '../../../platform/http/endpoint.decorator.js';
import { RateLimiter } from '../../../platform/rate-limit/index.js';
import { Caller, type CallerInfo } from '../caller.js';
import { collecting, confirmationFaults, textsOf } from '../registration/registration-input.js';
import { PasswordResetService } from './password-reset.service.js';

type Calls = typeof endpoints;

@Controller()
export class PasswordResetController {
  constructor(
    private readonly resets: PasswordResetService,
    private readonly limits: RateLimiter,
  ) {}

  @Endpoint('auth.password-reset.request')
  async request(@Input() { body }: EndpointInput<Calls['auth.password-reset.request']>, @Caller() caller: CallerInfo): Promise<void> {
    await this.limits.consume('password-reset:address', caller.address);
    await this.limits.consume('password-reset:account', `email ${caseKey(body.email)}`);
    await this.resets.request(body.email);
  }

  @Endpoint('auth.password-reset.validate')
  async validate(
    @Input() { body }: EndpointInput<Calls['auth.password-reset.validate']>,
    @Caller() caller: CallerInfo,
  ): Promise<EndpointReply<Calls['auth.password-reset.validate']>> {
    await this.limits.consume('code:address', caller.address);
    return { valid: true, expiresIn: await this.resets.validate(body.token) };
  }

  /** Reads the body itself, so that a wrong confirmation is told together with the other faults. */
  @Endpoint('auth.password-reset.confirm')
  async confirm(@Req() request: FastifyRequest, @Caller() caller: CallerInfo): Promise<void> {
    await this.limits.consume('code:address', caller.address);
    const errors: FieldError[] = [];
    const body = collecting(errors, () => parseInput(endpoints['auth.password-reset.confirm'].body, request.body));
    errors.push(...confirmationFaults(textsOf(request.body), (field) => errors.every((error) => error.field !== field)));
    if (errors.length > 0 || !body) throw invalidFields(errors);
    await this.resets.confirm(body.token, body.password);
  }
}
