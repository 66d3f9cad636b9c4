import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { newId } from '../../../src/common/ids.js';
import { type Endpoint, type EndpointName, endpoints } from '../../../src/contracts/index.js';
import { exampleOf } from '../../../src/platform/docs/examples.js';
import { SchemaCollector } from '../../../src/platform/docs/json-schema.js';
import { startApp, type TestApp } from '../../support/create-app.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { picture } from '../../support/pictures.js';

const all = Object.entries(endpoints) as [EndpointName, Endpoint][];

/** One value of each wrong kind; which of them are wrong for a field is the field's business, but none may be more than a 4xx. */
const nasty: unknown[] = [
  null,
  true,
  -1,
  1.5,
  9_007_199_254_740_993,
  1e308,
  '',
  ' ',
  'x'.repeat(5_000),
  'nul\u0000inside',
  'lone \ud800 surrogate',
  '\u202eevil',
  "'; DROP TABLE users; --",
  '%_\\',
  '<script>alert(1)</script>',
  [],
  [null],
  [[]],
  {},
  { $ne: null },
  { toString: 'x', constructor: { prototype: { admin: true } } },
];

function fieldsOf(schema: z.ZodType | undefined): string[] {
  if (!schema) return [];
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    properties?: object;
    anyOf?: { properties?: object }[];
  };
  return [...new Set([json, ...(json.anyOf ?? [])].flatMap((part) => Object.keys(part.properties ?? {})))];
}

describe('bad input over REST', () => {
  let app: TestApp;
  let ann: TestPerson;
  let room: string;

  beforeAll(async () => {
    app = await startApp();
    ann = await newPerson(app, 'ann');
    // An admin, so that the calls of the administration look at their input at all. A running server hears of the role later, a new one at once.
    await app.dataSource.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [ann.id]);
    app = await app.restart();
    ann.rest = app.anonymous.as(ann.access);
    room = (await ann.rest.post('/rooms', { name: 'target', kind: 'private' })).body.room.id;
  });
  afterAll(async () => app.close());

  /** The path with parameters that exist, so that what is wrong is the input under test. */
  const pathOf = (path: string) => path.replace(':room', room).replace(':userId', ann.id).replace(':id', ann.id);

  async function expectRefusal(what: string, method: string, path: string, body: unknown): Promise<void> {
    const { status, body: answer } = await ann.rest.call(method, path, body);
    if (status >= 500) throw new Error(`${what} → ${status} ${JSON.stringify(answer)}`);
    if (status >= 400) expect(answer).toMatchObject({ status, code: expect.any(String), detail: expect.any(String) });
  }

  // Ending the session under test is not what is tested here.
  const ending = new Set<EndpointName>(['auth.logout', 'auth.logout-all', 'rooms.delete', 'rooms.leave']);

  for (const [name, definition] of all.filter(([name]) => !ending.has(name))) {
    it(`answers every wrong body, query and parameter of ${name} with a 4xx problem or a right answer, never with a 5xx`, async () => {
      const path = pathOf(definition.path);
      for (const field of fieldsOf(definition.body)) {
        for (const value of nasty)
          await expectRefusal(`${name} ${field}=${JSON.stringify(value)?.slice(0, 60)}`, definition.method, path, { [field]: value });
      }
      if (definition.body) {
        for (const body of [null, 1, 'text', [], [{}], { unknownKey: 1 }, { role: 'admin', id: ann.id, isAdmin: true }]) {
          const { status } = await ann.rest.call(definition.method, path, body);
          expect([name, body, status >= 400 && status < 500]).toEqual([name, body, true]);
        }
      }
      for (const field of fieldsOf(definition.query)) {
        for (const value of ['', 'x'.repeat(2_000), '-1', '1e99', '%00', '%ff', '%ED%A0%80', '[]', "';--", 'null', '0x10']) {
          await expectRefusal(`${name} ?${field}=${value}`, definition.method, `${path}?${field}=${value}`, undefined);
        }
        const { status } = await ann.rest.call(definition.method, `${path}?${field}=1&${field}=2`);
        expect(status).toBe(422);
        await expectRefusal(`${name} ?${field}[]=1`, definition.method, `${path}?${field}[]=1`, undefined);
      }
      if (definition.path.includes(':')) {
        for (const value of ['%00', '%ff', '..%2f..', 'x'.repeat(290), '%E0%A4%A', "';--", '00000000-0000-0000-0000-000000000000', '%20']) {
          await expectRefusal(`${name} with ${value}`, definition.method, definition.path.replace(/:[a-zA-Z]+/g, value), undefined);
        }
      }
    });
  }

  it('refuses JSON that is none, is too deep, too large, poisoned, or not UTF-8', async () => {
    const post = (raw: string | Uint8Array, type = 'application/json') =>
      app.anonymous.call('POST', '/auth/login', undefined, { raw, headers: { 'content-type': type } });
    for (const raw of [
      '{',
      '{"a":}',
      'undefined',
      '{"a":1}}',
      '\u0000',
      '{"__proto__":{"x":1}}',
      '{"constructor":{"prototype":{"x":1}}}',
      `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
    ]) {
      const { status, body } = await post(raw);
      expect([raw.slice(0, 30), status >= 400 && status < 500, typeof body.code]).toEqual([raw.slice(0, 30), true, 'string']);
    }
    expect((await post(new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]))).status).toBe(400);
    expect((await post(JSON.stringify({ login: 'x'.repeat(300_000), password: 'x' }))).status).toBe(413);
    expect((await post('login=a&password=b', 'application/x-www-form-urlencoded')).status).toBe(415);
    expect((await post('{}', 'text/plain')).status).toBe(415);
  });

  it('refuses every call without a credential that needs one, and a bad credential even where guests may call', async () => {
    for (const [name, definition] of all) {
      if (definition.access === 'public') continue;
      const path = pathOf(definition.path);
      if (definition.access !== 'guest') {
        const { status, body } = await app.anonymous.call(definition.method, path, definition.body ? {} : undefined);
        expect([name, status, body.code]).toEqual([name, 401, 'auth.required']);
      }
      const { status, body } = await app.anonymous.as('bad').call(definition.method, path, definition.body ? {} : undefined);
      expect([name, status, body.code]).toEqual([name, 401, 'auth.token-invalid']);
    }
  });

  it('answers unknown addresses, methods and odd spellings of known ones with a 404 or 405 problem', async () => {
    for (const [method, path] of [
      ['GET', '/api/v1/nothing'],
      ['DELETE', '/api/v1/auth/login'],
      ['GET', '/API/v1/users/me'],
      ['GET', '/api/v1//users/me'],
      ['GET', '/api/v1/users/me%2f'],
      ['GET', '/api/v1/%'],
      ['PROPFIND', '/api/v1/rooms'],
    ] as const) {
      const { status, body } = await app.anonymous.call(method, `!${path}`);
      expect([method, path, status >= 400 && status < 500]).toEqual([method, path, true]);
      expect(typeof (body as { code?: unknown }).code).toBe('string');
    }
  });

  it('answers ids of other people’s things, in paths and in bodies, exactly like ids of nothing', async () => {
    const [owner, friend, eve] = [await newPerson(app, 'owner'), await newPerson(app, 'friend'), await newPerson(app, 'eve')];
    const idOf = async (answer: Promise<{ body: Record<string, { id: string }> }>, key: string) => (await answer).body[key]!.id;
    const upload = async () => {
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(await picture('png', { width: 16, height: 16 }))]), 'a.png');
      return (await owner.rest.post('/files', undefined, { form })).body.id as string;
    };
    const target = await idOf(owner.rest.post('/rooms', { name: 'secret-target', kind: 'private', members: ['friend'] }), 'room');
    const album = await idOf(owner.rest.post('/albums', { name: 'Mine', visibility: 'me' }), 'album');
    const photos = (await owner.rest.post(`/albums/${album}/photos`, { fileIds: [await upload()] })).body.items as { id: string }[];
    const avatar = new FormData();
    avatar.append('image', new Blob([new Uint8Array(await picture('png', { width: 16, height: 16 }))]), 'a.png');
    const file = await upload();
    const message = await idOf(owner.rest.post(`/rooms/${target}/messages`, { content: 'hello @friend' }), 'message');
    const request = await idOf(owner.rest.post('/friends/requests', { username: 'friend' }), 'request');
    const notifications = (await friend.rest.get('/notifications')).body.items as { id: string }[];
    expect(notifications.length).toBeGreaterThan(0);
    const owned: Record<string, string> = {
      '/rooms/:room/invitations/:id': await idOf(owner.rest.post(`/rooms/${target}/invitations`, {}), 'invitation'),
      '/messages/:id': message,
      '/albums/:id': album,
      '/photos/:id': photos[0]!.id,
      '/users/me/avatars/:id': await idOf(owner.rest.post('/users/me/avatar', undefined, { form: avatar }), 'avatar'),
      '/files/:id': file,
      '/friends/requests/:id': request,
      '/notifications/:id': notifications[0]!.id,
      '/auth/sessions/:id': (await owner.rest.get('/auth/sessions')).body.items[0].id,
    };
    const shapes = new SchemaCollector();
    const tried: string[] = [];
    for (const [name, definition] of all) {
      const { path, access, method } = definition;
      if (access === 'public' || access === 'admin' || access === 'moderator' || !/:(room|id|userId)/.test(path)) continue;
      // Posts and comments are seen by everybody signed in.
      if (/^\/(posts|comments)/.test(path)) continue;
      const own = owned[Object.keys(owned).find((prefix) => path.startsWith(prefix)) ?? ''];
      if (!path.includes(':room') && own === undefined) throw new Error(`${name}: say whose thing is tried there.`);
      const body = definition.body ? exampleOf(shapes.schema(definition.body, 'input'), shapes) : undefined;
      const fill = (id: string, theirs: string) =>
        path.replace(':room', theirs).replace(':userId', owner.id).replace(':emoji', encodeURIComponent('👍')).replace(':id', id);
      const foreign = await eve.rest.call(method, fill(own ?? '', target), body);
      const unknown = await eve.rest.call(method, fill(newId(), newId()), body);
      const seen = ({ status, body: answer }: typeof foreign) => ({ name, status, code: answer?.code, detail: answer?.detail });
      expect(seen(foreign)).toEqual(seen(unknown));
      expect([name, foreign.status >= 400]).toEqual([name, true]);
      tried.push(name);
    }
    expect(tried.length).toBeGreaterThan(40);

    const mine = await idOf(eve.rest.post('/rooms', { name: 'eves', kind: 'private' }), 'room');
    const myAlbum = await idOf(eve.rest.post('/albums', { name: 'Eve' }), 'album');
    const inBodies: [string, string, string, (id: string) => unknown][] = [
      ['POST', `/rooms/${mine}/messages`, file, (id) => ({ content: 'x', attachments: [id] })],
      ['POST', `/rooms/${mine}/messages`, message, (id) => ({ content: 'x', replyTo: id })],
      ['POST', `/albums/${myAlbum}/photos`, file, (id) => ({ fileIds: [id] })],
      ['PATCH', `/albums/${myAlbum}`, photos[0]!.id, (id) => ({ coverPhotoId: id })],
      ['PATCH', `/rooms/${mine}`, file, (id) => ({ avatarFileId: id })],
      ['POST', '/notifications/read', notifications[0]!.id, (id) => ({ ids: [id] })],
      ['POST', '/reports', message, (id) => ({ kind: 'message', id, reason: 'spam' })],
    ];
    for (const [method, path, foreign, bodyWith] of inBodies) {
      const answers = [await eve.rest.call(method, path, bodyWith(foreign)), await eve.rest.call(method, path, bodyWith(newId()))];
      const [one, other] = answers.map(({ status, body }) => [path, status, body?.code, body?.detail, body?.unreadCount]);
      expect(one).toEqual(other);
    }
    expect((await friend.rest.get('/notifications?unread=true')).body.items).toHaveLength(notifications.length);
  });
});
