import { setTimeout as sleep } from 'node:timers/promises';
import { caller } from './load/calls.mjs';

const sizes = [1_000, 10_000, 100_000];

/** Gives somebody messages in a room, by SQL. */
async function fill(postgres, { id }, count) {
  await postgres.ask(
    'parley',
    `WITH room AS (SELECT id, last_seq, position FROM rooms WHERE name_key = 'r1' FOR UPDATE), made AS (
       INSERT INTO messages (id, room_id, seq, position, created_position, kind, author_id, content, created_at)
       SELECT gen_random_uuid(), r.id, r.last_seq + n, r.position + n, r.position + n, 'text', $1,
         'Message ' || n || ' of a long conversation: ' || md5(n::text), now() FROM room r, generate_series(1, $2::int) n)
     UPDATE rooms r SET last_seq = r.last_seq + $2, position = r.position + $2 FROM room WHERE r.id = room.id`,
    [id, count],
  );
}

/**
 * Archives of people who wrote a thousand, ten thousand and a hundred thousand messages, each made and downloaded once.
 * @returns per person seconds, CPU seconds of server and database, the archive's bytes and memory of the server in kB (before, and at its highest)
 */
export async function runExports({ postgres, peer, tokens, sample }) {
  for (const [index, size] of sizes.entries()) await fill(postgres, tokens[index], size);
  await postgres.ask('parley', 'VACUUM ANALYZE');
  // An index that does not lag behind: the archive alone is measured.
  await postgres.ask(
    'parley',
    'INSERT INTO search_rooms (room_id, position) SELECT id, position FROM rooms ON CONFLICT (room_id) DO UPDATE SET position = excluded.position',
  );
  await peer.house.down();
  await peer.house.up();
  const { server } = peer;
  const rows = [];
  for (const [index, size] of sizes.entries()) {
    const call = caller(server.port, tokens[index].token);
    const resident = await server.resident();
    server.forgetPeak();
    const before = await sample();
    const began = performance.now();
    await call('/users/me/export', { method: 'POST' });
    let state;
    do {
      await sleep(20);
      state = (await call('/users/me/export')).export;
      if (state.status === 'failed') throw new Error('The archive could not be made.');
    } while (state.status !== 'ready');
    const made = (performance.now() - began) / 1_000;
    const { url } = await call('/users/me/export/url', { method: 'POST' });
    const archive = await fetch(new URL(new URL(url).pathname + new URL(url).search, `http://127.0.0.1:${server.port}`));
    let bytes = 0;
    for await (const chunk of archive.body) bytes += chunk.length;
    if (!archive.ok || bytes === 0) throw new Error(`The archive cannot be downloaded: ${archive.status}.`);
    const after = await sample();
    rows.push({
      size,
      bytes,
      made,
      downloaded: (performance.now() - began) / 1_000 - made,
      app: after.app - before.app,
      database: after.database - before.database,
      before: resident,
      peak: server.peak(),
    });
  }
  return rows;
}
