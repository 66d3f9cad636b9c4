import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../../common/app-error.js';
import { caseKey } from '../../../common/case-key.js';
import type { Person, Principal } from '../../../common/principal.js';
import type { EndpointInput, EndpointReply, endpoints } from '../../../contracts/index.js';
import { type Counter, Metrics } from '../../../platform/metrics/index.js';
import { CurrentPerson, CurrentPrincipal, Endpoint, Input } from '../../../platform/http/endpoint.decorator.js';
import { RateLimiter } from '../../../platform/rate-limit/index.js';
import { Caller, type CallerInfo } from '../caller.js';
import { SessionCookie } from '../session-cookie.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SocketTickets, ticketSeconds } from '../tokens/socket-tickets.js';
import { LoginService } from './login.service.js';
import { LogoutService } from './logout.service.js';

type Calls = typeof endpoints;

/** Why a log-in is refused, as it is counted. */
const refusals = ['auth.credentials-invalid', 'auth.inactive', 'auth.suspended', 'rate.limited', 'other'] as const;

@Controller()
export class LoginController {
  private readonly failures: Counter<'reason'>;

  constructor(
    private readonly logins: LoginService,
    private readonly logouts: LogoutService,
    private readonly sessions: SessionsService,
    private readonly tickets: SocketTickets,
    private readonly cookie: SessionCookie,
    private readonly limits: RateLimiter,
    metrics: Metrics,
  ) {
    this.failures = metrics.counter('parley_login_failures_total', 'Log-ins that were refused, by reason', ['reason'] as const);
    for (const reason of refusals) this.failures.inc({ reason }, 0);
  }

  @Endpoint('auth.login')
  async login(
    @Input() { body }: EndpointInput<Calls['auth.login']>,
    @Caller() caller: CallerInfo,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EndpointReply<Calls['auth.login']>> {
    const login = body.login ?? body.email ?? '';
    try {
      await this.limits.consume('login:address', caller.address);
      await this.limits.consume('login:account-and-address', `${caller.address} ${caseKey(login)}`);
      // A foreign page must not log its visitor in as somebody else.
      if (body.cookie) this.cookie.assertNoForeignOrigin(request);
      const { cookie, ...session } = await this.logins.login(login, body.password, body.cookie ?? false, caller);
      if (cookie !== null) this.cookie.set(reply, cookie);
      return session;
    } catch (error) {
      this.countFailure(error);
      throw error;
    }
  }

  @Endpoint('auth.refresh')
  async refresh(
    @Input() { body }: EndpointInput<Calls['auth.refresh']>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EndpointReply<Calls['auth.refresh']>> {
    if (body.refresh !== undefined) return this.sessions.refresh(body.refresh);
    const cookie = this.cookie.read(request);
    if (cookie === null) throw new AppError('auth.required');
    this.cookie.assertOrigin(request);
    try {
      const pair = await this.sessions.refreshByCookie(cookie);
      this.cookie.set(reply, cookie);
      return pair;
    } catch (error) {
      // A dead cookie would turn this browser's next socket away, where a guest without one may enter.
      if (error instanceof AppError && error.status === 401) this.cookie.clear(reply);
      throw error;
    }
  }

  @Endpoint('auth.logout')
  async logout(
    @Input() { body }: EndpointInput<Calls['auth.logout']>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const clearCookie = await this.logouts.logout(body.refresh, request);
    if (clearCookie) this.cookie.clear(reply);
  }

  @Endpoint('auth.logout-all')
  async logoutAll(
    @Input() { body }: EndpointInput<Calls['auth.logout-all']>,
    @CurrentPrincipal() principal: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    if (body.refresh === undefined && principal.kind !== 'person') throw new AppError('auth.required');
    if (body.refresh !== undefined) await this.sessions.endAllByRefresh(body.refresh);
    if (principal.kind === 'person') await this.sessions.endAll(principal);
    if (this.cookie.read(request) !== null) this.cookie.clear(reply);
  }

  @Endpoint('auth.socket-ticket')
  async socketTicket(@CurrentPerson() person: Person): Promise<EndpointReply<Calls['auth.socket-ticket']>> {
    await this.limits.consume('socket-ticket:person', person.userId);
    return { ticket: await this.tickets.issue(person), expiresIn: ticketSeconds };
  }

  private countFailure(error: unknown): void {
    const code = error instanceof AppError ? error.code : 'other';
    this.failures.inc({ reason: refusals.find((reason) => reason === code) ?? 'other' });
  }
}
