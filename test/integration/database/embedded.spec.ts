import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { openDataSource } from '../../../src/database/data-source.js';
import {
  DatabaseBusyError,
  EmbeddedDatabaseStoppedError,
  isDatabaseUnavailable,
  isUniqueViolation,
} from '../../../src/database/database-errors.js';
import { EmbeddedPool } from '../../../src/database/embedded/embedded-pool.js';
import { EmbeddedServer } from '../../../src/database/embedded/embedded-server.js';
import { simpleQuery } from '../../../src/database/embedded/protocol-frames.js';
import { checkpointIfDue, vacuumDueTables } from '../../../src/database/embedded/upkeep.js';
import { freshDataFolder } from '../../support/database-templates.js';

describe('the embedded database', () => {
  let dataDir: string;
  let pool: EmbeddedPool;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'parley-embedded-'));
    pool = new EmbeddedPool({ dataDir, connectionTimeoutMillis: 1_000 });
    await pool.query('CREATE TABLE counters (id int PRIMARY KEY, n int NOT NULL, name text CONSTRAINT uq_counter_name UNIQUE)');
    await pool.query(`INSERT INTO counters VALUES (1, 0, 'one')`);
  });

  afterAll(async () => {
    await pool.end();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('answers in promise and callback form, with a count of rows', async () => {
    const inserted = await pool.query('INSERT INTO counters (id, n) SELECT g, 0 FROM generate_series(100, 104) g');
    expect([inserted.command, inserted.rowCount, inserted.rows]).toEqual(['INSERT', 5, []]);
    const rows = await new Promise((resolve, reject) => {
      pool.connect((error, client, release) => {
        if (!client) return reject(error ?? new Error('no client'));
        client.query('SELECT $1::int + 1 AS n', [4], (fault: Error | null, result: pg.QueryResult) => {
          release();
          if (fault) reject(fault);
          else resolve(result.rows);
        });
      });
    });
    expect(rows).toEqual([{ n: 5 }]);
  });

  it('tells a fault as a server does, and works on', async () => {
    const fault = await pool.query(`INSERT INTO counters VALUES (2, 0, 'one')`).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(pg.DatabaseError);
    expect(fault).toMatchObject({
      code: '23505',
      constraint: 'uq_counter_name',
      table: 'counters',
      detail: 'Key (name)=(one) already exists.',
    });
    expect(isUniqueViolation(fault, 'uq_counter_name')).toBe(true);
    expect(isUniqueViolation(fault, 'uq_other')).toBe(false);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('keeps prepared statements of a name, across clients that come and go', async () => {
    const ask = async (n: number): Promise<unknown> =>
      (await pool.query({ name: 'plus', text: 'SELECT $1::int + 1 AS n', values: [n] })).rows;
    expect(await ask(1)).toEqual([{ n: 2 }]);
    expect(await ask(2)).toEqual([{ n: 3 }]);
    await expect(pool.query('SELECT 1/0')).rejects.toThrow('division by zero');
    expect(await ask(3)).toEqual([{ n: 4 }]);
  });

  it('takes arrays, dates, bytes and nulls as parameters', async () => {
    const when = new Date('2026-02-03T04:05:06.789Z');
    const { rows } = await pool.query(
      'SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::bigint[]) WITH ORDINALITY AS t(id, body, at, n, ord)',
      [
        ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002'],
        ['quote " brace } comma , slash \\', null],
        [when, when],
        ['9007199254740993', 1],
      ],
    );
    expect(rows).toEqual([
      { id: '00000000-0000-7000-8000-000000000001', body: 'quote " brace } comma , slash \\', at: when, n: '9007199254740993', ord: '1' },
      { id: '00000000-0000-7000-8000-000000000002', body: null, at: when, n: '1', ord: '2' },
    ]);
    const bytes = Buffer.from([0, 1, 255]);
    expect((await pool.query('SELECT $1::bytea AS b', [bytes])).rows).toEqual([{ b: bytes }]);
  });

  it('gives one client the database alone: 64 transactions at once lose no update', async () => {
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        const client = await pool.connect();
        await client.query('BEGIN');
        const { rows } = await client.query<{ n: number }>('SELECT n FROM counters WHERE id = 1 FOR UPDATE');
        await sleep(1);
        await client.query('UPDATE counters SET n = $1 WHERE id = 1', [rows[0]!.n + 1]);
        await client.query('COMMIT');
        client.release();
      }),
    );
    expect((await pool.query('SELECT n FROM counters WHERE id = 1')).rows).toEqual([{ n: 64 }]);
  });

  it('rolls back what a released client left open, and forgets its session settings', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('UPDATE counters SET n = -1 WHERE id = 1');
    await client.query(`SET TIME ZONE 'Asia/Tokyo'`);
    client.release();
    expect((await pool.query('SELECT n, current_setting($1) AS zone FROM counters WHERE id = 1', ['TimeZone'])).rows).toEqual([
      { n: 64, zone: expect.not.stringContaining('Tokyo') },
    ]);
  });

  it('rolls back what was released with a statement under way', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    const running = client.query('UPDATE counters SET n = -2 WHERE id = 1');
    client.release();
    await Promise.allSettled([running]);
    expect((await pool.query('SELECT n FROM counters WHERE id = 1')).rows).toEqual([{ n: 64 }]);
  });

  it('takes a COMMIT of a failed transaction for a failure', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT 1/0').catch(() => undefined);
    await expect(client.query('COMMIT')).rejects.toThrow('rolled back instead of committed');
    client.release();
  });

  it('bounds the wait for a client, says so in words, and keeps the place for the next', async () => {
    const client = await pool.connect();
    const refused = await pool.query('SELECT 1').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DatabaseBusyError);
    expect((refused as Error).message).toBe('No database connection became free within 1 s.');
    expect(isDatabaseUnavailable(refused)).toBe(true);
    client.release();
    expect((await pool.query('SELECT 1 AS one')).rowCount).toBe(1);
  });

  it('lets timers fire while it works: during one long query and during thousands of short ones', async () => {
    let long = 0;
    const longest = await longestPause(async () => {
      const began = performance.now();
      await pool.query('SELECT count(*) FROM generate_series(1, 5000000)');
      long = performance.now() - began;
      for (let i = 0; i < 2_000; i += 1) await pool.query('SELECT 1');
    });
    // Were it done in this thread, no timer would fire before it ends.
    expect(longest).toBeLessThan(long / 2);
  });

  it('carries megabytes in both directions', async () => {
    const big = 'ї'.repeat(1_500_000);
    const { rows } = await pool.query<{ big: string }>('SELECT $1::text AS big', [big]);
    expect(rows[0]!.big === big).toBe(true);
  });

  it('has trigrams and unaccent at hand', async () => {
    await pool.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    await pool.query('CREATE EXTENSION IF NOT EXISTS unaccent');
    expect((await pool.query(`SELECT unaccent('Crème') AS plain, similarity('parley', 'parlay') > 0.3 AS close`)).rows).toEqual([
      { plain: 'Creme', close: true },
    ]);
  });

  it('keeps itself in order: the log does not grow for ever, dead rows are cleaned away, statistics are fresh', async () => {
    await pool.query('CREATE TABLE busy (id int PRIMARY KEY, body text)');
    await pool.query(`INSERT INTO busy SELECT g, repeat('x', 400) FROM generate_series(1, 20000) g`);
    const segments = async (): Promise<number> =>
      (await readdir(join(dataDir, 'pg', 'pg_wal'))).filter((name) => /^[0-9A-F]{24}$/.test(name)).length;
    for (let round = 0; round < 6; round += 1) {
      for (let i = 0; i < 3; i += 1) await pool.query('UPDATE busy SET body = body || $1', ['y']);
      await checkpointIfDue(pool);
    }
    expect(await checkpointIfDue(pool)).toBe(false);
    // Some 450 MB were written; the log keeps the last 64 MiB or so.
    expect(await segments()).toBeLessThan(12);
    // What a session has counted is told at most once a second; told after the cleaning, it would count as done since.
    await pool.query('SELECT pg_stat_force_next_flush()');
    expect(await vacuumDueTables(pool)).toContain('public.busy');
    const { rows } = await pool.query(
      `SELECT n_dead_tup AS dead, n_mod_since_analyze AS changed FROM pg_stat_user_tables WHERE relname = 'busy'`,
    );
    expect(rows).toEqual([{ dead: '0', changed: '0' }]);
    expect(await vacuumDueTables(pool)).toEqual([]);
  });

  it('is there again after it was closed, and refuses clients in between', async () => {
    await pool.end();
    await expect(pool.query('SELECT 1')).rejects.toThrow(EmbeddedDatabaseStoppedError);
    const began = performance.now();
    pool = new EmbeddedPool({ dataDir, connectionTimeoutMillis: 1_000 });
    expect((await pool.query('SELECT n FROM counters WHERE id = 1')).rows).toEqual([{ n: 64 }]);
    console.log(`embedded database, second start: ${Math.round(performance.now() - began)} ms`);
  });
});

describe('the thread of the embedded database', () => {
  it('is started again when it has died, with what was acknowledged', async () => {
    const dataDir = await freshDataFolder('empty');
    const server = new EmbeddedServer(dataDir);
    try {
      await server.start();
      const first = await server.openSession();
      await first.execute(simpleQuery('CREATE TABLE kept AS SELECT 42 AS n'));
      // A message that PGlite throws on, outside of SQL.
      await expect(first.execute(Buffer.from([0, 0, 0, 8, 9, 9, 9, 9]))).rejects.toThrow(EmbeddedDatabaseStoppedError);
      await first.end();
      const second = await server.openSession();
      expect(Buffer.from(await second.execute(simpleQuery('SELECT n FROM kept'))).toString('latin1')).toContain('SELECT 1');
      await second.end();
    } finally {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});

describe('TypeORM on the embedded database', () => {
  it('opens, works and closes; one transaction never sees another', async () => {
    const dataDir = await freshDataFolder('empty');
    let source: DataSource | undefined;
    try {
      source = await openDataSource({ dataDir });
      await source.query('CREATE TABLE t (n int)');
      await source.query('INSERT INTO t VALUES (0)');
      const open = source.transaction(async (manager) => {
        await manager.query('UPDATE t SET n = 1');
        await sleep(50);
        throw new Error('changed my mind');
      });
      const other = source.query('UPDATE t SET n = n + 10');
      await expect(open).rejects.toThrow('changed my mind');
      expect(await other).toEqual([[], 1]);
      expect(await source.query('SELECT n, current_setting($1) AS zone FROM t', ['TimeZone'])).toEqual([{ n: 10, zone: 'UTC' }]);
    } finally {
      await source?.destroy();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});

async function longestPause(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  try {
    await work();
    await sleep(10);
    return longest;
  } finally {
    clearInterval(timer);
  }
}
