import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Message } from '../../../src/contracts/index.js';
import { BROKER, type Broker, type RoomPush } from '../../../src/realtime/index.js';
import type { TestApp } from '../../support/create-app.js';
import { describeEachServer } from '../../support/each-server.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { seededRandom } from '../../support/random.js';
import { ModelClient, OldModelClient } from './support/model-client.js';

/** `npm run test:model` goes on for so long, with half of it on each database; 0: one short round. In ms. */
const duration = (Number(process.env['MODEL_MINUTES'] ?? 0) * 60_000) / 2;
const steps = duration > 0 ? 600 : 250;
const emojis = ['👍', '🎉', '❤️'];
const pause = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describeEachServer('whatever clients do and whatever is lost on the way', (start) => {
  let app: TestApp;
  let people: TestPerson[];
  const random = seededRandom('model');

  beforeAll(async () => {
    // Long enough for a run of days; the tokens are not what is tested.
    app = await start(duration > 0 ? { ACCESS_TOKEN_TTL: '24h' } : {});
    people = await Promise.all(['ann', 'bob', 'cid'].map(async (name) => newPerson(app, name)));
    // Every tenth push is lost and every tenth comes late, as between nodes.
    const broker = app.app.get<Broker>(BROKER);
    const publish = broker.publish.bind(broker);
    broker.publish = (push: RoomPush) => {
      if (random.chance(0.1)) return;
      if (random.chance(0.1)) setTimeout(() => publish(push), random.below(30));
      else publish(push);
    };
  });
  afterAll(async () => app.close());

  /** One room and everything that may happen to it. @returns how much did */
  async function round(name: string): Promise<{ messages: number; position: number; connects: number }> {
    const room = (await people[0]!.rest.post('/rooms', { name, kind: 'private', members: ['bob', 'cid'] })).body.room.id as string;
    const clients = Array.from({ length: 6 }, (_, n) => new ModelClient(app, people[n % 3]!, n % 2 === 0, room));
    const old = people.map((person) => new OldModelClient(app, person, room));
    for (const client of [...clients, ...old]) await client.connect();

    const ids: string[] = [];
    for (let step = 0; step < steps; step++) {
      if (random.chance(0.1)) await disturbOld(random.pick(old), `old ${step}`);
      const client = random.pick(clients);
      if (!client.online) await client.connect();
      else if (client.slow) client.hurry();
      else await act(client, room, ids, step);
      if (step % 5 === 0) {
        const { body } = await people[0]!.rest.get(`/rooms/${room}/messages?limit=20`);
        for (const { id, deletedAt } of body.items as Message[]) if (!deletedAt && !ids.includes(id)) ids.push(id);
      }
    }
    for (const client of clients) {
      client.hurry();
      if (!client.online) await client.connect();
    }

    const truth = await messagesOf(room);
    expect(truth.map((message) => message.seq)).toEqual(truth.map((_, index) => index + 1));
    for (const client of clients) {
      // A client knows the room from where it came in; from there on it knows everything.
      const known = () => truth.filter((message) => message.seq >= (client.state()[0]?.seq ?? 1));
      await settled(() => {
        client.take();
        return JSON.stringify(client.state()) === JSON.stringify(known());
      });
      expect(client.state()).toEqual(known());
      expect(client.doubles).toBe(0);
    }
    const heads = truth.filter(({ deletedAt }) => !deletedAt).map(({ seq }) => seq);
    for (const client of old) {
      const missing = () => {
        const got = new Set(client.take());
        return heads.filter((seq) => seq >= client.from && !got.has(seq));
      };
      await settled(() => missing().length === 0);
      expect(missing()).toEqual([]);
      for (const seqs of client.connections) expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    }
    for (const client of [...clients, ...old]) await client.cut('close');
    const connects = clients.reduce((sum, client) => sum + client.connects, 0) + old.reduce((sum, one) => sum + one.connections.length, 0);
    return { messages: truth.length, position: Math.max(...truth.map(({ position }) => position)), connects };
  }

  async function act(client: ModelClient, room: string, ids: readonly string[], step: number): Promise<void> {
    const action = random.below(100);
    if (action < 42)
      await Promise.all(
        Array.from({ length: 1 + random.below(4) }, async (_, n) =>
          client.command('message.send', { room, content: `s${step}-${n}`, clientId: `s${step}-${n}` }),
        ),
      );
    else if (action < 57 && ids.length > 0) await client.command('message.edit', { id: random.pick(ids), content: `edited ${step}` });
    else if (action < 65 && ids.length > 0) await client.command('message.delete', { id: random.pick(ids) });
    else if (action < 80 && ids.length > 0)
      await client.command(random.chance(0.7) ? 'message.react' : 'message.unreact', { id: random.pick(ids), emoji: random.pick(emojis) });
    else if (action < 88) await client.cut(random.chance(0.5) ? 'cut' : 'close');
    else if (action < 92) await client.rejoin();
    else if (action < 96) client.dawdle();
    else await pause(random.below(60));
  }

  async function disturbOld(client: OldModelClient, words: string): Promise<void> {
    if (random.chance(0.5)) {
      client.say(words);
      return;
    }
    await client.cut(random.chance(0.5) ? 'cut' : 'close');
    await client.connect();
  }

  async function messagesOf(room: string): Promise<Message[]> {
    const all: Message[] = [];
    for (let after: number | null = 0; after !== null;) {
      const { body }: { body: { items: Message[]; nextAfter: number | null } } = await people[0]!.rest.get(
        `/rooms/${room}/messages?limit=100&after=${after}`,
      );
      all.push(...body.items.map(({ mine: _mine, ...shared }) => shared));
      after = body.nextAfter;
    }
    return all;
  }

  it(
    'every client ends with what REST answers: no hole, no double, one order',
    async () => {
      const began = performance.now();
      let rounds = 0;
      do {
        const { messages, position, connects } = await round(`model-${++rounds}`);
        const seconds = Math.round((performance.now() - began) / 1_000);
        if (duration > 0)
          process.stdout.write(
            `${seconds} s, round ${rounds}: ${messages} messages, ${position} changes, ${connects} connections: all alike\n`,
          );
      } while (performance.now() - began < duration);
    },
    duration + 600_000,
  );
});

/** Waits until something holds, for 30 s at most: what does not by then is for the expectation that follows. */
async function settled(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!holds() && Date.now() < deadline) await pause(50);
}
