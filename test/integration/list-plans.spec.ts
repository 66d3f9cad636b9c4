import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { migrate, openDataSource } from '../../src/database/index.js';
import { migrations } from '../../src/database/migrations/index.js';
import { BlocksRepository } from '../../src/modules/friends/blocks.repository.js';
import { FriendsRepository } from '../../src/modules/friends/friends.repository.js';
import { SuggestionsRepository } from '../../src/modules/friends/suggestions.repository.js';
import { PeopleRepository, searchStages } from '../../src/modules/people/people.repository.js';
import { describeWithPostgres, type RunningPostgres, startPostgres } from '../support/postgres.js';

const me = personId(1);
function personId(n: number): string {
  return `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}
const id = (n: string) => `('01900000-0000-7000-8000-' || lpad((${n})::text, 12, '0'))::uuid`;

/** Hundred thousand people, 30,000 of them with five friends each; one person with 5,000 friends, 50,000 requests and 1,000 blocks. */
const rows = [
  `INSERT INTO users (id, email, email_key, username, username_key, password_hash, status, first_name, last_name, created_at, activated_at)
   SELECT ${id('n')}, 'u' || n || '@example.org', 'u' || n || '@example.org', 'u' || n, 'u' || n, 'x', 'active', 'First' || n % 1000, 'Last' || n % 5000,
     now() - n * interval '1 second', now() - n * interval '1 second' FROM generate_series(1, 100000) AS n`,
  `INSERT INTO friendships (user_id, friend_id, since)
   SELECT ${id('n')}, ${id('1 + (n + k * 7919) % 100000')}, now() - n * interval '1 second' FROM generate_series(2, 30000) AS n, generate_series(1, 5) AS k
   WHERE n <> 1 + (n + k * 7919) % 100000 ON CONFLICT DO NOTHING`,
  `INSERT INTO friendships (user_id, friend_id, since)
   SELECT ${id('1')}, ${id('n')}, now() - n * interval '1 second' FROM generate_series(2, 5001) AS n ON CONFLICT DO NOTHING`,
  `INSERT INTO friend_requests (id, from_id, to_id, created_at)
   SELECT gen_random_uuid(), ${id('n')}, ${id('1')}, now() - n * interval '1 second' FROM generate_series(50001, 100000) AS n`,
  `INSERT INTO friend_requests (id, from_id, to_id, created_at)
   SELECT gen_random_uuid(), ${id('n')}, ${id('n + 25000')}, now() - n * interval '1 second' FROM generate_series(1, 50000) AS n WHERE n <> 25001 ON CONFLICT DO NOTHING`,
  `INSERT INTO blocks (blocker_id, blocked_id, created_at)
   SELECT ${id('n % 1000 + 1')}, ${id('n')}, now() - n * interval '1 second' FROM generate_series(2000, 100000) AS n`,
];

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  'Actual Loops': number;
  Plans?: Plan[];
}

describeWithPostgres('lists of people among a hundred thousand', () => {
  let postgres: RunningPostgres;
  let source: DataSource;
  const asked: { sql: string; values: unknown[] }[] = [];

  beforeAll(async () => {
    postgres = await startPostgres();
    const databaseUrl = await postgres.createDatabase();
    source = await openDataSource({ databaseUrl, dataDir: '/nonexistent' }, { entities: [], migrations });
    await migrate(source);
    // A session of its own: no time limits, and no foreign keys checked row by row.
    const filler = new pg.Client({ connectionString: databaseUrl });
    await filler.connect();
    for (const sql of ['SET session_replication_role = replica', ...rows, 'ANALYZE']) await filler.query(sql);
    await filler.end();
    const query = source.query.bind(source);
    source.query = (async (sql: string, values: unknown[] = []) => {
      asked.push({ sql, values });
      return query(sql, values);
    }) as typeof source.query;
  }, 120_000);
  afterAll(async () => {
    await source?.destroy();
    await postgres?.stop();
  });

  const flat = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flat)];
  const after = ['2030-01-01 00:00:00+00', personId(5)] as const;
  const paths: [string, number, () => Promise<unknown[]>][] = [
    ['friends', 60, async () => new FriendsRepository(source).friends(me, 51, after)],
    ['requests to me', 60, async () => new FriendsRepository(source).requests(me, 'in', 51, after)],
    ['requests by me', 60, async () => new FriendsRepository(source).requests(me, 'out', 51, after)],
    ['blocks', 60, async () => new BlocksRepository(source).list(me, 51, after)],
    ['suggestions', 12_000, async () => new SuggestionsRepository(source).list(me, 51, null)],
    ['suggestions, the next page', 12_000, async () => new SuggestionsRepository(source).list(me, 51, [1, 0, after[0], after[1]])],
    ...Array.from({ length: searchStages }, (_, stage): [string, number, () => Promise<unknown[]>] => [
      `search, stage ${stage + 1}`,
      400,
      async () =>
        new PeopleRepository(source).search(
          stage,
          me,
          { usernameKey: ['u1', 'first', 'last'][stage]!, typed: ['u1', 'First', 'Last'][stage]! },
          21,
          null,
        ),
    ]),
    [
      'search, the next page',
      400,
      async () => new PeopleRepository(source).search(0, me, { usernameKey: 'u', typed: 'u' }, 21, ['u50000', personId(50_000)]),
    ],
  ];

  it.each(paths)('%s: no scan of a whole table', async (_name, mostRows, look) => {
    asked.length = 0;
    const found = await look();
    expect(found.length).toBeGreaterThan(0);
    const { sql, values } = asked[0]!;
    const [{ 'QUERY PLAN': plans }] = await source.query<[{ 'QUERY PLAN': [{ Plan: Plan }] }]>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
      values,
    );
    const nodes = flat(plans[0].Plan);
    const big = ['users', 'friendships', 'friend_requests', 'blocks'];
    expect(nodes.filter((node) => node['Node Type'] === 'Seq Scan' && big.includes(node['Relation Name'] ?? ''))).toEqual([]);
    const looked = nodes
      .filter((node) => node['Relation Name'] !== undefined)
      .reduce((sum, node) => sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'], 0);
    expect(looked).toBeLessThan(mostRows);
  });
});
