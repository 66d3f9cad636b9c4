import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import type { TestApp } from '../../support/create-app.js';
import { describeEachServer } from '../../support/each-server.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { seededRandom } from '../../support/random.js';

describeEachServer('unread counts', (start) => {
  let app: TestApp;
  let people: TestPerson[];

  beforeAll(async () => {
    app = await start();
    people = [await newPerson(app, 'ann'), await newPerson(app, 'bob'), await newPerson(app, 'cid')];
  });
  afterAll(async () => app.close());

  it('are told to every device of a person, as one number, also in rooms that no device has joined', async () => {
    const [ann, bob] = people as [TestPerson, TestPerson];
    const room = (await ann.rest.post('/rooms', { name: 'devices', kind: 'private', members: ['bob'] })).body.room.id as string;
    const devices = [
      await SocketIoClient.connect(app.url, { auth: { token: bob.access } }),
      await SocketIoClient.connect(app.url, { auth: { token: bob.access } }),
    ];
    await ann.rest.post(`/rooms/${room}/messages`, { content: 'one' });
    await ann.rest.post(`/rooms/${room}/messages`, { content: 'two @bob' });
    for (const device of devices) {
      const told = await device.event('room.unread', (data) => data.room === room && data.unread === 2);
      expect(told).toEqual({ room, unread: 2, mentions: 1, lastSeq: 2 });
    }
    await devices[0]!.command('room.read', { room, seq: 2 });
    for (const device of devices) {
      expect(await device.event('room.unread', (data) => data.room === room && data.unread === 0)).toEqual({
        room,
        unread: 0,
        mentions: 0,
        lastSeq: 2,
      });
    }
    await Promise.all(devices.map(async (device) => device.close()));
  });

  it('follow an edit: who is mentioned now counts it, who is mentioned no longer does not, who stays keeps the same row', async () => {
    const [ann, bob, cid] = people as [TestPerson, TestPerson, TestPerson];
    const room = (await ann.rest.post('/rooms', { name: 'edits', kind: 'private', members: ['bob', 'cid'] })).body.room.id as string;
    const [bobs, cids] = await Promise.all(
      [bob, cid].map(async ({ access }) => SocketIoClient.connect(app.url, { auth: { token: access } })),
    );
    // Read once everybody was notified, which touches a row too.
    const rows = async (): Promise<unknown[]> => {
      const found = await app.dataSource.query<{ notified: boolean }[]>(
        `SELECT u.username, m.seq::int, m.xmin::text, m.notified FROM mentions m JOIN users u ON u.id = m.user_id WHERE m.room_id = $1 ORDER BY 1`,
        [room],
      );
      return found.every(({ notified }) => notified) ? found : rows();
    };
    const told = async (client: SocketIoClient, mentions: number) =>
      client.event('room.unread', (data) => data.room === room && data.unread === 1 && data.mentions === mentions);
    const { id } = (await ann.rest.post(`/rooms/${room}/messages`, { content: 'hello @bob' })).body.message as { id: string };
    const edit = async (content: string) => expect((await ann.rest.patch(`/messages/${id}`, { content })).status).toBe(200);
    await Promise.all([told(bobs!, 1), told(cids!, 0)]);
    const first = await rows();
    expect(first).toMatchObject([{ username: 'bob', seq: 1 }]);

    await edit('hello @bob and @cid, from @ann, not from @nobody');
    await told(cids!, 1);
    const both = await rows();
    expect(both).toEqual([...first, expect.objectContaining({ username: 'cid', seq: 1 })]);

    await edit('hello @bob and @cid!');
    expect(await rows()).toEqual(both);

    await edit('hello @cid');
    await told(bobs!, 0);
    expect(await rows()).toEqual(both.slice(1));
    await Promise.all([bobs!.close(), cids!.close()]);
  });

  it('a read that moves nothing is told to nobody', async () => {
    const [ann, bob] = people as [TestPerson, TestPerson];
    const room = (await ann.rest.post('/rooms', { name: 'read', kind: 'private', members: ['bob'] })).body.room.id as string;
    for (let n = 0; n < 3; n++) await ann.rest.post(`/rooms/${room}/messages`, { content: `${n}` });
    const client = await SocketIoClient.connect(app.url, { auth: { token: ann.access } });
    await client.command('room.join', { room });
    const read = async (seq: number) => (await bob.rest.post(`/rooms/${room}/read`, { seq })).body as unknown;
    const together = await Promise.all(Array.from({ length: 20 }, async () => read(2)));
    expect(together).toEqual(Array.from({ length: 20 }, () => ({ seq: 2, unreadCount: 1 })));
    expect(await read(1)).toEqual({ seq: 2, unreadCount: 1 });
    expect(await read(9)).toEqual({ seq: 3, unreadCount: 0 });
    expect(await read(9)).toEqual({ seq: 3, unreadCount: 0 });
    await client.event('room.read', ({ seq }) => seq === 3);
    const reads = client.inbox.all.flatMap(({ event, data }) => (event === 'room.read' ? [(data as { seq: number }).seq] : []));
    expect(reads).toEqual([2, 3]);
    await client.close();
  });

  it('equal lastSeq − readSeq everywhere, and a recount of rows, after anything that happens', async () => {
    const random = seededRandom('unread');
    const rooms: string[] = [];
    for (let n = 0; n < 3; n++) {
      const { body } = await people[0]!.rest.post('/rooms', { name: `property-${n}`, kind: 'public', members: ['bob', 'cid'] });
      rooms.push(body.room.id);
    }
    const clients = await Promise.all(people.map(async (person) => SocketIoClient.connect(app.url, { auth: { token: person.access } })));
    for (let step = 0; step < 150; step++) {
      const who = random.pick(people);
      const room = random.pick(rooms);
      const seq = (await who.rest.get(`/rooms/${room}`)).body.room.position as number;
      if (random.chance(0.6))
        await who.rest.post(`/rooms/${room}/messages`, {
          content: random.chance(0.3) ? `hi @${random.pick(people).username}` : `step ${step}`,
        });
      else await who.rest.post(`/rooms/${room}/read`, { seq: random.below(seq + 2) });
    }
    for (const [index, person] of people.entries()) {
      for (const id of rooms) {
        const { body } = await person.rest.get(`/rooms/${id}`);
        const [row] = await app.dataSource.query(
          `SELECT (SELECT count(*) FROM messages x WHERE x.room_id = m.room_id AND x.seq > m.read_seq)::int AS unread,
             (SELECT count(*) FROM mentions x WHERE x.room_id = m.room_id AND x.user_id = m.user_id AND x.seq > m.read_seq)::int AS mentions
           FROM room_members m WHERE m.room_id = $1 AND m.user_id = $2`,
          [id, person.id],
        );
        expect({ unread: body.room.unreadCount, mentions: body.room.mentionCount }).toEqual(row);
        const last = async (): Promise<{ unread: number; mentions: number } | undefined> => {
          const told = clients[index]!.inbox.all.filter((one) => one.event === 'room.unread' && (one.data as { room: string }).room === id);
          const data = told.at(-1)?.data as { unread: number; mentions: number } | undefined;
          return data && { unread: data.unread, mentions: data.mentions };
        };
        const deadline = Date.now() + 20_000;
        while (JSON.stringify((await last()) ?? { unread: 0, mentions: 0 }) !== JSON.stringify(row) && Date.now() < deadline)
          await new Promise((resolve) => setTimeout(resolve, 50));
        expect((await last()) ?? { unread: 0, mentions: 0 }).toEqual(row);
      }
    }
    await Promise.all(clients.map(async (client) => client.close()));
  });
});
