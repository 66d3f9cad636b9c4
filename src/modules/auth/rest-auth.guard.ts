import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AppError } from '../../common/app-error.js';
import { guest, type Person, type Principal } from '../../common/principal.js';
import type { Access } from '../../contracts/index.js';
import { type AppRequest, ENDPOINT } from '../../platform/http/endpoint.decorator.js';
import { addressKey, RateLimiter } from '../../platform/rate-limit/index.js';
import { Authenticator } from './authenticator.js';
import { JwtStrategy } from './jwt.strategy.js';
import { SessionCookie } from './session-cookie.js';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
const ranks = { user: 0, moderator: 1, admin: 2 } as const;

/**
 * The guard of every REST route. A route says who may call it; one that says nothing is closed. The bearer token decides alone when there
 * is one, then the cookie; a bad credential is refused also where none is needed, so that nobody is taken for a guest by mistake.
 */
@Injectable()
export class RestAuthGuard implements CanActivate {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly jwt: JwtStrategy,
    private readonly cookie: SessionCookie,
    private readonly limits: RateLimiter,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const policy = Reflect.getMetadata(ENDPOINT, context.getHandler()) as { access: Access; undocumented?: true } | undefined;
    if (context.getType() !== 'http' || !policy) throw new AppError('auth.forbidden');
    // Probes, pages and their files.
    if (policy.undocumented) return true;

    const http = context.switchToHttp();
    const request = http.getRequest<AppRequest>();
    const byAddress = `address:${addressKey(request.ip)}`;
    if (policy.access === 'public') {
      await this.limits.consume('rest', byAddress);
      return true;
    }
    let principal: Principal;
    try {
      principal = await this.identify(request, http.getResponse<FastifyReply>());
    } catch (error) {
      await this.limits.consume('rest', byAddress);
      throw error;
    }
    await this.limits.consume('rest', principal.kind === 'person' ? `person:${principal.userId}` : byAddress);
    this.admit(principal, policy.access);
    request.principal = principal;
    return true;
  }

  private async identify(request: AppRequest, reply: FastifyReply): Promise<Principal> {
    const { authorization } = request.headers;
    if (authorization !== undefined) return this.byBearer(authorization, request, reply);
    const cookie = this.cookie.read(request);
    if (cookie === null) return guest;
    if (!safeMethods.has(request.method)) this.cookie.assertOrigin(request);
    return this.authenticator.authenticateCookie(cookie);
  }

  private async byBearer(authorization: string, request: AppRequest, reply: FastifyReply): Promise<Person> {
    if (authorization.length > 4200 || !/^Bearer \S+$/i.test(authorization)) throw new AppError('auth.token-invalid');
    return this.jwt.person(request, reply);
  }

  private admit(principal: Principal, access: Exclude<Access, 'public'>): void {
    if (access === 'guest') return;
    if (principal.kind !== 'person') throw new AppError('auth.required');
    if (ranks[principal.role] < ranks[access]) throw new AppError('auth.forbidden');
  }
}
