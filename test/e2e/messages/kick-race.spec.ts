import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BlockDirectory } from '../../../src/modules/friends/block-directory.js';
import { RoomDirectory } from '../../../src/modules/rooms/room-directory.js';
import { Publisher } from '../../../src/realtime/publisher.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import type { TestApp } from '../../support/create-app.js';
import { describeEachServer } from '../../support/each-server.js';
import { newPerson, type TestPerson } from '../../support/people.js';

describeEachServer('a kick that races a thousand sends', (start) => {
  let app: TestApp;
  let ann: TestPerson;
  let bob: TestPerson;

  beforeAll(async () => {
    app = await start();
    [ann, bob] = [await newPerson(app, 'ann'), await newPerson(app, 'bob')];
  });
  afterAll(async () => app.close());

  it('lets nothing in and nothing out past it, even when its own event and the news of it in memory come late', async () => {
    const room = (await ann.rest.post('/rooms', { name: 'race', kind: 'public', members: ['bob'] })).body.room.id as string;
    const owner = await PlainClient.connect(`${app.wsUrl}/ws/?token=${ann.access}`);
    const kicked = [
      await SocketIoClient.connect(app.url, { auth: { token: bob.access } }),
      await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`),
    ] as const;
    for (const client of [owner, ...kicked]) await client.command('room.join', { room });

    // The fail point: what a kick tells this node is held back, as if it came from another node over a slow line.
    const late: (() => void)[] = [];
    const publisher = app.app.get(Publisher);
    const directory = app.app.get(RoomDirectory, { strict: false });
    const removeFromRoom = publisher.removeFromRoom.bind(publisher);
    const setMembership = directory.setMembership.bind(directory);
    const forget = directory.forget.bind(directory);
    publisher.removeFromRoom = (...args) => void late.push(() => removeFromRoom(...args));
    directory.setMembership = (...args) => void late.push(() => setMembership(...args));
    let holding = true;
    directory.forget = (...args) =>
      holding && new Error().stack?.includes('MembersService') ? void late.push(() => forget(...args)) : forget(...args);

    const outcome: Promise<{ ok: boolean; seq?: number; code?: string }>[] = [];
    const send = async (client: SocketIoClient | PlainClient, content: string) => {
      const reply = (await client.command('message.send', { room, content })) as {
        ok: boolean;
        data?: { message: { seq: number } };
        error?: { code: string };
      };
      return { ok: reply.ok, ...(reply.data ? { seq: reply.data.message.seq } : {}), ...(reply.error ? { code: reply.error.code } : {}) };
    };
    for (let n = 0; n < 250; n++) outcome.push(send(kicked[n % 2]!, `before ${n}`));
    const kick = ann.rest.delete(`/rooms/${room}/members/${bob.id}`);
    for (let n = 0; n < 250; n++) {
      outcome.push(send(kicked[n % 2]!, `racing ${n}`));
      if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await kick).status).toBe(204);
    const [{ last_seq: atKick }] = await app.dataSource.query('SELECT last_seq FROM rooms WHERE id = $1', [room]);
    const settledAtKick = Number(atKick);
    const results = await Promise.all(outcome);
    const after = await Promise.all(Array.from({ length: 250 }, async (_, n) => send(kicked[n % 2]!, `after ${n}`)));
    await Promise.all(Array.from({ length: 150 }, async (_, n) => send(owner, `owner ${n}`)));

    expect(after.filter((one) => one.ok)).toEqual([]);
    expect(new Set(after.map((one) => one.code))).toEqual(new Set(['room.not-joined']));
    for (const one of results) if (one.ok) expect(one.seq).toBeLessThanOrEqual(settledAtKick);
    const stored = await app.dataSource.query(`SELECT count(*)::int AS n FROM messages WHERE room_id = $1 AND author_id = $2`, [
      room,
      bob.id,
    ]);
    expect(stored[0].n).toBe(results.filter((one) => one.ok).length);

    // Whoever is still a member gets everything; who was kicked gets nothing that was written after the kick.
    await owner.event('message.created', (data) => data.message.content === 'owner 149');
    for (const client of kicked) {
      // What the server has sent by now has arrived before this answer.
      await client.command('room.leave', { room });
      const seen = client.inbox.all
        .filter((one) => (one as { event?: string }).event === 'message.created')
        .map((one) => (one as { data: { message: { content: string } } }).data.message.content);
      expect(seen.filter((content) => content.startsWith('owner'))).toEqual([]);
    }
    holding = false;
    late.forEach((run) => run());
    await Promise.all([owner.close(), ...kicked.map(async (client) => client.close())]);
  });

  it('lets nothing into the direct room past a block, even when the news of it in memory come late', async () => {
    const room = (await ann.rest.post('/rooms/direct', { username: 'bob' })).body.room.id as string;
    const clients = [
      await SocketIoClient.connect(app.url, { auth: { token: bob.access } }),
      await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`),
    ] as const;
    const send = async (n: number, how: string) => {
      const client = clients[n % 2]!;
      const reply = (await (how === 'private'
        ? client.command('private.send', { to: 'ann', content: `${how} ${n}` })
        : client.command('message.send', { room, content: `${how} ${n}` }))) as {
        data?: { message: { seq: number } };
        error?: { code: string };
      };
      return { seq: reply.data?.message.seq, code: reply.error?.code };
    };
    // The fail point: this node learns late whom ann blocks, as if she had done it on another one.
    const blocks = app.app.get(BlockDirectory, { strict: false });
    const noted = blocks.noted.bind(blocks);
    const late: (() => void)[] = [];
    blocks.noted = (...args) => void late.push(() => noted(...args));

    const outcome: ReturnType<typeof send>[] = [];
    for (let n = 0; n < 100; n++) outcome.push(send(n, n % 3 ? 'message' : 'private'));
    const block = ann.rest.put('/blocks/bob');
    for (let n = 0; n < 100; n++) {
      outcome.push(send(n, n % 3 ? 'message' : 'private'));
      if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await block).status).toBe(200);
    const [{ last_seq: atBlock }] = await app.dataSource.query('SELECT last_seq FROM rooms WHERE id = $1', [room]);
    const results = await Promise.all(outcome);
    const after = await Promise.all(Array.from({ length: 50 }, async (_, n) => send(n, n % 3 ? 'message' : 'private')));
    blocks.noted = noted;
    late.forEach((run) => run());

    expect(new Set(after.map(({ seq, code }) => code ?? seq))).toEqual(new Set(['user.unavailable']));
    for (const { seq } of results) if (seq !== undefined) expect(seq).toBeLessThanOrEqual(Number(atBlock));
    const [{ n }] = await app.dataSource.query('SELECT count(*)::int AS n FROM messages WHERE room_id = $1', [room]);
    expect(n).toBe(results.filter(({ seq }) => seq !== undefined).length);
    expect((await ann.rest.delete('/blocks/bob')).status).toBe(204);
    expect((await send(0, 'message')).code).toBeUndefined();
    await Promise.all(clients.map(async (client) => client.close()));
  });
});
