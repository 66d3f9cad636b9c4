import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { TestApp } from '../../support/create-app.js';
import { describeEachServer } from '../../support/each-server.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { newPerson, type TestPerson } from '../../support/people.js';

describeEachServer('people as others see them', (start) => {
  let app: TestApp;
  let ann: TestPerson;
  let bob: TestPerson;
  let olga: TestPerson;

  beforeAll(async () => {
    app = await start();
    [ann, bob, olga] = [await newPerson(app, 'ann'), await newPerson(app, 'bob.builder'), await newPerson(app, 'olga')];
    await bob.rest.patch('/users/me', { firstName: 'Robert', lastName: 'Annable', about: 'builds' });
    await olga.rest.patch('/users/me', { firstName: 'Ольга', lastName: 'Їжакевич' });
  });
  afterAll(async () => app.close());

  const find = async (who: TestPerson, query: string, more = '') =>
    (await who.rest.get(`/users?query=${encodeURIComponent(query)}${more}`)).body as {
      items: { user: { username: string }; relation: string }[];
      nextCursor: string | null;
    };
  const found = async (who: TestPerson, query: string) => (await find(who, query)).items.map(({ user }) => user.username);

  it('are found by the beginning of a username, name or last name, in any case and script', async () => {
    expect(await found(ann, 'BOB')).toEqual(['bob.builder']);
    expect(await found(ann, '@bob.b')).toEqual(['bob.builder']);
    expect(await found(ann, 'robert ann')).toEqual(['bob.builder']);
    expect(await found(ann, 'ОЛЬ')).toEqual(['olga']);
    expect(await found(ann, 'їжак')).toEqual(['olga']);
    // A username before a last name; nobody finds themselves.
    expect(await found(olga, 'ann')).toEqual(['ann', 'bob.builder']);
    expect(await found(ann, 'ann')).toEqual(['bob.builder']);
    for (const nobody of ['zzz', '%', '_', '   ', '@', "' OR 1=1"]) expect(await found(ann, nobody)).toEqual([]);
  });

  it('are found page by page, each once', async () => {
    const first = await find(olga, 'ann', '&limit=1');
    const second = await find(olga, 'ann', `&limit=1&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ user }) => user.username)).toEqual(['ann', 'bob.builder']);
    expect(second.nextCursor).toBeNull();
  });

  it('have a page with what they show, and how one stands to them', async () => {
    const page = async (who: TestPerson, name: string) => (await who.rest.get(`/users/${name}`)).body.profile as Record<string, unknown>;
    const socket = await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`);
    expect(await page(ann, 'BOB.builder')).toMatchObject({
      username: 'bob.builder',
      displayName: 'Robert Annable',
      about: 'builds',
      birthDate: null,
      online: true,
      relation: 'none',
      counters: { friends: 0, posts: 0, albums: 0 },
    });
    expect((await page(ann, 'ann'))['relation']).toBe('self');
    const { request } = (await ann.rest.post('/friends/requests', { username: 'bob.builder' })).body as { request: { id: string } };
    expect(await page(ann, 'bob.builder')).toMatchObject({ relation: 'outgoing', requestId: request.id });
    expect(await page(bob, 'ann')).toMatchObject({ relation: 'incoming', requestId: request.id });
    expect((await find(bob, 'ann')).items).toMatchObject([{ relation: 'incoming' }]);
    await bob.rest.post(`/friends/requests/${request.id}/accept`);
    await bob.rest.post('/albums', { name: 'Houses', visibility: 'friends' });
    expect(await page(ann, 'bob.builder')).toMatchObject({ relation: 'friends', counters: { friends: 1, albums: 1 } });
    expect(await page(olga, 'bob.builder')).toMatchObject({ counters: { friends: 1, albums: 0 } });
    await ann.rest.put('/blocks/bob.builder');
    expect(await page(ann, 'bob.builder')).toMatchObject({
      relation: 'blocked',
      about: null,
      online: false,
      counters: { friends: 0, albums: 0 },
    });
    expect(await page(bob, 'ann')).toMatchObject({ relation: 'none', about: null, online: false });
    expect([await found(ann, 'bob'), await found(bob, 'ann')]).toEqual([[], []]);
    await socket.close();
  });

  it('take no bad input', async () => {
    for (const query of ['', '?query=', `?query=${'x'.repeat(65)}`, '?query=a&limit=0', '?query=a&more=1', '?query=%00'])
      expect([query, (await ann.rest.get(`/users${query}`)).status]).toEqual([query, 422]);
    for (const values of [
      [3, 'a', ann.id],
      [0, 'a', 'x'],
      [0.5, 'a', ann.id],
      ['0', 'a', ann.id],
    ]) {
      const cursor = Buffer.from(JSON.stringify(values)).toString('base64url');
      expect((await ann.rest.get(`/users?query=a&cursor=${cursor}`)).body.code).toBe('request.cursor-invalid');
    }
    expect((await ann.rest.get('/users/nobody.at.all')).body.code).toBe('user.not-found');
    for (const path of ['/users?query=a', '/users/ann']) expect((await app.anonymous.get(path)).status).toBe(401);
  });
});
