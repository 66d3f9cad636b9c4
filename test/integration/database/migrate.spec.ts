import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type DatabaseSettings, openDataSource } from '../../../src/database/data-source.js';
import { migrate, revert } from '../../../src/database/migrate.js';
import { describeWithPostgres, type RunningPostgres, startPostgres } from '../../support/postgres.js';
import { CompiledDatabase } from './support/child.js';
import { describeOnBoth } from './support/databases.js';

class First1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE first (n int)');
    await sleep(200);
    await runner.query('INSERT INTO first VALUES (1)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE first');
  }
}

class Second1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE first ADD COLUMN m int NOT NULL DEFAULT 2');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE first DROP COLUMN m');
  }
}

class Broken1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('INSERT INTO first VALUES (3)');
    await runner.query('SELECT 1/0');
  }
  async down(): Promise<void> {}
}

const names = ['First1700000000001', 'Second1700000000002'];

describeOnBoth('migrations', (fresh) => {
  let settings: DatabaseSettings;
  beforeAll(async () => {
    settings = await fresh('empty');
  });

  it('run once, can be taken back, and run again', async () => {
    const source = await openDataSource(settings, { migrations: [First1700000000001, Second1700000000002] });
    try {
      expect(await migrate(source)).toEqual(names);
      expect(await migrate(source)).toEqual([]);
      await revert(source);
      expect(await source.query('SELECT * FROM first')).toEqual([{ n: 1 }]);
      expect(await migrate(source)).toEqual(names.slice(1));
      expect(await source.query('SELECT * FROM first')).toEqual([{ n: 1, m: 2 }]);
    } finally {
      await source.destroy();
    }
  });

  it('that fail leave nothing of themselves, and keep those before', async () => {
    const source = await openDataSource(settings, { migrations: [First1700000000001, Second1700000000002, Broken1700000000003] });
    try {
      await expect(migrate(source)).rejects.toThrow('division by zero');
      expect(await source.query('SELECT * FROM first')).toEqual([{ n: 1, m: 2 }]);
      await expect(migrate(source)).rejects.toThrow('division by zero');
    } finally {
      await source.destroy();
    }
  });
});

describeWithPostgres('nodes that migrate one PostgreSQL server at the same time', () => {
  let postgres: RunningPostgres;
  let compiled: CompiledDatabase;
  beforeAll(async () => {
    postgres = await startPostgres();
    compiled = new CompiledDatabase();
  });
  afterAll(async () => {
    compiled.remove();
    await postgres.stop();
  });

  it('5 in one process: one does the work, all succeed', async () => {
    const databaseUrl = await postgres.createDatabase('empty');
    const sources = await Promise.all(
      Array.from({ length: 5 }, async () =>
        openDataSource({ databaseUrl, dataDir: '/nonexistent' }, { migrations: [First1700000000001, Second1700000000002] }),
      ),
    );
    const ran = await Promise.all(sources.map(async (source) => migrate(source)));
    expect(ran.filter((list) => list.length > 0)).toEqual([names]);
    expect(await sources[0]!.query('SELECT * FROM first')).toEqual([{ n: 1, m: 2 }]);
    // The connection went back as it came.
    for (const source of sources) {
      expect(await source.query(`SELECT current_setting('statement_timeout') AS t`)).toEqual([{ t: '10s' }]);
      expect(await source.query(`SELECT count(*)::int AS locks FROM pg_locks WHERE locktype = 'advisory'`)).toEqual([{ locks: 0 }]);
    }
    await Promise.all(sources.map(async (source) => source.destroy()));
  });

  it('5 processes, one of them killed in the middle: the others finish', async () => {
    const databaseUrl = await postgres.createDatabase('empty');
    const script = `
      import { openDataSource } from './src/database/data-source.js';
      import { migrate } from './src/database/migrate.js';
      class Slow1700000000001 {
        async up(runner) { await runner.query('CREATE TABLE slow (n int)'); console.log('migrating'); await runner.query('SELECT pg_sleep(1)'); await runner.query('INSERT INTO slow VALUES (1)'); }
        async down() {}
      }
      const source = await openDataSource({ databaseUrl: process.argv[2], dataDir: '/nonexistent' }, { migrations: [Slow1700000000001] });
      console.log('done ' + JSON.stringify(await migrate(source)));
      await source.destroy();`;
    const nodes = Array.from({ length: 5 }, () => compiled.run(script, [databaseUrl]));
    const victim = await Promise.any(nodes.map(async (node) => (await node.line('migrating'), node)));
    victim.process.kill('SIGKILL');
    const survivors = nodes.filter((node) => node !== victim);
    const answers = await Promise.all(survivors.map(async (node) => node.line('done')));
    expect(answers.sort()).toEqual(['done ["Slow1700000000001"]', 'done []', 'done []', 'done []']);
    expect(await Promise.all(survivors.map(async (node) => node.ended))).toEqual([0, 0, 0, 0]);
  });

  it('one that waits too long says so', async () => {
    const databaseUrl = await postgres.createDatabase('empty');
    const settings = { databaseUrl, dataDir: '/nonexistent' };
    const [first, second] = await Promise.all([
      openDataSource(settings, { migrations: [First1700000000001] }),
      openDataSource(settings, { migrations: [First1700000000001] }),
    ]);
    const working = migrate(first);
    await sleep(50);
    await expect(migrate(second, { patienceMs: 0 })).rejects.toThrow('Another node has been migrating');
    await working;
    await Promise.all([first.destroy(), second.destroy()]);
  });
});
