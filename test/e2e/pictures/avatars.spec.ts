import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { type TestApp, startApp } from '../../support/create-app.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { form, picture } from '../../support/pictures.js';

const nobody = '019a8f3e-7c41-7d02-9b5a-3f6c2e81d704';

describe('pictures of people', () => {
  let app: TestApp;
  let image: Buffer;
  beforeAll(async () => {
    app = await startApp();
    image = await picture('jpeg', { width: 300, height: 200 });
  }, 60_000);
  afterAll(async () => app.close());

  const read = async (path: unknown, who?: TestPerson) =>
    fetch(app.url + String(path), { headers: who ? { authorization: `Bearer ${who.access}` } : {} });
  const upload = async (who: TestPerson, bytes: Uint8Array = image) =>
    who.rest.post('/users/me/avatar', undefined, { form: form('image', bytes) });
  const newAvatar = async (who: TestPerson) =>
    (await upload(who)).body.avatar as { id: string; active: boolean; image: { sizes: Record<string, string> } };
  const avatarUrl = async (who: TestPerson) => (await who.rest.get('/users/me')).body.avatarUrl as string | null;
  const actives = async (who: TestPerson) =>
    app.dataSource.query<{ id: string }[]>('SELECT id FROM avatars WHERE user_id = $1 AND active', [who.id]);
  const sign = async (who: TestPerson) => who.rest.put('/users/me/signature', undefined, { form: form('image', image) });

  it('an uploaded avatar is shown at once, to everybody and on every open socket', async () => {
    const ada = await newPerson(app);
    const socket = await PlainClient.connect(`${app.wsUrl}/ws/?token=${ada.access}`);
    expect(await avatarUrl(ada)).toBeNull();
    const { status, body } = await upload(ada);
    expect(status).toBe(201);
    expect(body.avatar).toMatchObject({ active: true, image: { kind: 'image', width: 300, height: 200 } });
    const url = await avatarUrl(ada);
    expect(url).toBe(body.avatar.image.sizes.thumbnail);
    expect((await socket.event('user.updated')).user.avatarUrl).toBe(url);
    const asGuest = await read(url);
    expect([asGuest.status, asGuest.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(asGuest.headers.get('cache-control')).toContain('max-age=3600');
    await socket.close();
  });

  it('older ones stay in the history and can be shown again, or be deleted with their bytes', async () => {
    const ada = await newPerson(app);
    const [first, second] = [await newAvatar(ada), await newAvatar(ada)];
    const listed = (await ada.rest.get('/users/me/avatars')).body;
    expect(listed).toMatchObject({
      items: [
        { id: second.id, active: true },
        { id: first.id, active: false },
      ],
      nextCursor: null,
    });
    expect((await ada.rest.put(`/users/me/avatars/${first.id}`)).body.avatar).toMatchObject({ id: first.id, active: true });
    expect(await avatarUrl(ada)).toBe(first.image.sizes['thumbnail']);

    expect((await ada.rest.delete(`/users/me/avatars/${second.id}`)).status).toBe(204);
    expect(await avatarUrl(ada)).toBe(first.image.sizes['thumbnail']);
    expect((await read(second.image.sizes['full'])).status).toBe(404);
    expect((await ada.rest.delete('/users/me/avatar')).status).toBe(204);
    expect(await avatarUrl(ada)).toBeNull();
    expect((await ada.rest.get('/users/me/avatars')).body.items).toMatchObject([{ id: first.id, active: false }]);
    await ada.rest.put(`/users/me/avatars/${first.id}`);
    expect((await ada.rest.delete(`/users/me/avatars/${first.id}`)).status).toBe(204);
    expect(await avatarUrl(ada)).toBeNull();
    expect((await ada.rest.get('/users/me/avatars')).body.items).toEqual([]);
  });

  it('one is active after fifty switches at once, and it is the one that is shown', async () => {
    const ada = await newPerson(app);
    const avatars = [await newAvatar(ada), await newAvatar(ada), await newAvatar(ada)];
    const answers = await Promise.all(Array.from({ length: 50 }, async (_, n) => ada.rest.put(`/users/me/avatars/${avatars[n % 3]!.id}`)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const active = await actives(ada);
    expect(active).toHaveLength(1);
    const shown = avatars.find(({ id }) => id === active[0]!.id)!;
    expect(await avatarUrl(ada)).toBe(shown.image.sizes['thumbnail']);
    await Promise.all([...avatars.map(async ({ id }) => ada.rest.delete(`/users/me/avatars/${id}`)), upload(ada), upload(ada)]);
    expect(await actives(ada)).toHaveLength(1);
  });

  it('those of others answer like unknown ones', async () => {
    const [ada, eve] = [await newPerson(app), await newPerson(app)];
    const avatar = await newAvatar(ada);
    for (const id of [avatar.id, nobody]) {
      expect((await eve.rest.put(`/users/me/avatars/${id}`)).body.code).toBe('avatar.not-found');
      expect((await eve.rest.delete(`/users/me/avatars/${id}`)).body.code).toBe('avatar.not-found');
    }
    expect(await avatarUrl(ada)).toBe(avatar.image.sizes['thumbnail']);
    for (const path of ['/users/me/avatars', '/users/me/avatar']) {
      expect((await app.anonymous.get(path)).status).toBeGreaterThanOrEqual(401);
    }
  });

  it('what is no picture changes nothing and leaves no file', async () => {
    const ada = await newPerson(app);
    const text = new TextEncoder().encode('plain text');
    const wrong = [
      [text, 'notes.txt', 'file.not-image'],
      [text, 'photo.png', 'file.type-unsupported'],
      [image.subarray(0, 200), 'cut.jpg', 'file.broken'],
      [await picture('gif', { width: 20, height: 20 }), 'moving.gif', 'file.type-unsupported'],
      [new Uint8Array(), 'empty.png', 'file.empty'],
    ] as const;
    for (const [bytes, name, code] of wrong) {
      for (const answer of [
        await ada.rest.post('/users/me/avatar', undefined, { form: form('image', bytes, name) }),
        await ada.rest.put('/users/me/signature', undefined, { form: form('image', bytes, name) }),
      ]) {
        expect(answer.body.code).toBe(code);
      }
    }
    expect((await ada.rest.post('/users/me/avatar', undefined, { form: form('picture', image) })).status).toBe(422);
    expect((await ada.rest.post('/users/me/avatar', undefined, { form: form('image', image, 'a.jpg', { active: 'no' }) })).status).toBe(
      422,
    );
    expect((await ada.rest.post('/users/me/avatar', { image: 'x' })).status).toBeGreaterThanOrEqual(400);
    expect(await avatarUrl(ada)).toBeNull();
    const files = await app.dataSource.query(`SELECT id FROM files WHERE owner_id = $1 AND state <> 'removing'`, [ada.id]);
    expect(files).toEqual([]);
  });

  it('the history holds a hundred', async () => {
    const ada = await newPerson(app);
    const { image: made } = await newAvatar(ada);
    await app.dataSource.query(
      `INSERT INTO avatars (id, user_id, image, active, created_at)
       SELECT gen_random_uuid(), $1, $2, false, now() FROM generate_series(1, 99)`,
      [ada.id, JSON.stringify(made)],
    );
    expect((await upload(ada)).body.code).toBe('avatar.too-many');
    const first = (await ada.rest.get('/users/me/avatars?limit=60')).body;
    const rest = (await ada.rest.get(`/users/me/avatars?limit=60&cursor=${String(first.nextCursor)}`)).body;
    const ids = new Set([...first.items, ...rest.items].map(({ id }: { id: string }) => id));
    expect([ids.size, rest.items.length, rest.nextCursor]).toEqual([100, 40, null]);
    for (const cursor of ['x', 'WyJ4Il0', 'e30']) {
      expect((await ada.rest.get(`/users/me/avatars?cursor=${cursor}`)).body.code).toBe('request.cursor-invalid');
    }
  });

  it('a signature is a picture for who wants that, and the name for who has none', async () => {
    const ada = await newPerson(app);
    expect((await ada.rest.patch('/users/me', { signature: 'image' })).body.code).toBe('user.signature-missing');
    const first = (await sign(ada)).body.signatureUrl as string;
    expect((await ada.rest.patch('/users/me', { signature: 'image' })).body).toMatchObject({ signature: 'image', signatureUrl: first });
    expect((await read(first)).status).toBe(200);
    const second = await sign(ada);
    expect(second.status).toBe(200);
    expect(second.body.signature).toBe('image');
    expect((await read(first)).status).toBe(404);
    expect((await read(second.body.signatureUrl)).status).toBe(200);
    expect((await ada.rest.delete('/users/me/signature')).status).toBe(204);
    expect((await ada.rest.get('/users/me')).body).toMatchObject({ signature: 'name', signatureUrl: null });
    expect((await read(second.body.signatureUrl)).status).toBe(404);
    expect((await ada.rest.delete('/users/me/signature')).status).toBe(204);
    await Promise.all(Array.from({ length: 5 }, async () => sign(ada)));
    const kept = await app.dataSource.query(`SELECT id FROM files WHERE owner_id = $1 AND state = 'ready'`, [ada.id]);
    expect(kept).toHaveLength(1);
  });
});
