import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import type { SessionEndReason } from '../../../platform/events/index.js';

export interface NewSession {
  id: string;
  userId: string;
  cookieHash: Buffer | null;
  refreshHash: Buffer;
  userAgent: string | null;
  ip: string | null;
  ttlSeconds: number;
}

export interface SessionRow {
  id: string;
  userAgent: string | null;
  ip: string | null;
  createdAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
  /** `lastUsedAt` as the database writes it. */
  cursorAt: string;
}

export interface LockedSession {
  id: string;
  userId: string;
  userAgent: string | null;
  ip: string | null;
  hasCookie: boolean;
}

/** The state of a presented refresh token and of the one that follows from it. */
export interface RefreshState {
  alive: boolean;
  used: boolean;
  /** Used so short a time ago that it may be asked for its successor again. */
  inGrace: boolean;
  successorUsed: boolean;
}

/** Seconds in which a used refresh token still answers its successor. */
const graceSeconds = 10;

interface LockedRow {
  id: string;
  user_id: string;
  user_agent: string | null;
  ip: string | null;
  has_cookie: boolean;
}

const lockedColumns = 's.id, s.user_id, s.user_agent, s.ip, s.cookie_hash IS NOT NULL AS has_cookie';

function toLocked(row: LockedRow): LockedSession {
  return { id: row.id, userId: row.user_id, userAgent: row.user_agent, ip: row.ip, hasCookie: row.has_cookie };
}

/** The SQL of sessions and their refresh tokens. Whoever changes a session's tokens holds the lock of its row, on every node. */
@Injectable()
export class SessionsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Opens a session with its first refresh token, if the account is active and its password still the one that was checked: the shared
   * lock makes a password change wait or be seen.
   * @returns false when the password was changed or the account ended meanwhile
   */
  async open(manager: EntityManager, made: NewSession, checkedHash: string): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `WITH account AS (
         SELECT id FROM users WHERE id = $1 AND password_hash = $2 AND status = 'active' FOR SHARE
       ), opened AS (
         INSERT INTO sessions (id, user_id, cookie_hash, user_agent, ip, created_at, last_used_at, expires_at)
         SELECT $3, account.id, $4, $5, $6, now(), now(), now() + $7::float8 * interval '1 second' FROM account
         RETURNING id, expires_at
       )
       INSERT INTO refresh_tokens (hash, session_id, expires_at) SELECT $8, opened.id, opened.expires_at FROM opened
       RETURNING true`,
      [made.userId, checkedHash, made.id, made.cookieHash, made.userAgent, made.ip, made.ttlSeconds, made.refreshHash],
    );
    return rows.length > 0;
  }

  /** Locks the live session of a refresh token; null when there is none. */
  async lockByRefresh(manager: EntityManager, hash: Buffer): Promise<LockedSession | null> {
    const rows: LockedRow[] = await manager.query(
      `SELECT ${lockedColumns} FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id
       WHERE t.hash = $1 AND s.expires_at > now() AND u.status = 'active' FOR UPDATE OF s`,
      [hash],
    );
    return rows[0] ? toLocked(rows[0]) : null;
  }

  /** Locks the live session of a cookie; null when there is none. */
  async lockByCookie(manager: EntityManager, cookieHash: Buffer): Promise<LockedSession | null> {
    const rows: LockedRow[] = await manager.query(
      `SELECT ${lockedColumns} FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.cookie_hash = $1 AND s.expires_at > now() AND u.status = 'active' FOR UPDATE OF s`,
      [cookieHash],
    );
    return rows[0] ? toLocked(rows[0]) : null;
  }

  /** Read under the session's lock, in a statement of its own: it sees what those before wrote. */
  async refreshState(manager: EntityManager, hash: Buffer, successorHash: Buffer): Promise<RefreshState | null> {
    const rows: { alive: boolean; used: boolean; in_grace: boolean | null; successor_used: boolean }[] = await manager.query(
      `SELECT t.expires_at > clock_timestamp() AS alive, t.used_at IS NOT NULL AS used,
              t.used_at > clock_timestamp() - interval '${graceSeconds} seconds' AS in_grace,
              EXISTS (SELECT FROM refresh_tokens next WHERE next.hash = $2 AND next.used_at IS NOT NULL) AS successor_used
       FROM refresh_tokens t WHERE t.hash = $1`,
      [hash, successorHash],
    );
    const row = rows[0];
    return row ? { alive: row.alive, used: row.used, inGrace: row.in_grace === true, successorUsed: row.successor_used } : null;
  }

  async markUsed(manager: EntityManager, hash: Buffer): Promise<void> {
    await manager.query('UPDATE refresh_tokens SET used_at = clock_timestamp() WHERE hash = $1', [hash]);
  }

  /** Adds a refresh token to a session and prolongs it. */
  async prolong(manager: EntityManager, sessionId: string, refreshHash: Buffer, ttlSeconds: number): Promise<void> {
    await manager.query(
      `WITH prolonged AS (
         UPDATE sessions SET last_used_at = clock_timestamp(), expires_at = clock_timestamp() + $3::float8 * interval '1 second'
         WHERE id = $1 RETURNING id, expires_at
       )
       INSERT INTO refresh_tokens (hash, session_id, expires_at) SELECT $2, id, expires_at FROM prolonged`,
      [sessionId, refreshHash, ttlSeconds],
    );
  }

  /**
   * Ends sessions of a person (all, the one given, or all but one): they and their refresh tokens are removed, and remembered as revoked for `keepSeconds`.
   * @returns the ids of those that were there
   */
  async end(
    manager: EntityManager,
    userId: string,
    which: 'all' | { only: string } | { allBut: string },
    reason: SessionEndReason,
    keepSeconds: number,
  ): Promise<string[]> {
    const { only = null, allBut = null } = (which === 'all' ? {} : which) as { only?: string; allBut?: string };
    const rows: { session_id: string }[] = await manager.query(
      `WITH doomed AS (
         SELECT id FROM sessions WHERE user_id = $1 AND ($2::uuid IS NULL OR id = $2) AND ($5::uuid IS NULL OR id <> $5) ORDER BY id FOR UPDATE
       ), gone AS (
         DELETE FROM sessions USING doomed WHERE sessions.id = doomed.id RETURNING sessions.id
       )
       INSERT INTO revoked_sessions (session_id, user_id, reason, revoked_at, expires_at)
       SELECT id, $1, $3, clock_timestamp(), clock_timestamp() + $4::float8 * interval '1 second' FROM gone
       ON CONFLICT (session_id) DO NOTHING RETURNING session_id`,
      [userId, only, reason, keepSeconds, allBut],
    );
    return rows.map((row) => row.session_id);
  }

  /** Remembers a session as revoked whose row is gone already (expired, or removed). */
  async revokeBare(
    manager: EntityManager,
    userId: string,
    sessionId: string,
    reason: SessionEndReason,
    keepSeconds: number,
  ): Promise<void> {
    await manager.query(
      `INSERT INTO revoked_sessions (session_id, user_id, reason, revoked_at, expires_at)
       VALUES ($1, $2, $3, clock_timestamp(), clock_timestamp() + $4::float8 * interval '1 second') ON CONFLICT (session_id) DO NOTHING`,
      [sessionId, userId, reason, keepSeconds],
    );
  }

  /** Live sessions of a person, the last used first. @param after when the last one of the page before was used, and its id */
  async list(userId: string, limit: number, after: readonly [string, string] | null): Promise<SessionRow[]> {
    return this.dataSource.query<SessionRow[]>(
      `SELECT id, user_agent AS "userAgent", ip, created_at AS "createdAt", last_used_at AS "lastUsedAt", expires_at AS "expiresAt",
         last_used_at::text AS "cursorAt"
       FROM sessions WHERE user_id = $1 AND expires_at > now()
         AND ($2::timestamptz IS NULL OR (last_used_at, id) < ($2::timestamptz, $3::uuid))
       ORDER BY last_used_at DESC, id DESC LIMIT $4`,
      [userId, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
  }

  /** The live sessions of some cookies, each in the place of its cookie; null: there is none. */
  async byCookies(cookieHashes: readonly Buffer[]): Promise<({ sessionId: string; userId: string; expiresAt: Date } | null)[]> {
    const hashes = cookieHashes.map((hash) => hash.toString('hex'));
    const rows: { hash: string; id: string; user_id: string; expires_at: Date }[] = await this.dataSource.query(
      `SELECT encode(cookie_hash, 'hex') AS hash, id, user_id, expires_at FROM sessions
       WHERE cookie_hash = ANY(ARRAY(SELECT decode(hash, 'hex') FROM unnest($1::text[]) AS hash)) AND expires_at > now()`,
      [hashes],
    );
    const found = new Map(rows.map((row) => [row.hash, { sessionId: row.id, userId: row.user_id, expiresAt: row.expires_at }]));
    return hashes.map((hash) => found.get(hash) ?? null);
  }

  /** The person and session of a refresh token, dead or alive. */
  async byRefresh(hash: Buffer): Promise<{ sessionId: string; userId: string } | null> {
    const rows: { id: string; user_id: string }[] = await this.dataSource.query(
      'SELECT s.id, s.user_id FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.hash = $1',
      [hash],
    );
    return rows[0] ? { sessionId: rows[0].id, userId: rows[0].user_id } : null;
  }

  async purge(): Promise<void> {
    await this.dataSource.query('DELETE FROM refresh_tokens WHERE expires_at <= now()');
    await this.dataSource.query('DELETE FROM sessions WHERE expires_at <= now()');
  }
}
