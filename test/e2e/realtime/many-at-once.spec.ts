import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { newId } from '../../../src/common/ids.js';
import type { Acknowledgement, JoinedRoom } from '../../../src/contracts/index.js';
import { DatabaseClient } from '../../../src/database/connection/database-client.js';
import { AccessTokens } from '../../../src/modules/auth/index.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import { startApp, type TestApp } from '../../support/create-app.js';
import { describeWithPostgres, type RunningPostgres, startPostgres } from '../../support/postgres.js';

const people = Array.from({ length: 100 }, () => newId());
/** Everybody is a member of the room of their number. */
const rooms = Array.from({ length: 10 }, () => newId());
const roomOf = (index: number) => rooms[index % rooms.length]!;
/** Messages of each room; the last one has everybody's 👍 of an even number. */
const written = 30;
/** Whose number this is says a position that the room never had. */
const ahead = 4;
const secret = newId();

describeWithPostgres('a hundred people who come back at once', () => {
  let postgres: RunningPostgres;
  let app: TestApp;

  beforeAll(async () => {
    postgres = await startPostgres();
    app = await startApp({ DATABASE_URL: await postgres.createDatabase() });
    const write = async (sql: string, ...values: unknown[]) => app.dataSource.query(sql, values);
    await write(
      `INSERT INTO users (id, email, email_key, username, username_key, password_hash, status, created_at, activated_at)
       SELECT id, n || '@example.org', n || '@example.org', 'p' || n, 'p' || n, 'x', 'active', now(), now()
       FROM unnest($1::uuid[]) WITH ORDINALITY AS u(id, n)`,
      people,
    );
    await write(
      `INSERT INTO rooms (id, name, name_key, title, kind, epoch, last_seq, position, member_count, last_activity_at, listed_at, created_at)
       SELECT id, 'room' || n, 'room' || n, '', CASE WHEN id = $3 THEN 'private' ELSE 'public' END, 'e', $2, $2, 10, now(), now(), now()
       FROM unnest($1::uuid[]) WITH ORDINALITY AS r(id, n)`,
      [...rooms, secret],
      written,
      secret,
    );
    await write(
      `INSERT INTO room_members (room_id, user_id, role, joined_at)
       SELECT room_id, user_id, 'member', now() FROM unnest($1::uuid[], $2::uuid[]) AS m(room_id, user_id)`,
      people.map((_, index) => roomOf(index)),
      people,
    );
    await write(
      `INSERT INTO messages (id, room_id, seq, position, created_position, kind, author_id, content, reactions, created_at)
       SELECT gen_random_uuid(), room.id, n, n, n, 'text', $3, 'Message ' || n,
         CASE WHEN n = $2 THEN '[{"emoji": "👍", "count": 5}]'::jsonb ELSE '[]' END, now()
       FROM unnest($1::uuid[]) AS room(id), generate_series(1, $2::int) AS n`,
      rooms,
      written,
      people[99],
    );
    await write(
      `INSERT INTO reactions (message_id, user_id, emoji, created_at)
       SELECT m.id, u.id, '👍', now() FROM messages m, unnest($1::uuid[]) AS u(id) WHERE m.seq = $2`,
      people.filter((_, index) => index % 2 === 0),
      written,
    );
    // The first one was put out of their room, and the second blocks the one who wrote everything.
    await write('DELETE FROM room_members WHERE user_id = $1', people[0]);
    await write('INSERT INTO room_bans (room_id, user_id, created_at) VALUES ($1, $2, now())', roomOf(0), people[0]);
    await write('INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES ($1, $2, now())', people[1], people[99]);
  });
  afterAll(async () => {
    await app?.close();
    await postgres?.stop();
  });

  it('each get what they missed and nobody what is not theirs, for few statements', async () => {
    const tokens = app.app.get(AccessTokens, { strict: false });
    const clients = await Promise.all(
      people.map(async (userId, index) => {
        const token = await tokens.sign({ userId, sessionId: newId() });
        return index % 2 === 0
          ? PlainClient.connect(`${app.wsUrl}/ws/?token=${token}`)
          : SocketIoClient.connect(app.url, { auth: { token } });
      }),
    );
    const statements = jest.spyOn(DatabaseClient.prototype, 'query');
    const join = async (index: number): Promise<Acknowledgement> => {
      const room = index === 2 ? secret : index === 3 ? newId() : roomOf(index);
      const since = index === ahead ? written + 1 : index % 25;
      return clients[index]!.command('room.join', { room, since, epoch: index === 5 ? 'another' : 'e' });
    };
    const answers = await Promise.all(people.map(async (_, index) => join(index)));
    const asked = statements.mock.calls.filter(([text]) => typeof text === 'string').length;
    statements.mockRestore();

    const codes = answers.map((answer) => (answer.ok ? 'ok' : answer.error.code));
    expect(codes.slice(0, 5)).toEqual(['room.banned', 'ok', 'room.not-found', 'room.not-found', 'ok']);
    expect(new Set(codes.slice(4))).toEqual(new Set(['ok']));
    for (const [index, answer] of answers.entries()) {
      if (!answer.ok) continue;
      const { room, gap, position, messages, changes } = answer.data as JoinedRoom;
      const startsOver = index === ahead || index === 5;
      expect({ id: room.id, role: room.myRole, unread: room.unreadCount, gap, position }).toEqual({
        id: roomOf(index),
        role: 'member',
        unread: written,
        gap: startsOver,
        position: written,
      });
      const got = (startsOver ? messages : changes)!;
      const first = startsOver ? 1 : (index % 25) + 1;
      expect(got.map(({ seq }) => seq)).toEqual(Array.from({ length: written - first + 1 }, (_, n) => first + n));
      expect(got.map((message) => 'hidden' in message)).toEqual(got.map(() => index === 1));
      if (index !== 1) expect((got.at(-1) as { mine?: string[] }).mine).toEqual(index % 2 === 0 ? ['👍'] : undefined);
    }
    // One after the other all the same: each list names those who were answered before, and nobody hears of one of them again.
    for (const roomId of rooms) {
      const sizes: number[] = [];
      for (const [index, answer] of answers.entries()) {
        if (!answer.ok || (answer.data as JoinedRoom).room.id !== roomId) continue;
        const listed = new Set((answer.data as JoinedRoom).online.map(({ id }) => id));
        sizes.push(listed.size);
        const heard = clients[index]!.inbox.all.flatMap(({ event, data }) =>
          event === 'room.user_join' ? [(data as { user: { id: string } }).user.id] : [],
        );
        expect(heard.filter((id) => listed.has(id) && id !== people[index])).toEqual([]);
      }
      expect(sizes.sort((a, b) => a - b)).toEqual(sizes.map((_, before) => before + 1));
    }
    // Four times a hundred, if each asked alone.
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(40);
    await Promise.all(clients.map(async (client) => client.close()));
  });
});
