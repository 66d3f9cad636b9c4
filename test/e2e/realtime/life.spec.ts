import { connect as connectTcp } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { ConnectionLimits } from '../../../src/realtime/connection-limits.js';
import { Connections } from '../../../src/realtime/connections.js';
import { Hub } from '../../../src/realtime/hub.js';
import { LegacyReceipts } from '../../../src/realtime/legacy/receipts.js';
import { RoomPresence } from '../../../src/realtime/presence/room-presence.js';
import { RoomStreams } from '../../../src/realtime/room-streams.js';
import { Heartbeat } from '../../../src/realtime/transports/plain-ws/heartbeat.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { ConnectError, SocketIoClient } from '../../support/connect-socket-io.js';
import { type Client, doors } from './support/doors.js';
import { type FakeHouse, type FakeHouseOptions, type FakeRoom, startFakeHouse } from './support/fake-house.js';

let house: FakeHouse;
let room: FakeRoom;

async function start(options: FakeHouseOptions = {}): Promise<void> {
  house = await startFakeHouse(options);
  for (const name of ['anna', 'bob', 'carla']) house.features.addPerson(name);
  room = house.features.addRoom('kitchen');
}
afterEach(async () => house.close());

const as = (name: string) => ({ query: `token=${name}` });
const person = (name: string) => [...house.features.people.values()].find(({ username }) => username === name)!;
const joinsAndLeaves = (client: Client) =>
  client
    .events()
    .filter(({ event }) => event === 'room.user_join' || event === 'room.user_leave')
    .map(({ event, data }) => `${event === 'room.user_join' ? '+' : '-'}${(data as { user: { username: string } }).user.username}`);

// A person who comes back has time enough, also on a busy machine.
const grace = 1_500;

describe.each(doors)('presence on $name', (door) => {
  beforeEach(async () => start({ presence: { abnormalGrace: grace } }));
  const join = async (name: string) => {
    const client = await door.connect(house, as(name));
    await client.command('room.join', { room: 'kitchen' });
    return client;
  };

  it('counts a person once over all sockets, and tells the room of the first and the last', async () => {
    const anna = await join('anna');
    const [one, two] = [await join('bob'), await join('bob')];
    await two.event('room.user_join', ({ user }) => user.username === 'bob');
    await one.close();
    await sleep(100);
    expect(joinsAndLeaves(anna)).toEqual(['+anna', '+bob']);
    await two.close();
    await anna.event('room.user_leave', ({ user }) => user.username === 'bob');
    const list = (await anna.command('room.join', { room: 'kitchen' })) as {
      data: { online: { username: string }[]; onlineCount: number };
    };
    expect(list.data).toMatchObject({ online: [{ username: 'anna' }], onlineCount: 1 });
    await anna.close();
  });

  it('waits after a cut, and says nothing when the person is back in time', async () => {
    const anna = await join('anna');
    let bob = await join('bob');
    await bob.cut();
    await sleep(100);
    bob = await join('bob');
    await bob.event('room.user_join');
    await sleep(grace + 200);
    expect(joinsAndLeaves(anna)).toEqual(['+anna', '+bob']);
    const started = Date.now();
    await bob.cut();
    await anna.event('room.user_leave');
    expect(Date.now() - started).toBeGreaterThanOrEqual(grace - 10);
    await anna.close();
  });
});

describe('presence of a browser that goes away', () => {
  beforeEach(async () => start({ presence: { abnormalGrace: 60_000 } }));

  it('counts 1001 as leaving, on Socket.IO as on plain sockets', async () => {
    const anna = await SocketIoClient.connect(house.url, { query: { token: 'anna' } });
    await anna.command('room.join', { room: 'kitchen' });
    const bob = await SocketIoClient.connect(house.url, { query: { token: 'bob' } });
    await bob.command('room.join', { room: 'kitchen' });
    (bob.socket.io.engine.transport as unknown as { ws: WebSocket }).ws.close(1001);
    await anna.event('room.user_leave', ({ user }) => user.username === 'bob');
    const carla = await PlainClient.connect(`${house.wsUrl}/ws/?token=carla`);
    await carla.command('room.join', { room: 'kitchen' });
    await carla.close(1001);
    await anna.event('room.user_leave', ({ user }) => user.username === 'carla');
    await anna.close();
  });
});

describe('big rooms', () => {
  beforeEach(async () => start());

  it('gather comings and goings, and every newcomer still hears of itself', async () => {
    const people = Array.from({ length: 60 }, (_, index) => house.features.addPerson(`p${index}`));
    const clients: PlainClient[] = [];
    for (const { username } of people) {
      const client = await PlainClient.connect(`${house.wsUrl}/ws/?token=${username}`);
      await client.command('room.join', { room: 'kitchen' });
      await client.event('room.user_join', ({ user }) => user.username === username);
      clients.push(client);
    }
    await clients[0]!.event('room.users', ({ onlineCount }) => onlineCount === 60);
    const old = await PlainClient.connect(`${house.wsUrl}/ws/chat/kitchen/?token=anna`);
    expect(await old.legacy('user_join')).toEqual({ type: 'user_join', user: 'anna' });
    await clients.pop()!.close();
    await old.legacy('user_leave', ({ user }) => user === 'p59');
    await Promise.all([...clients, old].map((client) => client.close()));
  });
});

describe.each(doors)('a session on $name', (door) => {
  beforeEach(async () => start());

  it('that ends closes its sockets at once, for good, with 4410, and no others', async () => {
    const [anna, bob] = [await door.connect(house, as('anna')), await door.connect(house, as('bob'))];
    const old = await PlainClient.connect(`${house.wsUrl}/ws/chat/?token=anna`);
    await anna.command('room.join', { room: 'kitchen' });
    house.events.emit('session.ended', { userId: person('anna').userId, sessionIds: [person('anna').sessionId], reason: 'logout' });
    expect(await anna.event('error')).toMatchObject({ code: 'auth.revoked', close: 4410 });
    expect(await anna.ended).toEqual({ code: 4410, comesBack: false });
    expect((await old.closed).code).toBe(4410);
    expect((await old.legacy('error')).code).toBe('auth.revoked');
    expect(await bob.command('room.join', { room: 'kitchen' })).toMatchObject({ ok: true });
    await bob.close();
  });

  it('whose token expires is told before, then closed with 4411', async () => {
    house.features.addPerson('short', { expiresAt: Math.floor(Date.now() / 1_000) + 4 });
    const client = await door.connect(house, as('short'));
    expect(Date.parse((await client.event('session.expiring')).at)).toBeGreaterThan(Date.now() - 1_000);
    expect(await client.event('error')).toMatchObject({ code: 'auth.token-expired', close: 4411 });
    expect(await client.ended).toEqual({ code: 4411, comesBack: false });
  });

  it("that is renewed in band stays, with nobody else's token it does not", async () => {
    const short = house.features.addPerson('short', { expiresAt: Math.floor(Date.now() / 1_000) + 4 });
    const client = await door.connect(house, as('short'));
    const later = Math.floor(Date.now() / 1_000) + 3_600;
    house.features.credentials.set('token:longer', { ...short, expiresAt: later });
    expect(await client.command('session.renew', { token: 'anna' })).toMatchObject({ ok: false, error: { code: 'auth.other-person' } });
    expect(await client.command('session.renew', { token: 'nonsense' })).toMatchObject({
      ok: false,
      error: { code: 'auth.token-invalid' },
    });
    expect(await client.command('session.renew', { token: 'longer' })).toEqual({
      ok: true,
      data: { expiresAt: new Date(later * 1_000).toISOString() },
    });
    await sleep(4_200);
    expect(await client.command('room.join', { room: 'kitchen' })).toMatchObject({ ok: true });
    await client.close();
  });
});

describe('a server that stops', () => {
  beforeEach(async () => start());

  it('closes every socket with 1012, so that clients come back, and takes no new ones', async () => {
    const clients = await Promise.all(doors.map((door) => door.connect(house, as('anna'))));
    const old = await PlainClient.connect(`${house.wsUrl}/ws/chat/?token=anna`);
    house.app.get(Connections).drain();
    for (const client of clients) {
      expect(await client.event('error')).toMatchObject({ code: 'server.restarting', close: 1012 });
      expect(await client.ended).toEqual({ code: 1012, comesBack: true });
    }
    expect((await old.closed).code).toBe(1012);
    await expect(PlainClient.connect(`${house.wsUrl}/ws/?token=bob`)).rejects.toMatchObject({ status: 503 });
    for (const transport of ['websocket', 'polling'])
      await expect(SocketIoClient.connect(house.url, { query: { token: 'bob' }, transports: [transport] })).rejects.toThrow();
    expect((await fetch(`${house.url}/socket.io/?EIO=4&transport=polling`)).status).toBe(503);
  });

  it('tells its sockets one after the other, and all of them', async () => {
    const clients = await Promise.all(Array.from({ length: 20 }, async () => PlainClient.connect(`${house.wsUrl}/ws/?token=anna`)));
    const codes = clients.map(async ({ closed }) => (await closed).code);
    await house.app.get(Connections).drainOver(60_000);
    expect(await Promise.all(codes)).toEqual(Array(20).fill(1012));
    expect(house.app.get(Hub).size).toBe(0);
  });

  it('stops within seconds, also with sockets that do not answer', async () => {
    const anna = await PlainClient.connect(`${house.wsUrl}/ws/?token=anna`);
    const bob = await SocketIoClient.connect(house.url, { query: { token: 'bob' } });
    anna.socket.pause();
    const started = Date.now();
    await house.close();
    expect(Date.now() - started).toBeLessThan(10_000);
    expect(await bob.closed).toBe('transport close');
    anna.socket.terminate();
  });
});

describe('a slow reader', () => {
  beforeEach(async () => start());
  const flood = async (until: () => boolean) => {
    const author = person('carla');
    for (let index = 0; index < 600 && !until(); index++) {
      await house.features.write(author, room.id, 'x'.repeat(60_000));
      await sleep(1);
    }
  };

  it('on a plain socket is closed with 4408 once a mebibyte waits, and the others get everything', async () => {
    const [slow, quick] = await Promise.all(['anna', 'bob'].map((name) => PlainClient.connect(`${house.wsUrl}/ws/?token=${name}`)));
    for (const client of [slow!, quick!]) await client.command('room.join', { room: 'kitchen' });
    slow!.socket.pause();
    await flood(() => house.app.get(Hub).ofPerson(person('anna').userId).size === 0);
    expect(house.app.get(Hub).ofPerson(person('anna').userId).size).toBe(0);
    slow!.socket.resume();
    expect((await slow!.closed).code).toBe(4408);
    expect(slow!.frames.at(-1)).toMatchObject({ event: 'error', data: { code: 'connection.too-slow', close: 4408 } });
    const sent = room.messages.length;
    await quick!.event('message.created', ({ position }) => position === sent);
    await quick!.close();
  });

  it('on Socket.IO is told so and closed, so that it comes back', async () => {
    const slow = await SocketIoClient.connect(house.url, { query: { token: 'anna' } });
    await slow.command('room.join', { room: 'kitchen' });
    const { ws } = slow.socket.io.engine.transport as unknown as { ws: WebSocket };
    ws.pause();
    await flood(() => house.app.get(Hub).ofPerson(person('anna').userId).size === 0);
    expect(house.app.get(Hub).ofPerson(person('anna').userId).size).toBe(0);
    ws.resume();
    expect(await slow.closed).toBe('transport close');
    expect(slow.inbox.all.at(-1)).toMatchObject({ event: 'error', data: { code: 'connection.too-slow', close: 4408 } });
    const positions = slow.inbox.all.flatMap(({ data }) => (data as { position?: number }).position ?? []);
    expect(positions).toEqual(positions.map((_, index) => index + 1));
  });

  it('on long polling that never polls again is closed, too', async () => {
    const open = await (await fetch(`${house.url}/socket.io/?EIO=4&transport=polling&token=anna`)).text();
    const { sid } = JSON.parse(open.slice(1)) as { sid: string };
    const address = `${house.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    await fetch(address, { method: 'POST', body: '40' });
    await (await fetch(address)).text();
    await fetch(address, { method: 'POST', body: '42["room.join",{"room":"kitchen"}]' });
    await sleep(50);
    expect(house.app.get(Hub).ofPerson(person('anna').userId).size).toBe(1);
    await flood(() => house.app.get(Hub).ofPerson(person('anna').userId).size === 0);
    expect(house.app.get(Hub).ofPerson(person('anna').userId).size).toBe(0);
  });
});

describe('dead peers', () => {
  beforeEach(async () => start({ environment: { PING_INTERVAL: '1s' } }));

  it('are cut after two pings without an answer; those that answer stay', async () => {
    const deaf = await PlainClient.connect(`${house.wsUrl}/ws/?token=anna`, { autoPong: false });
    const alive = await PlainClient.connect(`${house.wsUrl}/ws/?token=bob`);
    expect((await deaf.closed).code).toBe(1006);
    expect(deaf.pings).toHaveLength(2);
    expect(await alive.command('room.join', { room: 'kitchen' })).toMatchObject({ ok: true });
    await alive.close();
  });
});

describe('limits of connections', () => {
  it('are fifty per person, told as rate.limited', async () => {
    await start({ environment: { RATE_LIMIT_SCALE: '1' } });
    const open = await Promise.all(Array.from({ length: 50 }, () => PlainClient.connect(`${house.wsUrl}/ws/?token=anna`)));
    const plain = await PlainClient.connect(`${house.wsUrl}/ws/?token=anna`);
    expect((await plain.closed).code).toBe(4429);
    expect(plain.frames).toMatchObject([{ event: 'error', data: { code: 'rate.limited', close: 4429 } }]);
    const old = await PlainClient.connect(`${house.wsUrl}/ws/chat/?token=anna`);
    expect((await old.legacy('error')).code).toBe('rate.limited');
    expect((await old.closed).code).toBe(4429);
    const error: unknown = await SocketIoClient.connect(house.url, { query: { token: 'anna' } }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ code: 'rate.limited' });
    await (await PlainClient.connect(`${house.wsUrl}/ws/?token=bob`)).close();
    await open[0]!.close();
    await (await PlainClient.connect(`${house.wsUrl}/ws/?token=anna`)).close();
    await Promise.all(open.map((client) => client.close()));
  });

  it('are 500 per address, behind a trusted proxy per address that it names, and per /64 of IPv6', async () => {
    await start({ environment: { RATE_LIMIT_SCALE: '0.01', TRUST_PROXY: '1' } });
    const from = async (address: string) => PlainClient.connect(`${house.wsUrl}/ws/`, { headers: { 'X-Forwarded-For': address } });
    const refused = async (address: string) => {
      const client = await from(address);
      const outcome = await Promise.race([
        client.closed,
        client.command('room.leave', { room: 'kitchen' }).then(
          () => null,
          () => client.closed,
        ),
      ]);
      if (!outcome) await client.close();
      return outcome?.code ?? null;
    };
    const open = [];
    for (let index = 0; index < 5; index++) open.push(await from('203.0.113.7'), await from(`2001:db8:1:2::${index}`));
    expect(await refused('203.0.113.7')).toBe(4429);
    expect(await refused('1.2.3.4, 203.0.113.7')).toBe(4429);
    expect(await refused('2001:db8:1:2:ffff::1')).toBe(4429);
    expect(await refused('203.0.113.8')).toBeNull();
    expect(await refused('2001:db8:1:3::1')).toBeNull();
    await Promise.all(open.map((client) => client.close()));
  });
});

describe('two thousand sockets that came and went', () => {
  beforeEach(async () => start({ presence: { abnormalGrace: 100 } }));

  it('leave nothing behind: no entry, no timer, no open handle', async () => {
    const { port } = new URL(house.url);
    const plain = ['/ws/', '/ws/chat/', '/ws/chat/kitchen/', '/ws/online/', '/ws/notifications/'];
    const visit = async (index: number) => {
      const kind = index % 10;
      if (kind < 5) {
        const client = await PlainClient.connect(
          `${house.wsUrl}${plain[index % plain.length]}?token=${['anna', 'bob', 'nobody'][index % 3]}`,
        );
        if (kind === 0) client.send({ event: 'room.join', data: { room: 'kitchen' }, id: 1 });
        await (kind % 2 === 0 ? client.cut() : client.close());
      } else if (kind === 5) {
        const client = await SocketIoClient.connect(house.url, { query: { token: 'bob' } });
        client.socket.emit('room.join', { room: 'kitchen' });
        await (index % 20 < 10 ? client.cut() : client.close());
      } else if (kind === 6) {
        await SocketIoClient.connect(house.url, { query: { token: 'nobody' } }).catch(() => null);
      } else if (kind === 7) {
        const socket = connectTcp(Number(port), '127.0.0.1');
        socket.on('error', () => undefined);
        socket.write('GET /ws/?token=anna HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
        await new Promise((resolve) => socket.once('close', resolve).resume());
      } else if (kind === 8) {
        const socket = connectTcp(Number(port), '127.0.0.1');
        socket.on('error', () => undefined);
        socket.write(
          'GET /ws/chat/?token=anna HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
        );
        socket.resetAndDestroy();
        await sleep(1);
      } else {
        const socket = new WebSocket(`${house.wsUrl}/ws/chat/kitchen/?token=anna`).on('error', () => undefined);
        await sleep(index % 5);
        socket.terminate();
      }
    };
    for (let index = 0; index < 2_000; index += 20) await Promise.all(Array.from({ length: 20 }, (_, offset) => visit(index + offset)));
    await sleep(1_000);
    const sizeOf = (owner: object, field: string) => (owner as Record<string, { size: number }>)[field]!.size;
    expect({
      hub: house.app.get(Hub).size,
      people: house.app.get(Hub).people,
      sessions: sizeOf(house.app.get(Hub), 'bySession'),
      streams: sizeOf(house.app.get(RoomStreams), 'streams'),
      presence: sizeOf(house.app.get(RoomPresence), 'rooms'),
      limits: sizeOf(house.app.get(ConnectionLimits), 'open'),
      watches: sizeOf(house.app.get(Connections), 'watches'),
      heartbeat: house.app.get(Heartbeat).size,
    }).toEqual({ hub: 0, people: 0, sessions: 0, streams: 0, presence: 0, limits: 0, watches: 0, heartbeat: 0 });
    expect(house.app.get(LegacyReceipts).size).toBeLessThanOrEqual(4);
    const open = await new Promise<number>((resolve) => house.app.getHttpServer().getConnections((_error, count) => resolve(count)));
    expect(open).toBeLessThan(5);
  });
});
