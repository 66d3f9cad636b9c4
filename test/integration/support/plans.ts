import { expect } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { migrate, openDataSource } from '../../../src/database/index.js';
import { migrations } from '../../../src/database/migrations/index.js';
import { entities } from '../../../src/entities.js';
import { type RunningPostgres, startPostgres } from '../../support/postgres.js';

/** The n-th id: they rise with `n`. */
export function rowId(n: number): string {
  return `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}

/** The same as SQL. @param n a whole number or a column */
export const idOf = (n: string) => `('01900000-0000-7000-8000-' || lpad((${n})::text, 12, '0'))::uuid`;

/** SQL: a hundred thousand people, the n-th of them `u<n>`. */
export const people = `INSERT INTO users (id, email, email_key, username, username_key, password_hash, status, first_name, last_name, created_at, activated_at)
  SELECT ${idOf('n')}, 'u' || n || '@example.org', 'u' || n || '@example.org', 'u' || n, 'u' || n, 'x', 'active', 'First' || n % 1000, 'Last' || n % 5000,
    now() - n * interval '1 second', now() - n * interval '1 second' FROM generate_series(1, 100000) AS n`;

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Actual Loops': number;
  Plans?: Plan[];
}

const flat = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flat)];

/** A PostgreSQL full of rows, which says how it finds some of them. */
export class FilledDatabase {
  private constructor(
    private readonly postgres: RunningPostgres,
    readonly source: DataSource,
    private readonly asked: { sql: string; values: unknown[] }[],
  ) {}

  /** @param rows statements that fill it; no foreign keys are checked and no triggers run */
  static async start(rows: readonly string[]): Promise<FilledDatabase> {
    const postgres = await startPostgres();
    const databaseUrl = await postgres.createDatabase();
    const source = await openDataSource({ databaseUrl, dataDir: '/nonexistent' }, { entities, migrations });
    await migrate(source);
    // A session of its own: no time limits.
    const filler = new pg.Client({ connectionString: databaseUrl });
    await filler.connect();
    for (const sql of ['SET session_replication_role = replica', ...rows, 'VACUUM ANALYZE']) await filler.query(sql);
    await filler.end();
    const asked: { sql: string; values: unknown[] }[] = [];
    const createQueryRunner = source.createQueryRunner.bind(source);
    source.createQueryRunner = (...how) => {
      const runner = createQueryRunner(...how);
      const query = runner.query.bind(runner) as (...asking: unknown[]) => Promise<unknown>;
      runner.query = (async (...asking: unknown[]) => {
        asked.push({ sql: asking[0] as string, values: (asking[1] as unknown[] | undefined) ?? [] });
        return query(...asking);
      }) as typeof runner.query;
      return runner;
    };
    return new FilledDatabase(postgres, source, asked);
  }

  async stop(): Promise<void> {
    await this.source.destroy();
    await this.postgres.stop();
  }

  /**
   * Expects that the last statement of `look` reads no table as a whole, but for those in `small`, and fewer than `mostRows` rows.
   * @returns what was found
   */
  async expectShort<T>(look: () => Promise<T>, mostRows: number, small: readonly string[]): Promise<T> {
    this.asked.length = 0;
    const found = await look();
    const { sql, values } = this.asked.at(-1)!;
    const [{ 'QUERY PLAN': plans }] = await this.source.query<[{ 'QUERY PLAN': [{ Plan: Plan }] }]>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
      values,
    );
    const nodes = flat(plans[0].Plan);
    expect(nodes.filter((node) => node['Node Type'] === 'Seq Scan' && !small.includes(node['Relation Name'] ?? ''))).toEqual([]);
    const looked = nodes
      .filter((node) => node['Relation Name'] !== undefined)
      .reduce(
        (sum, node) =>
          sum +
          (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)) *
            node['Actual Loops'],
        0,
      );
    expect(looked).toBeLessThan(mostRows);
    return found;
  }
}
