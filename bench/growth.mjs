import { PlainClient } from './load/chat-client.mjs';
import { runStorm } from './load/connects.mjs';

const calls = 60;

/** Times `call` one after the other. @returns the median in ms */
async function median(call, count = calls) {
  const times = [];
  for (let index = 0; index < count; index++) {
    const began = performance.now();
    await call(index);
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[count >> 1];
}

/** Fills a room up to `total` messages, by SQL. */
async function fill(postgres, room, total) {
  await postgres.ask(
    'parley',
    `WITH room AS (SELECT id, last_seq, position FROM rooms WHERE name_key = $1 FOR UPDATE), made AS (
       INSERT INTO messages (id, room_id, seq, position, created_position, kind, author_id, content, created_at)
       SELECT gen_random_uuid(), r.id, r.last_seq + n, r.position + n, r.position + n, 'text', (SELECT id FROM users WHERE username_key = 'u' || (1 + n % 100)),
         'Message ' || n || ' of a long conversation about nothing in particular', now()
       FROM room r, generate_series(1, $2 - r.last_seq) n)
     UPDATE rooms r SET last_seq = $2, position = room.position + $2 - room.last_seq FROM room WHERE r.id = room.id`,
    [room, total],
  );
  await postgres.ask('parley', 'ANALYZE messages');
}

/** How reads grow with what is stored, joins with the members, and what it takes when everybody comes back at once. */
export async function runGrowth({ postgres, peer, tokens, sizes, storm, sample }) {
  const base = `http://127.0.0.1:${peer.server.port}/api/v1`;
  const headers = { authorization: `Bearer ${tokens[0].token}` };
  const get = async (path) => {
    const response = await fetch(base + path, { headers });
    const body = await response.json();
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(body)}`);
    return body;
  };
  const room = 'r211';
  const rows = [];
  for (const size of sizes) {
    await fill(postgres, room, size);
    const { position, epoch } = (await get(`/rooms/${room}`)).room;
    rows.push({
      size,
      newest: await median(() => get(`/rooms/${room}/messages?limit=50`)),
      middle: await median((index) => get(`/rooms/${room}/messages?limit=50&before=${(size >> 1) + index * 7}`)),
      changes: await median((index) => get(`/rooms/${room}/changes?since=${position - 50 - index}&epoch=${epoch}&limit=50`)),
      rooms: await median(() => get('/rooms?limit=50')),
    });
  }
  return { rows, joins: await joins({ postgres, peer, tokens }), storm: await runStorm(peer, storm, sample) };
}

/** Joining a room of ten and one of ten thousand members. */
async function joins({ postgres, peer, tokens }) {
  await postgres.ask(
    'parley',
    `INSERT INTO users (id, email, email_key, username, username_key, password_hash, status, created_at, activated_at)
     SELECT gen_random_uuid(), 'm' || n || '@example.org', 'm' || n || '@example.org', 'm' || n, 'm' || n, 'x', 'active', now(), now() FROM generate_series(1, 10000) n`,
  );
  const made = [];
  for (const size of [10, 10_000]) {
    const name = `members-${size}`;
    await postgres.ask(
      'parley',
      `WITH room AS (INSERT INTO rooms (id, name, name_key, title, kind, epoch, last_activity_at, created_at, member_count)
         VALUES (gen_random_uuid(), '${name}', '${name}', '${name}', 'public', gen_random_uuid()::text, now(), now(), ${size}) RETURNING id)
       INSERT INTO room_members (room_id, user_id, role, joined_at)
       SELECT room.id, u.id, 'member', now() FROM room, (SELECT id FROM users WHERE username_key LIKE 'm%' ORDER BY id LIMIT ${size}) u`,
    );
    const client = new PlainClient();
    await client.open(peer.server.port, `/ws/?token=${tokens[0].token}`);
    await client.request('room.join', { room: name });
    made.push({ size, ms: await median(() => client.request('room.join', { room: name })) });
    client.close();
  }
  return made;
}
