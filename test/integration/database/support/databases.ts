import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import type { DatabaseSettings } from '../../../../src/database/data-source.js';
import { describeWithPostgres, type RunningPostgres, startPostgres } from '../../../support/postgres.js';

/** Runs the same tests on the embedded database and on a PostgreSQL server. `fresh` gives the settings of an empty database. */
export function describeOnBoth(name: string, tests: (fresh: () => Promise<DatabaseSettings>) => void): void {
  describe(`${name} (embedded)`, () => {
    const folders: string[] = [];
    afterAll(async () => {
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    });
    tests(async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'parley-both-'));
      folders.push(dataDir);
      return { dataDir };
    });
  });

  describeWithPostgres(`${name} (server)`, () => {
    let postgres: RunningPostgres;
    beforeAll(async () => {
      postgres = await startPostgres();
    }, 60_000);
    afterAll(async () => postgres.stop());
    tests(async () => ({ databaseUrl: await postgres.createDatabase(), dataDir: '/nonexistent' }));
  });
}
