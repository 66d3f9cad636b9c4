import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Publisher } from '../../../src/realtime/index.js';
import { PlainClient, type PlainOptions } from '../../support/connect-plain-ws.js';
import { type FakeHouse, type FakeRoom, startFakeHouse } from './support/fake-house.js';

let house: FakeHouse;
let room: FakeRoom;
let rooms = 0;

beforeAll(async () => {
  house = await startFakeHouse({ presence: { abnormalGrace: 1_500 } });
  for (const name of ['anna', 'bob', 'carla']) house.features.addPerson(name);
  house.features.addPerson('root', { role: 'admin' });
});
afterAll(async () => house.close());
beforeEach(() => {
  room = house.features.addRoom(`old-${++rooms}`);
});

const chat = async (name: string | null, query = '', at = room.name, options?: PlainOptions) =>
  PlainClient.connect(`${house.wsUrl}/ws/chat/${at}/?${name ? `token=${name}` : ''}${query}`, options);
const person = (name: string) => [...house.features.people.values()].find(({ username }) => username === name)!;
const say = async (name: string, content: string, at = room) => house.features.write(person(name), at.id, content);
const types = (client: PlainClient) => client.frames.map(({ type }) => type ?? '');

describe('the frames of old clients', () => {
  it('come in the order of the tutorial: the list without oneself, oneself, the last ten, then what happens', async () => {
    for (let index = 1; index <= 12; index++) await say('anna', `m${index}`);
    const anna = await chat('anna');
    await anna.legacy('chat_message', ({ seq }) => seq === 12);
    const bob = await chat('bob');
    await bob.legacy('chat_message', ({ seq }) => seq === 12);
    expect(bob.frames[0]).toEqual({ type: 'user_list', users: ['anna'] });
    expect(bob.frames[1]).toEqual({ type: 'user_join', user: 'bob' });
    expect(bob.frames.slice(2).map(({ message }) => message)).toEqual(Array.from({ length: 10 }, (_, index) => `m${index + 3}`));
    expect(await anna.legacy('user_join', ({ user }) => user === 'bob')).toEqual({ type: 'user_join', user: 'bob' });
    bob.send({ message: 'hello <b>all</b>' });
    for (const client of [anna, bob]) {
      const frame = await client.legacy('chat_message', ({ seq }) => seq === 13);
      expect(Object.keys(frame).slice(0, 4)).toEqual(['type', 'user', 'username', 'message']);
      expect(frame).toEqual({
        type: 'chat_message',
        user: 'bob',
        username: 'bob',
        message: 'hello <b>all</b>',
        id: expect.any(String),
        seq: 13,
        position: 13,
        author_first_name: 'bob',
        author_avatar_url: null,
        sent_at: expect.any(String),
        image_url: null,
        is_personal: false,
      });
    }
    await bob.close();
    expect(await anna.legacy('user_leave')).toEqual({ type: 'user_leave', user: 'bob' });
    await anna.close();
  });

  it('keep that order while others write and come', async () => {
    let writing = true;
    const writer = (async () => {
      while (writing) {
        await say('anna', 'busy');
        await sleep(1);
      }
    })();
    for (let round = 0; round < 20; round++) {
      const bob = await chat('bob');
      await bob.legacy('chat_message');
      await sleep(10);
      expect(types(bob).slice(0, 3)).toEqual(['user_list', 'user_join', 'chat_message']);
      const seqs = bob.frames.flatMap(({ seq }) => seq ?? []);
      expect(seqs).toEqual(seqs.map((_, index) => seqs[0]! + index));
      await bob.close();
    }
    writing = false;
    await writer;
  });

  it.each(['/ws/chat', '/ws/chat/', '/ws/chat/lobby', '/ws/chat/lobby/'])('are spoken in the lobby at %s', async (path) => {
    const anna = await PlainClient.connect(`${house.wsUrl}${path}?token=anna`);
    anna.send({ message: `from ${path}` });
    await anna.legacy('chat_message', ({ message }) => message === `from ${path}`);
    await anna.close();
  });

  it('are spoken in rooms of any script, by name and by id', async () => {
    const kitchen = house.features.addRoom('кухня');
    for (const at of [encodeURIComponent('кухня'), kitchen.id]) {
      const anna = await chat('anna', '', at);
      anna.send({ message: 'тут' });
      await anna.legacy('chat_message');
      await anna.close();
    }
    expect(kitchen.messages).toHaveLength(2);
  });

  it('are nothing else unless asked for, then every event comes', async () => {
    const [plain, all] = [await chat('anna'), await chat('bob', '&frames=all')];
    await all.legacy('event', ({ event }) => event === 'presence.online');
    house.app
      .get(Publisher)
      .toPeople([person('anna').userId, person('bob').userId], 'room.unread', { room: room.id, unread: 1, mentions: 0, lastSeq: 1 });
    expect(await all.legacy('event', ({ event }) => event === 'room.unread')).toMatchObject({ data: { unread: 1 } });
    expect(types(plain)).not.toContain('event');
    await Promise.all([plain.close(), all.close()]);
  });

  it('escape text when asked', async () => {
    await say('anna', `<script>"a" & 'b'</script>`);
    const [plain, escaped] = [await chat('anna'), await chat('bob', '&escape=html')];
    expect((await plain.legacy('chat_message')).message).toBe(`<script>"a" & 'b'</script>`);
    expect((await escaped.legacy('chat_message')).message).toBe('&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;');
    await Promise.all([plain.close(), escaped.close()]);
  });

  it('count a person once, however many tabs: the second tab is told of itself alone', async () => {
    const anna = await chat('anna');
    await anna.legacy('user_join');
    const [one, two] = [await chat('bob'), await chat('bob')];
    await two.legacy('user_join', ({ user }) => user === 'bob');
    expect(two.frames[0]).toEqual({ type: 'user_list', users: ['anna'] });
    await anna.legacy('user_join', ({ user }) => user === 'bob');
    await one.close();
    await sleep(100);
    expect(types(anna)).not.toContain('user_leave');
    await two.close();
    await anna.legacy('user_leave', ({ user }) => user === 'bob');
    expect(types(anna).filter((type) => type === 'user_join')).toHaveLength(2);
    await anna.close();
  });

  it('do not flicker when a torn-off person is back in a moment', async () => {
    const anna = await chat('anna');
    let bob = await chat('bob');
    await bob.legacy('user_join');
    await bob.cut();
    bob = await chat('bob');
    expect(await bob.legacy('user_join')).toEqual({ type: 'user_join', user: 'bob' });
    await sleep(1_700);
    expect(types(anna)).not.toContain('user_leave');
    expect(types(anna).filter((type) => type === 'user_join')).toHaveLength(2);
    await bob.cut();
    await anna.legacy('user_leave', undefined);
    await anna.close();
  });
});

describe('what old clients send', () => {
  it('that is no message is answered and survived', async () => {
    const anna = await chat('anna');
    for (const bad of [
      '',
      'x',
      '{',
      '[]',
      'null',
      '7',
      '{}',
      '{"message":7}',
      '{"message":null}',
      '{"message":{}}',
      '{"text":"x"}',
      '['.repeat(20_000),
    ]) {
      anna.raw(bad);
      const { type, ...frame } = await anna.legacy('error');
      expect({ type, ...frame }).toEqual({
        type: 'error',
        error: expect.any(String),
        message: expect.any(String),
        code: 'frame.malformed',
      });
    }
    for (const [content, code] of [
      ['', 'message.empty'],
      [' \n ', 'message.empty'],
      ['\0', 'request.invalid'],
      ['x'.repeat(4_097), 'message.too-long'],
    ]) {
      anna.send({ message: content });
      expect((await anna.legacy('error')).code).toBe(code);
    }
    anna.send({ message: 'alive', more: true });
    await anna.legacy('chat_message', ({ message }) => message === 'alive');
    await anna.close();
  });

  it('fifty times wrong, or binary, closes with 4400', async () => {
    const anna = await chat('anna');
    for (let count = 0; count < 50; count++) anna.raw('bad');
    expect((await anna.closed).code).toBe(4400);
    const bob = await chat('bob');
    bob.raw(Buffer.from('{"message":"x"}'), true);
    expect((await bob.closed).code).toBe(4400);
    expect(room.messages).toHaveLength(0);
  });

  it('arrives in the order in which it was sent', async () => {
    house.features.writeDelay = 3;
    const anna = await chat('anna');
    for (let index = 0; index < 50; index++) anna.send({ message: `t${index}` });
    for (let index = 0; index < 50; index++) expect((await anna.legacy('chat_message')).message).toBe(`t${index}`);
    house.features.writeDelay = 0;
    await anna.close();
  });

  it('before it is in the room waits until it is', async () => {
    const socket = await chat('anna');
    socket.send({ message: 'early' });
    await socket.legacy('chat_message', ({ message }) => message === 'early');
    expect(types(socket)).toEqual(['user_list', 'user_join', 'chat_message']);
    await socket.close();
  });
});

describe('private messages of old clients', () => {
  it('reach every chat socket of the addressee, and the sending socket gets a receipt', async () => {
    const elsewhere = house.features.addRoom('elsewhere-old');
    const anna = await chat('anna');
    const annaToo = await chat('anna');
    const bob = await chat('bob');
    const bobElsewhere = await chat('bob', '', elsewhere.name);
    const carla = await chat('carla');
    anna.send({ message: '/pm bob  psst  <b>you</b>' });
    expect(await anna.legacy('private_message_delivered')).toEqual({
      type: 'private_message_delivered',
      target: 'bob',
      message: 'psst  <b>you</b>',
      id: expect.any(String),
    });
    for (const client of [bob, bobElsewhere]) {
      expect(await client.legacy('private_message')).toEqual({
        type: 'private_message',
        user: 'anna',
        message: 'psst  <b>you</b>',
        id: expect.any(String),
        sent_at: expect.any(String),
        image_url: null,
      });
    }
    await sleep(50);
    for (const client of [annaToo, carla]) expect(types(client).filter((type) => type.startsWith('private'))).toEqual([]);
    for (const client of [anna, annaToo, bob, bobElsewhere, carla]) {
      expect(types(client)).not.toContain('chat_message');
      await client.close();
    }
  });

  it('without a name, without a text, or to nobody are errors, and the socket lives', async () => {
    const anna = await chat('anna');
    for (const line of ['/pm', '/pm ', '/pm bob', '/pm bob ', '/pm  bob   ', '/pm\tbob']) {
      anna.send({ message: line });
      expect((await anna.legacy('error')).code).toBe('message.pm-usage');
    }
    anna.send({ message: '/pm nobody hello' });
    expect((await anna.legacy('error')).code).toBe('user.not-found');
    anna.send({ message: '/pmx is no command' });
    await anna.legacy('chat_message');
    await anna.close();
  });

  it('are chat messages with is_personal where the direct room is open', async () => {
    const direct = house.features.directRoom(person('anna'), person('bob'));
    const [anna, bob] = [await chat('anna', '', direct.id), await chat('bob')];
    anna.send({ message: 'between us' });
    expect(await anna.legacy('chat_message', ({ message }) => message === 'between us')).toMatchObject({ is_personal: true });
    expect(await bob.legacy('private_message')).toMatchObject({ message: 'between us' });
    const carla = await chat('carla', '', direct.id);
    expect((await carla.legacy('error')).code).toBe('room.not-found');
    expect((await carla.closed).code).toBe(4404);
    await Promise.all([anna.close(), bob.close()]);
  });
});

describe('guests among old clients', () => {
  it('read where guests may, are never listed and cannot write', async () => {
    const lobby = 'lobby';
    const anna = await chat('anna', '', lobby);
    await anna.legacy('user_join');
    const guest = await chat(null, '', lobby);
    expect(await guest.legacy('user_list')).toEqual({ type: 'user_list', users: ['anna'] });
    guest.send({ message: 'hi' });
    expect(await guest.legacy('error')).toMatchObject({ code: 'guest.read-only' });
    guest.send({ message: '/pm anna hi' });
    expect(await guest.legacy('error')).toMatchObject({ code: 'guest.read-only' });
    anna.send({ message: 'for guests too' });
    await guest.legacy('chat_message', ({ message }) => message === 'for guests too');
    const users = [...guest.frames, ...anna.frames].filter(({ type }) => type === 'user_join');
    expect(users.map(({ user }) => user)).toEqual(['anna']);
    await guest.close();
    await anna.close();
  });

  it('get one error and 4401 where they may not enter, and create nothing', async () => {
    for (const at of [room.name, 'never-seen', room.id, '%2e%2e%2f', 'a%20b', '%00', '%E0%A4%A']) {
      const guest = await chat(null, '', at);
      expect(await guest.legacy('error')).toMatchObject({ error: 'Authentication required', code: 'auth.required' });
      expect((await guest.closed).code).toBe(4401);
      expect(guest.frames).toHaveLength(1);
    }
    expect([...house.features.rooms.values()].some(({ name }) => name === 'never-seen')).toBe(false);
  });
});

describe('rooms that cannot be entered', () => {
  it('are one error frame, then 4404 or 4403', async () => {
    room.banned.add(person('bob').userId);
    const banned = await chat('bob');
    expect((await banned.legacy('error')).code).toBe('room.banned');
    expect((await banned.closed).code).toBe(4403);
    for (const at of ['a%20b', '%E0%A4%A', '%00', 'x'.repeat(129)]) {
      const lost = await chat('bob', '', at);
      expect((await lost.legacy('error')).code).toBe('room.not-found');
      expect((await lost.closed).code).toBe(4404);
      expect(lost.frames).toHaveLength(1);
    }
  });

  it('end the sockets in them when they are deleted (4404), or when the person is taken out (4403)', async () => {
    const publisher = house.app.get(Publisher);
    const [anna, bob] = [await chat('anna'), await chat('bob')];
    await Promise.all([anna.legacy('user_join'), bob.legacy('user_join')]);
    publisher.removeFromRoom(person('bob').userId, room.id, 'kicked');
    expect((await bob.legacy('error')).code).toBe('room.forbidden');
    expect((await bob.closed).code).toBe(4403);
    publisher.closeRoom(room.id, []);
    expect((await anna.legacy('error')).code).toBe('room.not-found');
    expect((await anna.closed).code).toBe(4404);
  });
});

describe('?since=', () => {
  it('brings what was missed and nothing else', async () => {
    for (let index = 1; index <= 15; index++) await say('anna', `m${index}`);
    const bob = await chat('bob', '&since=13');
    await bob.legacy('chat_message', ({ seq }) => seq === 15);
    expect(types(bob)).toEqual(['user_list', 'user_join', 'chat_message', 'chat_message']);
    const upToDate = await chat('bob', '&since=15');
    await upToDate.legacy('user_join');
    await say('anna', 'live');
    expect((await upToDate.legacy('chat_message')).seq).toBe(16);
    await Promise.all([bob.close(), upToDate.close()]);
  });

  it('that is unknown to the room brings the last ten; that is no position ends the socket', async () => {
    for (let index = 1; index <= 15; index++) await say('anna', `m${index}`);
    const ahead = await chat('bob', '&since=99');
    await ahead.legacy('chat_message', ({ seq }) => seq === 15);
    expect(types(ahead).filter((type) => type === 'chat_message')).toHaveLength(10);
    await ahead.close();
    for (const since of ['', 'x', '-1', '1.5', '1&since=2', '9'.repeat(40)]) {
      const bad = await chat('bob', `&since=${since}`);
      expect((await bad.legacy('error')).code).toBe('request.invalid');
      expect((await bad.closed).code).toBe(4400);
      expect(bad.frames).toHaveLength(1);
    }
  });
});

describe('/ws/online/', () => {
  it('tells the number of people at once and when it changes, to guests too, and each number once', async () => {
    await sleep(1_700);
    const guest = await PlainClient.connect(`${house.wsUrl}/ws/online/`);
    expect(await guest.legacy('online_count')).toEqual({ type: 'online_count', count: 0 });
    const anna = await PlainClient.connect(`${house.wsUrl}/ws/online?token=anna`);
    const annaToo = await chat('anna');
    expect(await anna.legacy('online_count')).toEqual({ type: 'online_count', count: 1 });
    expect(await guest.legacy('online_count')).toEqual({ type: 'online_count', count: 1 });
    await Promise.all([anna.close(), annaToo.close()]);
    expect(await guest.legacy('online_count')).toEqual({ type: 'online_count', count: 0 });
    expect(anna.frames).toHaveLength(1);
    guest.send({ message: 'x' });
    expect((await guest.legacy('error')).code).toBe('command.unknown');
    await guest.close();
  });
});

describe('/ws/notifications/', () => {
  it('opens for people and stays, and tells everybody but admins that they may not announce', async () => {
    const anna = await PlainClient.connect(`${house.wsUrl}/ws/notifications/?token=anna`);
    anna.send({ message: 'buy' });
    expect((await anna.legacy('error')).code).toBe('auth.forbidden');
    anna.raw('x');
    expect((await anna.legacy('error')).code).toBe('frame.malformed');
    const root = await PlainClient.connect(`${house.wsUrl}/ws/notifications?token=root`);
    root.send({ message: ' ' });
    expect((await root.legacy('error')).code).toBe('message.empty');
    root.send({ message: 'news' });
    await sleep(300);
    expect(root.inbox.take()).toEqual([]);
    expect(house.features.received).toContain('news');
    expect(anna.socket.readyState).toBe(anna.socket.OPEN);
    await Promise.all([anna.close(), root.close()]);
  });

  it('is not for guests', async () => {
    const guest = await PlainClient.connect(`${house.wsUrl}/ws/notifications/`);
    expect((await guest.legacy('error')).code).toBe('auth.required');
    expect((await guest.closed).code).toBe(4401);
  });
});
