import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import type { TestApp } from '../../support/create-app.js';
import { describeEachServer } from '../../support/each-server.js';
import { newPerson, type TestPerson } from '../../support/people.js';

describeEachServer('friends', (start) => {
  let app: TestApp;
  let ann: TestPerson;
  let bob: TestPerson;
  let eve: TestPerson;
  let zoe: TestPerson;

  beforeAll(async () => {
    app = await start();
    [ann, bob, eve, zoe] = [
      await newPerson(app, 'ann'),
      await newPerson(app, 'bob'),
      await newPerson(app, 'eve'),
      await newPerson(app, 'zoe'),
    ];
  });
  afterAll(async () => app.close());

  const ask = async (who: TestPerson, username: string) => who.rest.post('/friends/requests', { username });
  const counters = async (who: TestPerson) => (await who.rest.get('/friends/counters')).body as unknown;
  const names = (items: { user: { username: string } }[]) => items.map(({ user }) => user.username);
  const listed = async (who: TestPerson, path: string) => names((await who.rest.get(path)).body.items);
  const rows = async (table: string) => (await app.dataSource.query<{ n: number }[]>(`SELECT count(*)::int AS n FROM ${table}`))[0]!.n;
  const befriend = async (a: TestPerson, b: TestPerson) => {
    const { body } = await ask(a, b.username);
    expect((await b.rest.post(`/friends/requests/${body.request.id}/accept`)).status).toBe(200);
  };
  const clean = async () => {
    for (const table of ['friend_requests', 'friendships']) await app.dataSource.query(`DELETE FROM ${table}`);
  };

  it('are asked, told of it on every device, and accept', async () => {
    const devices = [
      await SocketIoClient.connect(app.url, { auth: { token: bob.access } }),
      await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`),
    ];
    const own = await PlainClient.connect(`${app.wsUrl}/ws/?token=${ann.access}`);
    const { status, body } = await ask(ann, 'BOB');
    expect([status, body.request.direction, body.request.user.username]).toEqual([201, 'out', 'bob']);
    for (const device of devices) {
      const { request } = await device.event('friend.requested');
      expect([request.id, request.direction, request.user.username]).toEqual([body.request.id, 'in', 'ann']);
    }
    expect((await own.event('friend.requested')).request.direction).toBe('out');
    expect((await ask(ann, 'bob')).body.request.id).toBe(body.request.id);
    expect(await listed(bob, '/friends/requests')).toEqual(['ann']);
    expect(await listed(ann, '/friends/requests?direction=out')).toEqual(['bob']);
    expect(await counters(bob)).toEqual({ friends: 0, incoming: 1, outgoing: 0 });

    const accepted = await bob.rest.post(`/friends/requests/${body.request.id}/accept`);
    expect([accepted.status, accepted.body.friend.user.username, accepted.body.friend.online]).toEqual([200, 'ann', true]);
    for (const device of [...devices, own]) expect((await device.event('friend.accepted')).requestId).toBe(body.request.id);
    expect([await counters(ann), await counters(bob)]).toEqual(Array(2).fill({ friends: 1, incoming: 0, outgoing: 0 }));
    expect((await ann.rest.get('/friends')).body.items).toMatchObject([{ user: { username: 'bob' }, online: true }]);
    expect((await ask(ann, 'bob')).body.code).toBe('friend.already');

    expect((await ann.rest.delete('/friends/Bob')).status).toBe(204);
    for (const device of [...devices, own]) await device.event('friend.removed');
    expect((await ann.rest.delete('/friends/bob')).body.code).toBe('friend.not-found');
    for (const client of [...devices, own]) await client.close();
  });

  it('can be caught up with after an absence', async () => {
    await clean();
    const since = (await ann.rest.get('/users/me/changes')).body.position as number;
    // Notifications of the same things are in the same feed.
    const changes = async () => {
      const { items } = (await ann.rest.get(`/users/me/changes?since=${since}`)).body;
      return (items as { id: string; subject: string; data: object | null }[]).filter(({ subject }) => subject === 'friend');
    };
    await befriend(ann, bob);
    await ask(eve, 'ann');
    await ann.rest.put('/blocks/zoe');
    expect(await changes()).toMatchObject([
      { subject: 'friend', id: bob.id, data: { friend: { user: { username: 'bob' } } } },
      { subject: 'friend', id: eve.id, data: { request: { direction: 'in' } } },
      { subject: 'friend', id: zoe.id, data: { block: { user: { username: 'zoe' } } } },
    ]);
    await bob.rest.delete('/friends/ann');
    await ann.rest.delete('/blocks/zoe');
    expect((await changes()).map(({ id, data }) => [id, data === null])).toEqual([
      [eve.id, false],
      [bob.id, true],
      [zoe.id, true],
    ]);
  });

  it('are rejected by the asked and withdrawn by the asker, and by nobody else', async () => {
    await clean();
    const first = (await ask(ann, 'bob')).body.request.id as string;
    expect((await ann.rest.post(`/friends/requests/${first}/accept`)).body.code).toBe('friend.request-not-found');
    expect((await eve.rest.post(`/friends/requests/${first}/reject`)).body.code).toBe('friend.request-not-found');
    expect((await bob.rest.delete(`/friends/requests/${first}`)).status).toBe(404);
    expect((await bob.rest.post(`/friends/requests/${first}/reject`)).status).toBe(204);
    expect((await bob.rest.post(`/friends/requests/${first}/accept`)).status).toBe(404);
    const second = (await ask(ann, 'bob')).body.request.id as string;
    expect((await ann.rest.delete(`/friends/requests/${second}`)).status).toBe(204);
    expect(await rows('friend_requests')).toBe(0);
  });

  it('leave one request of fifty parallel ones, and become friends once when both ask at once', async () => {
    await clean();
    const answers = await Promise.all(Array.from({ length: 50 }, async () => ask(ann, 'bob')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.request.id)).size).toBe(1);
    expect(await rows('friend_requests')).toBe(1);
    await clean();
    const both = await Promise.all(Array.from({ length: 20 }, async (_, n) => ask(n % 2 ? ann : bob, n % 2 ? 'bob' : 'ann')));
    expect(both.filter(({ body }) => body.friend)).toHaveLength(1);
    expect([await rows('friend_requests'), await rows('friendships')]).toEqual([0, 2]);
    await clean();
    const asked = (await ask(ann, 'bob')).body.request.id as string;
    const accepts = await Promise.all(Array.from({ length: 50 }, async () => bob.rest.post(`/friends/requests/${asked}/accept`)));
    expect(accepts.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(accepts.filter(({ status }) => status === 404)).toHaveLength(49);
    expect([await rows('friend_requests'), await rows('friendships'), await counters(ann)]).toEqual([
      0,
      2,
      { friends: 1, incoming: 0, outgoing: 0 },
    ]);
    for (let round = 0; round < 10; round++) {
      await clean();
      const id = (await ask(ann, 'bob')).body.request.id as string;
      const [accepted, withdrawn] = await Promise.all([
        bob.rest.post(`/friends/requests/${id}/accept`),
        ann.rest.delete(`/friends/requests/${id}`),
      ]);
      expect([accepted.status, withdrawn.status].sort()).toEqual(accepted.status === 200 ? [200, 404] : [204, 404]);
      expect([await rows('friend_requests'), await rows('friendships')]).toEqual([0, accepted.status === 200 ? 2 : 0]);
    }
  });

  it('are listed page by page, the newest first', async () => {
    await clean();
    for (const other of [bob, eve, zoe]) await befriend(ann, other);
    const first = await ann.rest.get('/friends?limit=2');
    expect(names(first.body.items)).toEqual(['zoe', 'eve']);
    const second = await ann.rest.get(`/friends?limit=2&cursor=${first.body.nextCursor}`);
    expect([names(second.body.items), second.body.nextCursor]).toEqual([['bob'], null]);
  });

  it('are suggested by common friends, then shared rooms, then age of the account', async () => {
    await clean();
    const [dan, kim] = [await newPerson(app, 'dan'), await newPerson(app, 'kim')];
    await newPerson(app, 'old');
    await befriend(ann, bob);
    await befriend(bob, dan);
    const room = (await ann.rest.post('/rooms', { name: 'shared', kind: 'public' })).body.room.id as string;
    await kim.rest.post(`/rooms/${room}/join`);
    const all = (await ann.rest.get('/friends/suggestions')).body.items as {
      user: { username: string };
      commonFriends: number;
      sharedRooms: number;
    }[];
    expect(names(all).slice(0, 3)).toEqual(['dan', 'kim', 'old']);
    expect(all.slice(0, 3).map(({ commonFriends, sharedRooms }) => [commonFriends, sharedRooms])).toEqual([
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
    for (const never of ['ann', 'bob']) expect(names(all)).not.toContain(never);
    const first = await ann.rest.get('/friends/suggestions?limit=2');
    expect(names((await ann.rest.get(`/friends/suggestions?limit=100&cursor=${first.body.nextCursor}`)).body.items)).toEqual(
      names(all).slice(2),
    );
    await ask(ann, 'dan');
    await ann.rest.put('/blocks/kim');
    expect((await ann.rest.delete('/friends/suggestions/old')).status).toBe(204);
    expect((await ann.rest.delete('/friends/suggestions/old')).status).toBe(204);
    const left = await listed(ann, '/friends/suggestions?limit=100');
    for (const gone of ['dan', 'kim', 'old']) expect(left).not.toContain(gone);
    expect(await listed(kim, '/friends/suggestions?limit=100')).not.toContain('ann');
    await ann.rest.delete('/blocks/kim');
  });

  it('end with a block, which closes the way in both directions', async () => {
    await clean();
    await befriend(ann, bob);
    const pending = (await ask(eve, 'ann')).body.request.id as string;
    const device = await PlainClient.connect(`${app.wsUrl}/ws/?token=${ann.access}`);
    const theirs = await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`);
    const blocked = await Promise.all(Array.from({ length: 20 }, async () => ann.rest.put('/blocks/Bob')));
    expect(new Set(blocked.map(({ body }) => JSON.stringify(body.block))).size).toBe(1);
    expect(blocked[0]!.body.block.user.username).toBe('bob');
    await ann.rest.put('/blocks/eve');
    await device.event('block.added', ({ block }) => block.user.username === 'bob');
    await device.event('friend.removed', ({ userId }) => userId === bob.id);
    await device.event('friend.rejected', ({ requestId }) => requestId === pending);
    await theirs.event('friend.removed');
    expect([await rows('friendships'), await rows('friend_requests'), await rows('blocks')]).toEqual([0, 0, 2]);
    expect(await listed(ann, '/blocks')).toEqual(['eve', 'bob']);
    const page = await ann.rest.get('/blocks?limit=1');
    expect(await listed(ann, `/blocks?limit=1&cursor=${page.body.nextCursor}`)).toEqual(['bob']);
    expect((await ask(ann, 'bob')).body.code).toBe('user.blocked');
    expect((await ask(bob, 'ann')).body.code).toBe('user.unavailable');
    expect((await ann.rest.delete('/blocks/bob')).status).toBe(204);
    expect((await ann.rest.delete('/blocks/bob')).status).toBe(204);
    await device.event('block.removed', ({ userId }) => userId === bob.id);
    expect((await ask(bob, 'ann')).status).toBe(201);
    expect(theirs.frames.filter((frame) => frame.event?.startsWith('block.'))).toEqual([]);
    await ann.rest.delete('/blocks/eve');
    for (const client of [device, theirs]) await client.close();
  });

  it('take no bad input', async () => {
    const unknown = '01900000-0000-7000-8000-00000000abcd';
    const bad: [string, string, unknown, number, string?][] = [
      ['POST', '/friends/requests', {}, 422],
      ['POST', '/friends/requests', { username: '' }, 422],
      ['POST', '/friends/requests', { username: 'x'.repeat(65) }, 422],
      ['POST', '/friends/requests', { username: 'a\0b' }, 422],
      ['POST', '/friends/requests', { username: ['bob'] }, 422],
      ['POST', '/friends/requests', { username: 'bob', more: 1 }, 422],
      ['POST', '/friends/requests', { username: 'nobody.at.all' }, 404, 'user.not-found'],
      ['POST', '/friends/requests', { username: 'ann' }, 422, 'friend.self'],
      ['POST', `/friends/requests/${unknown}/accept`, undefined, 404, 'friend.request-not-found'],
      ['POST', '/friends/requests/1/accept', undefined, 422],
      ['DELETE', `/friends/requests/${unknown}`, undefined, 404],
      ['GET', '/friends?limit=0', undefined, 422],
      ['GET', '/friends?limit=101', undefined, 422],
      ['GET', '/friends?cursor=nonsense', undefined, 422, 'request.cursor-invalid'],
      ['GET', '/friends/suggestions?cursor=WzEsMiwieCIsInkiXQ', undefined, 422, 'request.cursor-invalid'],
      ['GET', '/friends/requests?direction=up', undefined, 422],
      ['DELETE', '/friends/nobody.at.all', undefined, 404, 'user.not-found'],
      ['DELETE', '/friends/suggestions/ann', undefined, 422, 'friend.self'],
      ['PUT', '/blocks/ann', undefined, 422, 'block.self'],
      ['PUT', '/blocks/nobody.at.all', undefined, 404, 'user.not-found'],
      [
        'GET',
        `/blocks?cursor=${Buffer.from('["2020-01-01 00:00:00+00","x"]').toString('base64url')}`,
        undefined,
        422,
        'request.cursor-invalid',
      ],
    ];
    for (const [method, path, body, status, code] of bad) {
      const answer = await ann.rest.call(method, path, body);
      expect([method, path, answer.status, code && answer.body.code]).toEqual([method, path, status, code]);
      expect((await app.anonymous.call(method, path, body)).status).toBe(401);
    }
  });
});
