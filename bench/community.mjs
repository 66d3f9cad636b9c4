import { caller, inTurns } from './load/calls.mjs';

/** Everything is measured in turn, so often; the first turn does not count. */
const turns = 4;
/** Rooms with messages; every other one is private, and the reader is in none of those. */
const rooms = 100;
/** People who write; there are as many more as there are rows. */
const writers = 10_000;
/** One of them wrote a tenth of everything. */
const busiest = 5;

/** Ids that rise with `n` as those of the server do with time, and are older than what the server makes meanwhile. */
const idOf = (kind, n) =>
  `(lpad(to_hex(1700000000000 + (${n})::bigint * 1000), 12, '0') || '70008' || '${kind}00' || lpad(to_hex((${n})::bigint), 12, '0'))::uuid`;
const person = (n) => idOf('1', n);
/** A number as a word of letters: four of them below ten thousand. */
const word = (first, n, digits) => `('${first}' || translate(lpad((${n})::text, ${digits}, '0'), '0123456789', 'abcdefghij'))`;
/** A text of row `n`: a word that each 20th has, one that each 1,000th has, and one of a hundred thousand. */
const text = `'long talk of ' || ${word('w', 'n % 20', 3)} || ' with ' || ${word('v', 'n % 1000', 4)} || ' beside ' || ${word('z', 'n * 7919 % 100000', 6)}`;
const author = person(`CASE WHEN n % 10 = 0 THEN ${busiest} ELSE 1 + n * 7919 % ${writers} END`);
const wordsOf = (column) => `array_to_tsvector(ARRAY(SELECT DISTINCT unnest(string_to_array(lower(${column}), ' '))))`;
const time = `to_timestamp(1700000000 + n)`;

/** Fills every table from the row after `from` up to row `to`; what follows from changes (the index of the search) is filled here, too. */
function rowsSql(from, to) {
  const numbers = `generate_series(${from + 1}::bigint, ${to}) AS n`;
  return [
    // No foreign keys checked row by row, and no notes for the indexer.
    'SET session_replication_role = replica',
    `INSERT INTO users (id, email, email_key, username, username_key, password_hash, role, status, first_name, last_name, created_at, activated_at, muted_until)
     SELECT ${person('n')}, e, e, 'p' || n, 'p' || n, 'x', CASE WHEN n <= 20 THEN 'moderator' ELSE 'user' END, 'active', ${word('f', 'n % 1000', 4)}, ${word('l', 'n % 5000', 4)},
       ${time}, ${time}, CASE WHEN n % 5000 = 0 THEN now() + interval '1 day' END FROM ${numbers}, LATERAL (SELECT 'p' || n || '@example.org' AS e) x`,
    `INSERT INTO rooms (id, name, name_key, title, kind, epoch, last_activity_at, listed_at, created_at)
     SELECT ${idOf('2', 'n')}, 'hall-' || n, 'hall-' || n, ${text}, CASE WHEN n <= ${rooms} AND n % 2 = 0 THEN 'private' ELSE 'public' END, 'e', ${time}, ${time}, ${time} FROM ${numbers}`,
    `INSERT INTO messages (id, room_id, seq, position, created_position, kind, author_id, content, created_at)
     SELECT ${idOf('3', 'n')}, ${idOf('2', `1 + n % ${rooms}`)}, s, s, s, 'text', ${author}, ${text}, ${time} FROM ${numbers}, LATERAL (SELECT 1 + (n - 1) / ${rooms} AS s) x`,
    `UPDATE rooms SET last_seq = ${Math.ceil(to / rooms)}, position = ${Math.ceil(to / rooms)} WHERE id <= ${idOf('2', rooms)}`,
    `INSERT INTO search_rooms (room_id, position) SELECT id, position FROM rooms WHERE id <= ${idOf('2', rooms)} ON CONFLICT (room_id) DO UPDATE SET position = excluded.position`,
    `INSERT INTO posts (id, author_id, title, content, created_at) SELECT ${idOf('4', 'n')}, ${author}, 'Post ' || n, ${text}, ${time} FROM ${numbers}`,
    `INSERT INTO tags (id, name, name_key, post_count) SELECT ${idOf('5', 'n')}, t, t, 1 FROM ${numbers}, LATERAL (SELECT ${word('t', 'n', 7)} AS t) x`,
    // Each post has a tag of its own, and one topic of the ten; every thousandth the rare one.
    `INSERT INTO post_tags (post_id, tag_id, place) SELECT ${idOf('4', 'n')}, ${idOf('5', 'n')}, 0 FROM ${numbers}`,
    `INSERT INTO post_tags (post_id, tag_id, place) SELECT ${idOf('4', 'n')}, (SELECT id FROM tags WHERE name_key = CASE WHEN n % 1000 = 0 THEN 'calm' ELSE 'nature' END), 1 FROM ${numbers}`,
    `INSERT INTO reports (id, kind, subject_id, owner_id, reporter_id, reason, content, status, created_at)
     SELECT ${idOf('6', 'n')}, (ARRAY['message', 'post', 'comment', 'person', 'message'])[1 + (n % 5)::int], ${idOf('3', 'n')}, ${author}, ${person(`1 + n % ${writers}`)}, 'rude', 'x',
       CASE WHEN n % 1000 = 0 THEN 'open' ELSE 'dismissed' END, ${time} FROM ${numbers}`,
    `INSERT INTO audit_log (id, actor_id, action, subject_kind, subject_id, at)
     SELECT ${idOf('7', 'n')}, ${person('1 + n % 10')}, 'report.decided', 'report', ${idOf('6', 'n')}, ${time} FROM ${numbers}`,
    `INSERT INTO message_words (message_id, room_id, words) SELECT id, room_id, ${wordsOf('content')} FROM messages WHERE id > ${idOf('3', from)}`,
    `INSERT INTO document_words (kind, id, words) SELECT 'post', id, ${wordsOf(`title || ' ' || content`)} FROM posts WHERE id > ${idOf('4', from)}`,
    `INSERT INTO document_words (kind, id, words) SELECT 'person', id, ${wordsOf(`username || ' ' || first_name || ' ' || last_name`)} FROM users WHERE id > ${person(from)} AND username_key LIKE 'p%'`,
    `INSERT INTO document_words (kind, id, words) SELECT 'room', id, ${wordsOf(`replace(name, '-', ' ') || ' ' || title`)} FROM rooms WHERE id > ${idOf('2', from)} AND name_key LIKE 'hall-%'`,
    `INSERT INTO document_words (kind, id, words) SELECT 'tag', id, ${wordsOf('name')} FROM tags WHERE id > ${idOf('5', from)} AND NOT is_default`,
    `INSERT INTO search_words (word, trigrams) SELECT w, ARRAY(SELECT DISTINCT substr('  ' || w || ' ', i, 3) FROM generate_series(1, length(w) + 1) i)
     FROM (SELECT DISTINCT unnest(tsvector_to_array(words)) AS w FROM message_words WHERE message_id > ${idOf('3', from)}) x WHERE w ~ '^[a-z]{4,32}$' ON CONFLICT DO NOTHING`,
  ].join(';\n');
}

/** The reader: the first of the seeded people, with 500 friends and 100 people blocked, who is an admin, too. */
const readerSql = [
  `UPDATE users SET role = 'admin' WHERE username_key = 'u1'`,
  `INSERT INTO friendships (user_id, friend_id, since) SELECT me.id, u.id, now() FROM users me, users u WHERE me.username_key = 'u1' AND u.id BETWEEN ${person(101)} AND ${person(600)}`,
  `INSERT INTO friendships (user_id, friend_id, since) SELECT friend_id, user_id, since FROM friendships`,
  `INSERT INTO blocks (blocker_id, blocked_id, created_at) SELECT me.id, u.id, now() FROM users me, users u WHERE me.username_key = 'u1' AND u.id BETWEEN ${person(1_001)} AND ${person(1_100)}`,
].join(';\n');

/** What is asked, and how many things are found at least. */
const calls = [
  ['Feed of everybody', '/posts', 20],
  ['… far back', (middle) => `/posts?cursor=${middle}`, 20],
  ['Feed of 500 friends', '/posts?feed=friends', 20],
  ['Posts of an author with a tenth of all', `/posts?author=p${busiest}`, 20],
  ['Posts with a tag that nearly all have', '/posts?tag=nature', 20],
  ['Posts with a tag that each 1,000th has', '/posts?tag=calm', 10],
  ['Tags by their beginning: all', '/tags?query=t', 10],
  ['… a hundred', '/tags?query=taaaaa', 10],
  ['Search of messages: a word that all have', '/search?kind=messages&q=beside', 20],
  ['… that each 20th has', '/search?kind=messages&q=waac', 20],
  ['… that each 1,000th has', '/search?kind=messages&q=vabbc', 5],
  ['… two words, each 1,000th has both', '/search?kind=messages&q=beside+vabce', 5],
  ['… nobody has, by what is like it', '/search?kind=messages&q=vabbx', 5],
  ['Search of posts: a word that all have', '/search?kind=posts&q=beside', 20],
  ['… that each 1,000th has', '/search?kind=posts&q=vabbc', 10],
  ['Search of people: a name that each 1,000th has', '/search?kind=people&q=fabcd', 10],
  ['Search of rooms: a word that each 1,000th has', '/search?kind=rooms&q=vabce', 10],
  ['Search of tags by their beginning', '/search?kind=tags&q=taaaaa', 10],
  ['Search of everything', '/search?q=vabce', 10],
  ['People by the beginning of their names', '/users?query=fab', 20],
  ['Admin: accounts', '/admin/users', 50],
  ['… by the beginning of a name', '/admin/users?query=p77', 50],
  ['… of moderators', '/admin/users?role=moderator', 20],
  ['… muted', '/admin/users?sanctioned=muted', 2],
  ['Admin: rooms', '/admin/rooms', 50],
  ['… by the beginning of a name', '/admin/rooms?query=hall-77', 50],
  ['Admin: messages', '/admin/messages', 50],
  ['… of an author', '/admin/messages?author=p77', 0],
  ['Admin: posts', '/admin/posts', 50],
  ['Admin: open reports', '/admin/reports', 10],
  ['… of people, dismissed', '/admin/reports?status=dismissed&kind=person', 50],
  ['… of rooms: none', '/admin/reports?status=dismissed&kind=room', 0],
  ['Admin: log', '/admin/audit', 50],
  ['… of one moderator', '/admin/audit?actor=p3', 50],
];

/**
 * Feeds, searches and the lists of the administration, with every table at each of the sizes.
 * @param sizes rows of each table, rising
 * @returns per size and call p50, p99 in ms and the CPU of server and database per call in µs
 */
export async function runCommunity({ postgres, peer, tokens, sample, sizes, quick }) {
  const measured = [];
  let filled = 0;
  for (const size of sizes) {
    await peer.house.down();
    await postgres.ask('parley', rowsSql(filled, size));
    if (filled === 0) await postgres.ask('parley', readerSql);
    await postgres.ask('parley', 'VACUUM ANALYZE');
    filled = size;
    await peer.house.up();
    const get = caller(peer.server.port, tokens[0].token);
    const [{ middle }] = await postgres.ask('parley', `SELECT ${idOf('4', size >> 1)} AS middle`);
    const cursor = Buffer.from(JSON.stringify([middle])).toString('base64url');
    const cells = [];
    for (const [what, address, least] of calls) {
      const path = typeof address === 'function' ? address(cursor) : address;
      const { items } = await get(path);
      if (items.length < least) throw new Error(`${path} found ${items.length} of ${size} rows, not ${least}.`);
      cells.push({ what, size, call: () => get(path) });
    }
    measured.push(...(await inTurns(cells, sample, { turns, count: quick ? 30 : 100 })));
  }
  return calls.flatMap(([what], index) => sizes.map((_, at) => ({ ...measured[at * calls.length + index], what })));
}
