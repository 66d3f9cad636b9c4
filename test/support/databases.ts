import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';
import { migrate, openDataSource } from '../../src/database/index.js';
import { migrations } from '../../src/database/migrations/index.js';
import { describeOnBoth } from '../integration/database/support/databases.js';

/** The same tests on the embedded database and on a real PostgreSQL, with the schema brought up to date. */
export function eachDatabase(name: string, tests: (open: (entities: EntityTarget<ObjectLiteral>[]) => Promise<DataSource>) => void): void {
  describeOnBoth(name, (fresh) => {
    tests(async (entities) => {
      const source = await openDataSource(await fresh(), { entities: entities as never, migrations });
      await migrate(source);
      return source;
    });
  });
}
