import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { FileRemovals } from '../../../src/modules/files/file-removals.js';
import { FILE_STORAGE, type FileStorage } from '../../../src/platform/storage/index.js';
import { startApp, type TestApp } from '../../support/create-app.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { form, picture } from '../../support/pictures.js';

describe('files', () => {
  let app: TestApp;
  let ada: TestPerson;
  let eve: TestPerson;

  beforeAll(async () => {
    app = await startApp({ FILES_QUOTA: '64MB' });
    ada = await newPerson(app, 'ada');
    eve = await newPerson(app, 'eve');
  });
  afterAll(() => app.close());

  const upload = (bytes: Uint8Array, name = 'picture.jpg', type = '', person = ada) =>
    person.rest.post('/files', undefined, { form: form('file', bytes, name, {}, type) });
  const fetchAs = (person: TestPerson | null, path: string, init: RequestInit = {}) =>
    fetch(app.url + path, {
      ...init,
      headers: { ...(person ? { authorization: `Bearer ${person.access}` } : {}), ...(init.headers as Record<string, string>) },
    });
  const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());
  /** Everything that lies on the disk: objects, and uploads that are under way. */
  const onDisk = () =>
    ['files', 'incoming'].flatMap((folder) => {
      const root = join(app.settings.dataDir, folder);
      return readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(app.settings.dataDir.length + 1));
    });
  const removals = () => app.app.get(FileRemovals, { strict: false });
  /** Waits for something that happens soon, without saying when. */
  async function eventually(check: () => Promise<boolean> | boolean): Promise<void> {
    for (let round = 0; !(await check()); round++) {
      if (round > 200) throw new Error('It did not happen.');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it('come under the usual names of their part, and a wrong name is answered with the right one', async () => {
    const bytes = await picture('png');
    const as = (name: string) => ada.rest.post('/files', undefined, { form: form(name, bytes, 'picture.png') });
    expect([(await as('file')).status, (await as('image')).status]).toEqual([201, 201]);
    const { status, body } = await as('upload');
    expect(status).toBe(422);
    expect(body.errors).toEqual([{ field: 'upload', code: 'unknown', message: 'is not a file of this request; send it as "file"' }]);
    // The rest of the refused form does not end the connection under the next request.
    for (let n = 0; n < 3; n++) expect((await ada.rest.get('/users/me')).status).toBe(200);
  });

  describe('pictures', () => {
    it.each([['jpeg'], ['png'], ['webp']] as const)('a %s picture is kept in three sizes that its owner alone can read', async (format) => {
      const { status, body } = await upload(await picture(format), `holiday.${format}`);
      expect(status).toBe(201);
      expect(body).toMatchObject({ kind: 'image', name: `holiday.${format}`, mime: `image/${format}`, width: 1200, height: 900 });
      for (const [size, side] of [
        ['thumbnail', 160],
        ['medium', 800],
        ['full', 1200],
      ] as const) {
        const response = await fetchAs(ada, body.sizes[size]);
        expect(response.status).toBe(200);
        expect(response.headers.get('content-type')).toBe(`image/${format}`);
        const bytes = await bytesOf(response);
        expect(Number(response.headers.get('content-length'))).toBe(bytes.length);
        if (size === 'full') expect(body.bytes).toBe(bytes.length);
        expect(await sharp(bytes).metadata()).toMatchObject({ format, width: side, height: (side * 3) / 4 });
        expect((await fetchAs(eve, body.sizes[size])).status).toBe(404);
        expect((await fetchAs(null, body.sizes[size])).status).toBe(404);
      }
    });

    it('places, cameras and profiles are gone from every size, and the picture stands upright', async () => {
      const original = await sharp(await picture('jpeg', { width: 900, height: 600 }))
        .withExif({ IFD0: { Make: 'C4naryCam' }, IFD3: { GPSLatitude: '50/1 27/1 0/1', GPSLatitudeRef: 'N' } })
        .withMetadata({ orientation: 6 })
        .jpeg()
        .toBuffer();
      expect((await sharp(original).metadata()).exif).toBeDefined();
      const { body } = await upload(original);
      expect(body).toMatchObject({ width: 600, height: 900 });
      for (const address of Object.values(body.sizes as Record<string, string>)) {
        const bytes = await bytesOf(await fetchAs(ada, address));
        expect(bytes.includes('C4nary')).toBe(false);
        const { exif, icc, xmp, orientation } = await sharp(bytes).metadata();
        expect([exif, icc, xmp, orientation]).toEqual([undefined, undefined, undefined, undefined]);
      }
    });

    it('what hangs on behind a picture is gone', async () => {
      const { body } = await upload(Buffer.concat([await picture('jpeg'), Buffer.from('PK\x03\x04<script>C4nary</script>')]));
      expect((await bytesOf(await fetchAs(ada, body.sizes.full))).includes('C4nary')).toBe(false);
    });

    it('of an animation the first frame is kept', async () => {
      const frames = await Promise.all(
        ['#ff0000', '#0000ff'].map((background) =>
          sharp({ create: { width: 40, height: 40, channels: 3, background } })
            .png()
            .toBuffer(),
        ),
      );
      const animated = await sharp(frames, { join: { animated: true } })
        .webp({ loop: 0, delay: [100, 100] })
        .toBuffer();
      expect((await sharp(animated, { pages: -1 }).metadata()).pages).toBe(2);
      const { status, body } = await upload(animated, 'moving.webp');
      expect(status).toBe(201);
      const bytes = await bytesOf(await fetchAs(ada, body.sizes.full));
      expect((await sharp(bytes, { pages: -1 }).metadata()).pages ?? 1).toBe(1);
      const [red, , blue] = await sharp(bytes).removeAlpha().raw().toBuffer();
      expect(red! > 200 && blue! < 50).toBe(true);
    });

    it('a small one is stored once and answers under every size; transparency stays', async () => {
      const before = onDisk().length;
      const small = await sharp({ create: { width: 32, height: 32, channels: 4, background: { r: 1, g: 2, b: 3, alpha: 0.5 } } })
        .png()
        .toBuffer();
      const { body } = await upload(small, 'dot.png');
      expect(onDisk().length).toBe(before + 1);
      for (const address of Object.values(body.sizes as Record<string, string>))
        expect(await sharp(await bytesOf(await fetchAs(ada, address))).metadata()).toMatchObject({ width: 32, height: 32, hasAlpha: true });
    });
  });

  describe('other files', () => {
    it.each([
      ['a PDF', '%PDF-1.7\nC4nary', 'Звіт.pdf', 'application/pdf'],
      ['a zip archive', 'PK\x03\x04C4nary', 'all.zip', 'application/zip'],
      ['a text', 'Привіт', 'notes.txt', 'text/plain; charset=utf-8'],
    ])('%s is given back as it was, for saving and nothing else', async (_, content, name, type) => {
      const { status, body } = await upload(Buffer.from(content), name);
      expect(status).toBe(201);
      expect(body).toMatchObject({ kind: 'file', name, bytes: Buffer.byteLength(content), width: null, height: null });
      expect(Object.keys(body.sizes)).toEqual(['original']);
      const response = await fetchAs(ada, body.sizes.original);
      expect(response.headers.get('content-type')).toBe(type);
      expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w%.-]+$/);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
      expect(String(await bytesOf(response))).toBe(content);
    });

    it('names that lead elsewhere or break headers are made harmless', async () => {
      const { body } = await upload(Buffer.from('text'), '../../a\u202e|b;c.txt');
      expect(body.name).toBe('a_b;c.txt');
      const response = await fetchAs(ada, `/api/v1/files/${body.id}`);
      expect(response.headers.get('content-disposition')).toBe(`attachment; filename="a_b_c.txt"; filename*=UTF-8''a_b%3Bc.txt`);
    });
  });

  describe('what is refused leaves no file behind', () => {
    let before: string[];
    beforeAll(() => {
      before = onDisk();
    });
    afterEach(async () => eventually(() => JSON.stringify(onDisk()) === JSON.stringify(before)));

    const png = async (width: number, height: number) => {
      // A real PNG of one colour: 30,000 × 30,000 of them in a few kilobytes, as its sender would make it.
      const chunk = (type: string, data: Buffer) => {
        const body = Buffer.concat([Buffer.from(type), data]);
        const head = Buffer.alloc(4);
        head.writeUInt32BE(data.length);
        const tail = Buffer.alloc(4);
        tail.writeUInt32BE(crc(body));
        return Buffer.concat([head, body, tail]);
      };
      const header = Buffer.alloc(13);
      header.writeUInt32BE(width, 0);
      header.writeUInt32BE(height, 4);
      header.set([1, 0, 0, 0, 0], 8);
      return Buffer.concat([
        Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
        chunk('IHDR', header),
        chunk('IDAT', deflateSync(Buffer.alloc(Math.ceil(width / 8 + 1) * Math.min(height, 1_000)))),
        chunk('IEND', Buffer.alloc(0)),
      ]);
    };

    it.each([
      ['a GIF', async () => picture('gif', { width: 20, height: 20 }), 'a.gif', 'file.type-unsupported'],
      ['a TIFF', async () => picture('tiff', { width: 20, height: 20 }), 'a.tiff', 'file.type-unsupported'],
      ['an SVG', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), 'a.svg', 'file.type-unsupported'],
      ['a page called a picture', async () => Buffer.from('<html><script>1</script>'), 'a.png', 'file.type-unsupported'],
      ['a text called a picture', async () => Buffer.from('hello'), 'a.png', 'file.type-unsupported'],
      ['a GIF that is an archive too', async () => Buffer.from('GIF89a/*PK\x03\x04'), 'a.gif', 'file.type-unsupported'],
      ['a program', async () => Buffer.from('\x7fELF\0\0\0\0', 'latin1'), 'a.txt', 'file.type-unsupported'],
      ['nothing', async () => Buffer.alloc(0), 'a.txt', 'file.empty'],
      ['half a picture', async () => (await picture('jpeg')).subarray(0, 20_000), 'a.jpg', 'file.broken'],
      ['the head of a picture', async () => Buffer.from('\xff\xd8\xff\xe0 no more', 'latin1'), 'a.jpg', 'file.broken'],
      ['a picture of 30,000 × 30,000 pixels', async () => png(30_000, 30_000), 'a.png', 'file.too-many-pixels'],
      ['a picture of 50,000 × 10 pixels', async () => png(50_000, 10), 'a.png', 'file.too-many-pixels'],
      [
        'a picture of more than 10 MB',
        async () => Buffer.concat([await picture('jpeg'), Buffer.alloc(10 * 1024 * 1024)]),
        'a.jpg',
        'file.too-large',
      ],
      ['a file of more than 25 MB', async () => Buffer.alloc(25 * 1024 * 1024 + 1, 'a'), 'a.txt', 'file.too-large'],
      ['a file of 40 MB', async () => Buffer.alloc(40 * 1024 * 1024, 'a'), 'a.txt', 'file.too-large'],
    ] as const)('%s', async (_, make, name, code) => {
      const answer = await upload(await make(), name);
      expect(answer.body).toMatchObject({ code });
      expect(answer.body.detail).not.toContain('Something went wrong');
    });

    it.each([
      ['no file', () => new FormData(), 'file.missing'],
      ['a file under another name', () => form('other', Buffer.from('text'), 'a.txt'), 'request.invalid'],
      ['another field', () => form('file', Buffer.from('text'), 'a.txt', { ownerId: 'x' }), 'request.invalid'],
      ['a name that reaches for prototypes', () => form('file', Buffer.from('text'), 'a.txt', { ['__proto__']: 'x' }), 'request.malformed'],
      ['nested names', () => form('file', Buffer.from('text'), 'a.txt', { 'a[b][c][99999999]': 'x' }), 'request.invalid'],
      [
        'a hundred fields',
        () => form('file', Buffer.from('text'), 'a.txt', Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, 'x']))),
        'request.too-large',
      ],
      ['a field of 100 KB', () => form('file', Buffer.from('text'), 'a.txt', { a: 'x'.repeat(100_000) }), 'request.too-large'],
    ])('a form with %s', async (_, make, code) => {
      expect((await ada.rest.post('/files', undefined, { form: make() })).body).toMatchObject({ code });
    });

    it('two files in a form', async () => {
      const data = form('file', Buffer.from('one'), 'a.txt');
      data.append('file', new Blob([Buffer.from('two')]), 'b.txt');
      expect((await ada.rest.post('/files', undefined, { form: data })).body).toMatchObject({ code: 'request.too-large' });
    });

    it.each([
      ['no boundary', 'multipart/form-data', 'x'],
      ['a body that is no form', 'multipart/form-data; boundary=b', 'nonsense'],
      [
        'a form without its end',
        'multipart/form-data; boundary=b',
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf',
      ],
      ['a head of 100 KB', 'multipart/form-data; boundary=b', `--b\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
    ])('%s', async (_, type, raw) => {
      const answer = await ada.rest.post('/files', undefined, { raw, headers: { 'content-type': type } });
      expect([answer.status, answer.body.code]).toEqual([
        expect.any(Number),
        expect.stringMatching(/^(?:request\.malformed|file\.missing)$/),
      ]);
      expect(answer.status).toBeLessThan(500);
    });

    it('a form where none is taken, and JSON where a form is', async () => {
      const data = form('file', Buffer.from('text'), 'a.txt');
      expect((await ada.rest.post('/rooms', undefined, { form: data })).body).toMatchObject({ code: 'request.unsupported-media-type' });
      expect((await ada.rest.post('/files', { file: 'x' })).body).toMatchObject({ code: 'file.missing' });
    });

    it('an upload without a login, answered before it is read', async () => {
      const answer = await app.anonymous.post('/files', undefined, { form: form('file', Buffer.alloc(5_000_000, 'a'), 'a.txt') });
      expect(answer).toMatchObject({ status: 401, body: { code: 'auth.required' } });
    });

    it('an upload that is broken off in the middle', async () => {
      const socket = connect(app.settings.port, '127.0.0.1');
      const head = `--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n`;
      socket.write(
        `POST /api/v1/files HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${ada.access}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000000\r\n\r\n${head}${'a'.repeat(100_000)}`,
      );
      await eventually(() => onDisk().some((path) => path.startsWith('incoming')));
      socket.destroy();
      await eventually(() => !onDisk().some((path) => path.startsWith('incoming')));
    });
  });

  describe('reading', () => {
    it('HEAD tells the same without the bytes, and what a browser has is not sent again', async () => {
      const { body } = await upload(await picture('jpeg'));
      const got = await fetchAs(ada, body.sizes.medium);
      const bytes = await bytesOf(got);
      const head = await fetchAs(ada, body.sizes.medium, { method: 'HEAD' });
      expect(head.status).toBe(200);
      expect(head.headers.get('content-length')).toBe(String(bytes.length));
      for (const name of ['content-type', 'etag', 'cache-control', 'content-security-policy'])
        expect(head.headers.get(name)).toBe(got.headers.get(name));
      expect(got.headers.get('cache-control')).toBe('private, no-cache');
      expect(got.headers.get('cross-origin-resource-policy')).toBe('same-origin');
      const again = await fetchAs(ada, body.sizes.medium, { headers: { 'if-none-match': got.headers.get('etag')! } });
      expect([again.status, (await bytesOf(again)).length]).toEqual([304, 0]);
      expect((await fetchAs(eve, body.sizes.medium, { headers: { 'if-none-match': got.headers.get('etag')! } })).status).toBe(404);
      expect((await fetchAs(eve, body.sizes.medium, { method: 'HEAD' })).status).toBe(404);
      expect((await ada.rest.get(`/files/${body.id}?size=huge`)).body).toMatchObject({ code: 'request.invalid' });
    });

    it('a signed address shows one size to anybody for five minutes, and nothing else', async () => {
      const { body } = await upload(await picture('jpeg'));
      expect((await eve.rest.post(`/files/${body.id}/url`)).status).toBe(404);
      const signed = await ada.rest.post(`/files/${body.id}/url`, { size: 'thumbnail' });
      expect(signed.status).toBe(200);
      const life = Date.parse(signed.body.expiresAt) - Date.now();
      expect(life > 290_000 && life <= 300_000).toBe(true);
      const response = await fetch(signed.body.url);
      expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
      expect(response.headers.get('set-cookie')).toBeNull();
      expect((await sharp(await bytesOf(response)).metadata()).width).toBe(160);
      // A bad credential beside it does not matter: none is read.
      expect((await fetch(signed.body.url, { headers: { authorization: 'Bearer nonsense' } })).status).toBe(200);
      for (const [name, value] of [
        ['size', 'full'],
        ['expires', String(Math.floor(Date.now() / 1000) + 3_000)],
        ['signature', createHash('sha256').update('guess').digest('base64url')],
      ] as const) {
        const url = new URL(signed.body.url);
        url.searchParams.set(name, value);
        expect((await fetch(url)).status).toBe(403);
      }
      const other = (await upload(await picture('jpeg'))).body;
      expect((await fetch(signed.body.url.replace(body.id, other.id))).status).toBe(403);
    });
  });

  describe('the end of a file', () => {
    it('its owner can remove what belongs to nothing; nobody else can', async () => {
      const before = onDisk();
      const { body } = await upload(await picture('jpeg'));
      const { url } = (await ada.rest.post(`/files/${body.id}/url`)).body;
      expect((await eve.rest.delete(`/files/${body.id}`)).body).toMatchObject({ code: 'file.not-found' });
      expect((await ada.rest.delete(`/files/${body.id}`)).status).toBe(204);
      expect((await fetchAs(ada, body.sizes.full)).status).toBe(404);
      expect((await fetch(url)).status).toBe(404);
      expect((await ada.rest.delete(`/files/${body.id}`)).status).toBe(404);
      await eventually(() => onDisk().length === before.length);
    });

    it('what nobody used for a day goes, with its bytes and its space, and nothing younger', async () => {
      const [old, young] = [(await upload(await picture('jpeg'))).body, (await upload(await picture('jpeg'))).body];
      const used = async () => Number((await app.dataSource.query('SELECT bytes FROM file_usage WHERE owner_id = $1', [ada.id]))[0].bytes);
      const before = await used();
      await app.dataSource.query(`UPDATE files SET created_at = now() - interval '25 hours' WHERE id = $1`, [old.id]);
      await removals().tidy();
      expect((await fetchAs(ada, old.sizes.full)).status).toBe(404);
      expect((await fetchAs(ada, young.sizes.full)).status).toBe(200);
      expect(onDisk().filter((path) => path.includes(old.id))).toEqual([]);
      expect(await used()).toBeLessThan(before);
      expect(await app.dataSource.query('SELECT id FROM files WHERE id = $1', [old.id])).toEqual([]);
    });

    it('an upload that a crash cut off goes after an hour, with what was stored of it', async () => {
      const { body } = await upload(await picture('jpeg'));
      await app.dataSource.query(`UPDATE files SET state = 'writing', created_at = now() - interval '50 minutes' WHERE id = $1`, [body.id]);
      await removals().tidy();
      expect(onDisk().some((path) => path.includes(body.id))).toBe(true);
      await app.dataSource.query(`UPDATE files SET created_at = now() - interval '2 hours' WHERE id = $1`, [body.id]);
      await removals().tidy();
      expect(onDisk().some((path) => path.includes(body.id))).toBe(false);
    });

    it('a storage that fails is tried again later; the file is gone for people at once, and its space comes back once', async () => {
      const { body } = await upload(await picture('jpeg'));
      const storage = app.app.get<FileStorage>(FILE_STORAGE, { strict: false });
      const remove = storage.remove.bind(storage);
      let failures = 0;
      storage.remove = async () => {
        failures++;
        throw new Error('the disk is gone');
      };
      try {
        expect((await ada.rest.delete(`/files/${body.id}`)).status).toBe(204);
        await eventually(() => failures > 0);
      } finally {
        storage.remove = remove;
      }
      expect((await fetchAs(ada, body.sizes.full)).status).toBe(404);
      await eventually(
        async () => (await app.dataSource.query('SELECT 1 FROM files WHERE id = $1 AND remove_after > now()', [body.id])).length === 1,
      );
      expect(onDisk().some((path) => path.includes(body.id))).toBe(true);
      await app.dataSource.query(`UPDATE files SET remove_after = now() WHERE id = $1`, [body.id]);
      await Promise.all([removals().tidy(), removals().tidy()]);
      expect(onDisk().some((path) => path.includes(body.id))).toBe(false);
      const [sum] = await app.dataSource.query(
        'SELECT u.bytes, (SELECT COALESCE(sum(f.bytes), 0) FROM files f WHERE f.owner_id = u.owner_id) AS files FROM file_usage u WHERE u.owner_id = $1',
        [ada.id],
      );
      expect(sum.bytes).toBe(sum.files);
    });
  });

  it('a person has so much space and no more, however many uploads come at once; removing makes room', async () => {
    const bob = await newPerson(app, 'bob');
    const file = () => Buffer.alloc(12 * 1024 * 1024, 'a');
    const answers = await Promise.all(Array.from({ length: 6 }, () => upload(file(), 'a.txt', '', bob)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(answers.find(({ status }) => status !== 201)!.body).toMatchObject({ code: 'file.quota-exceeded', status: 409 });
    const kept = answers.find(({ status }) => status === 201)!.body;
    expect((await bob.rest.delete(`/files/${kept.id}`)).status).toBe(204);
    await eventually(async () => (await upload(file(), 'a.txt', '', bob)).status === 201);
  });

  it('uploads of one person are bounded: six at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => upload(Buffer.alloc(1_000_000, 'a'), 'a.txt', '', eve)));
    const refused = answers.filter(({ status }) => status !== 201);
    for (const { body, headers } of refused) {
      expect(body).toMatchObject({ code: 'rate.limited' });
      expect(headers.get('retry-after')).toBe('2');
    }
    expect(answers.some(({ status }) => status === 201)).toBe(true);
  });
});

/** CRC-32 as PNG has it. */
function crc(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}
