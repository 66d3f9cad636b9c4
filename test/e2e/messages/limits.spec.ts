import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import type { TestApp } from '../../support/create-app.js';
import { describeEachServer } from '../../support/each-server.js';
import { newPerson, type TestPerson } from '../../support/people.js';

/** What became of a send: stored, or refused with the seconds to wait. */
interface Outcome {
  ok: boolean;
  code?: string;
  retryAfter?: number;
}

describeEachServer('sending too much', (start) => {
  let app: TestApp;
  let ann: TestPerson;
  let bob: TestPerson;
  let sockets: (SocketIoClient | PlainClient)[];

  beforeAll(async () => {
    // A burst of ten messages, two more each second.
    app = await start({ RATE_LIMIT_SCALE: '0.1' });
    [ann, bob] = [await newPerson(app, 'ann'), await newPerson(app, 'bob')];
    sockets = [
      await SocketIoClient.connect(app.url, { auth: { token: ann.access } }),
      await PlainClient.connect(`${app.wsUrl}/ws/?token=${ann.access}`),
    ];
  }, 120_000);
  afterAll(async () => {
    await Promise.all(sockets.map(async (socket) => socket.close()));
    await app.close();
  });

  it('is refused by one count of a person over all rooms and doors, costs nobody else anything, and is over by itself', async () => {
    const rooms: string[] = [];
    for (const name of ['one', 'two']) {
      rooms.push((await ann.rest.post('/rooms', { name, kind: 'private', members: ['bob'] })).body.room.id as string);
    }
    const overSocket = async (socket: SocketIoClient | PlainClient, room: string, content: string): Promise<Outcome> => {
      const reply = await socket.command('message.send', { room, content });
      return reply.ok ? { ok: true } : { ok: false, ...(reply.error as { code: string; retryAfter: number }) };
    };
    const overRest = async (room: string, content: string): Promise<Outcome> => {
      const { status, body, headers } = await ann.rest.post(`/rooms/${room}/messages`, { content });
      if (status === 201) return { ok: true };
      expect(status).toBe(429);
      return { ok: false, code: body.code, retryAfter: Number(headers.get('retry-after')) };
    };
    const doors = [overRest, ...sockets.map((socket) => async (room: string, content: string) => overSocket(socket, room, content))];
    const began = performance.now();
    const outcomes = await Promise.all(
      doors.flatMap((send, door) => Array.from({ length: 16 }, async (_, n) => send(rooms[n % 2]!, `${door}-${n}`))),
    );
    const seconds = (performance.now() - began) / 1_000;
    const stored = outcomes.filter(({ ok }) => ok).length;
    expect(stored).toBeGreaterThanOrEqual(10);
    expect(stored).toBeLessThanOrEqual(10 + Math.ceil(2 * seconds));
    const refused = outcomes.filter(({ ok }) => !ok);
    for (const { code, retryAfter } of refused) expect([code, retryAfter! > 0]).toEqual(['rate.limited', true]);
    // In another room as little as in these; and nobody else is kept from these.
    const kept = await app.dataSource.query<{ n: number }[]>('SELECT count(*)::int AS n FROM messages WHERE author_id = $1', [ann.id]);
    expect(kept[0]!.n).toBe(stored);
    expect((await bob.rest.post(`/rooms/${rooms[0]!}/messages`, { content: 'mine' })).status).toBe(201);
    for (let again = await overRest(rooms[1]!, 'later'); !again.ok; again = await overRest(rooms[1]!, 'later'))
      expect(again.code).toBe('rate.limited');
  });
});
