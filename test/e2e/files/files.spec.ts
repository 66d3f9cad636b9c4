import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { startApp, type TestApp } from '../../support/create-app.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { form, picture } from '../../support/pictures.js';

describe('files', () => {
  let app: TestApp;
  let ada: TestPerson;
  let eve: TestPerson;

  beforeAll(async () => {
    app = await startApp();
    ada = await newPerson(app, 'ada');
    eve = await newPerson(app, 'eve');
  });
  afterAll(() => app.close());

  const upload = (bytes: Uint8Array, name = 'picture.jpg', type = '') =>
    ada.rest.post('/files', undefined, { form: form('file', bytes, name, {}, type) });
  const fetchAs = (person: TestPerson | null, path: string, init: RequestInit = {}) =>
    fetch(app.url + path, { ...init, headers: { ...(person ? { authorization: `Bearer ${person.access}` } : {}), ...init.headers } });
  const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

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
      expect(await sharp(bytes).metadata()).toMatchObject({ format, width: side, height: (side * 3) / 4 });
      expect((await fetchAs(eve, body.sizes[size])).status).toBe(404);
      expect((await fetchAs(null, body.sizes[size])).status).toBe(404);
    }
  });
});
