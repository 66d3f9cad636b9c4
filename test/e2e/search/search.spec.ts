import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { SearchHit } from '../../../src/contracts/index.js';
import { Indexer } from '../../../src/modules/search/index.js';
import type { TestApp } from '../../support/create-app.js';
import { describeEachServer } from '../../support/each-server.js';
import { newPerson, type TestPerson } from '../../support/people.js';

const corpus = [
  ['en', 'The quick brown fox jumps over the lazy dog near the harbour'],
  ['uk', 'Щасливий їжачок знайшов у лісі великий гриб і поніс додому'],
  ['ru', 'Ёлка стоит в саду, а рядом гуляет задумчивый кот'],
  ['ja', '東京都の図書館で新しい本を読みました'],
] as const;

describeEachServer('search', (start) => {
  let app: TestApp;
  let ann: TestPerson;
  let bob: TestPerson;
  let eve: TestPerson;
  let open: string;
  let closed: string;

  beforeAll(async () => {
    app = await start({ RATE_LIMIT_SCALE: '100' });
    [ann, bob, eve] = [await newPerson(app, 'ann'), await newPerson(app, 'bob'), await newPerson(app, 'evelina')];
    open = (await ann.rest.post('/rooms', { name: 'harbour-talk', title: 'About the harbour', kind: 'public' })).body.room.id;
    closed = (await ann.rest.post('/rooms', { name: 'secret-den', title: 'The den', kind: 'private', members: ['bob'] })).body.room.id;
    for (const [, text] of corpus) await say(ann, open, text);
    await app.app.get(Indexer).catchUp();
  });
  afterAll(async () => app.close());

  const say = async (who: TestPerson, room: string, content: string): Promise<string> =>
    (await who.rest.post(`/rooms/${room}/messages`, { content })).body.message.id;
  const search = async (who: TestPerson, query: Record<string, string>): Promise<SearchHit[]> => {
    const { status, body } = await who.rest.get(`/search?${new URLSearchParams(query).toString()}`);
    expect(status).toBe(200);
    return body.items;
  };
  const messages = async (who: TestPerson, q: string, more: Record<string, string> = {}): Promise<string[]> =>
    (await search(who, { q, kind: 'messages', ...more })).flatMap((hit) => (hit.kind === 'message' ? hit.message.content : []));
  const indexed = async () => app.app.get(Indexer).catchUp();

  it.each([
    ['a beginning', 'jump', 'en'],
    ['any case', 'QUICK Fox', 'en'],
    ['a typo', 'harbor', 'en'],
    ['letters that changed places', 'quikc', 'en'],
    ['a Ukrainian beginning', 'їжач', 'uk'],
    ['a Ukrainian typo', 'щаслвий', 'uk'],
    ['Russian without its dots', 'елка', 'ru'],
    ['a Russian typo', 'задумчевый', 'ru'],
    ['Japanese in the middle of a run', '図書館', 'ja'],
    ['one Japanese letter', '本', 'ja'],
  ])('finds %s', async (_, q, language) => {
    expect(await messages(bob, q)).toEqual([corpus.find(([code]) => code === language)![1]]);
  });

  it('needs every word, says where it stands, and finds nothing for signs alone', async () => {
    expect(await messages(bob, 'quick cat')).toEqual([]);
    const [hit] = await search(bob, { q: 'brown dog', kind: 'messages' });
    expect(hit!.highlights.map(({ from, to }) => hit!.excerpt.slice(from, to))).toEqual(['brown', 'dog']);
    expect(await messages(bob, `'; DROP TABLE rooms; --`)).toEqual([]);
    expect(await messages(bob, '!!! :* & |')).toEqual([]);
    expect((await bob.rest.get('/search?q=')).status).toBe(422);
    expect((await app.anonymous.get('/search?q=fox')).status).toBe(401);
  });

  it('finds messages only where one may read: not in foreign private rooms, not after leaving or a ban, not when deleted or edited away', async () => {
    const id = await say(ann, closed, 'the password is xylophone');
    await say(ann, open, 'a zeppelin over the bay');
    await indexed();
    expect(await messages(bob, 'xylophone')).toHaveLength(1);
    expect(await messages(eve, 'xylophone')).toEqual([]);
    expect((await eve.rest.get(`/search?q=xylophone&room=${closed}`)).body.code).toBe('room.not-found');
    expect(await messages(bob, 'xylophone', { room: open })).toEqual([]);
    expect(await messages(eve, 'zeppelin')).toHaveLength(1);
    await ann.rest.put(`/rooms/${open}/bans/${eve.id}`);
    expect(await messages(eve, 'zeppelin')).toEqual([]);
    await ann.rest.delete(`/rooms/${open}/bans/${eve.id}`);
    await ann.rest.patch(`/messages/${id}`, { content: 'the password is gone' });
    await indexed();
    expect(await messages(bob, 'xylophone')).toEqual([]);
    expect(await messages(bob, 'password')).toHaveLength(1);
    await ann.rest.delete(`/messages/${id}`);
    expect(await messages(bob, 'password')).toEqual([]);
    await bob.rest.post(`/rooms/${closed}/leave`);
    await say(ann, closed, 'a marmalade sandwich');
    await indexed();
    expect(await messages(bob, 'marmalade')).toEqual([]);
  });

  it('goes on at the cursor, newest first', async () => {
    for (let n = 0; n < 5; n++) await say(ann, open, `pineapple number ${n}`);
    await indexed();
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await bob.rest.get(`/search?q=pineapple&kind=messages&limit=2${cursor}`);
      seen.push(...body.items.map((hit: { message: { content: string } }) => hit.message.content));
      if (!body.nextCursor) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual([4, 3, 2, 1, 0].map((n) => `pineapple number ${n}`));
  });

  it('finds posts, comments, people, rooms and tags as they are now, and all kinds at once', async () => {
    const post = (await ann.rest.post('/posts', { title: 'Lighthouse', content: 'A long walk', tags: ['lighthouses'] })).body.post.id;
    const comment = (await bob.rest.post(`/posts/${post}/comments`, { content: 'What a lighthouse!' })).body.comment.id;
    await ann.rest.post('/rooms', { name: 'lighthouse-keepers', kind: 'public' });
    await newPerson(app, 'lighthouse.fan');
    await indexed();
    const kinds = (await search(bob, { q: 'lighthous' })).map((hit) => hit.kind);
    expect(kinds).toEqual(['person', 'room', 'post', 'comment', 'tag']);
    expect((await search(bob, { q: 'lighthuose', kind: 'posts' })).map((hit) => hit.kind === 'post' && hit.post.id)).toEqual([post]);
    await bob.rest.delete(`/comments/${comment}`);
    await ann.rest.patch(`/posts/${post}`, { title: 'Windmill' });
    await indexed();
    expect(await search(bob, { q: 'lighthouse', kind: 'comments' })).toEqual([]);
    expect(await search(bob, { q: 'lighthouse', kind: 'posts' })).toEqual([]);
    expect(await search(bob, { q: 'windmill', kind: 'posts' })).toHaveLength(1);
    expect(await search(eve, { q: 'secret den', kind: 'rooms' })).toEqual([]);
  });

  it('shows nothing of a blocked person, nor the blocker to them', async () => {
    const [dan, fay] = [await newPerson(app, 'daniel'), await newPerson(app, 'fayette')];
    await fay.rest.post(`/rooms/${open}/join`);
    await say(fay, open, 'rhubarb from fay');
    await fay.rest.post('/posts', { title: 'rhubarb post' });
    const own = (await dan.rest.post('/posts', { title: 'my post' })).body.post.id;
    await fay.rest.post(`/posts/${own}/comments`, { content: 'rhubarb comment' });
    await indexed();
    expect(await search(dan, { q: 'rhubarb' })).toHaveLength(3);
    await dan.rest.put('/blocks/fayette');
    expect(await search(dan, { q: 'rhubarb' })).toEqual([]);
    expect(await search(dan, { q: 'fayette', kind: 'people' })).toEqual([]);
    expect(await search(fay, { q: 'daniel', kind: 'people' })).toEqual([]);
  });
});
