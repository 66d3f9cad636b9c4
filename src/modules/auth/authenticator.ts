import { Injectable } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import { UserDirectory } from '../users/index.js';
import { RevokedSessions } from './sessions/revoked-sessions.js';
import { type AccessClaims, AccessTokens } from './tokens/access-tokens.js';
import { CookieSessions } from './tokens/cookie-sessions.js';
import { SocketTickets } from './tokens/socket-tickets.js';

/** What every credential comes down to. */
type Credential = AccessClaims;

/**
 * The one place that says who somebody is. Every door (the REST guard, the Socket.IO handshake, the plain upgrade) comes here, so that none
 * has checks of its own. Whoever's session was ended is known in memory, and so is the person; the database is asked for people and
 * cookies that were not seen lately, never for a revocation.
 */
@Injectable()
export class Authenticator {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly cookies: CookieSessions,
    private readonly tickets: SocketTickets,
    private readonly revoked: RevokedSessions,
    private readonly people: UserDirectory,
  ) {}

  /** @throws AppError `auth.token-invalid`, `auth.token-expired`, `auth.revoked`, `auth.inactive` */
  async authenticateToken(token: string): Promise<Person> {
    return this.personOf(this.tokens.verify(token));
  }

  /** For a payload whose signature, issuer, audience and times were checked. @throws AppError as `authenticateToken` */
  async authenticatePayload(payload: unknown): Promise<Person> {
    return this.personOf(this.tokens.claims(payload));
  }

  /** @throws AppError `auth.token-invalid`, `auth.revoked`, `auth.inactive` */
  async authenticateCookie(cookie: string): Promise<Person> {
    const session = await this.cookies.find(cookie);
    if (!session) throw new AppError('auth.token-invalid');
    return this.personOf(session);
  }

  /** Uses the ticket up. @throws AppError `auth.token-invalid`, `auth.token-expired`, `auth.revoked`, `auth.inactive` */
  async authenticateTicket(ticket: string): Promise<Person> {
    const holder = await this.tickets.take(ticket);
    if (!holder) throw new AppError('auth.token-invalid');
    if (holder.expiresAt * 1000 <= Date.now()) throw new AppError('auth.token-expired');
    return this.personOf(holder);
  }

  private async personOf({ userId, sessionId, expiresAt }: Credential): Promise<Person> {
    if (this.revoked.has(sessionId)) throw new AppError('auth.revoked');
    const card = await this.people.load(userId);
    if (!card) throw new AppError('auth.token-invalid');
    if (card.status !== 'active') throw new AppError('auth.inactive');
    // A session that was opened at the very moment of the suspension.
    if (card.suspendedUntil && card.suspendedUntil.getTime() > Date.now()) throw new AppError('auth.revoked');
    // The session may have ended while the person was read.
    if (this.revoked.has(sessionId)) throw new AppError('auth.revoked');
    return { kind: 'person', userId, username: card.username, role: card.role, sessionId, expiresAt };
  }
}
