import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { NodeBus } from '../../../src/platform/nodes/index.js';
import { RedisLink } from '../../../src/platform/redis/index.js';
import { OnlineCount } from '../../../src/realtime/index.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import { startApp, type TestApp } from '../../support/create-app.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { type RunningPostgres, startPostgres } from '../../support/postgres.js';
import { describeWithNodes, type RunningRedis, startRedis } from '../../support/redis.js';
import { until } from '../../support/until.js';

type Client = SocketIoClient | PlainClient;

describeWithNodes('several nodes', () => {
  let postgres: RunningPostgres;
  let redis: RunningRedis;
  let nodes: [TestApp, TestApp, TestApp];
  let ann: TestPerson;
  let bob: TestPerson;

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    const environment = { DATABASE_URL: await postgres.createDatabase(), REDIS_URL: redis.url, DATABASE_POOL_SIZE: '5' };
    nodes = [await startApp(environment), await startApp(environment), await startApp(environment)];
    [ann, bob] = [await newPerson(nodes[0], 'ann'), await newPerson(nodes[1], 'bob')];
  });
  afterAll(async () => {
    for (const node of nodes ?? []) await node.close();
    await redis?.stop();
    await postgres?.stop();
  });

  const plain = async (node: number, person: TestPerson) => PlainClient.connect(`${nodes[node]!.wsUrl}/ws/?token=${person.access}`);
  const io = async (node: number, person: TestPerson) => SocketIoClient.connect(nodes[node]!.url, { auth: { token: person.access } });
  const at = (node: number, person: TestPerson) => nodes[node]!.anonymous.as(person.access);
  const closeAll = async (clients: readonly Client[]) => Promise.all(clients.map(async (client) => client.close()));

  /** A public room of ann's with bob in it. */
  async function newRoom(name: string): Promise<string> {
    const { status, body } = await at(0, ann).post('/rooms', { name, kind: 'public', members: ['bob'] });
    expect(status).toBe(201);
    return body.room.id as string;
  }

  const allConnected = async () =>
    until('every node is connected to Redis', () => nodes.every(({ app }) => app.get(RedisLink, { strict: false }).state === 'ready'));

  /** What a client saw of a room, as the contents in the order of their seq. */
  function contents(client: Client): string[] {
    return client.inbox.all
      .filter((one) => (one as { event?: string }).event === 'message.created')
      .map((one) => (one as { data: { message: { content: string } } }).data.message.content);
  }

  it('carry messages to both kinds of sockets on all nodes, in order, without hole or double', async () => {
    const room = await newRoom('crossing');
    const clients = [await plain(0, ann), await io(0, bob), await plain(1, bob), await io(1, ann), await plain(2, ann), await io(2, bob)];
    for (const client of clients) expect(await client.command('room.join', { room })).toMatchObject({ ok: true });
    const each = 40;
    await Promise.all(
      clients.map(async (client, writer) =>
        Promise.all(
          Array.from({ length: each }, async (_, n) =>
            expect(await client.command('message.send', { room, content: `${writer}:${n}`, clientId: `${writer}:${n}` })).toMatchObject({
              ok: true,
            }),
          ),
        ),
      ),
    );
    const [{ last_seq: last }] = await nodes[0].dataSource.query('SELECT last_seq FROM rooms WHERE id = $1', [room]);
    for (const client of clients) {
      await client.event('message.created', (data) => data.message.seq === Number(last));
      const seqs = client.inbox.all
        .filter((one) => (one as { event?: string }).event === 'message.created')
        .map((one) => (one as { data: { message: { seq: number } } }).data.message.seq);
      expect(seqs).toEqual(Array.from({ length: Number(last) }, (_, index) => index + 1));
    }
    await closeAll(clients);
  });

  it('lose nothing when Redis dies under load, go on alone, and hear each other again when it is back', async () => {
    const room = await newRoom('outage');
    const clients = [await plain(0, ann), await io(1, bob), await plain(2, ann)];
    for (const client of clients) await client.command('room.join', { room });
    let stop = false;
    let sent = 0;
    const writing = clients.map(async (client, writer) => {
      for (let n = 0; !stop; n++) {
        expect(await client.command('message.send', { room, content: `${writer}:${n}` })).toMatchObject({ ok: true });
        sent += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    const wait = async (more: number) => {
      const goal = sent + more;
      await until('messages are sent', () => sent >= goal);
    };
    await wait(30);
    await redis.halt();
    await until('every node knows', () => nodes.every(({ app }) => app.get(RedisLink, { strict: false }).state === 'lost'));
    await wait(30);
    // Without Redis everything arrives through PostgreSQL.
    const { body } = await at(2, ann).post(`/rooms/${room}/messages`, { content: 'without Redis' });
    for (const client of clients) await client.event('message.created', (data) => data.message.id === body.message.id);
    await redis.start();
    await wait(30);
    await allConnected();
    await wait(30);
    stop = true;
    await Promise.all(writing);
    const [{ last_seq: last }] = await nodes[0].dataSource.query('SELECT last_seq FROM rooms WHERE id = $1', [room]);
    expect(Number(last)).toBe(sent + 1);
    for (const client of clients) {
      await client.event('message.created', (data) => data.message.seq === Number(last));
      expect(contents(client)).toHaveLength(Number(last));
    }
    await closeAll(clients);
  });

  it('are subscribed again after a restart of Redis: from every node to every node', async () => {
    const room = await newRoom('matrix');
    const clients = [await plain(0, ann), await io(1, bob), await plain(2, ann)];
    for (const client of clients) await client.command('room.join', { room });
    await redis.halt();
    await redis.start();
    await allConnected();
    await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await until('every subscription is back', async () => {
      const answer = await redis.command('PUBSUB', 'NUMSUB', `${nodes[0].app.get(RedisLink, { strict: false }).prefix}r:${room}`);
      return answer.includes(':3\r\n');
    });
    await allConnected();
    for (const [from, client] of clients.entries()) {
      // Typing is never stored and no comparison of heads finds it: what arrives came through Redis.
      await client.command('room.typing', { room, typing: true });
      for (const [to, other] of clients.entries()) {
        const isOther = (from === 1) !== (to === 1);
        if (isOther) await other.event('room.typing', (data) => data.typing && data.user.username === (from === 1 ? 'bob' : 'ann'));
      }
      await client.command('room.typing', { room, typing: false });
    }
    await closeAll(clients);
  });

  it('are not disturbed by what others publish', async () => {
    const room = await newRoom('poison');
    const [reader, writer] = [await plain(0, ann), await plain(1, bob)];
    for (const client of [reader, writer]) await client.command('room.join', { room });
    const { prefix } = nodes[0].app.get(RedisLink, { strict: false });
    const bus = nodes[0].app.get(NodeBus, { strict: false });
    const before = bus.refusedPayloads;
    const message = { id: 'x', room, seq: 1, position: 1 };
    const push = (head: object) => `evil 1 push ${JSON.stringify(head)}\n${JSON.stringify(message)}`;
    const payloads = [
      '',
      'hello',
      'x'.repeat(2_000_000),
      'a b c d',
      'evil 1 shutdown now',
      'evil -1 push {}',
      'evil 1 push {}',
      'evil 1 push null',
      push({ roomId: room, changes: [] }),
      push({ roomId: room, changes: [{ event: 'message.created', position: 2, isNew: true, accessVersion: 0 }] }),
      push({ roomId: room, changes: [{ event: 'drop', position: 1, isNew: true, accessVersion: 0 }] }),
      'evil 2 tell ["constructor"]',
      'evil 3 tell {"a":1}',
      'evil 4 event ["room.retitled",{}]',
      'evil 5 event ["__proto__",{}]',
    ];
    for (const payload of payloads) await redis.command('PUBLISH', `${prefix}r:${room}`, payload);
    await redis.command('PUBLISH', 'r:elsewhere', 'of another application');
    await writer.command('message.send', { room, content: 'still here' });
    await reader.event('message.created', (data) => data.message.content === 'still here');
    await until('every payload was refused', () => bus.refusedPayloads >= before + payloads.length);
    expect(contents(reader)).toEqual(['still here']);
    await closeAll([reader, writer]);
  });

  it('act together on logins, roles, kicks, bans and blocks', async () => {
    const room = await newRoom('rights');
    const clients = { ann: await plain(0, ann), bob: await plain(1, bob), bobToo: await io(2, bob) };
    for (const client of Object.values(clients)) await client.command('room.join', { room });

    await at(0, ann).patch(`/rooms/${room}/members/${bob.id}`, { role: 'moderator' });
    for (const client of [clients.bob, clients.bobToo]) await client.event('room.role', (data) => data.role === 'moderator');

    await at(0, ann).delete(`/rooms/${room}/members/${bob.id}`);
    for (const client of [clients.bob, clients.bobToo]) {
      await client.event('room.removed', (data) => data.room === room && data.reason === 'kicked');
      expect(await client.command('message.send', { room, content: 'after' })).toMatchObject({ ok: false });
    }
    for (const client of [clients.bob, clients.bobToo]) {
      // A kicked person may come again, on another node too.
      expect(await client.command('room.join', { room })).toMatchObject({ ok: true });
      expect(await client.command('message.send', { room, content: 'again' })).toMatchObject({ ok: true });
    }

    await at(1, bob).put('/blocks/ann');
    const { body } = await at(0, ann).post(`/rooms/${room}/messages`, { content: 'hidden from bob' });
    await clients.bobToo.event('message.created', (data) => data.message.id === body.message.id && 'hidden' in data.message);
    await at(2, bob).delete('/blocks/ann');

    const third = await newPerson(nodes[2], 'carl');
    const session = await plain(0, third);
    await at(2, third).post('/auth/logout');
    expect(await session.closed).toMatchObject({ code: 4410 });
    expect((await at(1, third).get('/users/me')).status).toBe(401);
    await closeAll(Object.values(clients));
  });

  it('share tickets and limits: a ticket of one node opens one socket at another, and three nodes allow no more tries than one', async () => {
    const { body } = await at(0, ann).post('/auth/socket-ticket');
    const socket = await PlainClient.connect(`${nodes[1].wsUrl}/ws/?ticket=${body.ticket}`);
    const again = await PlainClient.connect(`${nodes[2].wsUrl}/ws/?ticket=${body.ticket}`);
    expect(await again.closed).toMatchObject({ code: 4401 });
    await socket.close();

    // Of ten thousand tries per minute, scaled for tests, the last ones: what the nodes counted together is in Redis.
    const { prefix } = nodes[0].app.get(RedisLink, { strict: false });
    const login = async (node: number) =>
      nodes[node]!.anonymous.post('/auth/login', { login: 'nobody@example.org', password: 'wrong password' });
    const counters = async () =>
      (await redis.command('KEYS', `${prefix}limit:login:account-and-address*`)).split('\r\n').filter((line) => line.startsWith('parley'));
    const before = await counters();
    expect((await login(0)).status).toBe(401);
    const keys = (await counters()).filter((key) => !before.includes(key));
    expect(keys).toHaveLength(1);
    await redis.command('INCRBY', keys[0]!, '9997');
    expect((await login(1)).status).toBe(401);
    expect((await login(2)).status).toBe(401);
    for (const node of [0, 1, 2]) expect((await login(node)).status).toBe(429);
  });

  it('say in their readiness whether Redis answers, and serve without it', async () => {
    const ready = async () => (await nodes[1].anonymous.get('!/health/ready')) as { status: number; body: { status: string } };
    expect(await ready()).toMatchObject({ status: 200, body: { status: 'ok', checks: { redis: { status: 'ok' } } } });
    await redis.halt();
    await until('the node says so', async () => (await ready()).body.status === 'degraded');
    expect(await ready()).toMatchObject({ status: 200, body: { checks: { redis: { status: 'unavailable' } } } });
    expect((await nodes[1].anonymous.post('/auth/login', { login: ann.email, password: ann.password })).status).toBe(200);
    await redis.start();
    await allConnected();
  });

  it('know who is in a room over all nodes, also while Redis is away; people who change the node do not flicker', async () => {
    const room = await newRoom('presence');
    const watcher = await plain(0, ann);
    await watcher.command('room.join', { room });
    const first = await io(1, bob);
    await first.command('room.join', { room });
    await watcher.event('room.user_join', ({ user }) => user.username === 'bob');
    const count = async (node: number) => (await at(node, ann).get(`/rooms/${room}`)).body.room.onlineCount as number;
    const allCount = async (people: number) => {
      for (const node of [0, 1, 2]) await until(`node ${node} counts ${people}`, async () => (await count(node)) === people);
    };
    await allCount(2);
    expect(await at(2, ann).get(`/rooms/${room}/members`)).toMatchObject({
      body: {
        items: expect.arrayContaining([expect.objectContaining({ online: true, user: expect.objectContaining({ username: 'bob' }) })]),
      },
    });

    await first.cut();
    const second = await plain(2, bob);
    const { data } = (await second.command('room.join', { room })) as { data: { onlineCount: number; online: { username: string }[] } };
    expect(data.online.map(({ username }) => username).sort()).toEqual(['ann', 'bob']);

    await redis.halt();
    await until('every node knows', () => nodes.every(({ app }) => app.get(RedisLink, { strict: false }).state === 'lost'));
    await second.command('room.leave', { room });
    await watcher.event('room.user_leave', ({ user }) => user.username === 'bob');
    await allCount(1);
    await second.command('room.join', { room });
    await allCount(2);
    await redis.start();
    await allConnected();
    await second.command('room.leave', { room });
    await allCount(1);
    const told = watcher.inbox.all.flatMap((one) =>
      one.event?.startsWith('room.user_') ? [`${one.event} ${(one.data as { user: { username: string } }).user.username}`] : [],
    );
    expect(told).toEqual(['room.user_join ann', 'room.user_join bob', 'room.user_leave bob', 'room.user_join bob', 'room.user_leave bob']);
    await closeAll([watcher, second]);
  });

  it('grant a person on several nodes no more commands and messages than on one', async () => {
    const isOn = (count: number) => nodes.every(({ app }) => app.get(OnlineCount, { strict: false }).nodesOf(bob.id) === count);
    await until('bob is on one node at most', () => isOn(1));
    const clients = [await plain(0, bob), await io(1, bob), await plain(2, bob)];
    await until('each node knows of the others', () => isOn(3));
    await closeAll(clients);
    await until('they are gone again', () => isOn(1));
  });
});
