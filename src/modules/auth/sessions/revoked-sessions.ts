import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { isEmbedded } from '../../../database/index.js';
import { InternalEvents, type SessionEndReason } from '../../../platform/events/index.js';
import { tokenLifeAtMost } from '../tokens/token-life.js';

/** How often the other nodes' revocations are read, in ms, and how far back a reading looks for a transaction that committed late. */
const readEvery = 2_000;
const lookBack = '10 seconds';

interface RevokedRow {
  session_id: string;
  user_id: string;
  reason: SessionEndReason;
  /** Text, because JavaScript would drop the microseconds. */
  revoked_at: string;
  seconds_left: number;
}

/**
 * The sessions that were ended, in memory: every door asks here, and no request asks the database. Read whole at the start, kept up by
 * `session.ended`, and re-read every two seconds for what other nodes ended. An entry goes when no access token of its session can be
 * valid any more.
 */
@Injectable()
export class RevokedSessions implements OnModuleInit, OnModuleDestroy {
  /** Session id → when to forget it, in ms of `Date.now()`. */
  private readonly revoked = new Map<string, number>();
  private readonly logger = new Logger('RevokedSessions');
  private readonly unsubscribe: () => void;
  private cursor = '-infinity';
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private failing = false;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly events: InternalEvents,
  ) {
    this.unsubscribe = events.on('session.ended', ({ sessionIds }) => {
      const until = Date.now() + tokenLifeAtMost * 1000;
      for (const id of sessionIds) if (!this.revoked.has(id)) this.revoked.set(id, until);
    });
  }

  async onModuleInit(): Promise<void> {
    for (const row of await this.read()) this.revoked.set(row.session_id, Date.now() + row.seconds_left * 1000);
    // Nobody else writes into the embedded database.
    if (!isEmbedded(this.dataSource)) this.schedule();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.unsubscribe();
  }

  /** Whether a session was ended. */
  has(sessionId: string): boolean {
    return this.revoked.has(sessionId);
  }

  /** Forgets, here and in the database, what no token can need any more. */
  async purge(): Promise<void> {
    const now = Date.now();
    for (const [id, until] of this.revoked) if (until <= now) this.revoked.delete(id);
    await this.dataSource.query('DELETE FROM revoked_sessions WHERE expires_at <= now()');
  }

  /** Reads what other nodes ended since the last reading and tells this node; also the timer's work. */
  async readOthers(): Promise<void> {
    for (const row of await this.read()) {
      if (this.revoked.has(row.session_id)) continue;
      this.revoked.set(row.session_id, Date.now() + row.seconds_left * 1000);
      this.events.emit('session.ended', { userId: row.user_id, sessionIds: [row.session_id], reason: row.reason });
    }
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.readOthers()
        .then(
          () => this.recovered(),
          (error: unknown) => this.failed(error),
        )
        .finally(() => this.schedule());
    }, readEvery).unref();
  }

  private async read(): Promise<RevokedRow[]> {
    const rows: RevokedRow[] = await this.dataSource.query(
      `SELECT session_id, user_id, reason, revoked_at::text AS revoked_at, extract(epoch FROM expires_at - now())::float8 AS seconds_left
       FROM revoked_sessions WHERE revoked_at > $1::timestamptz - interval '${lookBack}' AND expires_at > now() ORDER BY revoked_at`,
      [this.cursor],
    );
    this.cursor = rows.at(-1)?.revoked_at ?? this.cursor;
    return rows;
  }

  private failed(error: unknown): void {
    if (!this.failing)
      this.logger.warn(`Ended sessions of other nodes cannot be read: ${error instanceof Error ? error.message : 'unknown reason'}`);
    this.failing = true;
  }

  private recovered(): void {
    if (this.failing) this.logger.log('Ended sessions of other nodes are read again.');
    this.failing = false;
  }
}
