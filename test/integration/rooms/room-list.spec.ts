import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { Principal } from '../../../src/common/principal.js';
import { migrate, openDataSource } from '../../../src/database/index.js';
import { migrations } from '../../../src/database/migrations/index.js';
import { type RoomFilter, RoomList } from '../../../src/modules/rooms/room-list.js';
import { RoomViews } from '../../../src/modules/rooms/room-views.js';
import { describeWithPostgres, type RunningPostgres, startPostgres } from '../../support/postgres.js';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

const member = '01900000-0000-7000-8000-00000000aaaa';
const loner = '01900000-0000-7000-8000-00000000bbbb';
/** Somebody in every room, so that the memberships are many. */
const everywhere = '01900000-0000-7000-8000-00000000cccc';
const person = (userId: string): Principal => ({ kind: 'person', userId, username: 'x', role: 'user', sessionId: userId, expiresAt: 0 });

describeWithPostgres('the list of rooms among 100,000 rooms and 100,000 messages', () => {
  let postgres: RunningPostgres;
  let source: DataSource;
  let list: RoomList;
  let asked: { sql: string; parameters: unknown[] }[] = [];

  beforeAll(async () => {
    postgres = await startPostgres();
    const databaseUrl = await postgres.createDatabase();
    source = await openDataSource({ databaseUrl, dataDir: '/nonexistent' }, { entities: [], migrations });
    await migrate(source);
    // A session of its own: no time limits.
    const filler = new pg.Client({ connectionString: databaseUrl });
    await filler.connect();
    await filler.query(
      `INSERT INTO users (id, email, email_key, username, username_key, password_hash, status, created_at, activated_at)
       SELECT id, id::text, id::text, left(id::text, 32), id::text, 'x', 'active', now(), now() FROM unnest($1::uuid[]) AS id`,
      [[member, loner, everywhere]],
    );
    await filler.query(
      `INSERT INTO rooms (id, name, name_key, title, kind, guests_allowed, archived_at, epoch, last_seq, position, member_count, last_activity_at, listed_at, created_at)
       SELECT gen_random_uuid(), 'room-' || n, 'room-' || n, 'Room ' || n, CASE WHEN n % 2 = 0 THEN 'public' ELSE 'private' END, n % 10 = 0,
         CASE WHEN n % 50 IN (8, 9) THEN now() END, 'e', 1, 1, 1, at + (n % 9) * interval '1 second', at, at
       FROM (SELECT n, now() - n * interval '1 second' AS at FROM generate_series(1, 100000) n) rows`,
    );
    await filler.query(
      `INSERT INTO messages (id, room_id, seq, position, created_position, kind, author_id, content, created_at)
       SELECT gen_random_uuid(), id, 1, 1, 1, 'text', $1, name, now() FROM rooms WHERE name LIKE 'room-%'`,
      [member],
    );
    await filler.query(
      `INSERT INTO room_members (room_id, user_id, role, joined_at)
       SELECT id, $1::uuid, 'member', now() FROM rooms WHERE name LIKE 'room-%' AND substr(name, 6)::int % 100 < 1
       UNION ALL SELECT id, $2::uuid, 'member', now() FROM rooms WHERE name IN ('room-77', 'room-99998')
       UNION ALL SELECT id, $3::uuid, 'member', now() FROM rooms`,
      [member, loner, everywhere],
    );
    await filler.query('VACUUM ANALYZE');
    await filler.end();
    const watched = {
      query: async (sql: string, parameters: unknown[]) => {
        asked.push({ sql, parameters });
        return source.query<unknown[]>(sql, parameters);
      },
    } as DataSource;
    const nobody = { loadMany: async () => new Map(), count: () => 0 };
    const views = Object.assign(Object.create(RoomViews.prototype) as RoomViews, {
      dataSource: watched,
      users: nobody,
      presence: nobody,
      blocks: { blockedBy: () => undefined },
    });
    list = new RoomList(watched, views);
  }, 240_000);
  afterAll(async () => {
    await source.destroy();
    await postgres.stop();
  });

  /** Rows that a statement touched, with those that a filter dropped. */
  async function touched({ sql, parameters }: (typeof asked)[number]): Promise<{ rows: number; scans: string[] }> {
    const [{ 'QUERY PLAN': plans }] = await source.query<[{ 'QUERY PLAN': [{ Plan: PlanNode }] }]>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
      parameters,
    );
    let rows = 0;
    const scans: string[] = [];
    const walk = (node: PlanNode) => {
      if (node['Relation Name'] !== undefined) {
        rows += (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
        if (node['Node Type'] === 'Seq Scan' && node['Relation Name'] !== 'room_bans' && node['Relation Name'] !== 'mentions')
          scans.push(node['Relation Name']);
      }
      node.Plans?.forEach(walk);
    };
    walk(plans[0].Plan);
    return { rows, scans };
  }

  async function everything(principal: Principal, filter: RoomFilter, pages: number): Promise<string[]> {
    const names: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < pages; page++) {
      const { items, nextCursor } = await list.page(principal, filter, 100, cursor);
      names.push(...items.map(({ name }) => name));
      if (nextCursor === null) break;
      cursor = nextCursor;
    }
    return names;
  }

  const lists: [string, Principal, RoomFilter][] = [
    ['all that a person may see', person(member), { mine: false, archived: false }],
    ['all, for somebody in two rooms', person(loner), { mine: false, archived: false }],
    ['public ones', person(member), { mine: false, archived: false, kind: 'public' }],
    ['archived ones', person(member), { mine: false, archived: true }],
    ['what guests may see', { kind: 'guest' }, { mine: false, archived: false }],
    ['one’s own thousand', person(member), { mine: true, archived: false }],
    ['one’s own two', person(loner), { mine: true, archived: false }],
  ];

  it.each(lists)('reads by indexes what a page needs: %s', async (_name, principal, filter) => {
    asked = [];
    await everything(principal, filter, 3);
    for (const statement of asked) {
      const { rows, scans } = await touched(statement);
      expect(scans).toEqual([]);
      expect(rows).toBeLessThan(6_000);
    }
  });

  it.each(lists)('is in the order of the last message, page after page without a hole: %s', async (_name, principal, filter) => {
    const rows = await source.query<{ name: string }[]>(
      `SELECT r.name FROM rooms r LEFT JOIN room_members m ON m.room_id = r.id AND m.user_id = $1
       WHERE ${filter.mine ? 'm.user_id IS NOT NULL' : `(r.kind = 'public' OR m.user_id IS NOT NULL)`}
         AND r.archived_at IS ${filter.archived ? 'NOT' : ''} NULL ${filter.kind ? `AND r.kind = '${filter.kind}'` : ''}
         ${principal.kind === 'guest' ? 'AND r.guests_allowed' : ''}
       ORDER BY r.last_activity_at DESC, r.id DESC LIMIT 500`,
      [principal.kind === 'person' ? principal.userId : null],
    );
    expect(await everything(principal, filter, 5)).toEqual(rows.map(({ name }) => name));
  });

  it('shows the latest rooms and counts the unread ones without looking at other people’s', async () => {
    asked = [];
    const owner = person(member);
    const { items } = await list.page(owner, { mine: true, archived: false }, 3);
    asked = [];
    const latest = owner.kind === 'person' ? await list.latest(owner, 3) : null;
    expect(latest).toEqual({ items, unreadRooms: 1_000 });
    const { rows, scans } = await touched(asked[0]!);
    expect(scans).toEqual([]);
    expect(rows).toBeLessThan(4_000);
  });
});
