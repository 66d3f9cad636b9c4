import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Message } from '../../../src/contracts/index.js';
import { RoomsService } from '../../../src/modules/rooms/index.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import type { TestApp } from '../../support/create-app.js';
import { describeEachServer } from '../../support/each-server.js';
import { newPerson, type TestPerson } from '../../support/people.js';

describeEachServer('edits, deletions and reactions', (start) => {
  let app: TestApp;
  let ann: TestPerson;
  let bob: TestPerson;
  let eve: TestPerson;
  let room: string;

  beforeAll(async () => {
    app = await start();
    [ann, bob, eve] = [await newPerson(app, 'ann'), await newPerson(app, 'bob'), await newPerson(app, 'eve')];
    room = (await ann.rest.post('/rooms', { name: 'talk', kind: 'private', members: ['bob'] })).body.room.id;
  });
  afterAll(async () => app.close());

  const send = async (who: TestPerson, content: string): Promise<Message> =>
    (await who.rest.post(`/rooms/${room}/messages`, { content })).body.message;
  const data = (acknowledgement: unknown) =>
    (acknowledgement as { data: Record<string, never> }).data as unknown as Record<string, Message>;

  it('reach everybody in the room, in order, on both transports, each with the next position', async () => {
    const first = await SocketIoClient.connect(app.url, { auth: { token: ann.access } });
    const second = await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`);
    const joined = await first.command('room.join', { room });
    await second.command('room.join', { room });
    const start = (joined as unknown as { data: { position: number } }).data.position;

    const message = data(await first.command('message.send', { room, content: 'helo' }))['message']!;
    await second.command('message.react', { id: message.id, emoji: '👍🏽' });
    await first.command('message.edit', { id: message.id, content: 'hello' });
    await second.command('message.react', { id: message.id, emoji: '👍🏽' });
    await second.command('message.unreact', { id: message.id, emoji: '👍🏽' });
    const deleted = data(await first.command('message.delete', { id: message.id }))['message']!;
    expect(deleted).toMatchObject({ content: '', reactions: [], position: start + 5, deletedAt: expect.any(String) });

    for (const client of [first, second]) {
      const seen = [];
      for (const event of ['message.created', 'message.reactions', 'message.updated', 'message.reactions', 'message.deleted'] as const) {
        const change = await client.event(event);
        seen.push([event, change.position - start, change.message.content]);
      }
      expect(seen).toEqual([
        ['message.created', 1, 'helo'],
        ['message.reactions', 2, 'helo'],
        ['message.updated', 3, 'hello'],
        ['message.reactions', 4, 'hello'],
        ['message.deleted', 5, ''],
      ]);
    }
    await Promise.all([first.close(), second.close()]);
  });

  it('are seen in one message by its id, by those who may see its room alone', async () => {
    const message = await send(ann, 'to be quoted');
    await bob.rest.put(`/messages/${message.id}/reactions/${encodeURIComponent('👍')}`);
    const { status, body } = await bob.rest.get(`/messages/${message.id}`);
    expect([status, body.message.content, body.message.seq, body.message.mine]).toEqual([200, 'to be quoted', message.seq, ['👍']]);
    await ann.rest.delete(`/messages/${message.id}`);
    expect((await bob.rest.get(`/messages/${message.id}`)).body.message.content).toBe('');
    for (const asker of [eve.rest, app.anonymous]) {
      const answer = await asker.get(`/messages/${message.id}`);
      expect([answer.status, answer.body.code]).toEqual([404, 'message.not-found']);
    }
    expect((await bob.rest.get('/messages/00000000-0000-7000-8000-000000000000')).status).toBe(404);
    expect((await bob.rest.get('/messages/nothing')).status).toBe(422);
  });

  it('are allowed to the author, deletion also to moderators, and to nobody who may not see the room', async () => {
    const message = await send(bob, 'mine');
    expect((await ann.rest.patch(`/messages/${message.id}`, { content: 'x' })).body.code).toBe('message.forbidden');
    expect((await eve.rest.patch(`/messages/${message.id}`, { content: 'x' })).body.code).toBe('message.not-found');
    expect((await eve.rest.delete(`/messages/${message.id}`)).body.code).toBe('message.not-found');
    expect((await eve.rest.put(`/messages/${message.id}/reactions/${encodeURIComponent('👍')}`)).body.code).toBe('message.not-found');
    expect((await bob.rest.patch(`/messages/${message.id}`, { content: ' ' })).body.code).toBe('message.empty');
    expect((await bob.rest.patch(`/messages/${message.id}`, { content: '/pm eve x' })).body.code).toBe('message.slash-command');
    const edited = (await bob.rest.patch(`/messages/${message.id}`, { content: 'changed' })).body.message;
    expect(edited).toMatchObject({ content: 'changed', editedAt: expect.any(String) });
    const same = (await bob.rest.patch(`/messages/${message.id}`, { content: 'changed' })).body.message;
    expect(same.position).toBe(edited.position);
    const [kept] = await app.dataSource.query('SELECT content FROM message_edits WHERE message_id = $1', [message.id]);
    expect(kept).toEqual({ content: 'mine' });
    const anns = await send(ann, 'of the owner');
    expect((await bob.rest.delete(`/messages/${anns.id}`)).body.code).toBe('message.forbidden');
    expect((await ann.rest.delete(`/messages/${message.id}`)).body.message.deletedAt).toBeDefined();
    expect((await bob.rest.patch(`/messages/${message.id}`, { content: 'again' })).body.code).toBe('message.deleted');
    expect((await bob.rest.put(`/messages/${message.id}/reactions/${encodeURIComponent('👍')}`)).body.code).toBe('message.deleted');
    expect(await app.dataSource.query('SELECT 1 FROM message_edits WHERE message_id = $1', [message.id])).toEqual([]);
    for (const path of [`/rooms/${room}/messages`, `/rooms/${room}/changes?since=0`, `/rooms/${room}`, '/rooms?mine=true']) {
      expect(JSON.stringify((await bob.rest.get(path)).body)).not.toContain('changed');
    }
  });

  it('count each emoji once per person, keep their order, and refuse what is no emoji or one too many', async () => {
    const message = await send(ann, 'react');
    const react = (who: TestPerson, emoji: string) => who.rest.put(`/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`);
    await Promise.all(Array.from({ length: 20 }, (_, n) => react(n % 2 ? ann : bob, '🎉')));
    await react(bob, '👩‍👩‍👧‍👦');
    const { reactions, mine } = (await react(ann, '🎉')).body.message;
    expect(reactions).toEqual([
      { emoji: '🎉', count: 2 },
      { emoji: '👩‍👩‍👧‍👦', count: 1 },
    ]);
    expect(mine).toEqual(['🎉']);
    for (const bad of ['x', '👍👍', 'nul\u0000', '<b>', '1', '🇺']) expect([bad, (await react(ann, bad)).status]).toEqual([bad, 422]);
    const faces = ['😀', '😁', '😂', '🤣', '😃', '😄', '😅', '😆', '😉', '😊', '😋', '😎', '😍', '😘', '🥰', '😗', '😙', '😚', '🙂'];
    for (const face of faces.slice(0, 18)) expect((await react(ann, face)).status).toBe(200);
    expect((await react(ann, faces[18]!)).body.code).toBe('message.too-many-reactions');
    expect((await ann.rest.get(`/rooms/${room}/messages?limit=1`)).body.items[0].mine).toHaveLength(19);
    const client = await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`);
    const joined = (await client.command('room.join', { room })) as unknown as { data: { messages: Message[] } };
    expect(joined.data.messages.at(-1)?.mine).toEqual(['🎉', '👩‍👩‍👧‍👦']);
    await client.close();
  });

  it('come as changes since a position: each message once, as it is now; a gap when that is too far, or of another epoch', async () => {
    const before = (await ann.rest.get(`/rooms/${room}`)).body.room;
    const one = await send(ann, 'one');
    const two = await send(ann, 'two');
    await ann.rest.patch(`/messages/${one.id}`, { content: 'one, edited' });
    await ann.rest.delete(`/messages/${two.id}`);
    const { body } = await bob.rest.get(`/rooms/${room}/changes?since=${before.position}&epoch=${before.epoch}`);
    expect(body).toMatchObject({ gap: false, more: false, position: before.position + 4 });
    expect(body.items.map((item: Message) => [item.id, item.content, item.position - before.position])).toEqual([
      [one.id, 'one, edited', 3],
      [two.id, '', 4],
    ]);
    const paged = (await bob.rest.get(`/rooms/${room}/changes?since=${before.position}&epoch=${before.epoch}&limit=1`)).body;
    expect([paged.items.length, paged.more, paged.position]).toEqual([1, true, before.position + 3]);
    expect((await bob.rest.get(`/rooms/${room}/changes?since=${body.position}&epoch=${before.epoch}`)).body).toMatchObject({
      items: [],
      gap: false,
    });
    expect((await bob.rest.get(`/rooms/${room}/changes?since=${body.position + 1}&epoch=${before.epoch}`)).body.gap).toBe(true);
    expect((await bob.rest.get(`/rooms/${room}/changes?since=0&epoch=other`)).body.gap).toBe(true);
    expect((await bob.rest.get(`/rooms/${room}/changes?since=${body.position}`)).body.gap).toBe(true);
    expect((await eve.rest.get(`/rooms/${room}/changes?since=0`)).body.code).toBe('room.not-found');

    const client = await SocketIoClient.connect(app.url, { auth: { token: bob.access } });
    const other = (await eve.rest.post('/rooms', { name: 'others', kind: 'private' })).body.room;
    const synced = await client.command('sync', {
      rooms: { [room]: { position: before.position, epoch: before.epoch }, [other.id]: { position: 0, epoch: other.epoch } },
    });
    expect(synced).toMatchObject({ ok: true, data: { rooms: { [room]: { position: body.position, more: false, gap: false } } } });
    expect(Object.keys((synced as unknown as { data: { rooms: object } }).data.rooms)).toEqual([room]);
    await client.close();
  });

  it('give up in words when the rights of the room move on again and again', async () => {
    const message = await send(ann, 'as it was');
    const rooms = app.app.get(RoomsService, { strict: false });
    const forgetRights = rooms.forgetRights.bind(rooms);
    // The fail point: memory never learns of the newer version, so that no decision is ever good.
    rooms.forgetRights = () => undefined;
    await app.dataSource.query('UPDATE rooms SET access_version = access_version + 1 WHERE id = $1', [room]);
    try {
      expect((await ann.rest.patch(`/messages/${message.id}`, { content: 'changed' })).body.code).toBe('server.busy');
    } finally {
      rooms.forgetRights = forgetRights;
    }
    expect((await ann.rest.patch(`/messages/${message.id}`, { content: 'changed' })).body.message.content).toBe('changed');
  });

  it('tell the others who is typing and who has read, never the one who does', async () => {
    const first = await SocketIoClient.connect(app.url, { auth: { token: ann.access } });
    const second = await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`);
    expect(await first.command('room.typing', { room, typing: true })).toMatchObject({ ok: false, error: { code: 'room.not-joined' } });
    await first.command('room.join', { room });
    await second.command('room.join', { room });
    await first.command('room.typing', { room, typing: true });
    await first.command('room.typing', { room, typing: true });
    expect(await second.event('room.typing')).toMatchObject({ user: { id: ann.id }, typing: true });
    await first.command('room.typing', { room, typing: false });
    expect(await second.event('room.typing')).toMatchObject({ user: { id: ann.id }, typing: false });
    await second.command('room.read', { room, seq: 1_000 });
    expect(await first.event('room.read')).toMatchObject({ userId: bob.id });
    await Promise.all([first.close(), second.close()]);
  });
});
