import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { TestApp } from '../../support/create-app.js';
import { describeEachServer } from '../../support/each-server.js';
import { newPerson, type TestPerson } from '../../support/people.js';

describeEachServer('rooms over REST', (start) => {
  let app: TestApp;
  let ann: TestPerson;
  let bob: TestPerson;
  let eve: TestPerson;

  beforeAll(async () => {
    app = await start();
    [ann, bob, eve] = [await newPerson(app, 'ann'), await newPerson(app, 'bob'), await newPerson(app, 'eve')];
  });
  afterAll(async () => app.close());

  it('has one room in a new installation, empty, that guests may read', async () => {
    const { body } = await app.anonymous.get('/rooms');
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({
      name: 'lobby',
      kind: 'public',
      guestsAllowed: true,
      memberCount: 0,
      lastMessage: null,
      position: 0,
      myRole: null,
    });
    const history = await app.anonymous.get('/rooms/lobby/messages');
    expect(history.body).toMatchObject({ items: [], nextBefore: null, nextAfter: null, position: 0 });
  });

  it('creates public and private rooms in any script, and refuses a taken name without case', async () => {
    const { status, body } = await ann.rest.post('/rooms', { name: 'Кав’ярня'.replace('’', ''), kind: 'public', title: 'Кав’ярня' });
    expect(status).toBe(201);
    expect(body.room).toMatchObject({ title: 'Кав’ярня', myRole: 'owner', memberCount: 1 });
    expect((await bob.rest.post('/rooms', { name: 'КАВЯРНЯ', kind: 'private' })).body.code).toBe('room.name-taken');
    expect((await bob.rest.get(`/rooms/${encodeURIComponent('кавярня')}`)).body.room.id).toBe(body.room.id);
    for (const name of ['', 'a b', 'x'.repeat(129), '00000000-0000-7000-8000-000000000000', '..', 'a/b', 'a\u0000b', '\ud800']) {
      expect((await ann.rest.post('/rooms', { name, kind: 'public' })).status).toBe(422);
    }
  });

  it('hides a private room from strangers as if it did not exist, on every call', async () => {
    const { body } = await ann.rest.post('/rooms', { name: 'secret', kind: 'private', members: ['bob'] });
    const id: string = body.room.id;
    for (const room of ['secret', id]) {
      for (const [method, path, payload] of [
        ['GET', '', undefined],
        ['PATCH', '', { title: 'x' }],
        ['DELETE', '', undefined],
        ['POST', '/join', undefined],
        ['POST', '/leave', undefined],
        ['GET', '/members', undefined],
        ['POST', '/members', { username: 'eve' }],
        ['PATCH', `/members/${ann.id}`, { role: 'member' }],
        ['DELETE', `/members/${ann.id}`, undefined],
        ['GET', '/bans', undefined],
        ['PUT', `/bans/${ann.id}`, undefined],
        ['GET', '/messages', undefined],
        ['POST', '/messages', { content: 'hi' }],
        ['POST', '/read', { seq: 1 }],
      ] as const) {
        const answer = await eve.rest.call(method, `/rooms/${room}${path}`, payload);
        const unknown = await eve.rest.call(method, `/rooms/no-such-room${path}`, payload);
        expect([method, path, answer.status, answer.body.code]).toEqual([method, path, 404, 'room.not-found']);
        expect(answer.body.detail).toBe(unknown.body.detail);
      }
    }
    expect((await bob.rest.get('/rooms/secret')).body.room.myRole).toBe('member');
    const listed = await eve.rest.get('/rooms?query=secret');
    expect(listed.body.items).toEqual([]);
  });

  it('sends messages over REST, once per clientId or Idempotency-Key, and pages them both ways', async () => {
    await ann.rest.post('/rooms', { name: 'history', kind: 'public' });
    for (let n = 1; n <= 25; n++) {
      const { status, body } = await ann.rest.post('/rooms/history/messages', { content: `m${n}`, clientId: `c${n}` });
      expect([status, body.message.seq, body.message.clientId]).toEqual([201, n, `c${n}`]);
    }
    const again = await ann.rest.post('/rooms/history/messages', { content: 'm3', clientId: 'c3' });
    expect(again.body.message.seq).toBe(3);
    const other = await ann.rest.post('/rooms/history/messages', { content: 'changed', clientId: 'c3' });
    expect([other.status, other.body.code]).toEqual([409, 'message.client-id-reused']);
    const keyed = await ann.rest.post('/rooms/history/messages', { content: 'keyed' }, { headers: { 'idempotency-key': 'k1' } });
    const keyedAgain = await ann.rest.post('/rooms/history/messages', { content: 'keyed' }, { headers: { 'idempotency-key': 'k1' } });
    expect(keyedAgain.body.message.id).toBe(keyed.body.message.id);

    const newest = (await ann.rest.get('/rooms/history/messages?limit=10')).body;
    expect(newest.items.map((item: { seq: number }) => item.seq)).toEqual([17, 18, 19, 20, 21, 22, 23, 24, 25, 26]);
    const older = (await ann.rest.get(`/rooms/history/messages?limit=10&before=${newest.nextBefore}`)).body;
    expect(older.items.map((item: { seq: number }) => item.seq)).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
    const newer = (await ann.rest.get(`/rooms/history/messages?limit=5&after=${older.nextAfter}`)).body;
    expect(newer.items.map((item: { seq: number }) => item.seq)).toEqual([17, 18, 19, 20, 21]);
    const oldest = (await ann.rest.get('/rooms/history/messages?limit=100&before=7')).body;
    expect([oldest.items.length, oldest.nextBefore]).toEqual([6, null]);
    for (const query of [
      'limit=0',
      'limit=101',
      'limit=NaN',
      'limit=1e9',
      'before=-1',
      'before=x',
      'before=1&after=2',
      'before=99999999999999999999',
      'limit=1&limit=2',
      'unknown=1',
    ]) {
      expect([query, (await ann.rest.get(`/rooms/history/messages?${query}`)).status]).toEqual([query, 422]);
    }
  });

  it('refuses messages that say nothing, too much, or look like a private message sent by mistake', async () => {
    await ann.rest.post('/rooms', { name: 'rules', kind: 'public' });
    const send = async (content: unknown) => (await ann.rest.post('/rooms/rules/messages', { content })).body.code;
    expect(await send('')).toBe('message.empty');
    expect(await send(' \n\u200b\u2800')).toBe('message.empty');
    expect(await send('x'.repeat(4097))).toBe('message.too-long');
    expect(await send('/pm bob secret')).toBe('message.slash-command');
    expect(await send('nul \u0000')).toBe('request.invalid');
    expect(await send('lone \ud800')).toBe('request.invalid');
    expect(await send(7)).toBe('request.invalid');
    expect(await send(undefined)).toBe('request.invalid');
    expect((await ann.rest.post('/rooms/rules/messages', { content: '😀'.repeat(4096) })).status).toBe(201);
    expect((await ann.rest.post('/rooms/rules/messages', { content: '/me waves\n<b>x</b>' })).body.message.content).toBe(
      '/me waves\n<b>x</b>',
    );
    expect((await bob.rest.post('/rooms/rules/messages', { content: 'x' })).body.code).toBe('room.not-joined');
    expect((await ann.rest.post('/rooms/never-made/messages', { content: 'x' })).body.code).toBe('room.not-found');
  });

  it('keeps one direct room for a pair, whoever asks and however often at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? ann : bob).rest.post('/rooms/direct', { username: n % 2 ? 'BOB' : 'ann' })),
    );
    expect(new Set(answers.map((answer) => answer.body.room.id)).size).toBe(1);
    const { room } = answers[0]!.body;
    expect(room).toMatchObject({ kind: 'direct', memberCount: 2 });
    expect((await ann.rest.get(`/rooms/${room.id}`)).body.room.peer.username).toBe('bob');
    expect((await eve.rest.get(`/rooms/${room.id}`)).status).toBe(404);
    expect((await eve.rest.get(`/rooms/${encodeURIComponent(room.name)}`)).status).toBe(404);
    expect((await ann.rest.post('/rooms/direct', { username: 'ann' })).body.code).toBe('room.self-direct');
    expect((await ann.rest.post('/rooms/direct', { username: 'nobody-here' })).body.code).toBe('user.not-found');
    for (const [method, path, payload] of [
      ['PATCH', '', { title: 'x' }],
      ['DELETE', '', undefined],
      ['POST', '/leave', undefined],
      ['POST', '/members', { username: 'eve' }],
      ['DELETE', `/members/${bob.id}`, undefined],
    ] as const) {
      expect((await ann.rest.call(method, `/rooms/${room.id}${path}`, payload)).body.code).toBe('room.direct-fixed');
    }
  });

  it('lets roles do what they may and no more: kick, ban, promote, the last owner', async () => {
    const { body } = await ann.rest.post('/rooms', { name: 'roles', kind: 'public' });
    const room = `/rooms/${body.room.id}`;
    await bob.rest.post(`${room}/join`);
    await eve.rest.post(`${room}/join`);
    expect((await bob.rest.delete(`${room}/members/${eve.id}`)).body.code).toBe('room.forbidden');
    expect((await ann.rest.patch(`${room}/members/${bob.id}`, { role: 'moderator' })).body.member.role).toBe('moderator');
    expect((await bob.rest.delete(`${room}/members/${ann.id}`)).body.code).toBe('room.forbidden');
    expect((await bob.rest.patch(room, { title: 'mine' })).body.code).toBe('room.forbidden');
    expect((await bob.rest.delete(`${room}/members/${eve.id}`)).status).toBe(204);
    expect((await eve.rest.post(`${room}/messages`, { content: 'x' })).body.code).toBe('room.not-joined');
    expect((await eve.rest.post(`${room}/join`)).status).toBe(200);
    expect((await bob.rest.put(`${room}/bans/${eve.id}`)).status).toBe(204);
    expect((await eve.rest.post(`${room}/join`)).body.code).toBe('room.banned');
    const bans = (await bob.rest.get(`${room}/bans`)).body;
    expect(bans).toMatchObject({ items: [{ user: { username: 'eve' }, bannedBy: { username: 'bob' } }], nextCursor: null });
    expect((await eve.rest.get(`${room}/bans`)).body.code).toBe('room.forbidden');
    expect((await bob.rest.get(`${room}/bans?cursor=nonsense`)).body.code).toBe('request.cursor-invalid');
    expect((await eve.rest.get(`${room}/messages`)).body.code).toBe('room.banned');
    await bob.rest.post(`${room}/messages`, { content: 'not for eve' });
    for (const path of [room, '/rooms?query=roles']) expect(JSON.stringify((await eve.rest.get(path)).body)).not.toContain('not for eve');
    expect((await bob.rest.delete(`${room}/bans/${eve.id}`)).status).toBe(204);
    expect((await eve.rest.post(`${room}/join`)).status).toBe(200);
    expect((await ann.rest.post(`${room}/leave`)).body.code).toBe('room.last-owner');
    expect((await ann.rest.patch(`${room}/members/${ann.id}`, { role: 'member' })).body.code).toBe('room.last-owner');
    expect((await ann.rest.patch(`${room}/members/${bob.id}`, { role: 'owner' })).status).toBe(200);
    expect((await ann.rest.post(`${room}/leave`)).status).toBe(204);
    const members = (await bob.rest.get(`${room}/members`)).body.items.map((item: { user: { username: string }; role: string }) => [
      item.user.username,
      item.role,
    ]);
    expect(members).toEqual([
      ['bob', 'owner'],
      ['eve', 'member'],
    ]);
    expect((await bob.rest.get(room)).body.room.memberCount).toBe(2);
    expect((await eve.rest.delete(room)).body.code).toBe('room.forbidden');
    expect((await bob.rest.delete(room)).status).toBe(204);
    expect((await bob.rest.get(room)).status).toBe(404);
  });

  it('restricts reading and writing to admins where the room says so', async () => {
    const { body } = await ann.rest.post('/rooms', { name: 'news', kind: 'public', posting: 'admins' });
    const room = `/rooms/${body.room.id}`;
    await bob.rest.post(`${room}/join`);
    expect((await bob.rest.post(`${room}/messages`, { content: 'x' })).body.code).toBe('room.posting-restricted');
    expect((await ann.rest.post(`${room}/messages`, { content: 'news' })).status).toBe(201);
    expect((await bob.rest.get(`${room}/messages`)).body.items).toHaveLength(1);
    await ann.rest.patch(room, { access: 'admins' });
    expect((await bob.rest.get(`${room}/messages`)).body.code).toBe('room.forbidden');
    expect((await bob.rest.get('/rooms?query=news')).body.items[0].lastMessage).toBeNull();
    expect((await app.anonymous.get(`${room}/messages`)).status).toBe(404);
    await ann.rest.patch(room, { access: 'everyone', posting: 'everyone', guestsAllowed: true });
    expect((await bob.rest.post(`${room}/messages`, { content: 'x' })).status).toBe(201);
    expect((await app.anonymous.get(`${room}/messages`)).body.items).toHaveLength(2);
  });

  it('counts unread by arithmetic: one’s own messages are read, reading never moves back, mentions are counted apart', async () => {
    const { body } = await ann.rest.post('/rooms', { name: 'unread', kind: 'public' });
    const room = `/rooms/${body.room.id}`;
    await ann.rest.post(`${room}/messages`, { content: 'before' });
    await bob.rest.post(`${room}/join`);
    const state = async (who: TestPerson) => {
      const { unreadCount, mentionCount } = (await who.rest.get(room)).body.room;
      return [unreadCount, mentionCount];
    };
    expect(await state(bob)).toEqual([0, 0]);
    for (const content of ['one', 'hello @bob!', 'three']) await ann.rest.post(`${room}/messages`, { content });
    expect(await state(bob)).toEqual([3, 1]);
    expect(await state(ann)).toEqual([0, 0]);
    expect((await bob.rest.post(`${room}/read`, { seq: 3 })).body).toEqual({ seq: 3, unreadCount: 1 });
    expect(await state(bob)).toEqual([1, 0]);
    expect((await bob.rest.post(`${room}/read`, { seq: 1 })).body).toEqual({ seq: 3, unreadCount: 1 });
    expect((await bob.rest.post(`${room}/read`, { seq: 999 })).body).toEqual({ seq: 4, unreadCount: 0 });
    await bob.rest.post(`${room}/messages`, { content: 'mine' });
    expect(await state(bob)).toEqual([0, 0]);
    expect(await state(ann)).toEqual([1, 0]);
    expect((await eve.rest.post(`${room}/read`, { seq: 1 })).body.code).toBe('room.not-joined');
  });

  it('pages the list of rooms, the latest message first, and refuses a cursor of its own invention', async () => {
    for (let n = 0; n < 7; n++) await eve.rest.post('/rooms', { name: `list-${n}`, kind: n % 2 ? 'public' : 'private' });
    await eve.rest.post('/rooms/list-2/messages', { content: 'latest' });
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
      const { body } = await eve.rest.get(`/rooms?mine=true&query=list-&limit=3${query}`);
      names.push(...body.items.map((room: { name: string }) => room.name));
      cursor = body.nextCursor;
    } while (cursor);
    expect(names).toEqual(['list-2', 'list-6', 'list-5', 'list-4', 'list-3', 'list-1', 'list-0']);
    for (const bad of ['x', 'WyJ4IiwieSJd', Buffer.from(JSON.stringify(["2026-01-01 00:00:00+00'; --", 'x'])).toString('base64url')]) {
      expect((await eve.rest.get(`/rooms?cursor=${bad}`)).body.code).toBe('request.cursor-invalid');
    }
    expect((await eve.rest.get('/rooms?query=%25')).body.items).toEqual([]);
  });
});
