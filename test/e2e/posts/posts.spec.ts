import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Comment, Post } from '../../../src/contracts/index.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import type { TestApp } from '../../support/create-app.js';
import { describeEachServer } from '../../support/each-server.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { form, picture } from '../../support/pictures.js';

describeEachServer('posts', (start) => {
  let app: TestApp;
  let ann: TestPerson;
  let bob: TestPerson;
  let eve: TestPerson;

  beforeAll(async () => {
    app = await start({ RATE_LIMIT_SCALE: '100' });
    [ann, bob, eve] = [await newPerson(app, 'ann'), await newPerson(app, 'bob'), await newPerson(app, 'eve')];
  });
  afterAll(async () => app.close());

  const publish = async (who: TestPerson, post: Record<string, unknown> = {}): Promise<Post> => {
    const { status, body } = await who.rest.post('/posts', { title: 'A walk', ...post });
    expect(status).toBe(201);
    return body.post;
  };
  const get = async (who: TestPerson, id: string): Promise<Post> => (await who.rest.get(`/posts/${id}`)).body.post;
  const comment = async (who: TestPerson, post: string, content: string, parentId?: string): Promise<Comment> => {
    const { status, body } = await who.rest.post(`/posts/${post}/comments`, { content, ...(parentId ? { parentId } : {}) });
    expect(status).toBe(201);
    return body.comment;
  };
  const befriend = async (one: TestPerson, other: TestPerson) => {
    await one.rest.post('/friends/requests', { username: other.username });
    await other.rest.post('/friends/requests', { username: one.username });
  };
  const feed = async (who: TestPerson, query: string): Promise<Post[]> => (await who.rest.get(`/posts?${query}`)).body.items;

  it('keep what an edit does not name, also their links, and lose one link without the others', async () => {
    const made = await publish(ann, {
      content: 'Along the river.',
      tags: ['Nature', '#river', 'nature'],
      link: 'https://example.org/river',
      links: ['https://example.org/a', 'http://example.org/b'],
    });
    expect(made).toMatchObject({ title: 'A walk', tags: ['nature', 'river'], link: 'https://example.org/river', liked: false });
    expect(made.links.map((link) => link.url)).toEqual(['https://example.org/a', 'http://example.org/b']);

    const renamed = (await ann.rest.patch(`/posts/${made.id}`, { title: 'A long walk' })).body.post as Post;
    expect(renamed).toMatchObject({ title: 'A long walk', content: made.content, tags: made.tags, link: made.link, links: made.links });
    expect(renamed.editedAt).toBeDefined();

    const fewer = (await ann.rest.delete(`/posts/${made.id}/links/${made.links[0]!.id}`)).body.post as Post;
    expect(fewer.links).toEqual([made.links[1]]);
    expect((await ann.rest.delete(`/posts/${made.id}/links/${made.links[0]!.id}`)).body.code).toBe('post.link-not-found');
    expect((await bob.rest.patch(`/posts/${made.id}`, { title: 'mine' })).body.code).toBe('post.forbidden');
    expect((await bob.rest.delete(`/posts/${made.id}`)).status).toBe(403);
    expect((await ann.rest.patch(`/posts/${made.id}`, { link: null, links: [] })).body.post).toMatchObject({ link: null, links: [] });
  });

  it.each([
    ['a script as link', { link: 'javascript:alert(1)' }],
    ['data as link', { links: ['data:text/html,x'] }],
    ['an empty title', { title: '\u200b' }],
    ['a long title', { title: 'x'.repeat(256) }],
    ['ten pictures', { imageIds: Array.from({ length: 10 }, (_, n) => `01900000-0000-7000-8000-00000000000${n}`) }],
    ['a long tag', { tags: ['x'.repeat(51)] }],
    ['an unknown field', { role: 'admin' }],
  ])('refuse %s', async (_, bad) => {
    const { status, body } = await ann.rest.post('/posts', { title: 'fine', ...bad });
    expect([status, body.code]).toEqual([422, 'request.invalid']);
  });

  it('come newest first by everybody, friends, author and tag, page by page without a double while others write', async () => {
    const cat = await newPerson(app);
    await befriend(cat, bob);
    const tag = `t${Date.now()}`;
    const made: string[] = [];
    for (let n = 0; n < 7; n++) made.unshift((await publish(n % 2 ? bob : eve, { title: `p${n}`, tags: [tag] })).id);
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await cat.rest.get(`/posts?tag=${tag.toUpperCase()}&limit=2${cursor}`);
      seen.push(...body.items.map((post: Post) => post.id));
      await publish(eve, { tags: [tag] });
      if (!body.nextCursor) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual(made);
    expect((await feed(cat, 'feed=friends')).every((post) => post.author.username === 'bob')).toBe(true);
    expect((await feed(cat, 'feed=friends')).map((post) => post.title)).toEqual(['p5', 'p3', 'p1']);
    expect((await cat.rest.get('/users/bob')).body.profile.counters.posts).toBe((await feed(cat, 'author=bob')).length);
    expect((await feed(cat, 'author=EVE')).every((post) => post.author.username === 'eve')).toBe(true);
    expect((await feed(cat, 'limit=3')).map((post) => post.tags)).toEqual([[tag], [tag], [tag]]);
    expect((await cat.rest.get('/posts?author=nobody')).body.code).toBe('user.not-found');
    expect((await cat.rest.get('/posts?cursor=WyJ4Il0')).body.code).toBe('request.cursor-invalid');
    expect((await cat.rest.get(`/tags?query=${tag}`)).body.items).toEqual([{ name: tag, postCount: made.length + 4, isDefault: false }]);
  });

  it('have ten topics from the beginning', async () => {
    const { body } = await ann.rest.get('/tags');
    const topics = body.items.filter((tag: { isDefault: boolean }) => tag.isDefault).map((tag: { name: string }) => tag.name);
    expect(topics.sort()).toEqual(
      ['vacation', 'inspiration', 'life', 'nature', 'reading', 'calm', 'harmony', 'music', 'movies', 'travel'].sort(),
    );
  });

  it('count fifty parallel likes, views and emojis of one person once, and of many people each', async () => {
    const post = await publish(ann);
    const fifty = Array.from({ length: 50 }, (_, n) => n);
    await Promise.all(fifty.map(async () => bob.rest.put(`/posts/${post.id}/like`)));
    await Promise.all(fifty.map(async () => eve.rest.put(`/posts/${post.id}/like`)));
    await Promise.all(fifty.map(async () => bob.rest.get(`/posts/${post.id}`)));
    await Promise.all(fifty.map(async () => bob.rest.put(`/posts/${post.id}/reactions/${encodeURIComponent('👍')}`)));
    expect(await get(bob, post.id)).toMatchObject({
      likeCount: 2,
      viewCount: 1,
      liked: true,
      mine: ['👍'],
      reactions: [{ emoji: '👍', count: 1 }],
    });
    expect((await get(ann, post.id)).viewCount).toBe(1);
    expect((await ann.rest.get(`/posts/${post.id}/likes`)).body.items.map((who: { username: string }) => who.username)).toEqual([
      'eve',
      'bob',
    ]);
    await Promise.all(fifty.map(async () => bob.rest.delete(`/posts/${post.id}/like`)));
    expect(await get(bob, post.id)).toMatchObject({ likeCount: 1, liked: false });
  });

  it('have comments with one level of answers, counted as a recount would, and leave a place where answers stand', async () => {
    const post = await publish(ann);
    const first = await comment(bob, post.id, 'Nice!');
    const answer = await comment(eve, post.id, 'Indeed', first.id);
    const beside = await comment(ann, post.id, 'Thanks', answer.id);
    expect([answer.parentId, beside.parentId]).toEqual([first.id, first.id]);
    await Promise.all(Array.from({ length: 20 }, async () => comment(eve, post.id, 'again')));
    expect((await get(ann, post.id)).commentCount).toBe(23);
    expect((await bob.rest.put(`/comments/${answer.id}/like`)).body).toEqual({ likeCount: 1, liked: true });

    expect((await eve.rest.delete(`/comments/${first.id}`)).body.code).toBe('comment.forbidden');
    expect((await ann.rest.patch(`/comments/${first.id}`, { content: 'x' })).body.code).toBe('comment.forbidden');
    expect((await bob.rest.delete(`/comments/${first.id}`)).status).toBe(204);
    const { body } = await ann.rest.get(`/posts/${post.id}/comments`);
    expect(body.items[0]).toMatchObject({ id: first.id, content: '', author: null, replyCount: 2, deletedAt: expect.any(String) });
    expect((await ann.rest.get(`/posts/${post.id}/comments?parent=${first.id}`)).body.items.map((item: Comment) => item.content)).toEqual([
      'Indeed',
      'Thanks',
    ]);
    expect((await ann.rest.delete(`/comments/${answer.id}`)).status).toBe(204);
    expect((await get(ann, post.id)).commentCount).toBe(21);
    expect((await bob.rest.put(`/comments/${first.id}/like`)).body.code).toBe('comment.not-found');
    expect((await bob.rest.post(`/posts/${post.id}/comments`, { content: ' \u200b' })).status).toBe(422);
  });

  it('are told to who looks, on both transports, and not to whoever looks away', async () => {
    const first = await SocketIoClient.connect(app.url, { auth: { token: bob.access } });
    const second = await PlainClient.connect(`${app.wsUrl}/ws/?token=${eve.access}`);
    await first.command('feed.watch', {});
    const post = await publish(ann, { title: 'Live' });
    expect((await first.event('post.created', (data) => data.post.id === post.id)).post).not.toHaveProperty('liked');
    await second.command('post.watch', { id: post.id });
    const made = await comment(bob, post.id, 'Hello');
    expect((await second.event('comment.created', (data) => data.comment.id === made.id)).comment.content).toBe('Hello');
    await bob.rest.put(`/posts/${post.id}/like`);
    for (const client of [first, second])
      await client.event('post.counters', (data) => data.post === post.id && data.likeCount === 1 && data.commentCount === 1);
    await second.command('post.unwatch', { id: post.id });
    await ann.rest.delete(`/posts/${post.id}`);
    await first.event('post.deleted', (data) => data.post === post.id);
    expect(second.frames.filter((frame) => frame.event === 'post.deleted')).toEqual([]);
    expect(await second.command('post.watch', { id: post.id })).toMatchObject({ ok: false, error: { code: 'post.not-found' } });
    await Promise.all([first.close(), second.close()]);
  });

  it('of a blocked person, and their comments and likes, reach the blocker nowhere, and they may not answer', async () => {
    const [dan, fay] = [await newPerson(app), await newPerson(app)];
    const theirs = await publish(fay, { title: 'by fay' });
    const own = await publish(dan, { title: 'by dan' });
    const before = await comment(fay, own.id, 'from fay');
    await fay.rest.put(`/posts/${own.id}/like`);
    await dan.rest.put(`/blocks/${fay.username}`);
    const socket = await PlainClient.connect(`${app.wsUrl}/ws/?token=${dan.access}`);
    await socket.command('feed.watch', {});

    expect((await feed(dan, '')).some((post) => post.author.username === fay.username)).toBe(false);
    expect((await feed(dan, `author=${fay.username}`)).length).toBe(0);
    expect((await dan.rest.get(`/posts/${theirs.id}`)).body.code).toBe('post.not-found');
    expect((await dan.rest.get(`/posts/${theirs.id}/comments`)).status).toBe(404);
    expect((await dan.rest.get(`/posts/${own.id}/comments`)).body.items).toEqual([]);
    expect((await dan.rest.get(`/posts/${own.id}/likes`)).body.items).toEqual([]);
    expect((await dan.rest.put(`/comments/${before.id}/like`)).body.code).toBe('comment.not-found');
    expect((await fay.rest.post(`/posts/${own.id}/comments`, { content: 'x' })).body.code).toBe('user.unavailable');
    expect((await fay.rest.put(`/posts/${own.id}/like`)).body.code).toBe('user.unavailable');
    const later = await publish(fay, { title: 'later' });
    const seen = await publish(ann, { title: 'seen' });
    await socket.event('post.created', (data) => data.post.id === seen.id);
    expect(JSON.stringify(socket.frames)).not.toContain(later.id);
    await socket.close();
  });

  it('tell their people what happens to them, gathered, each thing once, and nothing of oneself', async () => {
    const [gus, hal, ida] = [await newPerson(app, 'gus'), await newPerson(app, 'hal'), await newPerson(app, 'ida')];
    const post = await publish(gus, { title: 'Boats', content: 'with @hal' });
    for (const who of [gus, hal, ida]) await who.rest.put(`/posts/${post.id}/like`);
    const first = await comment(hal, post.id, 'Nice, @ida and @gus');
    await comment(ida, post.id, 'Yes', first.id);
    await ida.rest.put(`/comments/${first.id}/like`);
    const heard = async (who: TestPerson): Promise<[string, string, number][]> => {
      const { body } = await who.rest.get('/notifications');
      expect(body.unreadCount).toBe(body.items.length);
      return body.items.map((item: { kind: string; text: string; count: number }) => [item.kind, item.text, item.count]);
    };
    expect((await heard(gus)).sort()).toEqual([
      ['post.commented', 'ida and hal commented on your post “Boats” (2 times)', 2],
      ['post.liked', 'ida and hal liked your post “Boats”', 2],
    ]);
    expect((await heard(hal)).sort()).toEqual([
      ['comment.answered', 'ida answered your comment “Boats”', 1],
      ['comment.liked', 'ida liked your comment “Boats”', 1],
      ['post.mentioned', 'gus mentioned you “Boats”', 1],
    ]);
    expect(await heard(ida)).toEqual([['post.mentioned', 'hal mentioned you “Boats”', 1]]);
  });

  it('keep their pictures in order, lose those that an edit does not name, and all of them when they go', async () => {
    const upload = async (): Promise<string> =>
      (await ann.rest.post('/files', undefined, { form: form('file', await picture('png'), 'boat.png') })).body.id;
    const [one, two, three] = [await upload(), await upload(), await upload()];
    const post = await publish(ann, { imageIds: [two, one] });
    const seen = async (who: TestPerson, id: string) =>
      (await fetch(`${app.url}/api/v1/files/${id}?size=thumbnail`, { headers: { authorization: `Bearer ${who.access}` } })).status;
    expect(post.images.map((image) => image.id)).toEqual([two, one]);
    expect([await seen(bob, one), await seen(bob, three)]).toEqual([200, 404]);
    expect((await bob.rest.post('/posts', { title: 'theirs', imageIds: [three] })).body.code).toBe('file.not-found');
    expect((await ann.rest.post('/posts', { title: 'twice', imageIds: [one] })).body.code).toBe('file.not-found');
    const edited = (await ann.rest.patch(`/posts/${post.id}`, { imageIds: [three, two] })).body.post as Post;
    expect(edited.images.map((image) => image.id)).toEqual([three, two]);
    expect([await seen(bob, one), await seen(bob, three)]).toEqual([404, 200]);
    await ann.rest.delete(`/posts/${post.id}`);
    expect([await seen(ann, two), await seen(bob, three)]).toEqual([404, 404]);
  });

  it('are shown in short where their links stand: in one call, in order, to whoever may see them, without a view', async () => {
    const image = (await ann.rest.post('/files', undefined, { form: form('file', await picture('png'), 'boat.png') })).body.id as string;
    const one = await publish(ann, { title: 'First', content: `${'😀'.repeat(250)} end`, imageIds: [image] });
    const two = await publish(bob, { title: 'Second' });
    const gone = await publish(bob, { title: 'Gone' });
    await bob.rest.delete(`/posts/${gone.id}`);
    const cards = async (who: TestPerson, ...ids: string[]) =>
      (await who.rest.get(`/posts/cards?ids=${ids.join(',')}`)).body.items as unknown[];
    expect(await cards(eve, two.id, gone.id, one.id, two.id)).toEqual([
      expect.objectContaining({ id: two.id, title: 'Second', author: expect.objectContaining({ username: 'bob' }), image: null }),
      expect.objectContaining({ id: one.id, excerpt: '😀'.repeat(200), image: expect.objectContaining({ id: image }) }),
    ]);
    expect((await get(ann, one.id)).viewCount).toBe(0);
    await eve.rest.put('/blocks/bob');
    expect(await cards(eve, two.id, one.id)).toEqual([expect.objectContaining({ id: one.id })]);
    await eve.rest.delete('/blocks/bob');
    expect((await app.anonymous.get(`/posts/cards?ids=${one.id}`)).status).toBe(401);
    for (const ids of ['', 'x', `${one.id},`, Array(51).fill(one.id).join(',')])
      expect((await eve.rest.get(`/posts/cards?ids=${ids}`)).status).toBe(422);
  });

  it('show a message of a public room, or one’s own, and no longer than it stands', async () => {
    const open = (await ann.rest.post('/rooms', { name: 'open-square', kind: 'public' })).body.room.id;
    const closed = (await ann.rest.post('/rooms', { name: 'closed-den', kind: 'private', members: ['bob'] })).body.room.id;
    const say = async (room: string, content: string) => (await ann.rest.post(`/rooms/${room}/messages`, { content })).body.message.id;
    const [loud, quiet] = [await say(open, 'heard by all'), await say(closed, 'between us')];
    const card = await publish(bob, { title: 'Quoted', sharedMessage: loud });
    expect(card.sharedMessage).toMatchObject({ id: loud, content: 'heard by all' });
    expect((await bob.rest.post('/posts', { title: 'x', sharedMessage: quiet })).body.code).toBe('post.share-refused');
    expect((await eve.rest.post('/posts', { title: 'x', sharedMessage: quiet })).body.code).toBe('message.not-found');
    expect((await publish(ann, { sharedMessage: quiet })).sharedMessage).toMatchObject({ content: 'between us' });
    await eve.rest.put(`/blocks/ann`);
    expect(await get(eve, card.id)).not.toHaveProperty('sharedMessage');
    await eve.rest.delete(`/blocks/ann`);
    await ann.rest.delete(`/messages/${loud}`);
    expect(await get(bob, card.id)).not.toHaveProperty('sharedMessage');
  });
});
