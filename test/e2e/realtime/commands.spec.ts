import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import { seededRandom } from '../../support/random.js';
import { type Client, doors } from './support/doors.js';
import { type FakeHouse, startFakeHouse } from './support/fake-house.js';

let house: FakeHouse;
let room: string;
let rooms = 0;

beforeAll(async () => {
  house = await startFakeHouse();
  for (const name of ['anna', 'bob', 'carla']) house.features.addPerson(name);
});
afterAll(async () => house.close());
beforeEach(() => {
  room = `room-${++rooms}`;
  house.features.addRoom(room);
  house.features.writeDelay = 0;
});

const as = (name: string) => ({ query: `token=${name}` });

describe.each(doors)('commands on $name', (door) => {
  let anna: Client;
  beforeEach(async () => {
    anna = await door.connect(house, as('anna'));
    await anna.command('room.join', { room });
  });

  it('are acknowledged, and what they change reaches everybody in the room once, the sender too', async () => {
    const bob = await door.connect(house, as('bob'));
    await bob.command('room.join', { room });
    const reply = await anna.command('message.send', { room, content: 'Добрий день 👋', clientId: 'one' });
    expect(reply).toMatchObject({ ok: true, data: { message: { content: 'Добрий день 👋', seq: 1, clientId: 'one' } } });
    for (const client of [anna, bob]) {
      expect(await client.event('message.created')).toMatchObject({ position: 1, message: { content: 'Добрий день 👋' } });
    }
    await anna.command('message.send', { room, content: 'again' });
    await bob.event('message.created', ({ position }) => position === 2);
    expect(bob.events().filter(({ event }) => event === 'message.created')).toHaveLength(2);
    await bob.close();
  });

  it('of entering tell who is there with the one who enters, and all succeed when they come at once', async () => {
    const bob = await door.connect(house, as('bob'));
    const replies = await Promise.all(Array.from({ length: 5 }, async () => bob.command('room.join', { room })));
    for (const reply of replies) {
      expect(reply).toMatchObject({ ok: true, data: { onlineCount: 2, online: [{ username: 'anna' }, { username: 'bob' }] } });
    }
    await bob.command('message.send', { room, content: 'once' });
    await bob.event('message.created');
    expect(bob.events().filter(({ event }) => event === 'message.created')).toHaveLength(1);
    await bob.close();
  });

  it('that fail say why, with the fields, in the acknowledgement', async () => {
    expect(await anna.command('message.send', { room, content: '   ' })).toMatchObject({ ok: false, error: { code: 'message.empty' } });
    expect(await anna.command('message.send', { room })).toMatchObject({
      ok: false,
      error: { code: 'request.invalid', errors: [{ field: 'content', code: 'required' }] },
    });
    expect(await anna.command('message.send', { room, content: 'x', role: 'admin' })).toMatchObject({
      ok: false,
      error: { code: 'request.invalid', errors: [{ field: 'role', code: 'unknown' }] },
    });
    expect(await anna.command('no.such')).toMatchObject({ ok: false, error: { code: 'command.unknown' } });
    for (const name of ['__proto__', 'constructor', 'toString', '']) {
      expect(await anna.command(name, {})).toMatchObject({ ok: false, error: { code: 'command.unknown' } });
    }
  });

  it('without an acknowledgement tell of a failure by an event, and of success by nothing', async () => {
    anna.tell('message.send', { room, content: '' });
    expect(await anna.event('error')).toMatchObject({ code: 'message.empty', command: 'message.send' });
    anna.tell('no.such');
    expect(await anna.event('error')).toMatchObject({ code: 'command.unknown', command: 'no.such' });
    anna.tell('message.send', { room, content: 'fine' });
    await anna.event('message.created');
    expect(anna.events().filter(({ event }) => event === 'error')).toHaveLength(2);
  });

  it('of bad data are answered and survived', async () => {
    const deep = JSON.parse('['.repeat(500) + ']'.repeat(500)) as unknown;
    const pollution = JSON.parse('{"room":"x","content":"y","__proto__":{"role":"admin"},"constructor":{"prototype":{"a":1}}}') as unknown;
    const bad = [null, 7, 'text', [], [{ room }], deep, { room: deep, content: deep }, pollution, { room: { name: room }, content: 'x' }];
    for (const data of [
      ...bad,
      { room, content: 'a\0b' },
      { room, content: '\ud800' },
      { room: 'x'.repeat(200), content: 'x' },
      { room, content: 1e400 },
    ]) {
      expect(await anna.command('message.send', data)).toMatchObject({ ok: false });
    }
    expect(({} as { role?: string }).role).toBeUndefined();
    expect(await anna.command('message.send', { room, content: 'alive' })).toMatchObject({ ok: true });
  });

  it('keep the order in which they were sent, fifty at once', async () => {
    house.features.writeDelay = 5;
    const texts = Array.from({ length: 50 }, (_, index) => `text ${index}`);
    const replies = await Promise.all(texts.map((content) => anna.command('message.send', { room, content })));
    expect(replies.map((reply) => (reply as { data: { message: { content: string; seq: number } } }).data.message)).toMatchObject(
      texts.map((content, index) => ({ content, seq: index + 1 })),
    );
    for (const content of texts) expect((await anna.event('message.created')).message.content).toBe(content);
  });

  it('that are under way are bounded', async () => {
    house.features.writeDelay = 300;
    const replies = await Promise.all(Array.from({ length: 260 }, () => anna.command('message.send', { room, content: 'x' })));
    const refused = replies.filter((reply) => !reply.ok);
    expect(refused.length).toBeGreaterThanOrEqual(60);
    expect(refused[0]).toMatchObject({ error: { code: 'rate.limited', retryAfter: 1 } });
  });

  it('of up to 64 KiB are read', async () => {
    const content = '😀'.repeat(4_096);
    expect(await anna.command('message.send', { room, content })).toMatchObject({ ok: true });
    expect(await anna.command('message.send', { room, content: 'x'.repeat(60_000) })).toMatchObject({
      ok: false,
      error: { code: 'message.too-long' },
    });
  });

  it('take a socket into a room and out of it', async () => {
    const { id } = [...house.features.rooms.values()].find(({ name }) => name === room)!;
    const bob = await door.connect(house, as('bob'));
    await bob.command('room.join', { room });
    expect(await anna.event('room.user_join', ({ user }) => user.username === 'bob')).toMatchObject({ room: id });
    expect(await bob.command('room.leave', { room })).toEqual({ ok: true, data: { room: id } });
    expect(await anna.event('room.user_leave')).toMatchObject({ user: { username: 'bob' } });
    await anna.command('message.send', { room, content: 'not for bob' });
    await anna.event('message.created');
    expect(bob.events().filter(({ event }) => event === 'message.created')).toHaveLength(0);
    expect(await bob.command('room.leave', { room })).toMatchObject({ ok: true });
    await bob.close();
  });

  it('give a joiner the last ten, or what changed since a position, or the newest page after a gap', async () => {
    for (let index = 1; index <= 12; index++) await anna.command('message.send', { room, content: `m${index}` });
    const bob = await door.connect(house, as('bob'));
    const join = async (more: object) => ((await bob.command('room.join', { room, ...more })) as { data: Record<string, unknown[]> }).data;
    const seqs = (messages: unknown[] | undefined) => (messages as { seq: number }[] | undefined)?.map(({ seq }) => seq);
    expect(seqs((await join({}))['messages'])).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const resumed = await join({ since: 10, epoch: 'e1' });
    expect(resumed).toMatchObject({ gap: false, position: 12 });
    expect(seqs(resumed['changes'])).toEqual([11, 12]);
    for (const lost of [{ since: 10 }, { since: 10, epoch: 'other' }, { since: 99, epoch: 'e1' }]) {
      expect(await join(lost)).toMatchObject({ gap: true, messages: expect.anything() });
    }
    await bob.close();
  });
});

describe('private messages', () => {
  it.each(doors)('reach every socket of the two people, on $name', async (door) => {
    const [anna, bob, bobToo, carla] = await Promise.all(['anna', 'bob', 'bob', 'carla'].map((name) => door.connect(house, as(name))));
    const reply = await anna!.command('private.send', { to: 'bob', content: 'psst' });
    expect(reply).toMatchObject({ ok: true });
    const inRoom = (reply as { data: { message: { room: string } } }).data.message.room;
    for (const client of [anna, bob, bobToo])
      expect(await client!.event('private.message')).toMatchObject({ message: { content: 'psst' } });
    await bob!.command('room.join', { room: inRoom });
    await anna!.command('private.send', { to: 'bob', content: 'again' });
    expect(await bob!.event('message.created')).toMatchObject({ message: { content: 'again' } });
    await bobToo!.event('private.message', ({ message }) => message.content === 'again');
    expect(bob!.events().filter(({ event }) => event === 'private.message')).toHaveLength(1);
    expect(carla!.events().filter(({ event }) => event === 'private.message')).toHaveLength(0);
    expect(await anna!.command('private.send', { to: 'nobody', content: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'user.not-found' },
    });
    await Promise.all([anna, bob, bobToo, carla].map((client) => client!.close()));
  });
});

describe('frames on /ws/', () => {
  const connect = async () => PlainClient.connect(`${house.wsUrl}/ws/?token=anna`);

  it('that are no command get frame.malformed, and the socket lives', async () => {
    const client = await connect();
    const bad = ['', 'hello', '{', 'null', '7', '"x"', '[]', '{}', '{"event":7}', '{"event":"room.join","data":{},"extra":1}'];
    const ids = ['null', 'true', '{}', '[]', '1e999', `"${'x'.repeat(65)}"`].map((id) => `{"event":"room.join","data":{},"id":${id}}`);
    for (const frame of [...bad, ...ids, '['.repeat(30_000), '{"__proto__":{"event":"room.join"}}']) {
      client.raw(frame);
      expect(await client.event('error')).toEqual({ code: 'frame.malformed', message: expect.any(String) });
    }
    expect(await client.command('room.join', { room: 'lobby' })).toMatchObject({ ok: true });
    await client.close();
  });

  it('that are nested 10,000 deep are answered', async () => {
    const client = await connect();
    const deep = '['.repeat(10_000) + ']'.repeat(10_000);
    for (const data of [deep, `{"room":${deep}}`, `{"room":"lobby","content":"x","${'a'.repeat(20_000)}":${deep}}`]) {
      client.raw(`{"event":"message.send","id":"deep","data":${data}}`);
      expect(await client.inbox.next(({ id }) => id === 'deep')).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    }
    await client.close();
  });

  it('carry ids back as they are, numbers and texts', async () => {
    const client = await connect();
    for (const id of [0, -1, 1.5, '', 'ж'.repeat(64), 9007199254740991]) {
      client.send({ event: 'no.such', id });
      expect(await client.inbox.next((frame) => frame.id === id)).toMatchObject({ id, ok: false, error: { code: 'command.unknown' } });
    }
    await client.close();
  });

  it('that are bad fifty times in ten seconds, or binary, close with 4400', async () => {
    const client = await connect();
    for (let count = 0; count < 60; count++) client.raw('bad');
    expect((await client.closed).code).toBe(4400);
    expect(client.frames.at(-1)).toMatchObject({ event: 'error', data: { code: 'frame.too-many-bad', close: 4400 } });
    const binary = await connect();
    binary.raw(Buffer.from('{"event":"room.join"}'), true);
    expect((await binary.closed).code).toBe(4400);
  });

  it('that are too long close with 1009, in one piece or in many; invalid UTF-8 closes with 1007; a broken protocol with 1002', async () => {
    const long = await connect();
    long.raw('x'.repeat(64 * 1024 + 1));
    expect((await long.closed).code).toBe(1009);
    const many = await connect();
    for (let part = 0; part < 70; part++) many.socket.send('x'.repeat(1_024), { fin: false });
    expect((await many.closed).code).toBe(1009);
    const broken = await connect();
    rawSocket(broken).write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]));
    expect((await broken.closed).code).toBe(1007);
    const reserved = await connect();
    rawSocket(reserved).write(Buffer.from([0xf1, 0x80, 0, 0, 0, 0]));
    expect((await reserved.closed).code).toBe(1002);
    const unmasked = await connect();
    rawSocket(unmasked).write(Buffer.from([0x81, 0x01, 0x61]));
    expect((await unmasked.closed).code).toBe(1002);
  });

  it('in tiny fragments without an end cost nothing and end with a close', async () => {
    const client = await connect();
    const fragment = Buffer.from([0x00, 0x80, 0, 0, 0, 0]);
    rawSocket(client).write(Buffer.concat([Buffer.from([0x01, 0x80, 0, 0, 0, 0]), ...Array.from({ length: 20_000 }, () => fragment)]));
    expect([1008, 1009]).toContain((await client.closed).code);
  });

  it('of the server are whole, whatever their length, with pings in between', async () => {
    const client = await connect();
    await client.command('room.join', { room });
    const { writeDelay } = house.features;
    expect(writeDelay).toBe(0);
    const author = [...house.features.people.values()][0]!;
    const { id } = [...house.features.rooms.values()].find(({ name }) => name === room)!;
    const lengths = [0, 1, 100, 125, 126, 200, 4_096, 65_000, 65_535, 65_536, 70_000];
    for (const length of lengths) {
      await house.features.write(author, id, 'ї'.repeat(length));
      client.socket.ping('are you there');
    }
    for (const length of lengths) expect((await client.event('message.created')).message.content).toHaveLength(length);
    await client.close();
  });
});

/** Under the WebSocket: for bytes that no library would send. */
function rawSocket(client: { socket: WebSocket }): { write(bytes: Buffer): void } {
  return (client.socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket;
}

describe('frames on Socket.IO', () => {
  const connect = async () => SocketIoClient.connect(house.url, { query: { token: 'anna' } });

  it('of the wrong form get frame.malformed, and the socket lives', async () => {
    const { socket, ...client } = await connect();
    const both = async (...args: unknown[]) => (await socket.timeout(20_000).emitWithAck(...(args as [string]))) as unknown;
    const malformed = { ok: false, error: { code: 'frame.malformed', message: expect.any(String) } };
    expect(await both('room.join', { room: 'lobby' }, 'more')).toEqual(malformed);
    expect(await both(7, {})).toEqual(malformed);
    expect(await both('room.join', Buffer.from('x'))).toMatchObject({ ok: false });
    expect(await both('room.join', { room: Buffer.from('x') })).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    socket.emit('room.join', 1, 2, 3);
    const error = await client.inbox.next(({ event }) => event === 'error');
    expect(error.data).toEqual({ code: 'frame.malformed', message: expect.any(String) });
    expect(await both('room.join', { room: 'lobby' })).toMatchObject({ ok: true });
    socket.disconnect();
  });

  it('that are bad fifty times in ten seconds are followed by an error with 4400 and a disconnect for good', async () => {
    const client = await connect();
    for (let count = 0; count < 60; count++) client.socket.emit('room.join', 1, 2);
    expect(await client.closed).toBe('io server disconnect');
    expect(client.inbox.all.at(-1)).toMatchObject({ event: 'error', data: { code: 'frame.too-many-bad', close: 4400 } });
  });

  it('over 64 KiB close the transport', async () => {
    const client = await connect();
    client.socket.emit('message.send', { room, content: 'x'.repeat(70_000) });
    expect(await client.closed).toBe('transport close');
  });

  it('to another namespace are refused', async () => {
    await expect(SocketIoClient.connect(`${house.url}/admin`, { query: { token: 'anna' } })).rejects.toThrow('Invalid namespace');
  });
});

describe('fuzz', () => {
  const random = seededRandom('fuzz');
  const pick = <T>(items: readonly T[]): T => random.pick(items);
  const words = ['', 'lobby', '\0', '\ud800', '__proto__', 'x'.repeat(5_000), '👩‍👩‍👧', '1', 'null', '/pm bob hi', '../..', "' OR 1=1"];
  const value = (depth = 0): unknown => {
    const kind = random.below(depth > 3 ? 6 : 9);
    if (kind < 2) return pick(words);
    if (kind === 2) return pick([0, -1, 1.5, 2 ** 53, 1e300, -0]);
    if (kind === 3) return pick([true, false, null]);
    if (kind === 4) return random.below(1e9) / 1e9;
    if (kind === 5) return pick(words).repeat(3);
    if (kind === 6) return Array.from({ length: random.below(4) }, () => value(depth + 1));
    const keys = ['room', 'content', 'since', 'epoch', 'clientId', 'to', 'seq', 'token', '__proto__', 'constructor', 'length', 'then'];
    return Object.fromEntries(Array.from({ length: random.below(5) }, () => [pick(keys), value(depth + 1)]));
  };
  const names = [
    'room.join',
    'room.leave',
    'message.send',
    'private.send',
    'room.read',
    'session.renew',
    'no.such',
    '__proto__',
    'disconnect ',
    '',
  ];

  it.each(doors)(`answers each of 400 random commands on $name`, async (door) => {
    const client = await door.connect(house, as('anna'));
    for (let round = 0; round < 400; round++) {
      const reply = await client.command(pick(names), value());
      if (!reply.ok) expect(reply.error.code).not.toMatch(/^server\./);
    }
    await client.close();
  });

  it(`answers 400 random texts on /ws/ and /ws/chat/, or closes with 4400`, async () => {
    const alphabet = [
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      'event',
      'data',
      'id',
      'message',
      '1',
      '\\u0000',
      '\\',
      ' ',
      'null',
      '😀',
      '-',
      'e',
    ];
    for (const path of ['/ws/?token=anna', '/ws/chat/?token=anna']) {
      let client = await PlainClient.connect(`${house.wsUrl}${path}`);
      for (let round = 0; round < 400; round++) {
        const before = client.frames.length;
        const text = round % 3 === 0 ? JSON.stringify(value()) : Array.from({ length: random.below(20) }, () => pick(alphabet)).join('');
        client.raw(text);
        await client.inbox.next(
          (frame) => frame.type === 'error' || frame.event === 'error' || frame.type === 'chat_message',
          `an answer to ${text}`,
        );
        expect(client.frames.length).toBeGreaterThan(before);
        if (client.frames.at(-1)?.data?.close === 4400 || client.frames.at(-1)?.code === 'frame.too-many-bad') {
          expect((await client.closed).code).toBe(4400);
          client = await PlainClient.connect(`${house.wsUrl}${path}`);
        }
      }
      await client.close();
    }
  });

  it(`ends 300 sockets that send random bytes, and lives`, async () => {
    for (let round = 0; round < 300; round++) {
      const path = pick(['/ws/', '/ws/chat/', '/ws/online/', '/socket.io/?EIO=4&transport=websocket']);
      const socket = new WebSocket(`${house.wsUrl}${path}`).on('error', () => undefined);
      await once(socket, 'open');
      const bytes = Buffer.from(Array.from({ length: 1 + random.below(60) }, () => random.below(256)));
      rawSocket({ socket }).write(bytes);
      if (round % 10 === 0) await sleep(5);
      socket.terminate();
    }
    const client = await PlainClient.connect(`${house.wsUrl}/ws/?token=anna`);
    expect(await client.command('room.join', { room: 'lobby' })).toMatchObject({ ok: true });
    await client.close();
  });
});
