import { caller, inTurns } from './load/calls.mjs';

/** Rooms of the people whose lists are measured. */
const memberships = [10, 100, 1_000];
const messagesPerRoom = 1_000;
/** Everything is measured in turn, so often: what else the machine does falls on all alike. The first round warms up and does not count. */
const turns = 6;
/** Public rooms that nobody is in: they fill the list of everything. */
const publicRooms = 100_000;

/** A thousand groups with a thousand messages each, every one of them last active at another moment, and public rooms around them. */
async function fill(postgres) {
  const ask = (sql, parameters) => postgres.ask('parley', sql, parameters);
  await ask(
    `INSERT INTO rooms (id, name, name_key, title, kind, epoch, last_seq, position, member_count, last_activity_at, listed_at, created_at)
     SELECT gen_random_uuid(), 'group-' || n, 'group-' || n, 'Group ' || n, 'private', gen_random_uuid()::text, $1::int, $1::int, 20 + $2::int,
       now() - n * interval '97 seconds', now() - n * interval '97 seconds', now() FROM generate_series(1, $3::int) n`,
    [messagesPerRoom, memberships.length, memberships.at(-1)],
  );
  await ask(
    `INSERT INTO rooms (id, name, name_key, title, kind, epoch, last_activity_at, listed_at, created_at)
     SELECT gen_random_uuid(), 'public-' || n, 'public-' || n, 'Public ' || n, 'public', gen_random_uuid()::text,
       now() - n * interval '1 second', now() - n * interval '1 second', now() FROM generate_series(1, $1::int) n`,
    [publicRooms],
  );
  await ask(
    `INSERT INTO room_members (room_id, user_id, role, read_seq, joined_at)
     SELECT r.id, u.id, 'member', $1::int - 7, now() FROM (SELECT id, row_number() OVER (ORDER BY md5(name)) AS n FROM rooms WHERE name LIKE 'group-%') r
     JOIN (SELECT id, substr(username_key, 2)::int AS n FROM users WHERE username_key ~ '^u[0-9]+$') u
       ON (u.n <= $2::int AND r.n <= ($3::int[])[u.n]) OR (u.n > $2::int AND (u.n + r.n) % 97 = 0)`,
    [messagesPerRoom, memberships.length, memberships],
  );
  await ask(
    `INSERT INTO messages (id, room_id, seq, position, created_position, kind, author_id, content, created_at)
     SELECT gen_random_uuid(), r.id, n, n, n, 'text', a.ids[1 + n % 100], 'Message ' || n || ' of a long conversation about nothing in particular', now()
     FROM rooms r, generate_series(1, $1::int) n, (SELECT array_agg(id) AS ids FROM (SELECT id FROM users ORDER BY id LIMIT 100) u) a
     WHERE r.name LIKE 'group-%'`,
    [messagesPerRoom],
  );
  await ask(
    `INSERT INTO mentions (room_id, user_id, seq) SELECT m.room_id, m.user_id, $1::int - 3 FROM room_members m JOIN rooms r ON r.id = m.room_id
     WHERE r.name LIKE 'group-%'`,
    [messagesPerRoom],
  );
  await ask('VACUUM ANALYZE');
}

/**
 * The list of one's rooms and the first page, for people in 10, 100 and 1,000 rooms, and the list of all rooms.
 * @param sample the CPU that server and database have used
 */
export async function runRoomLists({ postgres, peer, tokens, sample, quick }) {
  await fill(postgres);
  const count = quick ? 60 : 200;
  const cells = [];
  for (const [person, size] of memberships.entries()) {
    const get = caller(peer.server.port, tokens[person].token);
    const { counters, chats } = await get('/home');
    if (counters.unreadRooms !== size || chats.some((chat) => chat.unreadCount !== 7 || chat.mentionCount !== 1 || !chat.lastMessage))
      throw new Error(`The first page of somebody in ${size} rooms is wrong: ${JSON.stringify(counters)}`);
    for (const [what, path] of [
      ['GET /rooms?mine=true&limit=10', '/rooms?mine=true&limit=10'],
      ['GET /rooms?mine=true (50 rooms, or all)', '/rooms?mine=true'],
      ['GET /home', '/home'],
      ['GET /rooms (50 rooms)', '/rooms'],
    ])
      cells.push({ size, what, call: () => get(path) });
  }
  return inTurns(cells, sample, { turns, count });
}
