import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { lostBackend } from './connection/database-client.js';
import { DatabasePool, type DatabasePoolConfig } from './connection/database-pool.js';
import { limits, sessionSql } from './connection/session.js';
import { isEmbedded } from './data-source.js';
import { DatabaseSilentError } from './database-errors.js';

/** A plan that is kept must stay good when tables grow: everything is looked up by index, row by row. */
const planSql = [
  'SET plan_cache_mode = force_generic_plan',
  'SET enable_seqscan = off',
  'SET enable_hashjoin = off',
  'SET enable_mergejoin = off',
  'SET enable_memoize = off',
].join('; ');

/** How long a process of the server may take to end, in ms; it ends at once unless its machine stands still. */
const endWithin = 3_000;

export interface StatementPoolOptions {
  /** Connections at most. */
  size: number;
  /** Longest wait for a lock, in ms; absent: as everywhere. */
  lockTimeoutMs?: number;
  /** Longest wait for an answer, counted here, in ms; then the connection is given up. */
  answerWithinMs: number;
}

/** Runs single statements that are prepared once per connection. Throws what the driver throws: `databaseFault` knows it. */
export interface StatementPool {
  /** @param name of the prepared statement; always with the same text */
  query<Row extends object>(name: string, text: string, values: readonly unknown[]): Promise<Row[]>;
  /**
   * Makes an end of a statement of which no answer came: its server may be at work on it, or wait for a lock, long after the connection is gone.
   * Afterwards it has taken effect, or it never will.
   * @param error what `query` threw; anything else is left alone
   * @throws what the driver throws, and DatabaseSilentError when the statement could not be ended: then nobody knows
   */
  settle(error: unknown): Promise<void>;
  /** Closes the connections that are its own. */
  end(): Promise<void>;
}

/**
 * Connections for a statement of the hot path, which is planned once: planning it anew costs more than a small batch. It must be written so
 * that looking up by index is right for each of its tables. The embedded database has one session for everybody, which plans anew.
 */
export function openStatementPool(dataSource: DataSource, options: StatementPoolOptions): StatementPool {
  const own = isEmbedded(dataSource) ? null : ownPool(dataSource, options);
  return {
    async query<Row extends object>(name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
      // Not there before the data source is initialised.
      const pool = own ?? ((dataSource.driver as PostgresDriver).master as DatabasePool);
      const { rows } = await pool.query<Row>({ name, text, values: [...values] });
      return rows;
    },
    async settle(error) {
      const backend = lostBackend(error);
      if (!own || !backend) return;
      const { rows } = await own.query<{ ended: boolean }>({
        name: 'end-backend',
        text: 'SELECT pg_terminate_backend(pid, $3) AS ended FROM pg_stat_activity WHERE pid = $1 AND backend_start::text = $2',
        values: [backend.pid, backend.startedAt, endWithin],
      });
      if (rows[0]?.ended === false) throw new DatabaseSilentError(endWithin);
    },
    async end() {
      if (own && !own.ending) await own.end();
    },
  };
}

function ownPool(dataSource: DataSource, { size, lockTimeoutMs = limits.lock, answerWithinMs }: StatementPoolOptions): DatabasePool {
  const { url, extra, applicationName } = dataSource.options as { url?: string; extra?: DatabasePoolConfig; applicationName?: string };
  const pool = new DatabasePool({
    ...extra,
    ...(url === undefined ? {} : { connectionString: url }),
    ...(applicationName === undefined ? {} : { application_name: applicationName }),
    max: size,
    answerWithinMs,
    identifies: true,
    allowExitOnIdle: true,
    sessionSql: `${sessionSql}; SET lock_timeout = ${lockTimeoutMs}; ${planSql}`,
  });
  // An idle connection that is lost is replaced when it is needed.
  pool.on('error', () => undefined);
  return pool;
}
