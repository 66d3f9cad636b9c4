import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { startApp, type TestApp } from '../../support/create-app.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { type Client, doors } from './support/doors.js';

let server: TestApp;
let anna: TestPerson;
let bob: TestPerson;

beforeAll(async () => {
  server = await startApp();
  anna = await newPerson(server, 'anna');
  bob = await newPerson(server, 'Богдан');
});
afterAll(() => server.close());

const chat = (person: TestPerson, room = '', query = '') =>
  PlainClient.connect(`${server.wsUrl}/ws/chat/${room}?token=${person.access}${query}`);

describe('the whole server', () => {
  it('lets old clients of two people talk, by /ws/chat/?token= and by /ws/chat/<room>, and stores what they say', async () => {
    for (const room of ['', 'lobby', 'lobby/', 'tea-room/']) {
      const [one, other] = [await chat(anna, room), await chat(bob, room)];
      expect(await other.legacy('user_list')).toEqual({ type: 'user_list', users: ['anna'] });
      expect(await other.legacy('user_join')).toEqual({ type: 'user_join', user: 'Богдан' });
      one.send({ message: `to ${room}` });
      expect(await other.legacy('chat_message', ({ message }) => message === `to ${room}`)).toMatchObject({
        user: 'anna',
        is_personal: false,
      });
      other.send({ message: '/pm anna between us' });
      expect(await other.legacy('private_message_delivered')).toMatchObject({ target: 'anna', message: 'between us' });
      expect(await one.legacy('private_message')).toMatchObject({ user: 'Богдан', message: 'between us' });
      await other.close();
      await one.legacy('user_leave', ({ user }) => user === 'Богдан');
      await one.close();
    }
    const { body } = await anna.rest.get('/rooms/tea-room/messages');
    expect(body).toMatchObject({ items: [{ content: 'to tea-room/', seq: 1, position: 1 }] });
  });

  it('refuses what is no token with one frame and 4401', async () => {
    for (const token of ['', 'nonsense', `${anna.access}x`, anna.access.replace(/\.[^.]*$/, '.')]) {
      const client = await PlainClient.connect(`${server.wsUrl}/ws/chat/?token=${token}`);
      expect(await client.legacy('error')).toMatchObject({ error: 'Authentication required', code: 'auth.token-invalid' });
      expect((await client.closed).code).toBe(4401);
      expect(client.frames).toHaveLength(1);
    }
  });

  it.each(doors)('speaks the same with $name clients, in one order, fifty at once', async (door) => {
    const clients: Client[] = await Promise.all([anna, bob].map(({ access }) => door.connect(server, { query: `token=${access}` })));
    const room = `table-${door.name.replace(/\W/g, '')}`;
    for (const client of clients) expect(await client.command('room.join', { room })).toMatchObject({ ok: true });
    const texts = Array.from({ length: 50 }, (_, index) => `m${index}`);
    const replies = await Promise.all(
      texts.map((content, index) => clients[0]!.command('message.send', { room, content, clientId: `c${index}` })),
    );
    expect(replies.every(({ ok }) => ok)).toBe(true);
    for (const client of clients) {
      for (const content of texts) expect((await client.event('message.created')).message.content).toBe(content);
    }
    await Promise.all(clients.map((client) => client.close()));
  });

  it('ends open sockets of both kinds at once at the log-out', async () => {
    const carla = await newPerson(server, 'carla');
    const clients = await Promise.all(doors.map((door) => door.connect(server, { query: `token=${carla.access}` })));
    const old = await chat(carla);
    const started = Date.now();
    await carla.rest.post('/auth/logout', { refresh: carla.refresh });
    for (const client of clients) expect(await client.ended).toEqual({ code: 4410, comesBack: false });
    expect((await old.closed).code).toBe(4410);
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  it('gives a page what it missed after the server was restarted, once', async () => {
    const page = await chat(bob, 'tea-room');
    await page.legacy('chat_message', ({ seq }) => seq === 1);
    await sleep(400);
    server = await server.restart();
    expect((await page.closed).code).toBe(1012);
    const again = await PlainClient.connect(`${server.wsUrl}/ws/chat/tea-room/?token=${anna.access}`);
    again.send({ message: 'while you were away' });
    await again.legacy('chat_message', ({ seq }) => seq === 2);
    const back = await chat(bob, 'tea-room');
    await back.legacy('user_join', ({ user }) => user === 'Богдан');
    await sleep(200);
    expect(back.frames.flatMap(({ seq }) => seq ?? [])).toEqual([2]);
    await Promise.all([again.close(), back.close()]);
  });
});
