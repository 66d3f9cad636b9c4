import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Acknowledgement, Message, Notification, PersonalChanges } from '../../../src/contracts/index.js';
import { inTransaction } from '../../../src/database/index.js';
import { NotificationWriter } from '../../../src/modules/notifications/notification-writer.js';
import { InternalEvents } from '../../../src/platform/events/index.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import type { TestApp } from '../../support/create-app.js';
import { describeEachServer } from '../../support/each-server.js';
import { mailTo, newPerson, type TestPerson } from '../../support/people.js';
import { seededRandom } from '../../support/random.js';

interface List {
  items: Notification[];
  nextCursor: string | null;
  unreadCount: number;
  position: number;
}

describeEachServer('notifications', (start) => {
  let app: TestApp;
  let ann: TestPerson;
  let bob: TestPerson;
  let cid: TestPerson;
  let root: TestPerson;
  let room: string;
  let rooms = 0;

  beforeAll(async () => {
    app = await start();
    [ann, bob, cid, root] = [
      await newPerson(app, 'ann'),
      await newPerson(app, 'bob'),
      await newPerson(app, 'cid'),
      await newPerson(app, 'root'),
    ];
    await app.dataSource.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [root.id]);
    app.app.get(InternalEvents).emit('user.changed', { userId: root.id });
  });
  afterAll(async () => app.close());
  beforeEach(async () => {
    room = (await ann.rest.post('/rooms', { name: `talk-${++rooms}`, kind: 'private', members: ['bob', 'cid'] })).body.room.id;
    for (const person of [ann, bob, cid, root]) await person.rest.post('/notifications/read', { all: true });
  });

  const list = async (who: TestPerson, query = ''): Promise<List> => (await who.rest.get(`/notifications${query}`)).body;
  const unread = async (who: TestPerson): Promise<Notification[]> => (await list(who, '?unread=true')).items;
  const send = async (who: TestPerson, content: string, more: object = {}): Promise<Message> =>
    (await who.rest.post(`/rooms/${room}/messages`, { content, ...more })).body.message;
  const sync = async (client: PlainClient | SocketIoClient, me: number): Promise<PersonalChanges> => {
    const answer: Acknowledgement = await client.command('sync', { rooms: {}, me });
    return (answer as unknown as { data: { me: PersonalChanges } }).data.me;
  };
  /** Waits until what was sent so far has become notifications: whatever comes later is told later. */
  const settled = async (): Promise<void> => {
    for (;;) {
      const [left] = await app.dataSource.query<{ n: number }[]>(
        `SELECT (SELECT count(*) FROM mentions WHERE NOT notified)::int + (SELECT count(*) FROM reply_notices)::int
           + (SELECT count(*) FROM notification_levels l JOIN rooms r ON r.id = l.room_id WHERE l.level = 'all' AND r.last_seq > l.notified_seq)::int AS n`,
      );
      if (left!.n === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it('a mention reaches every device on both sockets, gathers while it is unread, and is read with the room', async () => {
    const phone = await SocketIoClient.connect(app.url, { auth: { token: bob.access } });
    const laptop = await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`);
    const old = await PlainClient.connect(`${app.wsUrl}/ws/notifications/?token=${bob.access}`);
    const before = await list(bob);
    const first = await send(ann, 'look, @bob: 1');
    for (const device of [phone, laptop]) {
      const told = await device.event('notification.created');
      expect(told).toMatchObject({
        unreadCount: 1,
        quiet: false,
        position: before.position + 1,
        notification: {
          kind: 'message.mention',
          text: `ann mentioned you in talk-${rooms}`,
          actors: [{ id: ann.id, username: 'ann' }],
          actorCount: 1,
          count: 1,
          room: { id: room, name: `talk-${rooms}` },
          message: { id: first.id, seq: 1, excerpt: 'look, @bob: 1' },
          readAt: null,
        },
      });
    }
    expect(await old.legacy('notification')).toMatchObject({
      message: `ann mentioned you in talk-${rooms}`,
      kind: 'message.mention',
      unread_count: 1,
    });

    await send(cid, 'and @bob again');
    const grown = await phone.event('notification.created', (data) => data.notification.count === 2);
    expect(grown).toMatchObject({
      unreadCount: 1,
      notification: { text: `cid and ann mentioned you in talk-${rooms} (2 times)`, actorCount: 2, message: { seq: 2 } },
    });
    expect((await bob.rest.get('/home')).body).toMatchObject({ counters: { notifications: 1 } });
    expect(await unread(bob)).toEqual([grown.notification]);
    expect((await sync(laptop, before.position)).items).toEqual([
      { subject: 'notification', id: grown.notification.id, position: before.position + 2, data: grown.notification },
    ]);

    await phone.command('room.read', { room, seq: 1 });
    await phone.command('room.read', { room, seq: 2 });
    for (const device of [phone, laptop]) {
      expect(await device.event('notification.read')).toEqual({
        ids: [grown.notification.id],
        unreadCount: 0,
        position: before.position + 3,
      });
    }
    await send(ann, '@bob once more');
    expect(
      (await laptop.event('notification.created', (data) => data.notification.count === 1 && data.notification.message?.seq === 3))
        .unreadCount,
    ).toBe(1);
    await send(bob, 'here I am');
    expect((await phone.event('notification.read', (data) => data.position > before.position + 4)).unreadCount).toBe(0);
    await Promise.all([phone.close(), laptop.close(), old.close()]);
  });

  it('a reply is told to whom it answers, once, even if it mentions them; not to oneself, strangers, the muted and the blocking', async () => {
    const question = await send(ann, 'who knows?');
    await send(ann, 'well', { replyTo: question.id });
    await send(bob, 'I do', { replyTo: question.id });
    await send(cid, 'me too, @ann', { replyTo: question.id });
    await settled();
    expect((await unread(ann)).map(({ kind, count, text }) => [kind, count, text])).toEqual([
      ['message.mention', 1, `cid mentioned you in talk-${rooms}`],
      ['message.reply', 1, `bob replied to you in talk-${rooms}`],
    ]);
    await ann.rest.post('/notifications/read', { all: true });

    await ann.rest.put(`/rooms/${room}/notifications`, { level: 'nothing' });
    expect((await ann.rest.get(`/rooms/${room}/notifications`)).body).toEqual({ level: 'nothing' });
    await send(bob, '@ann are you there', { replyTo: question.id });
    await settled();
    await ann.rest.put(`/rooms/${room}/notifications`, { level: 'mentions' });
    await ann.rest.put('/blocks/cid');
    await send(cid, '@ann and now?', { replyTo: question.id });
    await settled();
    await ann.rest.delete('/blocks/cid');
    expect(await unread(ann)).toEqual([]);

    const asked = await send(cid, 'bye, I ask');
    await cid.rest.post(`/rooms/${room}/leave`);
    await send(bob, '@cid stay!', { replyTo: asked.id });
    await settled();
    expect(await unread(cid)).toEqual([]);
    expect((await cid.rest.put(`/rooms/${room}/notifications`, { level: 'all' })).body.code).toBe('room.not-found');
  });

  it('tell nothing of somebody whom a person blocked at the same moment, and count no mention by them', async () => {
    expect((await bob.rest.put('/blocks/ann')).status).toBe(200);
    const { seq } = await send(ann, 'on its way @bob');
    // As the message writer leaves it whose statement has not seen the block yet.
    await app.dataSource.query('INSERT INTO mentions (room_id, user_id, seq) VALUES ($1, $2, $3)', [room, bob.id, seq]);
    await inTransaction(app.dataSource, async (manager) =>
      app.app.get(NotificationWriter, { strict: false }).add(manager, [
        { userId: bob.id, kind: 'message.mention', groupKey: 'late', actors: [ann.id], room: { id: room, seq } },
        { userId: bob.id, kind: 'message.reply', groupKey: 'both', actors: [ann.id, cid.id], room: { id: room, seq } },
      ]),
    );
    await send(cid, 'hello @bob');
    await settled();
    const told = await unread(bob);
    expect(told.map(({ kind, actors }) => [kind, actors.map(({ username }) => username)])).toEqual(
      expect.arrayContaining([
        ['message.mention', ['cid']],
        ['message.reply', ['cid']],
      ]),
    );
    expect(told).toHaveLength(2);
    expect((await bob.rest.get(`/rooms/${room}`)).body.room.mentionCount).toBe(1);
    expect((await bob.rest.delete('/blocks/ann')).status).toBe(204);
  });

  it('whoever wants all messages of a room hears of all, gathered, and of each once', async () => {
    await bob.rest.put(`/rooms/${room}/notifications`, { level: 'all' });
    const client = await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`);
    const mine = await send(bob, 'mine');
    await Promise.all(Array.from({ length: 20 }, async (_, n) => send(n % 2 ? ann : cid, `m${n}`)));
    await send(ann, 'hello @bob');
    await send(cid, 'yes', { replyTo: mine.id });
    await settled();
    const items = await unread(bob);
    expect(items.map(({ kind, count }) => [kind, count]).sort()).toEqual([
      ['message.mention', 1],
      ['message.posted', 20],
      ['message.reply', 1],
    ]);
    expect(items.find(({ kind }) => kind === 'message.posted')).toMatchObject({ actorCount: 2, text: `20 new messages in talk-${rooms}` });
    await bob.rest.post(`/rooms/${room}/read`, { seq: 23 });
    await client.event('notification.read', ({ unreadCount }) => unreadCount === 0);
    await client.close();
  });

  it('friends: a request is told, gone when it is taken back, read when it is answered, and its answer is told', async () => {
    const client = await SocketIoClient.connect(app.url, { auth: { token: bob.access } });
    const request = (await ann.rest.post('/friends/requests', { username: 'bob' })).body.request.id as string;
    expect(await client.event('notification.created')).toMatchObject({
      unreadCount: 1,
      notification: { id: request, kind: 'friend.requested', requestId: request, text: 'ann would like to be your friend' },
    });
    await ann.rest.delete(`/friends/requests/${request}`);
    expect(await client.event('notification.removed')).toMatchObject({ ids: [request], unreadCount: 0 });
    expect((await list(bob)).items.map(({ id }) => id)).not.toContain(request);

    const again = (await ann.rest.post('/friends/requests', { username: 'bob' })).body.request.id as string;
    await client.event('notification.created');
    await bob.rest.post(`/friends/requests/${again}/accept`);
    expect(await client.event('notification.read')).toMatchObject({ ids: [again], unreadCount: 0 });
    const third = (await ann.rest.post('/friends/requests', { username: 'cid' })).body.request.id as string;
    await cid.rest.post(`/friends/requests/${third}/accept`);
    expect((await unread(ann)).map(({ kind, text, count, actorCount }) => ({ kind, text, count, actorCount }))).toEqual([
      { kind: 'friend.accepted', text: 'cid and bob accepted your friend requests', count: 2, actorCount: 2 },
    ]);
    // A block takes the person out of what is told already.
    await ann.rest.put('/blocks/bob');
    expect((await unread(ann)).map(({ text }) => text)).toEqual(['cid accepted your friend requests']);
    await ann.rest.delete('/blocks/bob');
    await client.close();
  });

  it('a new password is told to the account', async () => {
    const dan = await newPerson(app);
    await app.anonymous.post('/auth/password-reset/request', { email: dan.email });
    const token = new URL((await mailTo(app, dan.email)).links[0]!).searchParams.get('token');
    const password = 'another horse battery staple';
    await app.anonymous.post('/auth/password-reset/confirm', { token, password, passwordConfirmation: password });
    const { access } = (await app.anonymous.post('/auth/login', { login: dan.email, password })).body;
    expect((await app.anonymous.as(access).get('/notifications')).body).toMatchObject({
      unreadCount: 1,
      items: [{ kind: 'security.password-reset', actors: [] }],
    });
  });

  it('announcements are for admins to make, on every door, and reach everybody once, in their order', async () => {
    const old = await PlainClient.connect(`${app.wsUrl}/ws/notifications/?token=${root.access}`);
    const client = await SocketIoClient.connect(app.url, { auth: { token: bob.access } });
    expect((await ann.rest.post('/announcements', { message: 'no' })).body.code).toBe('auth.forbidden');
    expect(await client.command('announcement.send', { message: 'no' })).toMatchObject({ ok: false, error: { code: 'auth.forbidden' } });
    expect((await root.rest.post('/announcements', { message: ' ' })).body.code).toBe('message.empty');
    const { announcement } = (await root.rest.post('/announcements', { message: 'Tea at five' })).body;
    expect((await client.event('notification.created')).notification).toMatchObject({
      kind: 'announcement',
      text: 'Tea at five',
      announcement,
      actors: [{ username: 'root' }],
    });
    expect(await old.legacy('notification')).toMatchObject({ message: 'Tea at five' });
    old.send({ message: 'Tea is ready' });
    expect((await client.event('notification.created')).notification.text).toBe('Tea is ready');
    const deadline = Date.now() + 5_000;
    while ((await app.dataSource.query(`SELECT 1 FROM announcements WHERE done_at IS NULL`)).length > 0 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    for (const person of [ann, bob, cid, root])
      expect((await unread(person)).map(({ text }) => text)).toEqual(['Tea is ready', 'Tea at five']);
    const late = await newPerson(app);
    expect(await list(late)).toMatchObject({ items: [], unreadCount: 0 });
    await Promise.all([old.close(), client.close()]);
  });

  it('preferences and quiet hours decide what is stored and what rings', async () => {
    const usual = (await bob.rest.get('/notifications/preferences')).body;
    expect(usual).toMatchObject({
      mail: true,
      quietHours: null,
      kinds: { 'message.mention': { inApp: true, mail: true }, security: { inApp: true, mail: false } },
    });
    for (const wrong of [
      { quietHours: { from: '22:00', until: '07:00', timeZone: 'Mars/Base' } },
      { quietHours: { from: '22:00', until: '22:00', timeZone: 'UTC' } },
      { quietHours: { from: '24:00', until: '07:00', timeZone: 'UTC' } },
      { kinds: { announcement: { inApp: false } } },
      { kinds: { 'post.unknown': { inApp: false } } },
      { unknown: true },
    ])
      expect((await bob.rest.patch('/notifications/preferences', wrong)).status).toBe(422);

    const client = await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`);
    const old = await PlainClient.connect(`${app.wsUrl}/ws/notifications/?token=${bob.access}`);
    await bob.rest.patch('/notifications/preferences', { kinds: { 'message.mention': { inApp: false } } });
    await send(ann, 'hey @bob');
    await settled();
    expect(await unread(bob)).toEqual([]);
    const minutes = (ahead: number) => new Date(Date.now() + ahead * 60_000).toISOString().slice(11, 16);
    const quietHours = { from: minutes(-120), until: minutes(120), timeZone: 'UTC' };
    const changed = await bob.rest.patch('/notifications/preferences', { kinds: { 'message.mention': { inApp: true } }, quietHours });
    expect(changed.body).toEqual({ ...usual, quietHours });
    await send(ann, 'hey again @bob');
    expect(await client.event('notification.created')).toMatchObject({ quiet: true, unreadCount: 1 });
    expect((await bob.rest.patch('/notifications/preferences', { quietHours: null })).body).toEqual(usual);
    await send(cid, 'and I, @bob');
    // The quiet one never came here.
    expect(await old.legacy('notification')).toMatchObject({ count: 2 });
    await Promise.all([client.close(), old.close()]);
  });

  it('belong to one person: to everybody else their ids are unknown', async () => {
    await send(ann, '@bob secret');
    await settled();
    const [mine] = await unread(bob);
    expect((await cid.rest.post('/notifications/read', { ids: [mine!.id] })).body).toEqual({ unreadCount: 0 });
    for (const id of [mine!.id, room]) {
      const answer = await cid.rest.delete(`/notifications/${id}`);
      expect([answer.status, answer.body.code]).toEqual([404, 'notification.not-found']);
    }
    expect(await unread(bob)).toHaveLength(1);
    expect((await bob.rest.delete(`/notifications/${mine!.id}`)).status).toBe(204);
    expect((await list(bob)).items.map(({ id }) => id)).not.toContain(mine!.id);
    for (const body of [{}, { ids: [] }, { all: false }, { ids: ['x'] }, { ids: [mine!.id], all: true }])
      expect((await bob.rest.post('/notifications/read', body)).status).toBe(422);
    expect((await bob.rest.get('/notifications?cursor=bm9uZQ')).body.code).toBe('request.cursor-invalid');
    // What a message said is gone with it, here too, and so is what speaks of a room that is gone.
    const message = await send(ann, '@bob whisper');
    await settled();
    await ann.rest.delete(`/messages/${message.id}`);
    expect((await unread(bob))[0]).toMatchObject({ message: { excerpt: '' } });
    const client = await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`);
    await ann.rest.delete(`/rooms/${room}`);
    expect((await client.event('notification.removed')).unreadCount).toBe(0);
    await client.close();
  });

  it('fifty reads at once leave one change; pages go on without gaps', async () => {
    for (const name of ['ann', 'cid']) {
      const other = (await root.rest.post('/rooms', { name: `many-${name}-${rooms}`, kind: 'private', members: ['bob', name] })).body.room
        .id as string;
      await root.rest.post(`/rooms/${other}/messages`, { content: '@bob hi' });
    }
    await send(ann, '@bob hi');
    await settled();
    const { items, position } = await list(bob, '?unread=true');
    expect(items.map(({ kind }) => kind).sort()).toEqual([...Array(3).fill('message.mention'), 'room.added', 'room.added']);
    expect(items.find(({ kind }) => kind === 'room.added')?.text).toBe(`root added you to many-cid-${rooms}`);
    const pages: Notification[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: List = await list(bob, `?limit=1&unread=true${cursor && `&cursor=${cursor}`}`);
      pages.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(pages).toEqual(items);
    const ids = items.map(({ id }) => id);
    const answers = await Promise.all(Array.from({ length: 50 }, async () => bob.rest.post('/notifications/read', { ids })));
    expect(new Set(answers.map(({ body }) => body.unreadCount))).toEqual(new Set([0]));
    expect((await list(bob)).position).toBe(position + 5);
  });

  it('the unread count is a recount, and state built from events equals what REST answers, whatever happens', async () => {
    const random = seededRandom('notifications');
    const client = await SocketIoClient.connect(app.url, { auth: { token: bob.access } });
    const state = new Map<string, Notification>();
    for (const item of (await list(bob, '?limit=100')).items) state.set(item.id, item);
    let seq = 0;
    for (let step = 0; step < 60; step++) {
      const chance = random.below(10);
      if (chance < 5) seq = (await send(random.pick([ann, cid]), `@bob ${step}`)).seq;
      else if (chance < 6) await bob.rest.post(`/rooms/${room}/read`, { seq });
      else if (chance < 7) await bob.rest.post('/notifications/read', { all: true });
      else if (chance < 8) {
        const [one] = await unread(bob);
        if (one) await bob.rest.delete(`/notifications/${one.id}`);
      } else if (chance < 9) await root.rest.post('/announcements', { message: `news ${step}` });
      else {
        const some = await unread(bob);
        if (some.length > 0) await bob.rest.post('/notifications/read', { ids: [random.pick(some).id] });
      }
      const { items, unreadCount } = await list(bob, '?unread=true&limit=100');
      expect(unreadCount).toBe(items.length);
    }
    await settled();
    const final = await list(bob, '?limit=100');
    await client.event('notification.created', () => true, 10).catch(() => undefined);
    const deadline = Date.now() + 4_000;
    const latest = () => {
      const built = new Map(state);
      let [count, position] = [0, 0];
      const events = client.inbox.all.filter(({ event }) => event.startsWith('notification.'));
      for (const { event, data } of events as {
        event: string;
        data: { position: number; unreadCount: number; notification: Notification; ids?: string[] };
      }[]) {
        if (event === 'notification.created') built.set(data.notification.id, data.notification);
        else if (event === 'notification.removed') for (const id of data.ids!) built.delete(id);
        else for (const id of data.ids ?? built.keys()) built.set(id, { ...built.get(id)!, readAt: 'read' });
        if (data.position > position) [count, position] = [data.unreadCount, data.position];
      }
      return {
        count,
        position,
        unread: [...built.values()]
          .filter(({ readAt }) => readAt === null)
          .map(({ id }) => id)
          .sort(),
      };
    };
    while (latest().position < final.position && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(latest()).toEqual({
      count: final.unreadCount,
      position: final.position,
      unread: final.items
        .filter(({ readAt }) => readAt === null)
        .map(({ id }) => id)
        .sort(),
    });
    await client.close();
  });
});
