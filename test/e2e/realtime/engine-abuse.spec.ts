import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { Hub } from '../../../src/realtime/hub.js';
import { ChatGateway } from '../../../src/realtime/transports/socket-io/chat.gateway.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import { type FakeHouse, startFakeHouse } from './support/fake-house.js';

let house: FakeHouse;
beforeAll(async () => {
  house = await startFakeHouse();
  house.features.addPerson('anna');
});
afterAll(async () => house.close());

const polling = (query = '') => `${house.url}/socket.io/?EIO=4&transport=polling${query}`;

/** A bare WebSocket to Socket.IO's address, signed in and connected to the namespace. */
async function raw(): Promise<{ socket: WebSocket; texts: string[]; closed: Promise<number>; until: (start: string) => Promise<string> }> {
  const socket = new WebSocket(`${house.wsUrl}/socket.io/?EIO=4&transport=websocket&token=anna`);
  const texts: string[] = [];
  socket.on('message', (data: Buffer) => texts.push(data.toString()));
  socket.on('error', () => undefined);
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  const until = async (start: string) => {
    for (let tries = 0; tries < 200; tries++) {
      const index = texts.findIndex((text) => text.startsWith(start));
      if (index >= 0) return texts.splice(index, 1)[0]!;
      await sleep(10);
    }
    throw new Error(`No packet ${start}; there are ${JSON.stringify(texts)}`);
  };
  await until('0');
  socket.send('40');
  await until('40');
  return { socket, texts, closed, until };
}

async function sessionId(query = '&token=anna'): Promise<string> {
  const text = await (await fetch(polling(query))).text();
  return (JSON.parse(text.slice(1)) as { sid: string }).sid;
}

async function stillAlive(): Promise<void> {
  const client = await SocketIoClient.connect(house.url, { query: { token: 'anna' } });
  expect(await client.command('room.join', { room: 'lobby' })).toMatchObject({ ok: true });
  await client.close();
}

describe('Engine.IO and Socket.IO packets of a hostile client', () => {
  const packets = [
    '450-["x"]',
    '451000000-["x",{"_placeholder":true,"num":0}]',
    '4511-["x"]',
    '45-["x"]',
    '45a-["x"]',
    '46',
    '461-1[]',
    '4',
    '49',
    '4x',
    '42',
    '42{}',
    '42"x"',
    '42[]',
    '42[null]',
    '42[{}]',
    '42["connect"]',
    '42["disconnect"]',
    '42["newListener",1]',
    '42999999999999999999999["room.join",{}]',
    '43',
    '43["x"]',
    '43999["x"]',
    '44{"message":"x"}',
    '40{"token":"x"}',
    '40/admin,',
    '42/admin,["x"]',
    '1',
    '2',
    '2probe',
    '3probe',
    '5',
    '6',
    '7',
    '9',
    '',
    'b',
    'bAAAA',
    '\u001e',
    `42["room.join",${'['.repeat(25_000)}${']'.repeat(25_000)}]`,
  ];

  it.each(packets)('%.40j is answered, ignored, or ends that client alone', async (packet) => {
    const { socket, closed } = await raw();
    socket.send(packet);
    await Promise.race([closed, sleep(30)]);
    socket.terminate();
    await closed;
    await stillAlive();
  });

  it('with binary parts are malformed, and deep JSON in them is survived', async () => {
    const { socket, closed } = await raw();
    socket.send(`451-["room.join",{"_placeholder":true,"num":0},${'['.repeat(15_000)}${']'.repeat(15_000)}]`);
    socket.send(Buffer.from('x'));
    await Promise.race([closed, sleep(50)]);
    socket.terminate();
    const other = await raw();
    other.socket.send('451-0["room.join",{"_placeholder":true,"num":7}]');
    other.socket.send(Buffer.from('x'));
    await Promise.race([other.closed, sleep(50)]);
    other.socket.terminate();
    await stillAlive();
  });

  it('nested 10,000 deep are answered', async () => {
    const { socket, until } = await raw();
    socket.send(`427["message.send",{"room":${'['.repeat(10_000)}${']'.repeat(10_000)}}]`);
    expect(await until('437')).toContain('request.invalid');
    socket.terminate();
  });

  it('a second request for the namespace on one connection leaves no socket behind', async () => {
    const socket = new WebSocket(`${house.wsUrl}/socket.io/?EIO=4&transport=websocket&token=anna`);
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('40');
    socket.send('40');
    socket.send('40{"token":"anna"}');
    await new Promise((resolve) => socket.once('close', resolve));
    await sleep(50);
    expect(house.app.get(Hub).size).toBe(0);
  });

  it('after the refusal nothing is read', async () => {
    const socket = new WebSocket(`${house.wsUrl}/socket.io/?EIO=4&transport=websocket&token=wrong`);
    const texts: string[] = [];
    socket.on('message', (data: Buffer) => texts.push(data.toString()));
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.send('40');
    socket.send('421["room.join",{"room":"lobby"}]');
    await closed;
    expect(texts.filter((text) => text.startsWith('43'))).toEqual([]);
    expect(house.app.get(Hub).size).toBe(0);
  });
});

describe('long polling of a hostile client', () => {
  it('with the wrong version, method, transport, session or body is refused by HTTP', async () => {
    const status = async (address: string, init?: RequestInit) => (await fetch(address, init)).status;
    expect(await status(`${house.url}/socket.io/?EIO=3&transport=polling`)).toBe(400);
    expect(await status(`${house.url}/socket.io/?transport=polling`)).toBe(400);
    expect(await status(`${house.url}/socket.io/?EIO=4&transport=carrier-pigeon`)).toBe(400);
    expect(await status(`${house.url}/socket.io/?EIO=4&transport=__proto__`)).toBe(400);
    expect(await status(polling(), { method: 'POST', body: '40' })).toBe(400);
    for (const sid of ['nonsense', '__proto__', 'constructor', '%00']) expect(await status(polling(`&sid=${sid}`))).toBe(400);
    const sid = await sessionId();
    expect(await status(polling(`&sid=${sid}`), { method: 'DELETE' })).toBe(405);
    expect(await status(`${house.url}/socket.io/?EIO=3&transport=polling&sid=${sid}`)).toBe(400);
    const large = await fetch(polling(`&sid=${sid}`), { method: 'POST', body: 'x'.repeat(70_000) }).then(
      (answer) => answer.status,
      () => 'cut',
    );
    expect([413, 'cut']).toContain(large);
    const binary = await sessionId();
    await fetch(polling(`&sid=${binary}`), { method: 'POST', body: 'x', headers: { 'Content-Type': 'application/octet-stream' } }).catch(
      () => null,
    );
    await stillAlive();
  });

  it('with the version switched at the upgrade ends that upgrade alone', async () => {
    const sid = await sessionId();
    const socket = new WebSocket(`${house.wsUrl}/socket.io/?EIO=3&transport=websocket&sid=${sid}`);
    await new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve));
    await stillAlive();
  });

  it('with a thousand sessions that are never used is rid of them', async () => {
    for (let round = 0; round < 20; round++) await Promise.all(Array.from({ length: 50 }, async () => sessionId('')));
    await stillAlive();
    const { engine } = house.app.get(ChatGateway).server;
    for (let tries = 0; tries < 80 && engine.clientsCount > 5; tries++) await sleep(500);
    expect(engine.clientsCount).toBeLessThanOrEqual(5);
  });

  it('with too many sessions is refused before it has one more', async () => {
    const small = await startFakeHouse({ environment: { RATE_LIMIT_SCALE: '0.01' } });
    const open = async () => (await fetch(`${small.url}/socket.io/?EIO=4&transport=polling`)).status;
    for (let session = 0; session < 10; session++) expect(await open()).toBe(200);
    expect(await open()).toBe(403);
    await expect(SocketIoClient.connect(small.url)).rejects.toThrow();
    await small.close();
  });
});
