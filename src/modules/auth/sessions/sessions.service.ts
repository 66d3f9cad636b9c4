import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { AppError } from '../../../common/app-error.js';
import { newId } from '../../../common/ids.js';
import { deriveKey, hashToken, newToken } from '../../../common/keys.js';
import type { Person } from '../../../common/principal.js';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import type { Device } from '../../../contracts/index.js';
import { afterCommit, inTransaction, type Page, pageByTime, type Paging } from '../../../database/index.js';
import { InternalEvents, type SessionEndReason } from '../../../platform/events/index.js';
import { MailQueue } from '../../../platform/mail/index.js';
import { UserAccounts } from '../../users/index.js';
import { AuthLinks } from '../auth-links.js';
import type { CallerInfo } from '../caller.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import { CookieSessions } from '../tokens/cookie-sessions.js';
import { tokenLifeAtMost } from '../tokens/token-life.js';
import { type LockedSession, SessionsRepository } from './sessions.repository.js';

/** Devices of a page, unless the caller says otherwise: those of nearly everybody. */
const pageSize = 100;

export interface TokenPair {
  access: string;
  refresh: string;
  /** Seconds that `access` lives. */
  expiresIn: number;
}

type RefreshOutcome = { sessionId: string; userId: string; refresh: string } | AppError;

/**
 * Sessions: one per log-in, with a chain of refresh tokens of which each is used once. A token's successor follows from the token itself
 * under a key of the server, so that calls in parallel get the same one although only hashes are stored (RFC 9700, 4.14.2: rotation with
 * detection of replay).
 */
@Injectable()
export class SessionsService {
  private readonly successorKey: Buffer;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly sessions: SessionsRepository,
    private readonly accessTokens: AccessTokens,
    private readonly cookies: CookieSessions,
    private readonly accounts: UserAccounts,
    private readonly mails: MailQueue,
    private readonly links: AuthLinks,
    private readonly events: InternalEvents,
  ) {
    this.successorKey = deriveKey(settings.jwtAccessSecret, 'refresh-successor');
  }

  /**
   * Opens a session for a person whose password was checked against `checkedHash`.
   * @returns its tokens, or null when the password was changed or the account ended since that check
   */
  async open(
    manager: EntityManager,
    userId: string,
    checkedHash: string,
    caller: CallerInfo,
    withCookie: boolean,
  ): Promise<(TokenPair & { cookie: string | null }) | null> {
    const refresh = newToken();
    const cookie = withCookie ? newToken() : null;
    const session = {
      id: newId(),
      userId,
      cookieHash: cookie === null ? null : hashToken(cookie),
      refreshHash: hashToken(refresh),
      userAgent: caller.userAgent,
      ip: caller.ip,
      ttlSeconds: this.settings.refreshTokenTtl,
    };
    if (!(await this.sessions.open(manager, session, checkedHash))) return null;
    return { ...(await this.pair(userId, session.id, refresh)), cookie };
  }

  /**
   * Trades a refresh token for the next pair. Calls in parallel, and repetitions within ten seconds whose successor is unused, get the same
   * successor. A later one ends the session, closes its sockets and tells its owner.
   * @throws AppError `auth.refresh-invalid`, `auth.refresh-reused`
   */
  async refresh(token: string): Promise<TokenPair> {
    const outcome = await inTransaction(this.dataSource, async (manager) => this.rotate(manager, token));
    if (outcome instanceof AppError) throw outcome;
    return this.pair(outcome.userId, outcome.sessionId, outcome.refresh);
  }

  /**
   * Begins a further chain of refresh tokens in the session of a cookie and prolongs it. The origin must have been checked.
   * @throws AppError `auth.refresh-invalid`
   */
  async refreshByCookie(cookie: string): Promise<TokenPair> {
    const refresh = newToken();
    const session = await inTransaction(this.dataSource, async (manager) => {
      const locked = await this.sessions.lockByCookie(manager, hashToken(cookie));
      if (locked) await this.prolong(manager, locked, refresh);
      return locked;
    });
    if (!session) throw new AppError('auth.refresh-invalid');
    return this.pair(session.userId, session.id, refresh);
  }

  /** Ends a session; one that is over already stays so. */
  async end(userId: string, sessionId: string, reason: SessionEndReason): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      const ended = await this.endWithin(manager, userId, { only: sessionId }, reason);
      if (ended.length > 0) return;
      // Its row is gone, its access token was signed by us all the same: it must be dead now.
      await this.sessions.revokeBare(manager, userId, sessionId, reason, tokenLifeAtMost);
      this.announce(manager, userId, [sessionId], reason);
    });
  }

  /** Ends the session of a refresh token, dead or alive; an unknown one changes nothing. */
  async endByRefresh(token: string): Promise<void> {
    const session = await this.sessions.byRefresh(hashToken(token));
    if (session) await this.end(session.userId, session.sessionId, 'logout');
  }

  /** Ends one of a person's sessions. @throws AppError `auth.session-not-found` */
  async revoke(person: Person, sessionId: string): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      const ended = await this.endWithin(manager, person.userId, { only: sessionId }, 'revoked');
      if (ended.length === 0) throw new AppError('auth.session-not-found');
    });
  }

  /** Ends all sessions of a person, and the current one also where its row is gone. */
  async endAll(person: Person): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      const ended = await this.endAllWithin(manager, person.userId, 'logout');
      if (ended.includes(person.sessionId)) return;
      await this.sessions.revokeBare(manager, person.userId, person.sessionId, 'logout', tokenLifeAtMost);
      this.announce(manager, person.userId, [person.sessionId], 'logout');
    });
  }

  /** Ends all sessions of the person of a refresh token. @throws AppError `auth.refresh-invalid` where its session is over */
  async endAllByRefresh(token: string): Promise<void> {
    const session = await this.sessions.byRefresh(hashToken(token));
    if (!session) throw new AppError('auth.refresh-invalid');
    await inTransaction(this.dataSource, async (manager) => this.endAllWithin(manager, session.userId, 'logout'));
  }

  /** Ends all sessions of a person, as part of a transaction. @returns their ids */
  async endAllWithin(manager: EntityManager, userId: string, reason: SessionEndReason): Promise<string[]> {
    return this.endWithin(manager, userId, 'all', reason);
  }

  /** Ends all sessions of a person but this one, as part of a transaction. @returns their ids */
  async endOthersWithin(manager: EntityManager, person: Person, reason: SessionEndReason): Promise<string[]> {
    return this.endWithin(manager, person.userId, { allBut: person.sessionId }, reason);
  }

  /** The devices that are logged in, the last used first. @throws AppError `request.cursor-invalid` */
  async devices(person: Person, { limit = pageSize, cursor }: Paging): Promise<Page<Device>> {
    return pageByTime(
      { limit, cursor },
      async (most, after) => this.sessions.list(person.userId, most, after),
      (row) => row.id,
      async (rows) =>
        rows.map((row) => ({
          id: row.id,
          current: row.id === person.sessionId,
          userAgent: row.userAgent,
          ip: row.ip,
          createdAt: row.createdAt.toISOString(),
          lastUsedAt: row.lastUsedAt.toISOString(),
          expiresAt: row.expiresAt.toISOString(),
        })),
    );
  }

  private async rotate(manager: EntityManager, token: string): Promise<RefreshOutcome> {
    const hash = hashToken(token);
    const session = await this.sessions.lockByRefresh(manager, hash);
    if (!session) return new AppError('auth.refresh-invalid');
    const successor = this.successorOf(token);
    const state = await this.sessions.refreshState(manager, hash, hashToken(successor));
    if (!state?.alive) return new AppError('auth.refresh-invalid');

    const next = { sessionId: session.id, userId: session.userId, refresh: successor };
    if (!state.used) {
      await this.sessions.markUsed(manager, hash);
      await this.prolong(manager, session, successor);
      return next;
    }
    if (state.inGrace && !state.successorUsed) return next;
    await this.endStolen(manager, session);
    return new AppError('auth.refresh-reused');
  }

  private async prolong(manager: EntityManager, session: LockedSession, refresh: string): Promise<void> {
    await this.sessions.prolong(manager, session.id, hashToken(refresh), this.settings.refreshTokenTtl);
    if (session.hasCookie) afterCommit(manager, () => this.cookies.forget(session.id));
  }

  /** One of the two who hold the token is a thief, and nobody knows which: both are out, and the owner is told. */
  private async endStolen(manager: EntityManager, session: LockedSession): Promise<void> {
    await this.endWithin(manager, session.userId, { only: session.id }, 'refresh-reused');
    const owner = await this.accounts.byId(session.userId, manager);
    if (!owner) return;
    await this.events.emitWithin(manager, 'account.security', { userId: owner.id, what: 'session-theft' });
    await this.mails.enqueue(manager, {
      to: owner.email,
      locale: owner.locale,
      template: 'session-theft',
      params: { device: session.userAgent ?? '', at: new Date().toISOString(), resetLink: this.links.forgottenPassword() },
    });
  }

  private async endWithin(
    manager: EntityManager,
    userId: string,
    which: Parameters<SessionsRepository['end']>[2],
    reason: SessionEndReason,
  ): Promise<string[]> {
    const ended = await this.sessions.end(manager, userId, which, reason, tokenLifeAtMost);
    if (ended.length > 0) this.announce(manager, userId, ended, reason);
    return ended;
  }

  private announce(manager: EntityManager, userId: string, sessionIds: readonly string[], reason: SessionEndReason): void {
    afterCommit(manager, () => this.events.emit('session.ended', { userId, sessionIds, reason }));
  }

  private async pair(userId: string, sessionId: string, refresh: string): Promise<TokenPair> {
    return { access: await this.accessTokens.sign({ userId, sessionId }), refresh, expiresIn: this.accessTokens.ttlSeconds };
  }

  private successorOf(token: string): string {
    return createHmac('sha256', this.successorKey).update(token, 'utf8').digest('base64url');
  }
}
