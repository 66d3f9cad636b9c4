import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../common/app-error.js';
import { isAllowedOrigin } from '../../common/origin.js';
import { SETTINGS, type Settings } from '../../config/settings.js';

/** The name of the session cookie; its value is opaque. */
export const sessionCookieName = 'parley_session';

const sameSiteWords = { lax: 'Lax', strict: 'Strict', none: 'None' } as const;

/** Reads, sets and clears the session cookie, and knows from where it may be used. */
@Injectable()
export class SessionCookie {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** The cookie that came along, or null. Of several of that name the first counts: browsers send the one of the longest path first. */
  read(request: FastifyRequest): string | null {
    for (const pair of request.headers.cookie?.split(';') ?? []) {
      const at = pair.indexOf('=');
      if (at > 0 && pair.slice(0, at).trim() === sessionCookieName) return pair.slice(at + 1).trim() || null;
    }
    return null;
  }

  set(reply: FastifyReply, value: string): void {
    this.write(reply, value, this.settings.refreshTokenTtl);
  }

  clear(reply: FastifyReply): void {
    this.write(reply, '', 0);
  }

  /**
   * Browsers send cookies along with what foreign pages make them do, so a changing call by cookie must come from an allowed page.
   * @throws AppError `auth.origin-refused`, also for an absent Origin
   */
  assertOrigin(request: FastifyRequest): void {
    if (!this.isFromAllowedOrigin(request)) throw new AppError('auth.origin-refused');
  }

  /** @throws AppError `auth.origin-refused` for a foreign Origin; an absent one (no browser) passes */
  assertNoForeignOrigin(request: FastifyRequest): void {
    if (request.headers.origin !== undefined) this.assertOrigin(request);
  }

  /** Whether an Origin came along and is allowed. */
  isFromAllowedOrigin(request: FastifyRequest): boolean {
    const { origin } = request.headers;
    return origin !== undefined && isAllowedOrigin(origin, this.settings.allowedOrigins);
  }

  /** RFC 6265. The value is base64url and needs no quoting. */
  private write(reply: FastifyReply, value: string, maxAge: number): void {
    const { cookieSameSite, cookieDomain, publicUrl } = this.settings;
    const attributes = [
      `${sessionCookieName}=${value}`,
      `Max-Age=${maxAge}`,
      ...(cookieDomain ? [`Domain=${cookieDomain}`] : []),
      'Path=/',
      'HttpOnly',
      ...(publicUrl.startsWith('https:') ? ['Secure'] : []),
      `SameSite=${sameSiteWords[cookieSameSite]}`,
    ];
    void reply.header('set-cookie', attributes.join('; '));
  }
}
