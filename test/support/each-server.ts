import { describeOnBoth } from '../integration/database/support/databases.js';
import { startApp, type TestApp } from './create-app.js';

/** The same tests against a whole server on the embedded database and on a real PostgreSQL. `start` gives a server on an empty database. */
export function describeEachServer(name: string, tests: (start: (environment?: Record<string, string>) => Promise<TestApp>) => void): void {
  describeOnBoth(name, (fresh) => {
    tests(async (environment = {}) => {
      const { databaseUrl } = await fresh();
      return startApp({ ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}), ...environment });
    });
  });
}
