import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { EventName, Message } from '../../../src/contracts/index.js';
import { BROKER, type Broker, type RoomPush } from '../../../src/realtime/index.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import type { TestApp } from '../../support/create-app.js';
import { describeEachServer } from '../../support/each-server.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { seededRandom } from '../../support/random.js';

interface RoomChange {
  position: number;
  message: Message;
}
const roomEvents: readonly EventName[] = ['message.created', 'message.updated', 'message.deleted', 'message.reactions'];

/** A client as /docs tells people to write one: every event is an upsert by id, the cursor never passes a hole. */
class ModelClient {
  readonly messages = new Map<string, Message>();
  cursor = 0;
  epoch: string | undefined;
  doubles = 0;
  private client: SocketIoClient | PlainClient | null = null;
  private read = 0;
  private seen = new Set<number>();

  constructor(
    private readonly app: TestApp,
    private readonly person: TestPerson,
    private readonly plain: boolean,
    private readonly room: string,
  ) {}

  get online(): boolean {
    return this.client !== null;
  }

  async connect(): Promise<void> {
    const token = this.person.access;
    const client = this.plain
      ? await PlainClient.connect(`${this.app.wsUrl}/ws/?token=${token}`)
      : await SocketIoClient.connect(this.app.url, { auth: { token } });
    this.client = client;
    this.read = 0;
    this.seen = new Set();
    const resume = this.epoch === undefined ? {} : { since: this.cursor, epoch: this.epoch };
    const reply = await client.command('room.join', { room: this.room, ...resume });
    if (!reply.ok) throw new Error(JSON.stringify(reply));
    const joined = reply.data as { position: number; epoch: string; gap: boolean; messages?: Message[]; changes?: Message[] };
    if (joined.gap) this.messages.clear();
    for (const message of joined.messages ?? joined.changes ?? []) this.upsert(message);
    this.cursor = joined.position;
    this.epoch = joined.epoch;
    this.take();
  }

  async command(event: string, data: unknown): Promise<void> {
    await this.client?.command(event, data).catch(() => undefined);
  }

  async cut(how: 'cut' | 'close'): Promise<void> {
    const client = this.client;
    this.take();
    this.client = null;
    await client?.[how]();
  }

  /** Applies what has come. */
  take(): void {
    const all = (this.client?.inbox.all ?? []) as { event?: string; data?: unknown }[];
    for (; this.read < all.length; this.read++) {
      const { event, data } = all[this.read]!;
      if (!roomEvents.includes(event as EventName)) continue;
      const { position, message } = data as RoomChange;
      if (message.room !== this.room) continue;
      if (this.seen.has(position)) this.doubles++;
      this.seen.add(position);
      this.upsert(message);
    }
  }

  private upsert(message: Message): void {
    const { mine: _mine, ...shared } = message;
    const known = this.messages.get(message.id);
    if (!known || known.position < message.position) this.messages.set(message.id, shared);
    while (this.seen.has(this.cursor + 1)) this.cursor++;
  }
}

describeEachServer('whatever clients do and whatever is lost on the way', (start) => {
  let app: TestApp;
  let people: TestPerson[];

  beforeAll(async () => {
    app = await start();
    people = await Promise.all(['ann', 'bob', 'cid'].map(async (name) => newPerson(app, name)));
  });
  afterAll(async () => app.close());

  it('every client ends with what REST answers: no hole, no double, one order', async () => {
    const random = seededRandom('model');
    const room = (await people[0]!.rest.post('/rooms', { name: 'model', kind: 'private', members: ['bob', 'cid'] })).body.room.id as string;

    // Every tenth push is lost and every tenth comes late, as between nodes.
    const broker = app.app.get<Broker>(BROKER);
    const publish = broker.publish.bind(broker);
    broker.publish = (push: RoomPush) => {
      if (random.chance(0.1)) return;
      if (random.chance(0.1)) setTimeout(() => publish(push), random.below(30));
      else publish(push);
    };

    const clients = Array.from({ length: 6 }, (_, n) => new ModelClient(app, people[n % 3]!, n % 2 === 0, room));
    for (const client of clients) await client.connect();
    const ids: string[] = [];
    const emojis = ['👍', '🎉', '❤️'];
    for (let step = 0; step < 250; step++) {
      const client = random.pick(clients);
      const action = random.below(100);
      if (!client.online) await client.connect();
      else if (action < 45) {
        await Promise.all(
          Array.from({ length: 1 + random.below(4) }, async (_, n) =>
            client.command('message.send', { room, content: `s${step}-${n}`, clientId: `s${step}-${n}` }),
          ),
        );
      } else if (action < 60 && ids.length > 0) await client.command('message.edit', { id: random.pick(ids), content: `edited ${step}` });
      else if (action < 68 && ids.length > 0) await client.command('message.delete', { id: random.pick(ids) });
      else if (action < 85 && ids.length > 0)
        await client.command(random.chance(0.7) ? 'message.react' : 'message.unreact', {
          id: random.pick(ids),
          emoji: random.pick(emojis),
        });
      else if (action < 95) await client.cut(random.chance(0.5) ? 'cut' : 'close');
      else await new Promise((resolve) => setTimeout(resolve, random.below(60)));
      if (step % 5 === 0) {
        const { body } = await people[0]!.rest.get(`/rooms/${room}/messages?limit=20`);
        for (const { id, deletedAt } of body.items as Message[]) if (!deletedAt && !ids.includes(id)) ids.push(id);
      }
    }
    for (const client of clients) if (!client.online) await client.connect();

    const truth: Message[] = [];
    for (let after: number | null = 0; after !== null;) {
      const { body }: { body: { items: Message[]; nextAfter: number | null } } = await app.anonymous
        .as(people[0]!.access)
        .get(`/rooms/${room}/messages?limit=100&after=${after}`);
      truth.push(...body.items.map(({ mine: _mine, ...shared }) => shared));
      after = body.nextAfter;
    }
    expect(truth.map((message) => message.seq)).toEqual(truth.map((_, index) => index + 1));

    const stateOf = (client: ModelClient) => [...client.messages.values()].sort((a, b) => a.seq - b.seq);
    // A client knows the room from where it came in; from there on it knows everything.
    const known = (client: ModelClient) => truth.filter((message) => message.seq >= (stateOf(client)[0]?.seq ?? 1));
    const deadline = Date.now() + 30_000;
    for (const client of clients) {
      for (;;) {
        client.take();
        if (JSON.stringify(stateOf(client)) === JSON.stringify(known(client)) || Date.now() > deadline) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(stateOf(client)).toEqual(known(client));
      expect(client.doubles).toBe(0);
    }
    for (const client of clients) await client.cut('close');
  });
});
