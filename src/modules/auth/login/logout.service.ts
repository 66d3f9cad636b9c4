import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../../common/app-error.js';
import { SessionCookie } from '../session-cookie.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { type AccessClaims, AccessTokens } from '../tokens/access-tokens.js';
import { CookieSessions } from '../tokens/cookie-sessions.js';

/** Log-out: whatever credential comes along, its session ends. */
@Injectable()
export class LogoutService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly tokens: AccessTokens,
    private readonly cookies: CookieSessions,
    private readonly cookie: SessionCookie,
  ) {}

  /**
   * Ends the sessions of the refresh token, the bearer token and the cookie of a request. A second log-out, and an unknown refresh token,
   * are answered like the first.
   * @returns whether the cookie is to be cleared
   * @throws AppError `auth.required` when nothing usable came along, `auth.origin-refused` when it was the cookie of a foreign page
   */
  async logout(refresh: string | undefined, request: FastifyRequest): Promise<boolean> {
    const claims = this.bearerOf(request);
    const cookie = this.cookie.read(request);
    const byCookie = cookie !== null && this.cookie.isFromAllowedOrigin(request);
    if (refresh === undefined && !claims && !byCookie) throw new AppError(cookie === null ? 'auth.required' : 'auth.origin-refused');

    if (refresh !== undefined) await this.sessions.endByRefresh(refresh);
    if (claims) await this.sessions.end(claims.userId, claims.sessionId, 'logout');
    if (!byCookie) return false;
    const session = await this.cookies.find(cookie);
    if (session) await this.sessions.end(session.userId, session.sessionId, 'logout');
    return true;
  }

  /** The claims of the bearer token, also of a session that has ended; null without a good one. */
  private bearerOf(request: FastifyRequest): AccessClaims | null {
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) return null;
    try {
      return this.tokens.verify(token);
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }
}
