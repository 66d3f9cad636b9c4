import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/common/ids.js';
import type { Attachment, Message } from '../../../src/contracts/index.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import { startApp, type TestApp } from '../../support/create-app.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { form, picture } from '../../support/pictures.js';

describe('messages with files', () => {
  let app: TestApp;
  let ann: TestPerson;
  let bob: TestPerson;
  let eve: TestPerson;
  let jpeg: Buffer;
  let talk: string;

  beforeAll(async () => {
    app = await startApp();
    [ann, bob, eve] = [await newPerson(app, 'ann'), await newPerson(app, 'bob'), await newPerson(app, 'eve')];
    jpeg = await picture('jpeg', { width: 320, height: 240 });
    talk = await newRoom();
  });
  afterAll(() => app.close());

  async function newRoom(more: object = {}): Promise<string> {
    const { body } = await ann.rest.post('/rooms', { name: `room-${newId()}`, kind: 'private', members: ['bob'], ...more });
    return body.room.id;
  }
  const upload = async (person: TestPerson, bytes: Buffer = jpeg, name = 'cat.jpg'): Promise<Attachment> =>
    (await person.rest.post('/files', undefined, { form: form('file', bytes, name) })).body;
  const send = (person: TestPerson, room: string, body: object) => person.rest.post(`/rooms/${room}/messages`, body);
  const sendImage = (person: TestPerson, room: string, fields: Record<string, string> = {}, bytes: Buffer = jpeg) =>
    person.rest.post(`/rooms/${room}/messages`, undefined, { form: form('image', bytes, 'cat.jpg', fields) });
  const statusOf = async (person: TestPerson | null, address: string) =>
    (await fetch(app.url + address, { headers: person ? { authorization: `Bearer ${person.access}` } : {} })).status;
  const onDisk = () =>
    ['files', 'incoming'].flatMap((folder) =>
      readdirSync(join(app.settings.dataDir, folder), { recursive: true, withFileTypes: true }).flatMap((entry) =>
        entry.isFile() ? [entry.name] : [],
      ),
    );
  async function eventually(check: () => boolean): Promise<void> {
    for (let round = 0; !check(); round++) {
      if (round > 200) throw new Error('It did not happen.');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  const messageOf = (acknowledgement: unknown) => (acknowledgement as { data: { message: Message } }).data.message;

  it('every door takes them, and every reader is told the same', async () => {
    const sio = await SocketIoClient.connect(app.url, { auth: { token: ann.access } });
    const plain = await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`);
    const old = await PlainClient.connect(`${app.wsUrl}/ws/chat/${talk}/?token=${bob.access}`);
    for (const client of [sio, plain]) await client.command('room.join', { room: talk });
    const file = await upload(ann);
    const text = await upload(bob, Buffer.from('notes'), 'notes.txt');
    const sent = [
      messageOf(await sio.command('message.send', { room: talk, content: 'look', attachments: [file.id] })),
      messageOf(await plain.command('message.send', { room: talk, attachments: [text.id] })),
      (await send(ann, talk, { attachments: [(await upload(ann)).id, (await upload(ann)).id] })).body.message as Message,
      (await sendImage(bob, talk, { content: 'mine' })).body.message as Message,
      (await sendImage(bob, talk)).body.message as Message,
    ];
    expect(sent.map(({ content, attachments }) => [content, attachments.map(({ kind }) => kind)])).toEqual([
      ['look', ['image']],
      ['', ['file']],
      ['', ['image', 'image']],
      ['mine', ['image']],
      ['', ['image']],
    ]);
    expect(sent[0]!.attachments).toEqual([file]);
    expect(sent[1]!.attachments).toEqual([text]);
    for (const message of sent) {
      for (const client of [sio, plain])
        expect((await client.event('message.created', (data) => data.message.id === message.id)).message).toEqual(message);
      const frame = await old.legacy('chat_message', ({ id }) => id === message.id);
      const image = message.attachments.find(({ kind }) => kind === 'image');
      expect(frame.image_url).toBe(image ? `${app.url}/api/v1/files/${image.id}?size=medium` : null);
      expect(frame.message).toBe(message.content || (image ? '' : 'notes.txt'));
    }
    const history = (await bob.rest.get(`/rooms/${talk}/messages`)).body.items as Message[];
    expect(history).toEqual(sent);
    expect((await bob.rest.get(`/rooms/${talk}`)).body.room.lastMessage).toEqual(sent.at(-1));
    expect((await bob.rest.get(`/rooms/${talk}/changes?since=0`)).body.items).toEqual(sent);
    const rejoined = await SocketIoClient.connect(app.url, { auth: { token: bob.access } });
    const joined = (await rejoined.command('room.join', { room: talk })) as unknown as { data: { messages: Message[] } };
    expect(joined.data.messages).toEqual(sent);
    await Promise.all([sio, plain, old, rejoined].map((client) => client.close()));
  });

  it('private messages take them too, and every device of the addressee is told, old clients by the address of the picture', async () => {
    const sio = await SocketIoClient.connect(app.url, { auth: { token: ann.access } });
    const plain = await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`);
    const old = await PlainClient.connect(`${app.wsUrl}/ws/chat/${talk}/?token=${bob.access}`);
    await old.legacy('user_list');
    const file = await upload(ann);
    const text = await upload(ann, Buffer.from('notes'), 'notes.txt');
    for (const [attachments, image] of [
      [[file], `${app.url}/api/v1/files/${file.id}?size=medium`],
      [[text], null],
    ] as const) {
      const message = messageOf(await sio.command('private.send', { to: 'bob', attachments: attachments.map(({ id }) => id) }));
      expect(message).toMatchObject({ content: '', attachments });
      expect((await plain.event('private.message', (data) => data.message.id === message.id)).message).toEqual(message);
      const frame = await old.legacy('private_message', ({ id }) => id === message.id);
      expect([frame.message, frame.image_url]).toEqual([image ? '' : 'notes.txt', image]);
    }
    expect(await statusOf(bob, file.sizes['full']!)).toBe(200);
    expect(await statusOf(eve, file.sizes['full']!)).toBe(404);
    expect(await sio.command('private.send', { to: 'bob', attachments: [file.id] })).toMatchObject({ error: { code: 'file.not-found' } });
    expect(await sio.command('private.send', { to: 'bob' })).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    await Promise.all([sio, plain, old].map((client) => client.close()));
  });

  describe('what is wrong fails alone and leaves no file', () => {
    it.each([
      ['nothing to say or to show', async () => ({}), 'request.invalid'],
      ['an empty list', async () => ({ content: ' ', attachments: [] }), 'message.empty'],
      ['an unknown file', async () => ({ content: 'x', attachments: [newId()] }), 'file.not-found'],
      ["somebody else's file", async () => ({ content: 'x', attachments: [(await upload(bob)).id] }), 'file.not-found'],
      ['no id', async () => ({ content: 'x', attachments: ['../x'] }), 'request.invalid'],
      ['no list', async () => ({ content: 'x', attachments: 'x' }), 'request.invalid'],
      ['eleven files', async () => ({ content: 'x', attachments: Array.from({ length: 11 }, newId) }), 'request.invalid'],
      ['a file twice', async () => [await upload(ann)].map(({ id }) => ({ content: 'x', attachments: [id, id] }))[0]!, 'request.invalid'],
    ] as const)('%s', async (_, make, code) => {
      const body = await make();
      expect((await send(ann, talk, body)).body).toMatchObject({ code });
      const sio = await SocketIoClient.connect(app.url, { auth: { token: ann.access } });
      expect(await sio.command('message.send', { room: talk, ...body })).toMatchObject({ ok: false, error: { code } });
      await sio.close();
    });

    it('a file that another message shows', async () => {
      const { id } = await upload(ann);
      expect((await send(ann, talk, { attachments: [id] })).status).toBe(201);
      expect((await send(ann, talk, { attachments: [id] })).body).toMatchObject({ code: 'file.not-found' });
      expect((await ann.rest.delete(`/files/${id}`)).body).toMatchObject({ code: 'file.in-use' });
    });

    it.each([
      ['a text as a picture', { content: 'x' }, Buffer.from('text'), 'file.type-unsupported'],
      ['half a picture', {}, null, 'file.broken'],
      ['an unknown field', { attachments: 'x' }, undefined, 'request.invalid'],
      ['too long a text', { content: 'x'.repeat(4097) }, undefined, 'message.too-long'],
      ['a private message by mistake', { content: '/pm bob hello' }, undefined, 'message.slash-command'],
      ['an answer to nothing', { replyTo: newId() }, undefined, 'message.not-found'],
    ] as const)('a picture with %s', async (_, fields, bytes, code) => {
      const before = onDisk().length;
      expect((await sendImage(ann, talk, fields, bytes === null ? jpeg.subarray(0, 500) : (bytes ?? jpeg))).body).toMatchObject({ code });
      await eventually(() => onDisk().length === before);
    });

    it('a picture for a room that one may not write to, or a form without a picture', async () => {
      const before = onDisk().length;
      expect((await sendImage(eve, talk)).status).toBe(404);
      expect((await sendImage(eve, 'no-such-room')).status).toBe(404);
      const bare = new FormData();
      bare.append('content', 'hello');
      expect((await ann.rest.post(`/rooms/${talk}/messages`, undefined, { form: bare })).body).toMatchObject({ code: 'file.missing' });
      await eventually(() => onDisk().length === before);
    });
  });

  it('a picture that is sent again under its clientId is the same message, and is kept once', async () => {
    const first = await sendImage(ann, talk, { clientId: 'again', content: 'x' });
    const kept = onDisk().length;
    const again = await Promise.all([1, 2, 3].map(() => sendImage(ann, talk, { clientId: 'again', content: 'x' })));
    for (const { status, body } of again) expect([status, body]).toEqual([201, first.body]);
    const other = await sendImage(ann, talk, { clientId: 'again', content: 'x' }, await picture('png', { width: 9, height: 9 }));
    expect(other.body).toMatchObject({ code: 'message.client-id-reused' });
    await eventually(() => onDisk().length === kept);
  });

  describe('who may read a file is who may read its message', () => {
    const looks = [
      ['directly', (file: Attachment) => `/api/v1/files/${file.id}`],
      ['in a size', (file: Attachment) => file.sizes['thumbnail']!],
    ] as const;

    it('in a private room: its members, as long as they are; in a public one everybody signed in; guests where guests read', async () => {
      const closed = await newRoom();
      const open = await newRoom({ kind: 'public' });
      const forGuests = await newRoom({ kind: 'public', guestsAllowed: true });
      const files = new Map<string, Attachment>();
      for (const room of [closed, open, forGuests]) files.set(room, (await sendImage(ann, room)).body.message.attachments[0]);
      const seen = async () => {
        const rows: Record<string, number[]> = {};
        for (const [name, person] of [
          ['owner', ann],
          ['member', bob],
          ['stranger', eve],
          ['guest', null],
        ] as const) {
          rows[name] = [];
          for (const room of [closed, open, forGuests]) {
            const statuses = await Promise.all(looks.map(([, address]) => statusOf(person, address(files.get(room)!))));
            const signed = person ? (await person.rest.post(`/files/${files.get(room)!.id}/url`)).status : statuses[0]!;
            // Every way to a file says the same.
            expect(new Set([...statuses, signed])).toEqual(new Set([signed]));
            rows[name].push(signed);
          }
        }
        return rows;
      };
      expect(await seen()).toEqual({ owner: [200, 200, 200], member: [200, 200, 200], stranger: [404, 200, 200], guest: [404, 404, 200] });

      await ann.rest.delete(`/rooms/${closed}/members/${bob.id}`);
      await ann.rest.put(`/rooms/${open}/bans/${bob.id}`);
      await ann.rest.patch(`/rooms/${forGuests}`, { guestsAllowed: false });
      expect(await seen()).toEqual({ owner: [200, 200, 200], member: [404, 404, 200], stranger: [404, 200, 200], guest: [404, 404, 404] });

      // Who sent it and left is an ex-member like others.
      const own = (
        await sendImage(eve, forGuests).then(async () => {
          await eve.rest.post(`/rooms/${forGuests}/join`);
          return sendImage(eve, forGuests);
        })
      ).body.message.attachments[0];
      await ann.rest.put(`/rooms/${forGuests}/bans/${eve.id}`);
      expect(await statusOf(eve, own.sizes.full)).toBe(404);
      expect(await statusOf(ann, own.sizes.full)).toBe(200);
    });

    it('and nobody once the message is deleted, by no address, however it was signed or known before', async () => {
      const { message } = (await sendImage(ann, talk, { content: 'soon gone' })).body;
      const [file] = message.attachments;
      const signed = (await bob.rest.post(`/files/${file.id}/url`, { size: 'full' })).body.url as string;
      const got = await fetch(signed);
      expect(got.status).toBe(200);
      await got.arrayBuffer();
      const deleted = await ann.rest.delete(`/messages/${message.id}`);
      expect(deleted.body.message).toMatchObject({ content: '', attachments: [] });
      expect((await fetch(signed)).status).toBe(404);
      expect((await fetch(signed, { headers: { 'if-none-match': got.headers.get('etag')! } })).status).toBe(404);
      for (const person of [ann, bob]) for (const [, address] of looks) expect(await statusOf(person, address(file))).toBe(404);
      expect((await bob.rest.get(`/messages/${message.id}`)).body.message.attachments).toEqual([]);
      await eventually(() => !onDisk().some((name) => name.includes(file.id)));
    });

    it('and its bytes go with its room', async () => {
      const room = await newRoom();
      const [one] = (await sendImage(ann, room)).body.message.attachments;
      const two = await upload(bob, Buffer.from('text'), 'a.txt');
      await send(bob, room, { attachments: [two.id] });
      expect((await ann.rest.delete(`/rooms/${room}`)).status).toBe(204);
      for (const file of [one, two]) {
        expect(await statusOf(ann, `/api/v1/files/${file.id}`)).toBe(404);
        expect(await statusOf(bob, `/api/v1/files/${file.id}`)).toBe(404);
      }
      await eventually(() => !onDisk().some((name) => name.includes(one.id) || name.includes(two.id)));
    });
  });

  it('the media of a room are its messages with files, the newest first, page by page and by kind', async () => {
    const room = await newRoom();
    const sent: Message[] = [];
    for (let n = 0; n < 5; n++) {
      await send(ann, room, { content: `between ${n}` });
      sent.unshift((await sendImage(ann, room, { content: `picture ${n}` })).body.message);
      sent.unshift((await send(bob, room, { attachments: [(await upload(bob, Buffer.from(`text ${n}`), `${n}.txt`)).id] })).body.message);
    }
    const walk = async (query: string) => {
      const found: Message[] = [];
      let cursor: string | null = '';
      for (let rounds = 0; cursor !== null && rounds < 20; rounds++) {
        const { body } = await bob.rest.get(`/rooms/${room}/media?limit=3${query}${cursor ? `&cursor=${cursor}` : ''}`);
        found.push(...(body.items as Message[]));
        cursor = body.nextCursor as string | null;
      }
      return found;
    };
    expect(await walk('')).toEqual(sent);
    expect(await walk('&kind=image')).toEqual(sent.filter(({ attachments }) => attachments[0]!.kind === 'image'));
    expect(await walk('&kind=file')).toEqual(sent.filter(({ attachments }) => attachments[0]!.kind === 'file'));
    await ann.rest.delete(`/messages/${sent[1]!.id}`);
    expect((await walk('')).map(({ id }) => id)).toEqual(sent.filter((_, n) => n !== 1).map(({ id }) => id));
    expect((await eve.rest.get(`/rooms/${room}/media`)).status).toBe(404);
    expect((await ann.rest.get(`/rooms/${room}/media?cursor=nonsense`)).body).toMatchObject({ code: 'request.cursor-invalid' });
    expect((await ann.rest.get(`/rooms/${room}/media?kind=video`)).body).toMatchObject({ code: 'request.invalid' });
  });
});
