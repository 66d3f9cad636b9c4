import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Gatherer } from '../../../common/gatherer.js';
import { hashToken } from '../../../common/keys.js';
import { InternalEvents } from '../../../platform/events/index.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';

const capacity = 20_000;

export interface CookieSession {
  sessionId: string;
  userId: string;
  /** Seconds since 1970. */
  expiresAt: number;
}

/** The sessions behind cookies; the ones in use are remembered, so that a request by cookie costs no query. */
@Injectable()
export class CookieSessions implements OnModuleDestroy {
  private readonly byHash = new Map<string, CookieSession>();
  private readonly hashes = new Map<string, string>();
  private readonly unknown: Gatherer<Buffer, { sessionId: string; userId: string; expiresAt: Date } | null>;
  private readonly unsubscribe: () => void;

  constructor(sessions: SessionsRepository, events: InternalEvents) {
    this.unknown = new Gatherer(async (hashes) => sessions.byCookies(hashes));
    this.unsubscribe = events.on('session.ended', ({ sessionIds }) => {
      for (const id of sessionIds) this.forget(id);
    });
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  /** The live session of a cookie, or null. Whether it was ended is for the caller to ask of the revoked sessions, after this. */
  async find(cookie: string): Promise<CookieSession | null> {
    const hash = hashToken(cookie);
    const key = hash.toString('base64url');
    const known = this.byHash.get(key);
    // One that seems over may have been prolonged on another node: the database knows.
    if (known && known.expiresAt * 1000 > Date.now()) return known;
    const found = await this.unknown.ask(hash);
    if (!found) {
      if (known) this.forget(known.sessionId);
      return null;
    }
    const session = { sessionId: found.sessionId, userId: found.userId, expiresAt: Math.floor(found.expiresAt.getTime() / 1000) };
    this.keep(key, session);
    return session;
  }

  /** Drops what is remembered of a session: it was ended, or prolonged. */
  forget(sessionId: string): void {
    const key = this.hashes.get(sessionId);
    if (key === undefined) return;
    this.hashes.delete(sessionId);
    this.byHash.delete(key);
  }

  private keep(key: string, session: CookieSession): void {
    if (this.byHash.size >= capacity) {
      const [oldest] = this.byHash.values();
      if (oldest) this.forget(oldest.sessionId);
    }
    this.byHash.set(key, session);
    this.hashes.set(session.sessionId, key);
  }
}
