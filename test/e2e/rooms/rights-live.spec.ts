import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Message } from '../../../src/contracts/index.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import type { TestApp } from '../../support/create-app.js';
import { describeEachServer } from '../../support/each-server.js';
import { newPerson, type TestPerson } from '../../support/people.js';

describeEachServer('changes of a room and its members, on open sockets', (start) => {
  let app: TestApp;
  let ann: TestPerson;
  let bob: TestPerson;
  let eve: TestPerson;

  beforeAll(async () => {
    app = await start();
    [ann, bob, eve] = [await newPerson(app, 'ann'), await newPerson(app, 'bob'), await newPerson(app, 'eve')];
  });
  afterAll(async () => app.close());

  const connect = async (who: TestPerson) => PlainClient.connect(`${app.wsUrl}/ws/?token=${who.access}`);

  it('leave everybody in who may stay, however often a title changes while people talk', async () => {
    const room = (await ann.rest.post('/rooms', { name: 'titles', kind: 'public' })).body.room.id as string;
    const clients = [await connect(bob), await connect(eve)];
    for (const client of clients) await client.command('room.join', { room });
    for (let n = 0; n < 10; n++) {
      const changing = [
        ann.rest.patch(`/rooms/${room}`, { title: `Title ${n}` }),
        ann.rest.post(`/rooms/${room}/messages`, { content: `m${n}` }),
      ];
      await Promise.all([...changing, ann.rest.patch(`/rooms/${room}`, { title: `Title ${n}.5` })]);
    }
    for (const client of clients) {
      await client.event('message.created', (data) => data.message.content === 'm9');
      expect(client.frames.filter((frame) => frame.event === 'room.removed')).toEqual([]);
      await client.close();
    }
  });

  it('keep one person’s messages in order while others come and go', async () => {
    const room = (await ann.rest.post('/rooms', { name: 'order', kind: 'public' })).body.room.id as string;
    const client = await connect(bob);
    await client.command('room.join', { room });
    let stopped = false;
    const comingAndGoing = (async () => {
      while (!stopped) {
        await eve.rest.post(`/rooms/${room}/join`);
        await eve.rest.post(`/rooms/${room}/leave`);
      }
    })();
    for (let burst = 0; burst < 15; burst++) {
      const replies = await Promise.all(
        Array.from({ length: 50 }, async (_, n) => client.command('message.send', { room, content: `${burst}-${n}` })),
      );
      const seqs = replies.map((reply) => (reply as unknown as { ok: boolean; data: { message: Message } }).data.message.seq);
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    }
    stopped = true;
    await comingAndGoing;
    await client.close();
  });

  it('put out at once who may no longer read: a kick, a ban, a room made private, a room deleted, a role lost', async () => {
    const room = (await ann.rest.post('/rooms', { name: 'out', kind: 'public', guestsAllowed: true })).body.room.id as string;
    const guest = await PlainClient.connect(`${app.wsUrl}/ws/chat/out/`);
    const old = await PlainClient.connect(`${app.wsUrl}/ws/chat/out/?token=${eve.access}`);
    const [first, second] = [await connect(bob), await connect(eve)];
    for (const client of [first, second]) await client.command('room.join', { room });

    await ann.rest.delete(`/rooms/${room}/members/${bob.id}`);
    expect((await first.event('room.removed')).reason).toBe('kicked');
    expect((await first.command('message.send', { room, content: 'x' })) as unknown).toMatchObject({
      ok: false,
      error: { code: 'room.not-joined' },
    });
    await first.command('room.join', { room });

    await ann.rest.put(`/rooms/${room}/bans/${eve.id}`);
    expect((await second.event('room.removed')).reason).toBe('banned');
    expect((await old.closed).code).toBe(4403);
    expect((await second.command('room.join', { room })) as unknown).toMatchObject({ ok: false, error: { code: 'room.banned' } });

    await ann.rest.patch(`/rooms/${room}`, { guestsAllowed: false });
    expect((await guest.closed).code).toBe(4403);
    await ann.rest.patch(`/rooms/${room}`, { access: 'admins' });
    expect((await first.event('room.removed')).reason).toBe('forbidden');
    await ann.rest.delete(`/rooms/${room}`);
    expect((await first.event('room.removed')).reason).toBe('deleted');
    await Promise.all([first.close(), second.close()]);
  });
});
