import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import { startApp, type TestApp } from '../../support/create-app.js';
import { mailTo, newPerson, type TestPerson } from '../../support/people.js';
import { form, picture } from '../../support/pictures.js';
import type { Answer } from '../../support/rest-client.js';

/** Short, so that they fit the shortest field. */
const texts = {
  markup: '<img src=x onerror=a()>&amp;',
  address: 'javascript:alert(1)',
  'end of an attribute': `" onclick='a()' x="`,
  'end of a script': '</script><b>{{x}}',
  'statement and pattern': `'; DROP TABLE--%_\\`,
  'letters of four bytes': '👩‍👩‍👧 💥 𝕏 क्षि',
  'a character that is not seen': 'a\u200bb\ufeffc',
  'direction turned around': 'a\u202egpj.exe',
  'direction isolated': 'a\u2066b',
  'control character': 'a\u0007b\u001b[31m',
  'control character of one byte more': 'a\u009bb',
  'two lines': 'a\nb',
  'line separator': 'a\u2028b',
  NUL: 'a\u0000b',
  'half a letter': 'a\ud83db',
  'nothing that is seen': '\u200b\u2060\u3164',
} as const;
type Hostile = keyof typeof texts;

/** One line: a name, which stands within the sentences and lists of others. */
const notInOneLine = new Set<Hostile>([
  'direction turned around',
  'direction isolated',
  'control character',
  'control character of one byte more',
  'two lines',
  'line separator',
  'NUL',
  'half a letter',
  'nothing that is seen',
]);
const notInAMessage = new Set<Hostile>(['NUL', 'half a letter', 'nothing that is seen']);
const notInAnyText = new Set<Hostile>(['NUL', 'half a letter']);
/** Usernames, room names: the alphabet of each is tested with it. */
const nowhere = new Set<Hostile>(Object.keys(texts) as Hostile[]);

/** What became of a text: how it can be read afterwards, or the word of the error. */
type Outcome = { read: unknown } | { refused: string };

interface Field {
  name: string;
  refuses: ReadonlySet<Hostile>;
  write: (text: string) => Promise<Outcome>;
}

describe('hostile text', () => {
  let app: TestApp;
  let ann: TestPerson;
  let bob: TestPerson;
  let startup: TestPerson;
  let room: string;
  let sio: SocketIoClient;
  let plain: PlainClient;
  let reader: PlainClient;
  let image: Buffer;
  let said: string;
  let post: string;
  let commented: string;

  beforeAll(async () => {
    app = await startApp();
    [ann, bob, startup] = [await newPerson(app, 'ann'), await newPerson(app, 'bob'), await newPerson(app, 'inc')];
    await app.dataSource.query(`UPDATE users SET account_type = 'startup' WHERE id = $1`, [startup.id]);
    await app.dataSource.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [ann.id]);
    app = await app.restart();
    for (const person of [ann, bob, startup]) person.rest = app.anonymous.as(person.access);
    room = (await ann.rest.post('/rooms', { name: 'talk', kind: 'private', members: ['bob'] })).body.room.id;
    sio = await SocketIoClient.connect(app.url, { auth: { token: ann.access } });
    [plain, reader] = [
      await PlainClient.connect(`${app.wsUrl}/ws/?token=${ann.access}`),
      await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`),
    ];
    await reader.command('room.join', { room });
    image = await picture('png', { width: 16, height: 16 });
    said = (await ann.rest.post(`/rooms/${room}/messages`, { content: 'first' })).body.message.id;
    post = (await ann.rest.post('/posts', { title: 'A post' })).body.post.id;
    commented = (await bob.rest.post(`/posts/${post}/comments`, { content: 'first' })).body.comment.id;
  }, 180_000);
  afterAll(async () => {
    await Promise.all([sio, plain, reader].map(async (client) => client?.close()));
    await app?.close();
  });

  /** The answer of a call; what it stored is read by `read`. */
  async function rest(answer: Promise<Answer>, read: (body: Answer['body']) => unknown): Promise<Outcome> {
    const { status, body } = await answer;
    if (status >= 400) return { refused: `${status} ${String(body['code'])} ${typeof body['detail']}` };
    return { read: await read(body) };
  }
  /** A command's acknowledgement, and what it told the other person. */
  async function command(client: SocketIoClient | PlainClient, content: string, to: object = { room }): Promise<Outcome> {
    const name = 'to' in to ? 'private.send' : 'message.send';
    const { data, error } = (await client.command(name, { ...to, content })) as unknown as {
      data?: { message: { id: string; content: string } };
      error?: { code: string; message: string };
    };
    if (!data) return { refused: `422 ${error!.code} ${typeof error!.message}` };
    const event = 'to' in to ? 'private.message' : 'message.created';
    const heard = await reader.event(event, ({ message }) => message.id === data.message.id);
    expect(heard.message).toMatchObject({ content: data.message.content });
    return { read: ((await bob.rest.get(`/messages/${data.message.id}`)).body as { message: { content: string } }).message.content };
  }
  const profileField =
    (key: string): Field['write'] =>
    async (text) =>
      rest(ann.rest.patch('/users/me', { [key]: text }), async () => (await ann.rest.get('/users/me')).body[key]);
  const startupField =
    (key: string): Field['write'] =>
    async (text) =>
      rest(
        startup.rest.patch('/users/me', { startup: { [key]: text } }),
        async () => (await startup.rest.get('/users/me')).body.startup[key],
      );

  /** What another person reads of a post that was written. */
  const readPost =
    (key: string) =>
    async (body: Answer['body']): Promise<unknown> =>
      (await bob.rest.get(`/posts/${String(body.post.id)}`)).body.post[key];
  const readComment = async (body: Answer['body']): Promise<unknown> =>
    ((await ann.rest.get(`/posts/${post}/comments?limit=100`)).body.items as { id: string; content: string }[]).find(
      (one) => one.id === body.comment.id,
    )?.content;

  const fields: Field[] = [
    { name: 'first name', refuses: notInOneLine, write: profileField('firstName') },
    { name: 'last name', refuses: notInOneLine, write: profileField('lastName') },
    {
      name: 'about',
      refuses: notInAnyText,
      // What nobody can see is as good as nothing.
      write: async (text) =>
        rest(ann.rest.patch('/users/me', { about: text }), async () => {
          const { about } = (await ann.rest.get('/users/me')).body as { about: string | null };
          return about ?? texts['nothing that is seen'];
        }),
    },
    { name: 'company name', refuses: notInOneLine, write: startupField('companyName') },
    { name: 'industry', refuses: notInOneLine, write: startupField('industry') },
    { name: 'pitch', refuses: notInAnyText, write: startupField('pitch') },
    { name: 'website', refuses: nowhere, write: startupField('website') },
    {
      name: 'username',
      refuses: nowhere,
      write: async (text) => rest(ann.rest.post('/users/me/username', { username: text }), () => null),
    },
    { name: 'room name', refuses: nowhere, write: async (name) => rest(ann.rest.post('/rooms', { name, kind: 'public' }), () => null) },
    {
      name: 'room title',
      refuses: notInOneLine,
      write: async (title) =>
        rest(ann.rest.patch(`/rooms/${room}`, { title }), async () => (await bob.rest.get(`/rooms/${room}`)).body.room.title),
    },
    {
      name: 'album name',
      refuses: notInOneLine,
      write: async (name) =>
        rest(
          ann.rest.post('/albums', { name }),
          async ({ album }: { album: { id: string } }) => (await bob.rest.get(`/albums/${album.id}`)).body.album.name,
        ),
    },
    {
      name: 'album theme',
      refuses: notInOneLine,
      write: async (theme) =>
        rest(
          ann.rest.post('/albums', { name: 'x', theme }),
          async ({ album }: { album: { id: string } }) => (await bob.rest.get(`/albums/${album.id}`)).body.album.theme,
        ),
    },
    {
      name: 'message over REST',
      refuses: notInAMessage,
      write: async (content) =>
        rest(
          ann.rest.post(`/rooms/${room}/messages`, { content }),
          async ({ message }: { message: { id: string } }) => (await bob.rest.get(`/messages/${message.id}`)).body.message.content,
        ),
    },
    {
      name: 'edited message',
      refuses: notInAMessage,
      write: async (content) =>
        rest(ann.rest.patch(`/messages/${said}`, { content }), async () => (await bob.rest.get(`/messages/${said}`)).body.message.content),
    },
    {
      name: 'text beside a picture',
      refuses: notInAnyText,
      write: async (content) =>
        rest(
          ann.rest.post(`/rooms/${room}/messages`, undefined, { form: form('image', image, 'a.png', { content }) }),
          // A form makes two characters of each end of a line.
          ({ message }: { message: { content: string } }) => message.content.replaceAll('\r\n', '\n'),
        ),
    },
    { name: 'message over Socket.IO', refuses: notInAMessage, write: async (content) => command(sio, content) },
    { name: 'message over plain WebSocket', refuses: notInAMessage, write: async (content) => command(plain, content) },
    { name: 'private message', refuses: notInAMessage, write: async (content) => command(plain, content, { to: 'bob' }) },
    {
      name: 'title of a post',
      refuses: notInOneLine,
      write: async (title) => rest(ann.rest.post('/posts', { title }), readPost('title')),
    },
    {
      name: 'text of a post',
      refuses: notInAnyText,
      write: async (content) => rest(ann.rest.post('/posts', { title: 'x', content }), readPost('content')),
    },
    {
      name: 'edited text of a post',
      refuses: notInAnyText,
      write: async (content) => rest(ann.rest.patch(`/posts/${post}`, { content }), readPost('content')),
    },
    {
      name: 'text of a post, in short',
      refuses: notInAnyText,
      write: async (content) =>
        rest(
          ann.rest.post('/posts', { title: 'x', content }),
          async ({ post: { id } }: { post: { id: string } }) => (await bob.rest.get(`/posts/cards?ids=${id}`)).body.items[0].excerpt,
        ),
    },
    {
      name: 'tag of a post',
      refuses: notInOneLine,
      write: async (tag) =>
        rest(ann.rest.post('/posts', { title: 'x', tags: [tag] }), async (body) => ((await readPost('tags')(body)) as string[])[0]),
    },
    { name: 'link of a post', refuses: nowhere, write: async (link) => rest(ann.rest.post('/posts', { title: 'x', link }), () => null) },
    {
      name: 'further link of a post',
      refuses: nowhere,
      write: async (link) => rest(ann.rest.patch(`/posts/${post}`, { links: ['https://example.org/', link] }), () => null),
    },
    {
      name: 'comment',
      refuses: notInAMessage,
      write: async (content) => rest(bob.rest.post(`/posts/${post}/comments`, { content }), readComment),
    },
    {
      name: 'edited comment',
      refuses: notInAMessage,
      write: async (content) => rest(bob.rest.patch(`/comments/${commented}`, { content }), readComment),
    },
    {
      name: 'reason of a report',
      refuses: notInAMessage,
      write: async (reason) => {
        // One report of each thing by each person: a new thing for each text.
        const id = (await ann.rest.post('/posts', { title: 'to report' })).body.post.id as string;
        return rest(bob.rest.post('/reports', { kind: 'post', id, reason }), async ({ report }: { report: { id: string } }) => {
          const { items } = (await ann.rest.get('/admin/reports?limit=100')).body as { items: { id: string; reason: string }[] };
          return items.find((one) => one.id === report.id)?.reason;
        });
      },
    },
    {
      name: 'note of a moderator',
      refuses: notInAnyText,
      write: async (note) => {
        const id = (await ann.rest.post('/posts', { title: 'to decide' })).body.post.id as string;
        const report = (await bob.rest.post('/reports', { kind: 'post', id, reason: 'rude' })).body.report.id as string;
        return rest(
          ann.rest.post(`/admin/reports/${report}/decide`, { decision: 'dismiss', note }),
          (body: { report: { note: string } }) => body.report.note,
        );
      },
    },
    {
      name: 'search of tags',
      refuses: notInAnyText,
      write: async (query) =>
        rest(ann.rest.get(`/tags?query=${encodeURIComponent(query.toWellFormed())}`), ({ items }: { items: unknown[] }) =>
          Array.isArray(items) ? query : items,
        ),
    },
    {
      name: 'search of everything',
      refuses: notInAnyText,
      write: async (query) =>
        rest(ann.rest.get(`/search?q=${encodeURIComponent(query.toWellFormed())}`), ({ items }: { items: unknown[] }) =>
          Array.isArray(items) ? query : items,
        ),
    },
    {
      name: 'announcement',
      refuses: notInAMessage,
      write: async (message) =>
        rest(
          ann.rest.post('/announcements', { message }),
          ({ announcement }: { announcement: { message: string } }) => announcement.message,
        ),
    },
    {
      name: 'search of people',
      refuses: notInAnyText,
      write: async (query) =>
        rest(ann.rest.get(`/users?query=${encodeURIComponent(query.toWellFormed())}`), ({ items }: { items: unknown[] }) =>
          items.length === 0 ? query : items,
        ),
    },
    {
      name: 'search of rooms',
      refuses: notInAnyText,
      write: async (query) =>
        rest(ann.rest.get(`/rooms?query=${encodeURIComponent(query.toWellFormed())}`), ({ items }: { items: unknown[] }) =>
          Array.isArray(items) ? query : items,
        ),
    },
  ];

  it.each(fields.map((field) => [field.name, field] as const))(
    '%s: refused with a clear error, or read as it was written',
    async (_name, { name, refuses, write }) => {
      for (const [kind, text] of Object.entries(texts) as [Hostile, string][]) {
        // Half a letter cannot travel in an address or a form: it arrives as the sign for what is no letter.
        if (kind === 'half a letter' && (name.startsWith('search') || name === 'text beside a picture')) continue;
        const outcome = await write(text);
        if (refuses.has(kind)) expect([kind, outcome]).toEqual([kind, { refused: expect.stringMatching(/^422 [a-z.-]+ string$/) }]);
        else expect([kind, outcome]).toEqual([kind, { read: text.trim() }]);
      }
    },
  );

  it('names of files are made harmless, and what is named so is only ever downloaded', async () => {
    for (const [kind, text] of Object.entries(texts) as [Hostile, string][]) {
      const { status, body } = await ann.rest.post('/files', undefined, {
        form: form('file', Buffer.from('plain words'), `${text}.html`),
      });
      expect([kind, status]).toEqual([kind, 201]);
      expect([kind, body.name]).not.toEqual([kind, expect.stringMatching(/[\p{Cc}\u202a-\u202e\u2066-\u2069/\\]/u)]);
      const read = await fetch(`${app.url}/api/v1/files/${String(body.id)}`, { headers: { authorization: `Bearer ${ann.access}` } });
      expect([kind, read.headers.get('content-type')?.split(';')[0], read.headers.get('x-content-type-options')]).toEqual([
        kind,
        'text/plain',
        'nosniff',
      ]);
      expect(read.headers.get('content-disposition')).toMatch(/^attachment; /);
    }
  });

  it('is text in a mail', async () => {
    const email = 'mallory@example.org';
    const password = 'correct horse battery staple';
    const body = { email, username: 'mallory', password, passwordConfirmation: password, firstName: '<img src=x onerror=a()>' };
    expect((await app.anonymous.post('/auth/register', body)).status).toBe(201);
    expect((await mailTo(app, email)).html).not.toContain('<img src=x');
  });
});
