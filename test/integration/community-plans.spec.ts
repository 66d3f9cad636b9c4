import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { AdminListsRepository } from '../../src/modules/moderation/admin-lists.repository.js';
import { CommentsRepository } from '../../src/modules/posts/comments.repository.js';
import { MarksRepository } from '../../src/modules/posts/marks.repository.js';
import { PostsRepository } from '../../src/modules/posts/posts.repository.js';
import { TagsRepository } from '../../src/modules/posts/tags.repository.js';
import { type Question, SearchRepository } from '../../src/modules/search/search.repository.js';
import { describeWithPostgres } from '../support/postgres.js';
import { FilledDatabase, idOf as id, people, rowId } from './support/plans.js';

const me = rowId(1);
const room = rowId(7);
/** Everybody likes it and comments on it. */
const post = rowId(77_777);
const rarely = 'n % 1000 = 0';
/** Words of row `n`. */
const words = `array_to_tsvector(ARRAY['always', CASE WHEN ${rarely} THEN 'seldom' ELSE 'mostly' END, CASE WHEN n % 10000 = 1 THEN 'hapax' ELSE 'word' || n % 5000 END])`;
/** The topics that are there from the beginning have ids of their own. */
const tagId = id('n + 1000000');

/**
 * A hundred thousand posts of a hundred people, each with a tag of its own and a common or a rare one; comments and likes of one post;
 * messages of a public room; reports, acts and the words of everything.
 */
const rows = [
  people,
  `UPDATE users SET role = 'moderator' WHERE id <= ${id('20')}`,
  `UPDATE users SET muted_until = now() + interval '1 day' WHERE username_key LIKE 'u500_'`,
  `INSERT INTO rooms (id, name, name_key, title, kind, epoch, last_activity_at, listed_at, created_at)
   SELECT ${id('n')}, 'hall-' || n, 'hall-' || n, 'Hall', 'public', 'e', now(), now(), now() FROM generate_series(2, 100000) AS n`,
  `INSERT INTO messages (id, room_id, seq, position, created_position, kind, author_id, content, created_at)
   SELECT ${id('n')}, ${id('7')}, n, n, n, 'text', ${id('1 + n % 100')}, 'x', now() FROM generate_series(1, 100000) AS n`,
  `INSERT INTO posts (id, author_id, title, content, created_at) SELECT ${id('n')}, ${id('1 + n % 100')}, 'Post', 'x', now() FROM generate_series(1, 100000) AS n`,
  `INSERT INTO tags (id, name, name_key, post_count) SELECT ${tagId}, 'tag' || n, 'tag' || n, 1 + n % 1000 FROM generate_series(1, 100000) AS n`,
  `INSERT INTO post_tags (post_id, tag_id, place) SELECT ${id('n')}, ${tagId}, 0 FROM generate_series(1, 100000) AS n`,
  `INSERT INTO post_tags (post_id, tag_id, place)
   SELECT ${id('n')}, (SELECT id FROM tags WHERE name_key = CASE WHEN ${rarely} THEN 'calm' ELSE 'nature' END), 1 FROM generate_series(1, 100000) AS n`,
  `INSERT INTO comments (id, post_id, author_id, content, created_at) SELECT ${id('n')}, '${post}', ${id('n')}, 'x', now() FROM generate_series(1, 100000) AS n`,
  `INSERT INTO post_likes (post_id, user_id, created_at) SELECT '${post}', ${id('n')}, now() - n * interval '1 second' FROM generate_series(1, 100000) AS n`,
  `INSERT INTO reports (id, kind, subject_id, reporter_id, reason, content, status, created_at)
   SELECT ${id('n')}, CASE WHEN ${rarely} THEN 'room' ELSE 'message' END, ${id('n')}, ${id('1 + n % 100')}, 'rude', 'x', CASE WHEN n % 500 = 1 THEN 'open' ELSE 'dismissed' END, now()
   FROM generate_series(1, 100000) AS n`,
  `INSERT INTO audit_log (id, actor_id, action, subject_kind, subject_id, at)
   SELECT ${id('n')}, ${id('1 + n % 10')}, 'report.decided', 'report', ${id('n')}, now() FROM generate_series(1, 100000) AS n`,
  `INSERT INTO message_words (message_id, room_id, words)
   SELECT ${id('n')}, ${id('7')}, ${words} FROM generate_series(1, 100000) AS n`,
  ...['post', 'person', 'room', 'tag'].map(
    (kind) =>
      `INSERT INTO document_words (kind, id, words)
       SELECT '${kind}', ${kind === 'tag' ? tagId : id('n')}, ${words} FROM generate_series(1, 100000) AS n`,
  ),
];

/** Tables with hardly a row. */
const small = ['room_members', 'room_bans', 'blocks', 'post_links'];

const asks = (word: string): Question => [{ term: { word, prefix: true, forgiving: false }, meanings: [word] }];

describeWithPostgres('feeds, searches and the administration among a hundred thousand', () => {
  let database: FilledDatabase;
  let source: DataSource;

  beforeAll(async () => {
    database = await FilledDatabase.start(rows);
    ({ source } = database);
  }, 300_000);
  afterAll(async () => database?.stop());

  const posts = () => new PostsRepository(source);
  const admin = () => new AdminListsRepository(source);
  const search = () => new SearchRepository(source);
  const reader = { userId: me, blocked: [rowId(5)] };
  const middle = rowId(50_000);
  const everybody = { authors: null, tag: null, without: [rowId(5)] };
  const paths: [string, number, () => Promise<unknown[]>][] = [
    ['the feed', 200, async () => posts().feed(everybody, 21, null)],
    ['the feed, far back', 200, async () => posts().feed(everybody, 21, middle)],
    ['posts of some authors', 600, async () => posts().feed({ ...everybody, authors: [2, 3, 4, 5].map(rowId) }, 21, middle)],
    ['posts with a common tag', 300, async () => posts().feed({ ...everybody, tag: 'nature' }, 21, middle)],
    ['posts with a rare tag', 500, async () => posts().feed({ ...everybody, tag: 'calm' }, 21, null)],
    ['comments', 60, async () => new CommentsRepository(source).page(post, null, 51, middle, [rowId(5)])],
    ['who likes a post', 60, async () => new MarksRepository(source).likers(post, 51, null, [rowId(5)])],
    ['tags', 60, async () => new TagsRepository(source).list(undefined, 50)],
    ['tags by a common beginning', 200, async () => new TagsRepository(source).list('tag', 50)],
    ['tags by a rare beginning', 300, async () => new TagsRepository(source).list('tag77777', 50)],
    ['messages with a common word', 300, async () => search().messages(asks('alw'), reader, null, 21, middle)],
    // What each thousandth has is found by walking down, too: page by page as far, however much there is.
    ['messages with a word that each thousandth has', 45_000, async () => search().messages(asks('seldom'), reader, null, 21, null)],
    ['messages with a rare word', 500, async () => search().messages(asks('hapax'), reader, null, 21, null)],
    ['messages of a room', 500, async () => search().messages(asks('hapax'), reader, room, 21, null)],
    ...(['post', 'person', 'room', 'tag'] as const).flatMap((kind): [string, number, () => Promise<unknown[]>][] => [
      [
        `a common word, kind ${kind}`,
        700,
        async () => search().documents(kind, asks('alw'), reader, 21, kind === 'tag' ? rowId(1_050_000) : middle),
      ],
      [`a word that each thousandth has, kind ${kind}`, 25_000, async () => search().documents(kind, asks('seldom'), reader, 21, null)],
      [`a rare word, kind ${kind}`, 500, async () => search().documents(kind, asks('hapax'), reader, 21, null)],
    ]),
    ['accounts', 60, async () => admin().users({}, 51, middle)],
    ['accounts by the beginning of a name', 250, async () => admin().users({ query: 'u' }, 51, null)],
    ['accounts by the beginning of a name, the next page', 250, async () => admin().users({ query: 'u' }, 51, middle)],
    ['moderators', 60, async () => admin().users({ role: 'moderator' }, 51, null)],
    ['muted people', 60, async () => admin().users({ sanctioned: 'muted' }, 51, null)],
    ['rooms', 60, async () => admin().rooms(undefined, 51, middle)],
    ['rooms by the beginning of a name', 60, async () => admin().rooms('hall', 51, null)],
    ['rooms by the beginning of a name, the next page', 60, async () => admin().rooms('hall', 51, middle)],
    ['messages', 150, async () => admin().messageIds(null, 51, middle)],
    ['messages of an author', 6_000, async () => admin().messageIds(rowId(9), 51, null)],
    ['posts for moderators', 60, async () => admin().postIds(null, 51, middle)],
    ['posts of an author', 60, async () => admin().postIds(rowId(9), 51, middle)],
    ['reports', 60, async () => admin().reports('open', undefined, 51, null)],
    ['reports of a kind', 400, async () => admin().reports('dismissed', 'room', 51, null)],
    ['the log', 60, async () => admin().audit(null, 51, middle)],
    ['what one moderator did', 700, async () => admin().audit(rowId(3), 51, middle)],
  ];

  it.each(paths)('%s: no scan of a whole table', async (_name, mostRows, look) => {
    expect((await database.expectShort(look, mostRows, small)).length).toBeGreaterThan(0);
  });

  it('accounts and rooms by the beginning of a name come page by page, each once and in order', async () => {
    const names: string[] = [];
    for (let beyond: string | null = null; ;) {
      const found = await admin().users({ query: 'u777' }, 30, beyond);
      names.push(...found.map((user) => user.username));
      beyond = found.at(-1)?.id ?? null;
      if (found.length < 30) break;
    }
    const expected = Array.from({ length: 100_000 }, (_, n) => `u${n + 1}`).filter((name) => name.startsWith('u777'));
    expect(names).toEqual(expected.sort());
    const halls: string[] = [];
    for (let beyond: string | null = null; ;) {
      const found = await admin().rooms('hall-9999', 4, beyond);
      halls.push(...found.map(({ name }) => name));
      beyond = found.at(-1)?.id ?? null;
      if (found.length < 4) break;
    }
    expect(halls).toEqual([9999, ...Array.from({ length: 10 }, (_, n) => 99990 + n)].map((n) => `hall-${n}`));
  });

  it('an account whose email alone begins like the text is found after those whose name does', async () => {
    await source.query(`UPDATE users SET email = 'u500@elsewhere.example', email_key = 'u500@elsewhere.example' WHERE username_key = 'u9'`);
    const pages = [await admin().users({ query: 'u500@' }, 5, null), await admin().users({ query: 'u500' }, 200, null)];
    expect(pages[0]!.map((user) => user.username)).toEqual(['u9', 'u500']);
    expect(pages[1]!.at(-1)!.username).toBe('u9');
    expect((await admin().users({ query: 'u500@' }, 5, pages[0]![0]!.id)).map((user) => user.username)).toEqual(['u500']);
  });
});
