import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { AlbumsRepository } from '../../src/modules/albums/albums.repository.js';
import { SessionsRepository } from '../../src/modules/auth/sessions/sessions.repository.js';
import { AvatarsRepository } from '../../src/modules/avatars/avatars.repository.js';
import { BlocksRepository } from '../../src/modules/friends/blocks.repository.js';
import { FriendsRepository } from '../../src/modules/friends/friends.repository.js';
import { SuggestionsRepository } from '../../src/modules/friends/suggestions.repository.js';
import { mediaSql } from '../../src/modules/messages/room-media.js';
import { NotificationsRepository } from '../../src/modules/notifications/notifications.repository.js';
import { PeopleRepository, searchStages } from '../../src/modules/people/people.repository.js';
import { InvitationsRepository } from '../../src/modules/rooms/invitations/invitations.repository.js';
import { RoomsRepository } from '../../src/modules/rooms/rooms.repository.js';
import { PersonalFeed } from '../../src/modules/users/personal-feed.js';
import { describeWithPostgres } from '../support/postgres.js';
import { FilledDatabase, idOf as id, people, rowId as personId } from './support/plans.js';

const me = personId(1);
/** Everybody is a member of it, and half of them are banned from it. */
const room = personId(7);
const album = personId(8);

/**
 * Hundred thousand people, 30,000 of them with five friends each; one person with 5,000 friends, 50,000 requests and 1,000 blocks; and a hundred
 * thousand of everything else that is listed, half of it that person's or one room's.
 */
const rows = [
  people,
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
  `INSERT INTO rooms (id, name, name_key, title, kind, epoch, last_activity_at, listed_at, created_at)
   SELECT ${id('n')}, 'r' || n, 'r' || n, 'r', 'private', 'e', now(), now(), now() FROM generate_series(7, 9) AS n`,
  `INSERT INTO room_members (room_id, user_id, role, joined_at)
   SELECT ${id('7')}, ${id('n')}, 'member', now() - n * interval '1 second' FROM generate_series(1, 100000) AS n`,
  `INSERT INTO room_bans (room_id, user_id, banned_by, created_at)
   SELECT ${id('7 + n % 2')}, ${id('n')}, ${id('1')}, now() - n * interval '1 second' FROM generate_series(1, 100000) AS n`,
  `INSERT INTO room_invitations (id, room_id, code_hash, created_by, created_at, expires_at)
   SELECT gen_random_uuid(), ${id('7 + n % 2')}, decode(md5(n::text), 'hex'), ${id('1')}, now(), now() + interval '1 day' FROM generate_series(1, 100000) AS n`,
  `INSERT INTO messages (id, room_id, seq, position, created_position, kind, author_id, content, attachments, created_at)
   SELECT gen_random_uuid(), ${id('7')}, n, n, n, 'text', ${id('1')}, 'x',
     CASE WHEN n % 1000 = 0 THEN '[{"kind": "image"}]'::jsonb WHEN n % 2 = 0 THEN '[{"kind": "file"}]'::jsonb END, now() FROM generate_series(1, 100000) AS n`,
  `INSERT INTO notifications (id, user_id, kind, group_key, count, actors, data, mail_pending, created_at, updated_at, read_at)
   SELECT gen_random_uuid(), ${id('1 + n % 2')}, 'friend-request', 'k' || n, 1, '{}', '{}', false, now(), now() - n * interval '1 second',
     CASE WHEN n % 500 > 1 THEN now() END FROM generate_series(1, 100000) AS n`,
  `INSERT INTO personal_heads (user_id, position) SELECT ${id('n')}, 50000 FROM generate_series(1, 100000) AS n`,
  `INSERT INTO suggestion_hides (user_id, hidden_id, created_at) SELECT ${id('n % 1000')}, ${id('n')}, now() FROM generate_series(5002, 100000) AS n`,
  `INSERT INTO personal_changes (user_id, subject, subject_id, position)
   SELECT ${id('1 + n % 2')}, 'friend', n::text, 1 + n / 2 FROM generate_series(1, 100000) AS n`,
  `INSERT INTO avatars (id, user_id, image, active, created_at)
   SELECT gen_random_uuid(), ${id('1 + n % 2')}, '{}', false, now() FROM generate_series(1, 100000) AS n`,
  `INSERT INTO albums (id, owner_id, name, visibility, photo_count, created_at)
   SELECT ${id('n')}, ${id('1 + n / 200')}, 'a', CASE WHEN n % 50 = 0 THEN 'everyone' ELSE 'me' END, 0, now() FROM generate_series(1, 100000) AS n`,
  `INSERT INTO photos (id, album_id, owner_id, image, created_at)
   SELECT gen_random_uuid(), ${id('1 + n % 199')}, ${id('1')}, '{}', now() FROM generate_series(1, 80000) AS n`,
  `INSERT INTO photos (id, album_id, owner_id, image, created_at)
   SELECT gen_random_uuid(), ${id('8')}, ${id('1')}, '{}', now() FROM generate_series(1, 20000) AS n`,
  `INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at)
   SELECT gen_random_uuid(), ${id('1 + n % 2')}, now(), now() - n * interval '1 second', now() + interval '1 day' FROM generate_series(1, 100000) AS n`,
];

/** Tables with hardly a row. */
const small = ['rooms', 'announcements', 'posts'];

describeWithPostgres('lists among a hundred thousand', () => {
  let database: FilledDatabase;
  let source: DataSource;

  beforeAll(async () => {
    database = await FilledDatabase.start(rows);
    ({ source } = database);
  }, 240_000);
  afterAll(async () => database?.stop());

  const after = ['2030-01-01 00:00:00+00', personId(5)] as const;
  const last = 'ffffffff-ffff-7fff-bfff-ffffffffffff';
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
    ['members of a room', 60, async () => new RoomsRepository(source).members(room, 51, ['2020-01-01 00:00:00+00', personId(5)])],
    ['bans', 60, async () => new RoomsRepository(source).bans(room, 51, after)],
    ['invitations', 60, async () => new InvitationsRepository(source).list(room, 51, last)],
    ['media of a room', 60, async () => source.query<unknown[]>(mediaSql(undefined), [room, 50_000, 51])],
    ['pictures of a room', 60, async () => source.query<unknown[]>(mediaSql('image'), [room, 90_000, 51])],
    ['files of a room', 60, async () => source.query<unknown[]>(mediaSql('file'), [room, 50_000, 51])],
    // With how many are unread: those are counted.
    ['notifications', 400, async () => (await new NotificationsRepository(source).list(me, { unread: false, limit: 51, after })).rows],
    [
      'notifications not read',
      400,
      async () => (await new NotificationsRepository(source).list(me, { unread: true, limit: 51, after })).rows,
    ],
    ['what changed for a person', 510, async () => (await new PersonalFeed(source).since(me, 49_700)).items],
    ['what changed last for a person', 110, async () => (await new PersonalFeed(source).since(me, 1)).items],
    ['devices', 60, async () => new SessionsRepository(source).list(me, 51, null)],
    [
      'devices, the next page',
      60,
      async () => {
        const { cursorAt, id: last50 } = (await new SessionsRepository(source).list(me, 50, null)).at(-1)!;
        return new SessionsRepository(source).list(me, 51, [cursorAt, last50]);
      },
    ],
    ['avatars', 60, async () => new AvatarsRepository(source).list(me, 51, last)],
    ['albums', 400, async () => new AlbumsRepository(source).list(me, ['everyone', 'friends', 'me'], 51, last)],
    ['albums that others may see', 600, async () => new AlbumsRepository(source).list(me, ['everyone'], 51, last)],
    ['photos of an album', 60, async () => new AlbumsRepository(source).photosOfAlbum(album, 51, last)],
    ['photos of one’s own', 60, async () => new AlbumsRepository(source).photosOf(me, 51, last)],
    ['photos of a person', 600, async () => new AlbumsRepository(source).photosOfPerson(me, ['everyone'], 51, last)],
  ];

  it.each(paths)('%s: no scan of a whole table', async (_name, mostRows, look) => {
    expect((await database.expectShort(look, mostRows, small)).length).toBeGreaterThan(0);
  });
});
