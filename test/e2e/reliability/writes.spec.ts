import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Acknowledgement, Message } from '../../../src/contracts/index.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import { startApp, type TestApp } from '../../support/create-app.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { describeWithPostgres, type RunningPostgres, startPostgres } from '../../support/postgres.js';
import { openOneWayNetwork } from './support/one-way.js';

interface Row {
  id: string;
  seq: number;
  position: number;
  content: string;
  client_id: string;
}

const pause = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describeWithPostgres('writes, with two connections to the database', () => {
  let postgres: RunningPostgres;
  let app: TestApp;
  let ann: TestPerson;
  let rooms = 0;

  beforeAll(async () => {
    postgres = await startPostgres();
    app = await startApp({ DATABASE_URL: await postgres.createDatabase(), DATABASE_POOL_SIZE: '2' });
    ann = await newPerson(app, 'ann');
  });
  afterAll(async () => {
    await app?.close();
    await postgres?.stop();
  });

  const newRoom = async (): Promise<string> =>
    (await ann.rest.post('/rooms', { name: `room-${++rooms}`, kind: 'private' })).body.room.id as string;
  const rowsOf = async (room: string): Promise<Row[]> =>
    app.dataSource.query<Row[]>('SELECT id, seq::int, position::int, content, client_id FROM messages WHERE room_id = $1 ORDER BY seq', [
      room,
    ]);
  const expectNoHole = (rows: readonly Row[]) => expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
  /** A reader's events of new messages, once it has the last one. */
  const heard = async (reader: PlainClient, room: string, last: number): Promise<Message[]> => {
    const created = () =>
      reader.frames.flatMap(({ event, data }) => {
        const { message } = (data ?? {}) as { message?: Message };
        return event === 'message.created' && message?.room === room ? [message] : [];
      });
    while (!created().some(({ seq }) => seq === last)) await pause(10);
    reader.inbox.check();
    return created();
  };
  const listen = async (room: string): Promise<PlainClient> => {
    const reader = await PlainClient.connect(`${app.wsUrl}/ws/?token=${ann.access}`);
    await reader.command('room.join', { room });
    return reader;
  };

  it('whose acknowledgements are lost on the way are stored once, and are answered alike when they are sent again', async () => {
    const network = await openOneWayNetwork(app.settings.port);
    const room = await newRoom();
    const send = (n: number) => ({ room, content: `m${n}`, clientId: `c${n}` });
    const connections = [
      async (url: string) => SocketIoClient.connect(url, { auth: { token: ann.access } }),
      async (url: string) => PlainClient.connect(`${url.replace('http', 'ws')}/ws/?token=${ann.access}`),
    ];
    let sent = 0;
    for (const connect of [...connections, ...connections]) {
      const lost = await connect(network.url);
      network.mute();
      for (let n = 0; n < 50; n++) {
        if (lost instanceof PlainClient) lost.send({ event: 'message.send', data: send(sent + n), id: n });
        else lost.socket.emit('message.send', send(sent + n), () => undefined);
      }
      while ((await rowsOf(room)).length < sent + 50) await pause(10);
      await lost.cut();
      network.unmute();
      sent += 50;
    }
    const rows = await rowsOf(room);
    expect(rows).toHaveLength(200);
    for (const connect of connections) {
      const again = await connect(network.url);
      const answers = await Promise.all(rows.map(async (_, n) => again.command('message.send', send(n))));
      const byClientId = new Map(rows.map((row) => [row.client_id, row]));
      answers.forEach((answer, n) => {
        const { id, seq } = byClientId.get(`c${n}`)!;
        expect(answer).toMatchObject({ ok: true, data: { message: { id, seq } } });
      });
      await again.close();
    }
    expect(await rowsOf(room)).toEqual(rows);
    await network.stop();
  });

  it('under an id that was used for another text are refused, and the first text stays', async () => {
    const room = await newRoom();
    const post = async (n: number, content: string) => ann.rest.post(`/rooms/${room}/messages`, { content, clientId: `c${n}` });
    const first = await Promise.all(Array.from({ length: 50 }, async (_, n) => post(n, `first ${n}`)));
    const other = await Promise.all(Array.from({ length: 50 }, async (_, n) => post(n, `other ${n}`)));
    expect(first.map(({ status }) => status)).toEqual(Array(50).fill(201));
    expect(other.map(({ status, body }) => [status, body.code])).toEqual(Array(50).fill([409, 'message.client-id-reused']));
    const rows = await rowsOf(room);
    expect(rows.map(({ content }) => content).sort()).toEqual(first.map(({ body }) => body.message.content as string).sort());
  });

  it('of which a third fails after its number was given leave no hole, and nobody sees what was not stored', async () => {
    const room = await newRoom();
    const reader = await listen(room);
    await app.dataSource.query(`
      CREATE FUNCTION fail_some() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF new.content LIKE 'doomed%' THEN RAISE check_violation; END IF; RETURN NULL; END $$`);
    await app.dataSource.query('CREATE TRIGGER fail_some AFTER INSERT OR UPDATE ON messages FOR EACH ROW EXECUTE FUNCTION fail_some()');
    const sender = await SocketIoClient.connect(app.url, { auth: { token: ann.access } });
    const isDoomed = (n: number) => n % 10 < 3;
    const answers: Acknowledgement[] = [];
    for (let from = 0; from < 300; from += 50) {
      const together = Array.from({ length: 50 }, async (_, index) => {
        const n = from + index;
        return sender.command('message.send', { room, content: `${isDoomed(n) ? 'doomed' : 'fine'} ${n}`, clientId: `c${n}` });
      });
      answers.push(...(await Promise.all(together)));
    }
    expect(answers.map(({ ok }) => ok)).toEqual(answers.map((_, n) => !isDoomed(n)));
    const { id } = (await rowsOf(room))[0]!;
    const edits = await Promise.all(
      Array.from({ length: 20 }, async (_, n) =>
        sender.command('message.edit', { id, content: `${isDoomed(n) ? 'doomed' : 'edited'} ${n}` }),
      ),
    );
    expect(edits.map(({ ok }) => ok)).toEqual(edits.map((_, n) => !isDoomed(n)));
    await app.dataSource.query('DROP TRIGGER fail_some ON messages');
    expect((await sender.command('message.send', { room, content: 'last' })).ok).toBe(true);
    const rows = await rowsOf(room);
    expectNoHole(rows);
    expect(rows).toHaveLength(211);
    // 211 sends and 14 edits took a position each.
    expect(Math.max(...rows.map(({ position }) => position))).toBe(225);
    const seen = await heard(reader, room, 211);
    expect(seen.map((message) => message.id)).toEqual(rows.map((row) => row.id));
    await Promise.all([reader.close(), sender.close()]);
  });

  it('at once by the hundred are all served by two connections, without a deadlock', async () => {
    const places = await Promise.all(Array.from({ length: 5 }, newRoom));
    const { body } = await ann.rest.post(`/rooms/${places[0]}/messages`, { content: 'to be changed' });
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, n) => {
        const room = places[n % 5]!;
        if (n % 4 === 0) return ann.rest.patch(`/messages/${body.message.id as string}`, { content: `changed ${n}` });
        if (n % 4 === 1) return ann.rest.post(`/rooms/${room}/read`, { seq: 1 });
        return ann.rest.post(`/rooms/${room}/messages`, { content: `m${n}` });
      }),
    );
    expect(answers.filter(({ status }) => status >= 300).map(({ body: problem }) => problem as unknown)).toEqual([]);
    for (const room of places) expectNoHole(await rowsOf(room));
    const [count] = await app.dataSource.query<{ deadlocks: string }[]>(
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    );
    expect(count).toEqual({ deadlocks: '0' });
  });

  it('whose connections the database ends lose nothing that was acknowledged, and the pool comes back', async () => {
    const room = await newRoom();
    const acknowledged = new Set<string>();
    let stopped = false;
    let next = 0;
    const writers = Array.from({ length: 6 }, async () => {
      while (!stopped) {
        const clientId = `c${next++}`;
        for (let status = 0; status !== 201 && !stopped;) {
          ({ status } = await ann.rest.post(`/rooms/${room}/messages`, { content: clientId, clientId }));
          if (status === 201) acknowledged.add(clientId);
          else expect(status).toBe(503);
        }
      }
    });
    for (let round = 0; round < 10; round++) {
      const enough = acknowledged.size + 20;
      while (acknowledged.size < enough) await pause(5);
      await postgres.ask(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'parley'`);
    }
    const enough = acknowledged.size + 50;
    while (acknowledged.size < enough) await pause(5);
    stopped = true;
    await Promise.all(writers);
    const rows = await rowsOf(room);
    expectNoHole(rows);
    const stored = rows.map((row) => row.client_id);
    expect(new Set(stored).size).toBe(stored.length);
    expect([...acknowledged].filter((clientId) => !stored.includes(clientId))).toEqual([]);
  });
});
