import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { DatabasePool } from '../../../src/database/connection/database-pool.js';
import { sessionSql } from '../../../src/database/connection/session.js';
import { openDataSource } from '../../../src/database/data-source.js';
import { DatabaseBusyError, databaseFault, DatabaseSilentError, isDatabaseUnavailable } from '../../../src/database/database-errors.js';
import { inTransaction } from '../../../src/database/transaction.js';
import { describeWithPostgres, type RunningPostgres, startPostgres } from '../../support/postgres.js';

describeWithPostgres('a PostgreSQL server that fails', () => {
  let postgres: RunningPostgres;
  let url: string;
  let source: DataSource;

  beforeAll(async () => {
    postgres = await startPostgres({ fsync: true });
    url = await postgres.createDatabase();
    source = await openDataSource({ databaseUrl: url, dataDir: '/nonexistent', poolSize: 5 });
    await source.query('CREATE TABLE saved (n int PRIMARY KEY)');
  });

  afterAll(async () => {
    await source.destroy();
    await postgres.stop();
  });

  it('every connection is in UTC and has its limits', async () => {
    const rows = await source.query<unknown[]>(
      `SELECT current_setting('TimeZone') AS zone, current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
              current_setting('idle_in_transaction_session_timeout') AS idle, current_setting('application_name') AS name`,
    );
    expect(rows).toEqual([{ zone: 'UTC', statement: '10s', lock: '3s', idle: '30s', name: 'parley' }]);
  });

  it('idle connections that the server ends do not disturb anybody', async () => {
    await Promise.all(Array.from({ length: 5 }, async () => source.query<unknown>('SELECT pg_sleep(0.05)')));
    await source.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()',
    );
    await sleep(100);
    const answers = await Promise.all(Array.from({ length: 10 }, async () => source.query<unknown>('SELECT 1 AS one')));
    expect(answers).toHaveLength(10);
  });

  it('loses no acknowledged row in three restarts under load, fails meanwhile within seconds, and recovers by itself', async () => {
    const acknowledged: number[] = [];
    let unavailable = 0;
    let slowest = 0;
    let stopped = false;
    let next = 0;
    const writer = async (): Promise<void> => {
      while (!stopped) {
        const n = (next += 1);
        const began = performance.now();
        try {
          await inTransaction(source, async (manager) => manager.query<unknown>('INSERT INTO saved VALUES ($1)', [n]));
          acknowledged.push(n);
        } catch (error) {
          if (!isDatabaseUnavailable(error)) throw error;
          unavailable += 1;
          await sleep(20);
        }
        slowest = Math.max(slowest, performance.now() - began);
      }
    };
    const writers = Promise.all(Array.from({ length: 10 }, writer));
    for (const how of ['fast', 'immediate', 'immediate'] as const) {
      const enough = acknowledged.length + 20;
      while (acknowledged.length < enough) await sleep(5);
      await postgres.restart(how);
    }
    const before = acknowledged.length;
    while (acknowledged.length < before + 20) await sleep(5);
    stopped = true;
    await writers;
    expect(unavailable).toBeGreaterThan(0);
    expect(slowest).toBeLessThan(30_000);
    const missing = await source.query<unknown[]>(
      'SELECT a.n FROM unnest($1::int[]) AS a(n) LEFT JOIN saved USING (n) WHERE saved.n IS NULL',
      [acknowledged],
    );
    expect(missing).toEqual([]);
  });

  it('a pool of 2 serves 50 transactions at once, and a nested wait ends in words instead of for ever', async () => {
    const small = await openDataSource({ databaseUrl: url, dataDir: '/nonexistent', poolSize: 2, checkOutTimeoutMs: 1_000 });
    try {
      await Promise.all(
        Array.from({ length: 50 }, async () => inTransaction(small, async (manager) => manager.query<unknown>('SELECT pg_sleep(0.005)'))),
      );
      const nested = await Promise.allSettled(
        [1, 2].map(async () =>
          inTransaction(small, async () => inTransaction(small, async (manager) => manager.query<unknown>('SELECT 1'))),
        ),
      );
      const refused = nested.filter((attempt) => attempt.status === 'rejected');
      expect(refused.length).toBeGreaterThan(0);
      expect(refused[0]!.reason).toBeInstanceOf(DatabaseBusyError);
      expect(await small.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    } finally {
      await small.destroy();
    }
  });

  it('a lock that is held is waited for 3 s at most', async () => {
    await source.query('INSERT INTO saved VALUES (-1)');
    const fault = await inTransaction(source, async (manager) => {
      await manager.query('UPDATE saved SET n = n WHERE n = -1');
      return source.query<unknown>('UPDATE saved SET n = n WHERE n = -1').catch((error: unknown) => error);
    });
    expect(databaseFault(fault)?.code).toBe('55P03');
    expect(isDatabaseUnavailable(fault)).toBe(true);
  });

  it('never hands on a client that came back inside of a transaction', async () => {
    const pool = new DatabasePool({ connectionString: url, max: 1, sessionSql });
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('INSERT INTO saved VALUES (-2)');
    client.release();
    expect((await pool.query('SELECT n FROM saved WHERE n = -2')).rows).toEqual([]);
    await pool.end();
  });

  it('a server that falls silent (frozen machine, cut cable) is given up within the limit, and its connection is not used again', async () => {
    const pool = new DatabasePool({ connectionString: url, max: 1, sessionSql, answerWithinMs: 700, connectionTimeoutMillis: 700 });
    const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const [backend] = rows;
    process.kill(backend!.pid, 'SIGSTOP');
    process.kill(postgres.pid, 'SIGSTOP');
    try {
      const began = performance.now();
      const first = await pool.query('SELECT 1').catch((error: unknown) => error);
      expect(first).toBeInstanceOf(DatabaseSilentError);
      const second = await pool.query('SELECT 1').catch((error: unknown) => error);
      expect(isDatabaseUnavailable(second)).toBe(true);
      expect(performance.now() - began).toBeLessThan(20_000);
    } finally {
      process.kill(postgres.pid, 'SIGCONT');
      process.kill(backend!.pid, 'SIGCONT');
    }
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });

  it('says within seconds when there is no server', async () => {
    await postgres.halt();
    const began = performance.now();
    const refused = await source.query('SELECT 1').catch((error: unknown) => error);
    expect(isDatabaseUnavailable(refused)).toBe(true);
    expect(performance.now() - began).toBeLessThan(10_000);
    await postgres.start();
    expect(await source.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
