import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Album, Photo } from '../../../src/contracts/index.js';
import { type TestApp, startApp } from '../../support/create-app.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { form, picture } from '../../support/pictures.js';

const nobody = '019a8f3e-7c41-7d02-9b5a-3f6c2e81d704';

describe('albums and photos', () => {
  let app: TestApp;
  let image: Buffer;
  let ada: TestPerson;
  let friend: TestPerson;
  let stranger: TestPerson;
  beforeAll(async () => {
    app = await startApp();
    image = await picture('png', { width: 64, height: 48 });
    [ada, friend, stranger] = [await newPerson(app), await newPerson(app), await newPerson(app)];
    const { body } = await ada.rest.post('/friends/requests', { username: friend.username });
    expect((await friend.rest.post(`/friends/requests/${String(body.request.id)}/accept`)).status).toBe(200);
  }, 60_000);
  afterAll(async () => app.close());

  const read = async (path: unknown, who?: TestPerson) =>
    (await fetch(app.url + String(path), { headers: who ? { authorization: `Bearer ${who.access}` } : {} })).status;
  const file = async (who: TestPerson) => (await who.rest.post('/files', undefined, { form: form('file', image) })).body.id as string;
  const newAlbum = async (who: TestPerson, body: object = {}) =>
    (await who.rest.post('/albums', { name: 'Sea', ...body })).body.album as Album;
  const addPhotos = async (who: TestPerson, album: string, count: number) => {
    const fileIds: string[] = [];
    for (let n = 0; n < count; n++) fileIds.push(await file(who));
    return (await who.rest.post(`/albums/${album}/photos`, { fileIds })).body.items as Photo[];
  };
  const albumOf = async (who: TestPerson, id: string) => (await who.rest.get(`/albums/${id}`)).body.album as Album;
  const filesLeft = async (ids: string[]) =>
    (await app.dataSource.query<{ id: string }[]>(`SELECT id FROM files WHERE id = ANY($1::uuid[]) AND state = 'ready'`, [ids])).length;

  it('an album has a name, and what else its owner says of it', async () => {
    const plain = await ada.rest.post('/albums', { name: ' Winter ' });
    expect(plain.status).toBe(201);
    expect(plain.body.album).toMatchObject({
      name: 'Winter',
      theme: null,
      year: null,
      visibility: 'everyone',
      cover: null,
      coverPhotoId: null,
      photoCount: 0,
      owner: { id: ada.id },
    });
    const { id } = plain.body.album as Album;
    const changed = await ada.rest.patch(`/albums/${id}`, { theme: 'Snow', year: 1999, visibility: 'friends' });
    expect(changed.body.album).toMatchObject({ name: 'Winter', theme: 'Snow', year: 1999, visibility: 'friends' });
    expect((await ada.rest.patch(`/albums/${id}`, { theme: null })).body.album).toMatchObject({ theme: null, year: 1999 });
    expect((await ada.rest.patch(`/albums/${id}`, {})).status).toBe(200);
    const wrong = [
      { name: '' },
      { name: null },
      { name: 'x'.repeat(101) },
      { year: 1799 },
      { year: 1999.5 },
      { visibility: 'all' },
      { ownerId: ada.id },
    ];
    for (const body of wrong) {
      expect((await ada.rest.patch(`/albums/${id}`, body)).status).toBe(422);
      expect((await ada.rest.post('/albums', { name: 'x', ...body })).status).toBe(422);
    }
    expect((await ada.rest.post('/albums', {})).status).toBe(422);
  });

  it('photos come as uploaded files, in order, or as a form, and the newest is the cover until one is chosen', async () => {
    const { id } = await newAlbum(ada);
    const [first, second] = await addPhotos(ada, id, 2);
    expect((await albumOf(ada, id)).cover?.id).toBe(second!.image.id);
    const added = await ada.rest.post(`/albums/${id}/photos`, undefined, { form: form('image', image, 'third.png') });
    expect(added.status).toBe(201);
    const third = (added.body.items as Photo[])[0]!;
    expect(third).toMatchObject({ album: id, image: { name: 'third.png', kind: 'image' } });
    expect(await albumOf(ada, id)).toMatchObject({ photoCount: 3, coverPhotoId: null, cover: { id: third.image.id } });
    const { items } = (await ada.rest.get(`/photos?album=${id}`)).body as { items: Photo[] };
    expect(items).toEqual([third, second, first]);

    const chosen = await ada.rest.patch(`/albums/${id}`, { coverPhotoId: first!.id });
    expect(chosen.body.album).toMatchObject({ coverPhotoId: first!.id, cover: { id: first!.image.id } });
    const elsewhere = (await addPhotos(ada, (await newAlbum(ada)).id, 1))[0]!;
    for (const coverPhotoId of [elsewhere.id, nobody]) {
      expect((await ada.rest.patch(`/albums/${id}`, { coverPhotoId })).body.code).toBe('photo.not-found');
    }
    expect((await ada.rest.delete(`/photos/${first!.id}`)).status).toBe(204);
    expect(await albumOf(ada, id)).toMatchObject({ photoCount: 2, coverPhotoId: null, cover: { id: third.image.id } });
    expect(await filesLeft([first!.image.id])).toBe(0);
    expect((await ada.rest.delete(`/photos/${first!.id}`)).body.code).toBe('photo.not-found');
  });

  it('a file is put into one album once, all of a request or none, and only one’s own', async () => {
    const { id } = await newAlbum(ada);
    const [mine, theirs] = [await file(ada), await file(stranger)];
    for (const fileIds of [
      [mine, theirs],
      [mine, nobody],
    ]) {
      expect((await ada.rest.post(`/albums/${id}/photos`, { fileIds })).body.code).toBe('file.not-found');
    }
    expect((await albumOf(ada, id)).photoCount).toBe(0);
    const answers = await Promise.all(Array.from({ length: 20 }, async () => ada.rest.post(`/albums/${id}/photos`, { fileIds: [mine] })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect((await albumOf(ada, id)).photoCount).toBe(1);
    const text = (await ada.rest.post('/files', undefined, { form: form('file', new TextEncoder().encode('hello'), 'a.txt') })).body
      .id as string;
    expect((await ada.rest.post(`/albums/${id}/photos`, { fileIds: [text] })).body.code).toBe('file.not-image');
    for (const body of [
      {},
      { fileIds: [] },
      { fileIds: ['x'] },
      { fileIds: [mine, mine] },
      { fileIds: Array.from({ length: 21 }, () => nobody) },
    ]) {
      expect((await ada.rest.post(`/albums/${id}/photos`, body)).status).toBe(422);
    }
  });

  it('an album is seen by whom its owner shows it to, and so are its photos and their files; for the others there is none', async () => {
    const owner = ada;
    const rows: [Album['visibility'], TestPerson[]][] = [
      ['everyone', [ada, friend, stranger]],
      ['friends', [ada, friend]],
      ['me', [ada]],
    ];
    for (const [visibility, readers] of rows) {
      const album = await newAlbum(owner, { name: visibility, visibility });
      const [photo] = await addPhotos(owner, album.id, 1);
      for (const who of [ada, friend, stranger]) {
        const sees = readers.includes(who);
        expect([visibility, (await who.rest.get(`/albums/${album.id}`)).status]).toEqual([visibility, sees ? 200 : 404]);
        expect((await who.rest.get(`/photos?album=${album.id}`)).status).toBe(sees ? 200 : 404);
        const one = await who.rest.get(`/photos/${photo!.id}`);
        expect(sees ? one.body.photo : [one.status, one.body.code]).toEqual(sees ? photo : [404, 'photo.not-found']);
        expect(await read(photo!.image.sizes['full'], who)).toBe(sees ? 200 : 404);
        const listed = (await who.rest.get(`/users/${owner.username}/albums`)).body.items as Album[];
        expect(listed.some(({ id }) => id === album.id)).toBe(sees);
        const photos = (await who.rest.get(`/photos?user=${owner.username}`)).body.items as Photo[];
        expect(photos.some(({ id }) => id === photo!.id)).toBe(sees);
      }
      expect(await read(photo!.image.sizes['full'])).toBe(404);
    }
    expect((await stranger.rest.get('/users/nobody-of-that-name/albums')).body.code).toBe('user.not-found');
    expect((await app.anonymous.get('/albums')).status).toBe(401);
  });

  it('nobody but its owner changes it, and a foreign id answers like an unknown one', async () => {
    const album = await newAlbum(ada);
    const [photo] = await addPhotos(ada, album.id, 1);
    const own = await file(friend);
    for (const id of [album.id, nobody]) {
      expect((await friend.rest.patch(`/albums/${id}`, { name: 'Mine' })).body.code).toBe('album.not-found');
      expect((await friend.rest.delete(`/albums/${id}`)).body.code).toBe('album.not-found');
      expect((await friend.rest.post(`/albums/${id}/photos`, { fileIds: [own] })).body.code).toBe('album.not-found');
      const added = await friend.rest.post(`/albums/${id}/photos`, undefined, { form: form('image', image) });
      expect(added.body.code).toBe('album.not-found');
    }
    for (const id of [photo!.id, nobody]) expect((await friend.rest.delete(`/photos/${id}`)).body.code).toBe('photo.not-found');
    expect(await albumOf(ada, album.id)).toEqual({ ...album, photoCount: 1, cover: photo!.image });
  });

  it('people who block each other see nothing of each other’s albums', async () => {
    const [ann, bob] = [await newPerson(app), await newPerson(app)];
    const album = await newAlbum(ann);
    const [photo] = await addPhotos(ann, album.id, 1);
    for (const [blocker, blocked] of [
      [ann, bob],
      [bob, ann],
    ] as const) {
      await blocker.rest.put(`/blocks/${blocked.username}`);
      expect((await bob.rest.get(`/albums/${album.id}`)).status).toBe(404);
      expect((await bob.rest.get(`/users/${ann.username}/albums`)).body.items).toEqual([]);
      expect((await bob.rest.get(`/photos?user=${ann.username}`)).body.items).toEqual([]);
      expect(await read(photo!.image.sizes['full'], bob)).toBe(404);
      await blocker.rest.delete(`/blocks/${blocked.username}`);
    }
    expect((await bob.rest.get(`/albums/${album.id}`)).status).toBe(200);
  });

  it('goes with its photos and their files, also while photos are still coming', async () => {
    const album = await newAlbum(ada);
    const photos = await addPhotos(ada, album.id, 3);
    await ada.rest.patch(`/albums/${album.id}`, { coverPhotoId: photos[0]!.id });
    const late = [await file(ada), await file(ada), await file(ada)];
    const [deleted] = await Promise.all([
      ada.rest.delete(`/albums/${album.id}`),
      ...late.map(async (id) => ada.rest.post(`/albums/${album.id}/photos`, { fileIds: [id] })),
      ada.rest.delete(`/photos/${photos[1]!.id}`),
    ]);
    expect(deleted.status).toBe(204);
    expect((await ada.rest.get(`/albums/${album.id}`)).status).toBe(404);
    expect((await ada.rest.get(`/photos?album=${album.id}`)).status).toBe(404);
    const rows = await app.dataSource.query('SELECT id FROM photos WHERE album_id = $1', [album.id]);
    expect(rows).toEqual([]);
    expect(await filesLeft(photos.map(({ image: { id } }) => id))).toBe(0);
    const attached = await app.dataSource.query(`SELECT id FROM files WHERE attached_id = $1 AND state = 'ready'`, [album.id]);
    expect(attached).toEqual([]);
  });

  it('holds 500 photos, and a person has 200 albums', async () => {
    const owner = await newPerson(app);
    const album = await newAlbum(owner);
    await app.dataSource.query('UPDATE albums SET photo_count = 499 WHERE id = $1', [album.id]);
    const [a, b] = [await file(owner), await file(owner)];
    expect((await owner.rest.post(`/albums/${album.id}/photos`, { fileIds: [a, b] })).body.code).toBe('album.full');
    const answers = await Promise.all([a, b].map(async (id) => owner.rest.post(`/albums/${album.id}/photos`, { fileIds: [id] })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);

    await app.dataSource.query(
      `INSERT INTO albums (id, owner_id, name, visibility, created_at) SELECT gen_random_uuid(), $1, 'x', 'me', now() FROM generate_series(1, 196)`,
      [owner.id],
    );
    const made = await Promise.all(Array.from({ length: 10 }, async () => owner.rest.post('/albums', { name: 'Last' })));
    expect(made.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(made.filter(({ body }) => body.code === 'album.too-many')).toHaveLength(7);
  });

  it('lists go on where the page before ended', async () => {
    const owner = await newPerson(app);
    const albums: string[] = [];
    for (let n = 0; n < 5; n++) albums.unshift((await newAlbum(owner, { visibility: n % 2 ? 'me' : 'everyone' })).id);
    const pageThrough = async (who: TestPerson, path: string) => {
      const ids: string[] = [];
      let cursor = '';
      for (;;) {
        const { body } = await who.rest.get(`${path}${path.includes('?') ? '&' : '?'}limit=2${cursor}`);
        ids.push(...(body.items as { id: string }[]).map(({ id }) => id));
        if (body.nextCursor === null) return ids;
        cursor = `&cursor=${String(body.nextCursor)}`;
      }
    };
    expect(await pageThrough(owner, '/albums')).toEqual(albums);
    expect(await pageThrough(stranger, `/users/${owner.username}/albums`)).toEqual(albums.filter((_, n) => n % 2 === 0));
    const photos = (await addPhotos(owner, albums[0]!, 5)).map(({ id }) => id).reverse();
    expect(await pageThrough(owner, `/photos?album=${albums[0]}`)).toEqual(photos);
    const hidden = (await addPhotos(owner, albums[1]!, 2)).map(({ id }) => id).reverse();
    const shown = (await addPhotos(owner, albums[2]!, 3)).map(({ id }) => id).reverse();
    expect(await pageThrough(owner, '/photos')).toEqual([...shown, ...hidden, ...photos]);
    expect(await pageThrough(owner, `/photos?user=${owner.username}`)).toEqual([...shown, ...hidden, ...photos]);
    expect(await pageThrough(stranger, `/photos?user=${owner.username}`)).toEqual([...shown, ...photos]);
    for (const path of ['/albums?', '/photos?', `/photos?album=${albums[0]}&`, `/users/${owner.username}/albums?`]) {
      expect((await owner.rest.get(`${path}cursor=nonsense`)).body.code).toBe('request.cursor-invalid');
      expect((await owner.rest.get(`${path}limit=101`)).status).toBe(422);
    }
    expect((await owner.rest.get(`/photos?album=${albums[0]}&user=${owner.username}`)).status).toBe(422);
  });
});
