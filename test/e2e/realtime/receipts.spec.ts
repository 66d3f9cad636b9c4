import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LegacyReceipts } from '../../../src/realtime/legacy/receipts.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { type FakeFeatures, type FakeHouse, type FakeRoom, MemoryReceiptStore, startFakeHouse } from './support/fake-house.js';

let house: FakeHouse;
let room: FakeRoom;
let store: MemoryReceiptStore;

beforeEach(async () => {
  store = new MemoryReceiptStore();
  house = await startFakeHouse({ store });
  for (const name of ['anna', 'bob']) house.features.addPerson(name);
  room = house.features.addRoom('kitchen');
  for (let index = 1; index <= 12; index++) await say(`m${index}`);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await house.close();
});

const person = (name: string) => [...house.features.people.values()].find(({ username }) => username === name)!;
const say = async (content: string, at = room) => house.features.write(person('anna'), at.id, content);
const page = async (name = 'bob', at = room.name, query = '') => PlainClient.connect(`${house.wsUrl}/ws/chat/${at}/?token=${name}${query}`);

/** Waits until the server has sent what is due, receipts included, and has read what the client answered. */
async function settled(client: PlainClient, ms = 60): Promise<void> {
  await sleep(ms);
  for (let trip = 0; trip < 2; trip++) await client.roundTrip();
}

/** Everything that a page got on connecting, after it settled. */
async function messages(client: PlainClient): Promise<number[]> {
  await client.legacy('user_join');
  await settled(client, 120);
  return client.frames.flatMap(({ seq }) => seq ?? []);
}
const lastTen = () => Array.from({ length: 10 }, (_, index) => room.messages.length - 9 + index);

describe('a page that reconnects by itself', () => {
  it('after a cut gets what it missed, once and nothing else', async () => {
    const first = await page();
    expect(await messages(first)).toEqual(lastTen());
    await say('seen');
    await first.legacy('chat_message', ({ seq }) => seq === 13);
    await settled(first);
    await first.cut();
    for (const text of ['missed', 'missed too', 'and this']) await say(text);
    const second = await page();
    expect(await messages(second)).toEqual([14, 15, 16]);
    expect(second.frames.slice(0, 2)).toEqual([
      { type: 'user_list', users: [] },
      { type: 'user_join', user: 'bob' },
    ]);
    await say('live');
    await second.legacy('chat_message', ({ seq }) => seq === 17);
    await settled(second);
    await second.cut();
    const third = await page();
    expect(await messages(third)).toEqual([]);
    await third.close();
  });

  it('many times over gets every message exactly once', async () => {
    const got: number[] = [];
    let sent = room.messages.length;
    const first = await page();
    await messages(first);
    await first.cut();
    for (let round = 0; round < 15; round++) {
      for (let index = 0; index < 3; index++) {
        await say(`r${round}`);
        sent++;
      }
      const client = await page();
      await client.legacy('user_join');
      await say('live');
      sent++;
      const last = sent;
      await client.legacy('chat_message', ({ seq }) => seq === last);
      await settled(client);
      got.push(...client.frames.flatMap(({ seq }) => seq ?? []));
      await client.cut();
    }
    expect(got).toEqual(Array.from({ length: sent - 12 }, (_, index) => index + 13));
  });

  it('after a clean close (1000, 1001, or none said) gets the last ten', async () => {
    for (const code of [1000, 1001, undefined]) {
      const client = await page();
      await messages(client);
      client.socket.close(code);
      await client.closed;
      await say('meanwhile');
      const again = await page();
      expect(await messages(again)).toEqual(lastTen());
      await again.close();
    }
  });

  it('while another tab of the session is open gets the last ten', async () => {
    const [one, two] = [await page(), await page()];
    await Promise.all([messages(one), messages(two)]);
    await one.cut();
    const again = await page();
    expect(await messages(again)).toEqual(lastTen());
    await Promise.all([two.close(), again.close()]);
  });

  it('gets what its other tab has not received either, when both were cut', async () => {
    const [one, two] = [await page(), await page()];
    await Promise.all([messages(one), messages(two)]);
    await Promise.all([one.cut(), two.cut()]);
    await say('missed');
    expect(await messages(await page())).toEqual([13]);
    expect(await messages(await page())).toEqual(lastTen());
  });

  it('that never echoed a ping gets the last ten', async () => {
    const deaf = await PlainClient.connect(`${house.wsUrl}/ws/chat/kitchen/?token=bob`, { autoPong: false });
    await messages(deaf);
    expect(deaf.pings.length).toBeGreaterThan(0);
    await deaf.cut();
    expect(await messages(await page())).toEqual(lastTen());
  });

  it('cannot say that it received what was never sent', async () => {
    const liar = await PlainClient.connect(`${house.wsUrl}/ws/chat/kitchen/?token=bob`, { autoPong: false });
    await messages(liar);
    for (const payload of ['99.99', '12.99', '-1.0', 'x', '12', '']) liar.socket.pong(payload);
    await settled(liar);
    await liar.cut();
    expect(await messages(await page())).toEqual(lastTen());
  });

  it('after ten minutes gets the last ten', async () => {
    const client = await page();
    await messages(client);
    await client.cut();
    await say('missed');
    await sleep(100);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => now + 601_000);
    const again = await page();
    jest.restoreAllMocks();
    expect(await messages(again)).toEqual(lastTen());
  });

  it('of another session or in another room is a stranger', async () => {
    const other = house.features.addRoom('garden');
    const client = await page();
    await messages(client);
    await client.cut();
    await say('missed');
    await say('other', other);
    expect(await messages(await page('anna'))).toEqual(lastTen());
    expect(await messages(await page('bob', 'garden'))).toEqual([1]);
    const elsewhere = { ...person('bob'), sessionId: '01a1fcc4-0000-7000-8000-000000000001' };
    house.features.credentials.set('token:phone', elsewhere);
    expect(await messages(await page('phone'))).toEqual(lastTen());
    expect(await messages(await page())).toEqual([13]);
  });

  it('and says since= itself is believed', async () => {
    const client = await page();
    await messages(client);
    await client.cut();
    await say('missed');
    expect(await messages(await page('bob', 'kitchen', '&since=11'))).toEqual([12, 13]);
  });

  it('after a gap gets the last ten', async () => {
    const client = await page();
    await messages(client);
    await client.cut();
    for (let index = 0; index < 501; index++) await say('flood');
    expect(await messages(await page())).toEqual(lastTen());
  });

  it('after more than ten messages gets all of them', async () => {
    const client = await page();
    await messages(client);
    await client.cut();
    for (let index = 0; index < 60; index++) await say('flood');
    expect(await messages(await page())).toEqual(Array.from({ length: 60 }, (_, index) => index + 13));
  });
});

describe('a restart of the server', () => {
  /** Another server with the same people, rooms and receipts. */
  async function restart(how: 'stopped' | 'killed'): Promise<void> {
    const before: FakeFeatures = house.features;
    const kept = new Map(store.rows);
    if (how === 'stopped') await house.close();
    const survivor = how === 'stopped' ? store : new MemoryReceiptStore();
    if (how === 'killed') for (const [key, row] of kept) survivor.rows.set(key, row);
    const old = house;
    house = await startFakeHouse({ store: survivor });
    if (how === 'killed') await old.close();
    for (const [key, value] of before.people) house.features.people.set(key, value);
    for (const [key, value] of before.credentials) house.features.credentials.set(key, value);
    house.features.rooms.clear();
    for (const [key, value] of before.rooms) house.features.rooms.set(key, value);
    store = survivor;
  }

  it.each(['stopped', 'killed'] as const)('that is %s costs a page nothing: it gets what it missed', async (how) => {
    const client = await page();
    await messages(client);
    await sleep(150);
    expect([...store.rows.values()]).toMatchObject([{ position: 12, seq: 12, open: true }]);
    await restart(how);
    if (how === 'stopped') expect((await client.closed).code).toBe(1012);
    await say('missed');
    const again = await page();
    expect(await messages(again)).toEqual([13]);
    await again.close();
    await sleep(100);
    expect(store.rows.size).toBe(0);
  });

  it('writes receipts gathered', async () => {
    const clients = await Promise.all(Array.from({ length: 10 }, () => page()));
    await Promise.all(clients.map(messages));
    const { writes } = store;
    const began = performance.now();
    for (let index = 0; index < 100; index++) {
      await say('x');
      await sleep(2);
    }
    // A thousand receipts; one write in 30 ms.
    expect(store.writes - writes).toBeLessThan((performance.now() - began) / 30 + 5);
    await Promise.all(clients.map((client) => client.close()));
    await sleep(100);
    expect(house.app.get(LegacyReceipts).size).toBe(0);
  });

  it('keeps trying when the database is away', async () => {
    const save = jest.spyOn(store, 'save').mockRejectedValueOnce(new Error('away'));
    const client = await page();
    await messages(client);
    await sleep(2_300);
    expect(save.mock.calls.length).toBeGreaterThan(1);
    expect(store.rows.size).toBe(1);
    await client.close();
  });
});
