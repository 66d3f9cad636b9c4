import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe } from '@jest/globals';
import type { DatabaseSettings } from '../../../../src/database/data-source.js';
import { freshDataFolder, type Schema } from '../../../support/database-templates.js';
import { describeWithPostgres, type RunningPostgres, startPostgres } from '../../../support/postgres.js';

/** Runs the same tests on the embedded database and on a PostgreSQL server. `fresh` gives the settings of a database of its own, with today's schema unless said otherwise. */
export function describeOnBoth(name: string, tests: (fresh: (schema?: Schema) => Promise<DatabaseSettings>) => void): void {
  describe(`${name} (embedded)`, () => {
    const folders: string[] = [];
    afterAll(async () => {
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    });
    tests(async (schema) => {
      const dataDir = await freshDataFolder(schema);
      folders.push(dataDir);
      return { dataDir };
    });
  });

  describeWithPostgres(`${name} (server)`, () => {
    let postgres: RunningPostgres;
    beforeAll(async () => {
      postgres = await startPostgres();
    });
    afterAll(async () => postgres.stop());
    tests(async (schema) => ({ databaseUrl: await postgres.createDatabase(schema), dataDir: '/nonexistent' }));
  });
}
