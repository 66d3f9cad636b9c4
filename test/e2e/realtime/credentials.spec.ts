import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PlainClient, UpgradeRefused } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import { doors, type Shown } from './support/doors.js';
import { type FakeHouse, startFakeHouse } from './support/fake-house.js';

const ownOrigin = 'https://app.example.org';
let house: FakeHouse;

beforeAll(async () => {
  house = await startFakeHouse();
  const { features } = house;
  for (const name of ['anna', 'bob']) features.addPerson(name);
  features.credentials
    .set('token:expired', 'auth.token-expired')
    .set('token:revoked', 'auth.revoked')
    .set('token:sleeping', 'auth.inactive');
  features.addRoom('quiet');
});
afterAll(async () => house.close());

interface Case {
  place: string;
  show: (value: string) => Shown;
  /** `''` cannot be written in some places. */
  empty?: Shown;
  socketIoOnly?: boolean;
}

const withCookie = (value: string) => ({ Cookie: `other=1; parley_session=${value}`, Origin: ownOrigin });
const places: Case[] = [
  { place: '?token=', show: (value) => ({ query: `token=${value}` }), empty: { query: 'token=' } },
  { place: '?ticket=', show: (value) => ({ query: `ticket=${value}` }), empty: { query: 'ticket=' } },
  { place: 'auth.token', show: (value) => ({ auth: { token: value } }), empty: { auth: { token: '' } }, socketIoOnly: true },
  {
    place: 'Authorization',
    show: (value) => ({ headers: { Authorization: `Bearer ${value}` } }),
    empty: { headers: { Authorization: 'Bearer ' } },
  },
  { place: 'sub-protocols', show: (value) => ({ protocols: ['parley', `bearer.${value}`] }), empty: { protocols: ['parley', 'bearer.'] } },
  { place: 'the cookie', show: (value) => ({ headers: withCookie(value) }), empty: { headers: withCookie('') } },
];

/** Whose socket it is: their name comes back in the list of people. */
async function whoami(door: (typeof doors)[number], shown: Shown): Promise<string> {
  const client = await door.connect(house, shown);
  const joined = await client.command('room.join', { room: 'lobby' });
  expect(joined).toMatchObject({ ok: true });
  const event = client.event('room.user_join', undefined, 500).then(
    ({ user }) => user.username,
    () => 'guest',
  );
  const name = await event;
  await client.close();
  return name;
}

describe.each(doors)('credentials on $name', (door) => {
  const here = places.filter(({ socketIoOnly }) => !socketIoOnly || door.name === 'Socket.IO');

  it.each(here)('are taken from $place', async ({ show }) => {
    expect(await whoami(door, show('anna'))).toBe('anna');
  });

  it.each(here)('that are bad in $place are refused, and nothing else is tried', async ({ show, empty }) => {
    expect(await door.refusal(house, show('nobody'))).toBe('auth.token-invalid');
    if (empty) expect(await door.refusal(house, empty)).toBe('auth.token-invalid');
  });

  it('say whether they are expired, revoked or of an inactive account', async () => {
    expect(await door.refusal(house, { query: 'token=expired' })).toBe('auth.token-expired');
    expect(await door.refusal(house, { query: 'token=revoked' })).toBe('auth.revoked');
    expect(await door.refusal(house, { headers: { Authorization: 'bearer sleeping' } })).toBe('auth.inactive');
  });

  it('are decided by the first place that has one', async () => {
    for (let first = 0; first < here.length; first++) {
      for (let second = first + 1; second < here.length; second++) {
        const combine = (one: string, other: string): Shown => {
          const [a, b] = [here[first]!.show(one), here[second]!.show(other)];
          const query = [a.query, b.query].filter(Boolean).join('&');
          return { ...a, ...b, ...(query ? { query } : {}), headers: { ...a.headers, ...b.headers } };
        };
        expect(await door.refusal(house, combine('nobody', 'anna'))).toBe('auth.token-invalid');
      }
    }
    expect(await whoami(door, { query: 'token=anna', headers: { Authorization: 'Bearer bob' } })).toBe('anna');
  });

  it('that are longer than any token are refused', async () => {
    expect(await door.refusal(house, { headers: { Authorization: `Bearer ${'a'.repeat(9_000)}` } })).toBe('auth.token-invalid');
  });

  it('that are absent make a guest, who reads, is not listed, and cannot write or enter other rooms', async () => {
    const anna = await door.connect(house, { query: 'token=anna' });
    await anna.command('room.join', { room: 'lobby' });
    const guest = await door.connect(house);
    expect(await guest.command('room.join', { room: 'lobby' })).toMatchObject({
      ok: true,
      data: { online: [{ username: 'anna' }], onlineCount: 1 },
    });
    expect(await guest.command('message.send', { room: 'lobby', content: 'hi' })).toMatchObject({
      ok: false,
      error: { code: 'guest.read-only' },
    });
    expect(await guest.command('room.join', { room: 'quiet' })).toMatchObject({ ok: false, error: { code: 'auth.required' } });
    await anna.command('message.send', { room: 'lobby', content: 'to all' });
    expect((await guest.event('message.created')).message.content).toBe('to all');
    await anna.event('message.created');
    expect(anna.events().filter(({ event }) => event === 'room.user_join')).toHaveLength(1);
    await guest.close();
    await anna.close();
  });

  it('by cookie need an origin, or the word of the browser that the page is ours', async () => {
    const headers = { Cookie: 'parley_session=anna' };
    if (door.name === 'Socket.IO') expect(await door.refusal(house, { headers })).toBe('auth.origin-refused');
    else await expect(door.connect(house, { headers })).rejects.toMatchObject({ status: 403 });
    expect(await whoami(door, { headers: { ...headers, 'Sec-Fetch-Site': 'same-origin' } })).toBe('anna');
    expect(await whoami(door, { query: 'token=bob', headers })).toBe('bob');
  });
});

describe('credentials', () => {
  it('that are doubled in the address are bad', async () => {
    const client = await PlainClient.connect(`${house.wsUrl}/ws/?token=anna&token=bob`);
    expect((await client.legacy('error')).code).toBe('auth.token-invalid');
    expect((await client.closed).code).toBe(4401);
  });

  it('that are no text in auth.token are bad', async () => {
    for (const token of [null, 7, {}, ['anna'], true]) {
      await expect(SocketIoClient.connect(house.url, { auth: { token } })).rejects.toMatchObject({ code: 'auth.token-invalid' });
    }
  });

  it('in a sub-protocol never come back in the answer', async () => {
    const client = await PlainClient.connect(`${house.wsUrl}/ws/`, { protocols: ['bearer.anna', 'parley'] });
    expect(client.socket.protocol).toBe('parley');
    await client.close();
  });

  it('work over long polling, too', async () => {
    const client = await SocketIoClient.connect(house.url, { transports: ['polling'], query: { token: 'anna' } });
    expect(await client.command('room.join', { room: 'lobby' })).toMatchObject({ ok: true });
    expect(await client.command('message.send', { room: 'lobby', content: 'slowly' })).toMatchObject({ ok: true });
    expect((await client.event('message.created')).message.content).toBe('slowly');
    await client.close();
  });

  it('of a connection that starts with polling serve after the upgrade, too', async () => {
    const client = await SocketIoClient.connect(house.url, { transports: ['polling', 'websocket'], query: { token: 'anna' } });
    for (let tries = 0; client.socket.io.engine.transport.name !== 'websocket' && tries < 1_000; tries++) await sleep(20);
    expect(client.socket.io.engine.transport.name).toBe('websocket');
    expect(await client.command('room.join', { room: 'lobby' })).toMatchObject({ ok: true });
    await client.close();
  });

  it('are decided within five seconds', async () => {
    house.features.authDelay = 7_000;
    const client = await PlainClient.connect(`${house.wsUrl}/ws/?token=anna`);
    house.features.authDelay = 0;
    expect((await client.legacy('error')).code).toBe('server.unavailable');
    expect((await client.closed).code).toBe(1012);
  });
});

describe('without guests', () => {
  let closed: FakeHouse;
  beforeAll(async () => {
    closed = await startFakeHouse({ environment: { GUESTS: 'off' } });
  });
  afterAll(async () => closed.close());

  it.each(doors)('nobody connects without a credential on $name', async (door) => {
    expect(await door.refusal(closed)).toBe('auth.required');
  });

  it.each(['/ws/chat/', '/ws/online/', '/ws/notifications/'])('nor on %s', async (path) => {
    const client = await PlainClient.connect(`${closed.wsUrl}${path}`);
    expect(await client.legacy('error')).toMatchObject({ error: 'Authentication required', code: 'auth.required' });
    expect((await client.closed).code).toBe(4401);
    expect(client.frames).toHaveLength(1);
  });
});

describe('origins', () => {
  const foreign = [
    'https://evil.example.org',
    'null',
    'https://app.example.org.evil.net',
    'http://app.example.org',
    'https://app.example.org:8443',
    '',
  ];

  it.each(foreign)('that are not on the list (%j) are refused by HTTP 403 on every address', async (origin) => {
    for (const path of [
      '/ws/',
      '/ws/chat/',
      '/ws/chat/lobby',
      '/ws/online/',
      '/ws/notifications/',
      '/socket.io/?EIO=4&transport=websocket',
    ]) {
      const address = `${house.wsUrl}${path}${path.includes('?') ? '&' : '?'}token=anna`;
      await expect(PlainClient.connect(address, { headers: { Origin: origin } })).rejects.toEqual(new UpgradeRefused(403));
    }
    expect(await statusOf('/socket.io/?EIO=4&transport=polling&token=anna', { Origin: origin })).toBe(403);
  });

  it.each(foreign)('that are not on the list (%j) cannot poll or upgrade a session that is open already', async (origin) => {
    const opened = await fetch(`${house.url}/socket.io/?EIO=4&transport=polling`);
    const { sid } = JSON.parse((await opened.text()).slice(1)) as { sid: string };
    const upgrade = `${house.wsUrl}/socket.io/?EIO=4&transport=websocket&sid=${sid}`;
    await expect(PlainClient.connect(upgrade, { headers: { Origin: origin } })).rejects.toEqual(new UpgradeRefused(403));
    expect(await statusOf(`/socket.io/?EIO=4&transport=polling&sid=${sid}`, { Origin: origin })).toBe(403);
    // The session itself is none the worse for it.
    const client = await PlainClient.connect(upgrade, { headers: { Origin: ownOrigin } });
    await client.close();
  });

  it('that are on the list, and no origin at all, are fine', async () => {
    for (const headers of [{ Origin: ownOrigin }, { Origin: `${ownOrigin}:443` }, {}] as Record<string, string>[]) {
      const client = await PlainClient.connect(`${house.wsUrl}/ws/?token=anna`, { headers });
      await client.close();
    }
  });

  it('that are allowed get CORS headers with credentials, others none', async () => {
    const headersFor = async (origin: string) =>
      (await fetch(`${house.url}/socket.io/?EIO=4&transport=polling`, { headers: { Origin: origin } })).headers;
    expect((await headersFor(ownOrigin)).get('access-control-allow-origin')).toBe(ownOrigin);
    expect((await headersFor(ownOrigin)).get('access-control-allow-credentials')).toBe('true');
    expect((await headersFor('https://evil.example.org')).get('access-control-allow-origin')).toBeNull();
  });
});

describe('addresses', () => {
  it.each([
    '/',
    '/ws2',
    '/wss/',
    '/ws/other/',
    '/ws/chat/a/b',
    '/ws/chat//',
    '/ws/online/x',
    '/socket.io',
    '/api/v1/rooms',
    '//ws/',
    '/ws/../ws/',
  ])('where no socket is (%s) answer an upgrade with 404', async (path) => {
    const status = await upgradeStatus(path);
    expect(status).toBe(404);
  });

  it.each(['/ws', '/ws/', '/ws/?', '/ws?x=1'])('of the full protocol work with and without the last slash: %s', async (path) => {
    const client = await PlainClient.connect(`${house.wsUrl}${path}`);
    expect(await client.command('room.join', { room: 'lobby' })).toMatchObject({ ok: true });
    await client.close();
  });
});

async function statusOf(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(`${house.url}${path}`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.once('error', reject);
    call.end();
  });
}

/** As it is, without the tidying up of an address that clients do. */
async function upgradeStatus(path: string): Promise<number> {
  const { port } = new URL(house.url);
  const headers = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
  };
  return new Promise((resolve, reject) => {
    const call = request({ port, host: '127.0.0.1', path, headers });
    call.once('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.once('upgrade', (_response, socket) => {
      socket.destroy();
      resolve(101);
    });
    call.once('error', reject);
    call.end();
  });
}
