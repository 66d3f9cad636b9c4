import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Message } from '../../../src/contracts/index.js';
import { Hub } from '../../../src/realtime/hub.js';
import { Ports } from '../../../src/realtime/ports.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import { startApp, type TestApp } from '../../support/create-app.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { seededRandom } from '../../support/random.js';
import { ModelClient } from '../messages/support/model-client.js';
import { startFakeHouse } from '../realtime/support/fake-house.js';

describe('connections that come and go under load', () => {
  let app: TestApp;
  let people: TestPerson[];
  let rooms = 0;
  const random = seededRandom('connections');

  beforeAll(async () => {
    app = await startApp();
    people = await Promise.all(['ann', 'bob', 'cid', 'dan'].map(async (name) => newPerson(app, name)));
  });
  afterAll(async () => app?.close());

  /** Ten readers on both transports, while two people write without a pause. */
  async function underLoad(disturb: (clients: readonly ModelClient[]) => Promise<void>): Promise<{ messages: number }> {
    const [ann, bob] = people as [TestPerson, TestPerson];
    const { body } = await ann.rest.post('/rooms', { name: `load-${++rooms}`, kind: 'private', members: ['bob', 'cid', 'dan'] });
    const room = body.room.id as string;
    const clients = Array.from({ length: 10 }, (_, n) => new ModelClient(app, people[n % 4]!, n % 2 === 0, room));
    await Promise.all(clients.map(async (client) => client.connect()));
    let isOver = false;
    const writers = [ann, bob].map(async (person, index) => {
      for (let n = 0; !isOver; n++) {
        expect((await person.rest.post(`/rooms/${room}/messages`, { content: `m${n}`, clientId: `w${index}-${n}` })).status).toBe(201);
      }
    });
    await disturb(clients);
    isOver = true;
    await Promise.all(writers);
    await Promise.all(clients.map(async (client) => (client.online ? undefined : client.connect())));

    const truth: Message[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: { body: { items: Message[]; nextAfter: number | null } } = await ann.rest.get(
        `/rooms/${room}/messages?limit=100&after=${after}`,
      );
      truth.push(...page.body.items);
      after = page.body.nextAfter;
    }
    expect(truth.map(({ seq }) => seq)).toEqual(truth.map((_, index) => index + 1));
    const ids = truth.map(({ id }) => id);
    const deadline = Date.now() + 30_000;
    for (const client of clients) {
      const known = () => (client.take(), client.state().map(({ id }) => id));
      while (known().length < ids.length && Date.now() < deadline) await sleep(20);
      expect(known()).toEqual(ids);
      expect(client.doubles).toBe(0);
      await client.cut('close');
    }
    return { messages: truth.length };
  }

  it('and enter at once miss nothing when the one who read first is answered last', async () => {
    const [ann, bob] = people as [TestPerson, TestPerson];
    const { body } = await ann.rest.post('/rooms', { name: 'at-once', kind: 'private', members: ['bob'] });
    const room = body.room.id as string;
    const { log } = app.app.get(Ports);
    const newest = log.newest.bind(log);
    let letGo: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (letGo = resolve));
    const first = await PlainClient.connect(`${app.wsUrl}/ws/?token=${ann.access}`);
    const second = await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`);
    const read = new Promise<void>((resolve) => {
      log.newest = async (...args) => {
        log.newest = newest;
        const slice = await newest(...args);
        resolve();
        await answered;
        return slice;
      };
    });
    const entering = first.command('room.join', { room });
    await read;
    expect((await bob.rest.post(`/rooms/${room}/messages`, { content: 'in between' })).status).toBe(201);
    expect(await second.command('room.join', { room })).toMatchObject({ ok: true });
    letGo();
    const entered = (await entering) as unknown as { data: { messages: Message[] } };
    await bob.rest.post(`/rooms/${room}/messages`, { content: 'afterwards' });
    await first.event('message.created', ({ message }) => message.content === 'afterwards');
    const pushed = first.inbox.all.flatMap((one) => (one.event === 'message.created' ? [(one.data as { message: Message }).message] : []));
    expect([...entered.data.messages, ...pushed].map(({ content }) => content)).toEqual(['in between', 'afterwards']);
    await Promise.all([first.close(), second.close()]);
  });

  it('miss nothing between the history and the live messages: 500 entries, with pauses put in between the steps', async () => {
    const { log } = app.app.get(Ports);
    for (const step of ['newest', 'changedSince', 'forReader'] as const) {
      const read = log[step].bind(log) as (...args: unknown[]) => Promise<never>;
      log[step] = async (...args: unknown[]) => {
        await sleep(random.below(8));
        const answer = await read(...args);
        await sleep(random.below(8));
        return answer;
      };
    }
    const { messages } = await underLoad(async (clients) => {
      await Promise.all(clients.map(async (client) => repeat(50, async () => client.rejoin())));
    });
    expect(messages).toBeGreaterThan(50);
  });

  it('are caught up after each of 200 ends of every kind, without a double', async () => {
    const { messages } = await underLoad(async (clients) => {
      await Promise.all(
        clients.map(async (client) =>
          repeat(20, async () => {
            await sleep(random.below(20));
            await client.cut(random.chance(0.6) ? 'cut' : 'close');
            await client.connect();
          }),
        ),
      );
      expect(clients.map(({ connects }) => connects)).toEqual(Array(10).fill(21));
    });
    expect(messages).toBeGreaterThan(50);
  });
});

describe('access tokens that expire on open sockets', () => {
  it('end the sockets that do not renew; those that renew in band lose nothing', async () => {
    const app = await startApp({ ACCESS_TOKEN_TTL: '8s' });
    try {
      const ann = await newPerson(app, 'ann');
      const login = async () =>
        (await app.anonymous.post('/auth/login', { login: ann.email, password: ann.password })).body as { access: string; refresh: string };
      const { access } = await login();
      const { body } = await app.anonymous.as(access).post('/rooms', { name: 'tokens', kind: 'private' });
      const room = body.room.id as string;
      const connections = [
        async (token: string) => PlainClient.connect(`${app.wsUrl}/ws/?token=${token}`),
        async (token: string) => SocketIoClient.connect(app.url, { auth: { token } }),
      ];
      const idle = await Promise.all(connections.map(async (connect) => connect(access)));
      const busy = await Promise.all(connections.map(async (connect) => connect(access)));
      const sessions = await Promise.all(connections.map(async (connect) => ({ session: await login(), connect })));
      const renewing = await Promise.all(
        sessions.map(async ({ session, connect }) => ({ refresh: session.refresh, client: await connect(session.access) })),
      );
      const everybody = [...idle, ...busy, ...renewing.map(({ client }) => client)];
      for (const client of everybody) expect(await client.command('room.join', { room })).toMatchObject({ ok: true });

      let isOver = false;
      let sent = 0;
      const writer = (async () => {
        while (!isOver) {
          const { access: fresh } = await login();
          expect((await app.anonymous.as(fresh).post(`/rooms/${room}/messages`, { content: 'still here' })).status).toBe(201);
          sent++;
          for (const client of busy) client.inbox.take();
          await sleep(50);
        }
      })();
      const renewals = renewing.map(async (one) => {
        for (let times = 0; times < 2; times++) {
          await one.client.event('session.expiring', undefined, 60_000);
          const answer = await app.anonymous.post('/auth/refresh', { refresh: one.refresh });
          one.refresh = answer.body.refresh as string;
          expect(await one.client.command('session.renew', { token: answer.body.access as string })).toMatchObject({ ok: true });
        }
      });
      for (const [plain, socketIo] of [idle, busy] as [PlainClient, SocketIoClient][]) {
        expect((await plain.closed).code).toBe(4411);
        expect(await socketIo.closed).toBe('io server disconnect');
      }
      const got = [...idle, ...busy].map(({ inbox }) => inbox.all.length);
      await Promise.all(renewals);
      isOver = true;
      await writer;
      expect([...idle, ...busy].map(({ inbox }) => inbox.all.length)).toEqual(got);
      for (const { client } of renewing) {
        await client.event('message.created', ({ message }) => message.seq === sent);
        const seqs = client.inbox.all.flatMap((one) =>
          one.event === 'message.created' ? [(one.data as { message: Message }).message.seq] : [],
        );
        expect(seqs).toEqual(Array.from({ length: sent }, (_, index) => index + 1));
        await client.close();
      }
    } finally {
      await app.close();
    }
  });
});

describe('fifty people who never read', () => {
  it('are closed as too slow, in bounded memory, while the others get everything', async () => {
    const house = await startFakeHouse();
    try {
      const author = house.features.addPerson('author');
      const room = house.features.addRoom('kitchen');
      const enter = async (name: string) => {
        house.features.addPerson(name);
        const client = await PlainClient.connect(`${house.wsUrl}/ws/?token=${name}`);
        await client.command('room.join', { room: 'kitchen' });
        return client;
      };
      const quick = await enter('quick');
      const slow = await Promise.all(Array.from({ length: 50 }, async (_, n) => enter(`slow${n}`)));
      for (const client of slow) client.socket.pause();
      const hub = house.app.get(Hub);
      const before = process.memoryUsage().rss;
      let most = before;
      for (let n = 0; n < 600 && hub.size > 1; n++) {
        await house.features.write(author, room.id, 'x'.repeat(60_000));
        await sleep(1);
        most = Math.max(most, process.memoryUsage().rss);
      }
      expect(hub.size).toBe(1);
      expect((most - before) / 2 ** 20).toBeLessThan(150);
      await quick.event('message.created', ({ position }) => position === room.messages.length);
      for (const client of slow) client.socket.resume();
      expect(new Set((await Promise.all(slow.map(async ({ closed }) => closed))).map(({ code }) => code))).toEqual(new Set([4408]));
      await quick.close();
    } finally {
      await house.close();
    }
  });
});

async function repeat(times: number, work: () => Promise<void>): Promise<void> {
  for (let n = 0; n < times; n++) await work();
}
