import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Message } from '../../../src/contracts/index.js';
import { Indexer } from '../../../src/modules/search/index.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import { startApp, type TestApp } from '../../support/create-app.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { form, picture } from '../../support/pictures.js';

/** What one reader sees, as JSON: a path shows somebody when their name, their id or the words of their message are in it. */
type Look = (reader: TestPerson, other: TestPerson) => Promise<unknown>;

interface Path {
  name: string;
  look: Look;
  /** What the blocked person may see of the one who blocks them; by default the same as before. */
  backwards?: 'hidden' | 'seen';
  /** What the path shows of a message that is hidden: its place. */
  keepsPlace?: boolean;
}

let app: TestApp;
/** Blocks bob. */
let ann: TestPerson;
let bob: TestPerson;
/** Neither blocks nor is blocked. */
let cat: TestPerson;
let room: string;
/** Each one's message in the room. */
let said: Map<string, Message>;
let epoch: string;
/** Cat's post. */
let post: string;
const open: { close(): Promise<unknown> }[] = [];

const socketIo = async (who: TestPerson) => keep(await SocketIoClient.connect(app.url, { auth: { token: who.access } }));
const plain = async (who: TestPerson) => keep(await PlainClient.connect(`${app.wsUrl}/ws/?token=${who.access}`));
const old = async (who: TestPerson, more = '') =>
  keep(await PlainClient.connect(`${app.wsUrl}/ws/chat/shared/?token=${who.access}${more}`));
function keep<T extends { close(): Promise<unknown> }>(client: T): T {
  open.push(client);
  return client;
}
const get = async (who: TestPerson, path: string) => (await who.rest.get(path)).body as unknown;
const data = (reply: unknown) => (reply as { data: Record<string, unknown> }).data;
const say = async (who: TestPerson, content: string) =>
  (await who.rest.post(`/rooms/${room}/messages`, { content })).body.message as Message;

/** A third person's message ends the wait: what came before it is all there is. */
async function until(client: SocketIoClient | PlainClient, event: 'message.created', words: string): Promise<void> {
  await client.event(event, ({ message }) => message.content === words);
}
let marks = 0;
async function mark(...clients: (SocketIoClient | PlainClient)[]): Promise<void> {
  const words = `mark ${++marks}`;
  await say(cat, words);
  for (const client of clients) await until(client, 'message.created', words);
}
const heard = (client: SocketIoClient | PlainClient, ...events: string[]) =>
  client.inbox.all.filter((frame) => events.includes(String((frame as { event?: string }).event)));

/** Live frames that `reader` gets while `act` happens. */
async function live(reader: TestPerson, connect: typeof plain | typeof socketIo, events: string[], act: () => Promise<unknown>) {
  const client = await connect(reader);
  await client.command('room.join', { room });
  const before = client.inbox.all.length;
  await act();
  await mark(client);
  return heard(client, ...events).filter(
    (frame) => client.inbox.all.indexOf(frame as never) >= before && !JSON.stringify(frame).includes('mark '),
  );
}

const joined = async (who: TestPerson, more = {}) => data(await (await plain(who)).command('room.join', { room, ...more }));
const inRoom = async (who: TestPerson) => {
  const client = await plain(who);
  await client.command('room.join', { room });
  return client;
};

/** Every way on which something of one person can reach another. */
const messagePaths: Path[] = [
  { name: 'a page of history', look: async (reader) => get(reader, `/rooms/${room}/messages?limit=100`), keepsPlace: true },
  { name: 'history before a seq', look: async (reader) => get(reader, `/rooms/${room}/messages?before=1000&limit=100`), keepsPlace: true },
  { name: 'history after a seq', look: async (reader) => get(reader, `/rooms/${room}/messages?after=0&limit=100`), keepsPlace: true },
  { name: 'changes over REST', look: async (reader) => get(reader, `/rooms/${room}/changes?since=0&epoch=${epoch}`), keepsPlace: true },
  { name: 'changes after a gap', look: async (reader) => get(reader, `/rooms/${room}/changes?since=0&epoch=other`), keepsPlace: true },
  { name: 'one message by its id', look: async (reader, other) => get(reader, `/messages/${said.get(other.id)!.id}`), keepsPlace: true },
  {
    name: 'the last message of a list of rooms',
    look: async (reader, other) => (await say(other, `last of ${other.username}`), get(reader, '/rooms?mine=true&kind=public')),
    keepsPlace: true,
  },
  {
    name: 'the chats of the first page',
    look: async (reader, other) => {
      await say(other, `home of ${other.username}`);
      const { chats } = (await reader.rest.get('/home')).body as { chats: { id: string }[] };
      return chats.filter(({ id }) => id === room);
    },
    keepsPlace: true,
  },
  {
    name: 'the last message of a room',
    look: async (reader, other) => (await say(other, `last of ${other.username}`), get(reader, `/rooms/${room}`)),
    keepsPlace: true,
  },
  {
    name: 'the messages of room.join',
    look: async (reader, other) => (await say(other, `new of ${other.username}`), (await joined(reader))['messages']),
    keepsPlace: true,
  },
  {
    name: 'the room of room.join',
    look: async (reader, other) => (await say(other, `new of ${other.username}`), (await joined(reader))['room']),
    keepsPlace: true,
  },
  { name: 'the changes of room.join', look: async (reader) => (await joined(reader, { since: 0, epoch }))['changes'], keepsPlace: true },
  {
    name: 'the page of room.join after a gap',
    look: async (reader) => (await joined(reader, { since: 0, epoch: 'other' }))['messages'],
    keepsPlace: true,
  },
  {
    name: 'sync',
    look: async (reader) => data(await (await plain(reader)).command('sync', { rooms: { [room]: { position: 0, epoch } } })),
    keepsPlace: true,
  },
  ...(['Socket.IO', 'plain'] as const).flatMap((transport): Path[] => {
    const connect = transport === 'plain' ? plain : socketIo;
    const events = ['message.created', 'message.updated', 'message.deleted', 'message.reactions'];
    return [
      {
        name: `message.created, ${transport}`,
        look: async (reader, other) => live(reader, connect, events, async () => say(other, `live of ${other.username}`)),
        keepsPlace: true,
      },
      {
        name: `message.updated, ${transport}`,
        look: async (reader, other) =>
          live(reader, connect, events, async () =>
            other.rest.patch(`/messages/${said.get(other.id)!.id}`, { content: `${++marks} edited by ${other.username}` }),
          ),
        keepsPlace: true,
      },
      {
        name: `message.deleted, ${transport}`,
        look: async (reader, other) => {
          const { id } = await say(other, `gone of ${other.username}`);
          return live(reader, connect, events, async () => other.rest.delete(`/messages/${id}`));
        },
        keepsPlace: true,
      },
      {
        name: `message.reactions of their message, ${transport}`,
        look: async (reader, other) => {
          const path = `/messages/${said.get(other.id)!.id}/reactions/👍`;
          await cat.rest.delete(path);
          return live(reader, connect, events, async () => cat.rest.put(path));
        },
        keepsPlace: true,
      },
    ];
  }),
];

/** The ids of other people are in frames of third people's messages: here only who did it may not be told. */
const personPaths: Path[] = [
  {
    name: '`by` of message.reactions',
    look: async (reader, other) => {
      const { id } = await say(cat, 'react to this');
      return live(reader, plain, ['message.reactions', 'message.updated'], async () => other.rest.put(`/messages/${id}/reactions/👍`));
    },
    backwards: 'seen',
  },
  {
    name: 'the list of people of room.join',
    look: async (reader, other) => (await inRoom(other), (await joined(reader))['online']),
    backwards: 'hidden',
  },
  {
    name: 'room.user_join',
    look: async (reader, other) => live(reader, plain, ['room.user_join'], async () => inRoom(other)).then(notOf(reader)),
    backwards: 'hidden',
  },
  {
    name: 'room.user_leave',
    look: async (reader, other) => {
      const client = await inRoom(other);
      return live(reader, socketIo, ['room.user_leave'], async () => client.close());
    },
    backwards: 'hidden',
  },
  {
    name: 'room.typing',
    look: async (reader, other) => {
      const client = await inRoom(other);
      return live(reader, plain, ['room.typing'], async () => client.command('room.typing', { room, typing: true }));
    },
    backwards: 'hidden',
  },
  {
    name: 'room.read',
    look: async (reader, other) => {
      const { seq } = await say(cat, 'to be read');
      return live(reader, plain, ['room.read'], async () => other.rest.post(`/rooms/${room}/read`, { seq }));
    },
    backwards: 'hidden',
  },
  {
    name: 'whether a member is here',
    look: async (reader, other) => {
      await inRoom(other);
      const { items } = (await reader.rest.get(`/rooms/${room}/members`)).body as { items: { user: { id: string }; online: boolean }[] };
      return items.filter(({ user, online }) => user.id === other.id && online);
    },
    backwards: 'hidden',
  },
  {
    name: 'user_list of old frames',
    look: async (reader, other) => (await inRoom(other), (await old(reader)).legacy('user_list')),
    backwards: 'hidden',
  },
  {
    name: 'chat_message of old frames, kept ones',
    look: async (reader, other) => {
      await say(other, `old of ${other.username}`);
      await say(cat, `end ${++marks}`);
      const client = await old(reader);
      await client.legacy('chat_message', ({ message }) => message === `end ${marks}`);
      return client.frames.filter(({ type }) => type === 'chat_message');
    },
    backwards: 'seen',
  },
  {
    name: 'chat_message of old frames, live ones',
    look: async (reader, other) => {
      const client = await old(reader);
      await client.legacy('user_list');
      const before = client.frames.length;
      await say(other, `old live of ${other.username}`);
      await say(cat, `end ${++marks}`);
      await client.legacy('chat_message', ({ message }) => message === `end ${marks}`);
      return client.frames.slice(before).filter(({ type }) => type === 'chat_message');
    },
    backwards: 'seen',
  },
  {
    name: 'user_join and user_leave of old frames',
    look: async (reader, other) => {
      const client = await old(reader);
      await client.legacy('user_list');
      const before = client.frames.length;
      await (await inRoom(other)).close();
      await say(cat, `end ${++marks}`);
      await client.legacy('chat_message', ({ message }) => message === `end ${marks}`);
      return client.frames
        .slice(before)
        .filter(({ type, user }) => (type === 'user_join' || type === 'user_leave') && user !== reader.username);
    },
    backwards: 'hidden',
  },
  {
    name: 'user.updated',
    look: async (reader, other) => {
      const witness = await inRoom(cat);
      return live(reader, plain, ['user.updated'], async () => {
        const firstName = `Name${++marks}`;
        await other.rest.patch('/users/me', { firstName });
        await witness.event('user.updated', ({ user }) => user.displayName.includes(firstName));
      });
    },
    backwards: 'seen',
  },
  {
    name: 'the search of people',
    look: async (reader, other) => get(reader, `/users?query=${other.username}`),
    backwards: 'hidden',
  },
  {
    name: "what a person's page tells",
    look: async (reader, other) => {
      await inRoom(other);
      const { profile } = (await reader.rest.get(`/users/${other.username}`)).body as {
        profile: { online: boolean; about: string | null };
      };
      return profile.online || profile.about !== null ? profile : {};
    },
    backwards: 'hidden',
  },
  { name: 'suggestions', look: async (reader) => get(reader, '/friends/suggestions?limit=100'), backwards: 'hidden' },
];

/** The community, its search, and what one is told of it. */
const communityPaths: Path[] = [
  {
    name: 'the pictures and files of a room',
    look: async (reader, other) => {
      await other.rest.post(`/rooms/${room}/messages`, undefined, { form: form('image', await picture('png'), 'a.png') });
      return get(reader, `/rooms/${room}/media`);
    },
  },
  {
    name: 'the feed',
    look: async (reader, other) => {
      await other.rest.post('/posts', { title: `A post of ${other.username}` });
      return get(reader, '/posts');
    },
  },
  {
    name: 'the feed of their tag',
    look: async (reader, other) => {
      await other.rest.post('/posts', { title: `A post of ${other.username}`, tags: ['shared'] });
      return get(reader, '/posts?tag=shared');
    },
  },
  { name: 'their own posts', look: async (reader, other) => (await get(reader, `/posts?author=${other.username}`)) ?? {} },
  {
    name: 'comments',
    look: async (reader, other) => {
      await other.rest.post(`/posts/${post}/comments`, { content: `a comment of ${other.username}` });
      return get(reader, `/posts/${post}/comments?limit=100`);
    },
  },
  {
    name: 'the card of a linked post',
    look: async (reader, other) => {
      const { id } = (await other.rest.post('/posts', { title: `Linked by ${other.username}` })).body.post as { id: string };
      return get(reader, `/posts/cards?ids=${id},${post}`);
    },
  },
  {
    name: 'who likes a post',
    look: async (reader, other) => {
      await other.rest.put(`/posts/${post}/like`);
      return get(reader, `/posts/${post}/likes`);
    },
  },
  {
    name: 'post.created and comment.created',
    look: async (reader, other) => {
      const client = await plain(reader);
      await client.command('feed.watch', {});
      await client.command('post.watch', { id: post });
      await other.rest.post('/posts', { title: `Live from ${other.username}` });
      await other.rest.post(`/posts/${post}/comments`, { content: `live from ${other.username}` });
      const last = (await cat.rest.post(`/posts/${post}/comments`, { content: 'the end' })).body.comment.id as string;
      await client.event('comment.created', ({ comment }) => comment.id === last);
      return heard(client, 'post.created', 'comment.created');
    },
  },
  {
    name: 'the search for messages, posts and comments',
    look: async (reader, other) => {
      await app.app.get(Indexer).catchUp();
      return get(reader, `/search?q=${other.username}`);
    },
  },
  {
    name: 'notifications',
    look: async (reader, other) => {
      const mentions = async (who: TestPerson) =>
        (await who.rest.get('/notifications')).body.items as { actors: { id: string }[]; count: number }[];
      await reader.rest.post('/notifications/read', { all: true });
      await say(other, `hello @${reader.username}`);
      await say(cat, `hello @${reader.username}`);
      const ofCat = (items: { actors: { id: string }[]; readAt?: string | null }[]) =>
        items.some(({ actors, readAt }) => readAt === null && actors.some(({ id }) => id === cat.id));
      while (!ofCat(await mentions(reader))) await new Promise(setImmediate);
      return mentions(reader);
    },
  },
];

const notOf = (reader: TestPerson) => (frames: unknown[]) => frames.filter((frame) => !JSON.stringify(frame).includes(reader.id));

/** What the one who blocks, and the one who is blocked, may not send to the other. */
const sends: [string, (from: TestPerson, to: TestPerson) => Promise<string>][] = [
  ['a friend request', async (from, to) => (await from.rest.post('/friends/requests', { username: to.username })).body.code as string],
  ['a direct room', async (from, to) => (await from.rest.post('/rooms/direct', { username: to.username })).body.code as string],
  ['private.send', async (from, to) => codeOf(await (await plain(from)).command('private.send', { to: to.username, content: 'psst' }))],
  [
    'a message to their direct room',
    async (from, to) => codeOf(await (await plain(from)).command('message.send', { room: directName(from, to), content: 'psst' })),
  ],
  [
    'a message to their direct room over REST',
    async (from, to) => (await from.rest.post(`/rooms/${directName(from, to)}/messages`, { content: 'psst' })).body.code as string,
  ],
  [
    'a place in a new room',
    async (from, to) =>
      (await from.rest.post('/rooms', { name: `n${++marks}`, kind: 'private', members: [to.username] })).body.code as string,
  ],
  [
    'a place in a room',
    async (from, to) => {
      const made = (await from.rest.post('/rooms', { name: `n${++marks}`, kind: 'private' })).body.room.id as string;
      return (await from.rest.post(`/rooms/${made}/members`, { username: to.username })).body.code as string;
    },
  ],
];
const codeOf = (reply: unknown) => (reply as { error?: { code: string } }).error?.code ?? 'ok';
const directName = (a: TestPerson, b: TestPerson) => `direct-${[a.id, b.id].sort().join(':')}`;

beforeAll(async () => {
  app = await startApp();
  [ann, bob, cat] = [await newPerson(app, 'ann'), await newPerson(app, 'bob'), await newPerson(app, 'cat')];
  await ann.rest.post('/rooms/direct', { username: 'bob' });
  room = (await cat.rest.post('/rooms', { name: 'shared', kind: 'public' })).body.room.id as string;
  for (const person of [ann, bob]) await person.rest.post(`/rooms/${room}/join`);
  said = new Map();
  for (const person of [ann, bob, cat]) said.set(person.id, await say(person, `words of ${person.username}`));
  epoch = (await cat.rest.get(`/rooms/${room}`)).body.room.epoch as string;
  post = (await cat.rest.post('/posts', { title: 'Between us' })).body.post.id as string;
});
afterAll(async () => app.close());
beforeEach(async () => closeAll());

async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map(async (client) => client.close()));
}

/** Whether something of a person is in what was seen. Hidden places are counted, not read. */
const shows = (seen: unknown, other: TestPerson) => {
  const text = JSON.stringify(seen);
  return text.includes(other.id) || new RegExp(`\\b${other.username}\\b`).test(text);
};
const places = (seen: unknown) => (JSON.stringify(seen).match(/"hidden":true/g) ?? []).length;

describe('a block, on every way on which one reads', () => {
  const paths = [...messagePaths, ...personPaths, ...communityPaths];

  it.each(paths.map((path) => [path.name, path] as const))('%s', async (_name, { look, backwards = 'seen', keepsPlace }) => {
    await ann.rest.delete('/blocks/bob');
    expect(shows(await look(ann, bob), bob)).toBe(true);
    await closeAll();
    expect(shows(await look(bob, ann), ann)).toBe(true);
    await closeAll();
    expect((await ann.rest.put('/blocks/bob')).status).toBe(200);
    const forwards = await look(ann, bob);
    expect(forwards).toBeDefined();
    expect(shows(forwards, bob)).toBe(false);
    if (keepsPlace) expect(places(forwards)).toBeGreaterThan(0);
    await closeAll();
    const back = await look(bob, ann);
    expect(shows(back, ann)).toBe(backwards === 'seen');
    expect(places(back)).toBe(0);
  });

  it('is tested on this many ways, in both directions', () => {
    console.log(`A block is tested on ${paths.length} ways of reading and ${sends.length} ways of sending, each in both directions.`);
    expect(paths.length).toBe(47);
  });
});

describe('a block, on every way on which one sends something to somebody', () => {
  it.each(sends)('%s', async (_name, send) => {
    await ann.rest.put('/blocks/bob');
    expect(await send(bob, ann)).toBe('user.unavailable');
    expect(await send(ann, bob)).toBe('user.blocked');
  });
});

describe('a block, on open sockets', () => {
  it('acts at once and is lifted at once, and both leave each other’s list of people', async () => {
    await ann.rest.delete('/blocks/bob');
    const [reader, other, old1] = [await inRoom(ann), await inRoom(bob), await old(ann)];
    await old1.legacy('user_list');
    await say(bob, 'before');
    await reader.event('message.created', ({ message }) => message.content === 'before');
    await ann.rest.put('/blocks/bob');
    await reader.event('room.user_leave', ({ user }) => user.id === bob.id);
    await other.event('room.user_leave', ({ user }) => user.id === ann.id);
    const hidden = await say(bob, 'during');
    const { message } = await reader.event('message.created', (frame) => frame.position === hidden.position);
    expect(message).toEqual({ id: hidden.id, seq: hidden.seq, position: hidden.position, hidden: true });
    await ann.rest.delete('/blocks/bob');
    await reader.event('room.user_join', ({ user }) => user.id === bob.id);
    await other.event('room.user_join', ({ user }) => user.id === ann.id);
    await say(bob, 'after');
    await reader.event('message.created', (frame) => frame.message.content === 'after');
    await old1.legacy('chat_message', (frame) => frame.message === 'after');
    expect(old1.frames.some((frame) => frame.message === 'during')).toBe(false);
    // What was hidden can be read again.
    expect(JSON.stringify(await get(ann, `/rooms/${room}/messages`))).toContain('during');
  });

  it('takes their mentions out of the count, and stores no new ones', async () => {
    await ann.rest.delete('/blocks/bob');
    const count = async () => (await ann.rest.get(`/rooms/${room}`)).body.room.mentionCount as number;
    const reader = await plain(ann);
    await say(bob, 'hello @ann');
    await say(cat, 'hello @ann');
    expect(await count()).toBe(2);
    await reader.event('room.unread', ({ mentions }) => mentions === 2);
    await ann.rest.put('/blocks/bob');
    expect(await count()).toBe(1);
    await reader.event('room.unread', ({ mentions }) => mentions === 1);
    await say(bob, 'again @ann');
    expect(await count()).toBe(1);
  });

  it('leaves a moderator the power to delete what is hidden from them', async () => {
    await cat.rest.put('/blocks/bob');
    const { id } = await say(bob, 'delete me');
    const { status, body } = await cat.rest.delete(`/messages/${id}`);
    expect([status, body.message.hidden]).toEqual([200, true]);
    expect((await ann.rest.delete('/blocks/bob')).status).toBe(204);
    expect((await get(ann, `/messages/${id}`)) as { message: Message }).toMatchObject({
      message: { content: '', deletedAt: expect.any(String) },
    });
    const { items } = (await cat.rest.get(`/rooms/${room}/members`)).body as { items: { user: { id: string }; blocked?: true }[] };
    expect(items.filter(({ blocked }) => blocked).map(({ user }) => user.id)).toEqual([bob.id]);
    await cat.rest.delete('/blocks/bob');
  });

  it('costs no query when somebody comes back who blocks people', async () => {
    await ann.rest.put('/blocks/bob');
    const statements: [sql: string, values: string][] = [];
    const query = app.dataSource.query.bind(app.dataSource);
    // All arguments: the third one says which transaction a statement belongs to.
    app.dataSource.query = (async (...call: Parameters<typeof query>) => (
      statements.push([call[0], JSON.stringify(call[1] ?? [])]),
      query(...call)
    )) as typeof query;
    const client = await plain(ann);
    await client.command('room.join', { room });
    app.dataSource.query = query;
    // What names nobody is work that goes on beside it, for everybody.
    const forAnn = statements.filter(([, values]) => values.includes(ann.id)).map(([sql]) => sql);
    expect(forAnn.filter((sql) => /\bFROM blocks\b/.test(sql) && !/\bFROM users\b/.test(sql))).toEqual([]);
    await say(bob, 'hidden from the first moment');
    await client.event('message.created', ({ message }) => message.hidden === true);
  });
});
