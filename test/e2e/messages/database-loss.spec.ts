import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { MessageWriter } from '../../../src/modules/messages/message-writer.js';
import { toAppError } from '../../../src/platform/http/to-app-error.js';
import { startApp, type TestApp } from '../../support/create-app.js';
import { openOneWayNetwork } from '../reliability/support/one-way.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { describeWithPostgres, type RunningPostgres, startPostgres } from '../../support/postgres.js';

describeWithPostgres('a database that is lost and comes back', () => {
  let postgres: RunningPostgres;
  let app: TestApp;
  let ann: TestPerson;

  beforeAll(async () => {
    postgres = await startPostgres();
    app = await startApp({ DATABASE_URL: await postgres.createDatabase() });
    ann = await newPerson(app, 'ann');
    await ann.rest.post('/rooms/lobby/join');
  });
  afterAll(async () => {
    await app?.close();
    await postgres?.stop();
  });

  it('makes sends fail clearly within seconds, keeps what it acknowledged, and serves again by itself', async () => {
    const reader = await PlainClient.connect(`${app.wsUrl}/ws/?token=${ann.access}`);
    await reader.command('room.join', { room: 'lobby' });
    const acknowledged = new Map<string, number>();
    const failures: { code: string; status: number; ms: number }[] = [];
    let stopped = false;
    let counter = 0;
    const writers = Array.from({ length: 6 }, async () => {
      while (!stopped) {
        const clientId = `c${counter++}`;
        const begun = performance.now();
        const { status, body, headers } = await ann.rest.post('/rooms/lobby/messages', { content: clientId, clientId });
        if (status === 201) acknowledged.set(clientId, body.message.seq);
        else {
          failures.push({ code: body.code, status, ms: performance.now() - begun });
          expect(headers.get('retry-after')).not.toBeNull();
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    });
    const until = async (reached: () => boolean) => {
      while (!reached()) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    await until(() => acknowledged.size > 50);
    for (let round = 0; round < 2; round++) {
      await postgres.halt('immediate');
      const before = failures.length;
      await until(() => failures.length > before + 10);
      expect((await app.anonymous.get('!/health/ready')).status).toBe(503);
      await postgres.start();
      const then = acknowledged.size;
      await until(() => acknowledged.size > then + 50);
    }
    stopped = true;
    await Promise.all(writers);

    expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(['server.unavailable']));
    expect(Math.max(...failures.map(({ ms }) => ms))).toBeLessThan(30_000);
    const rows: { client_id: string; seq: string }[] = await app.dataSource.query('SELECT client_id, seq FROM messages ORDER BY seq');
    const stored = new Map(rows.map((row) => [row.client_id, Number(row.seq)]));
    for (const [clientId, seq] of acknowledged) expect([clientId, stored.get(clientId)]).toEqual([clientId, seq]);
    expect(rows.map((row) => Number(row.seq))).toEqual(rows.map((_, index) => index + 1));
    // The open socket was not lost, and gets everything that was stored, once and in order.
    await reader.event('message.created', (data) => data.message.seq === rows.length);
    const seqs = reader.frames
      .filter((frame) => frame.event === 'message.created')
      .map((frame) => (frame.data as unknown as { message: { seq: number } }).message.seq);
    expect(seqs).toEqual(Array.from({ length: rows.length }, (_, index) => index + 1));
    await reader.close();
  });

  it('lets a room whose lock is held wait alone, with what is sent to it in order, and the others go on', async () => {
    for (const name of ['slow', 'quick']) {
      // Connections that died with the database may answer a call with a 5xx yet, after its commit too.
      const tries: number[] = [];
      while (![201, 409].includes(tries.at(-1) ?? 0)) {
        expect(tries.length).toBeLessThan(50);
        tries.push((await ann.rest.post('/rooms', { name, kind: 'public' })).status);
      }
    }
    const client = await PlainClient.connect(`${app.wsUrl}/ws/?token=${ann.access}`);
    const send = async (room: string, content: string) => {
      const reply = await client.command('message.send', { room, content });
      return (reply as unknown as { data: { message: { seq: number } } }).data.message.seq;
    };
    const runner = app.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query(`SELECT 1 FROM rooms WHERE name = 'slow' FOR UPDATE`);
    const answered: string[] = [];
    const slow: Promise<number>[] = [];
    try {
      // The first of them share a batch.
      for (let n = 0; n < 5; n++) {
        slow.push(send('slow', `waits ${n}`));
        slow.at(-1)!.then(
          () => answered.push('slow'),
          () => answered.push('slow failed'),
        );
        expect(await send('quick', `goes ${n}`)).toBe(n + 1);
      }
      expect(answered).toEqual([]);
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
    expect(await Promise.all(slow)).toEqual([1, 2, 3, 4, 5]);
    await client.close();
  });

  it('waits for a room that others just wrote to, and lets nobody wait with it when that takes long', async () => {
    const writer = app.app.get(MessageWriter, { strict: false });
    const [slow, quick] = await Promise.all(['slow', 'quick'].map(async (name) => (await ann.rest.get(`/rooms/${name}`)).body.room.id));
    const runner = app.dataSource.createQueryRunner();
    const send = async (roomId: string, content: string) =>
      writer.write({ roomId, authorId: ann.id, kind: 'text', content, mentions: [], accessVersion: 0, author: null, pair: null });
    for (const round of ['found locked', 'locked again']) {
      await runner.startTransaction();
      await runner.query(`SELECT 1 FROM rooms WHERE name = 'slow' FOR UPDATE`);
      let isOver = false;
      const late = send(slow, round).then(() => expect(isOver).toBe(true));
      await send(quick, round);
      isOver = true;
      await runner.rollbackTransaction();
      await late;
    }
    await runner.release();
  });

  it('refuses a send to a room whose lock is held for too long', async () => {
    const runner = app.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query(`SELECT 1 FROM rooms WHERE name = 'slow' FOR UPDATE`);
    try {
      expect((await ann.rest.post('/rooms/slow/messages', { content: 'waits in vain' })).body.code).toBe('server.unavailable');
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
    expect((await ann.rest.post('/rooms/slow/messages', { content: 'goes' })).body.message.seq).toBe(8);
  });

  it('never stores a send later that was refused because its connection was lost while the server was at work on it', async () => {
    const address = new URL(await postgres.createDatabase());
    const network = await openOneWayNetwork(Number(address.port));
    const through = new URL(address);
    through.port = new URL(network.url).port;
    const far = await startApp({ DATABASE_URL: through.href });
    const lock = new pg.Client({ connectionString: address.href });
    try {
      const bob = await newPerson(far, 'bob');
      await bob.rest.post('/rooms', { name: 'far', kind: 'public' });
      await lock.connect();
      await lock.query('BEGIN');
      await lock.query(`SELECT 1 FROM rooms WHERE name = 'far' FOR UPDATE`);
      const send = async () => bob.rest.post('/rooms/far/messages', { content: 'once or never', clientId: 'once' });
      const sent = send();
      while ((await lock.query('SELECT 1 FROM pg_locks WHERE NOT granted')).rows.length === 0)
        await new Promise((resolve) => setTimeout(resolve, 5));
      network.reset();
      const { status, body } = await sent;
      expect([status, body.code]).toEqual([503, 'server.unavailable']);
      await lock.query('ROLLBACK');
      // Whoever waited for the lock has it now, if anybody is left.
      await lock.query(`SELECT 1 FROM rooms WHERE name = 'far' FOR UPDATE`);
      expect((await lock.query('SELECT content FROM messages')).rows).toEqual([]);
      const again = await send();
      expect([again.status, again.body.message.seq]).toEqual([201, 1]);
    } finally {
      await lock.end();
      await far.close();
      await network.stop();
    }
  });

  it('refuses ten thousand sends that wait for a silent database together, and not one batch after the other', async () => {
    const lobby = (await ann.rest.get('/rooms/lobby')).body.room.id;
    const writer = app.app.get(MessageWriter, { strict: false });
    const draft = { roomId: lobby, authorId: ann.id, kind: 'text', mentions: [], accessVersion: 0, author: null, pair: null } as const;
    await writer.write({ ...draft, content: 'before' });
    const frozen = freeze(postgres.pid);
    let seconds: number;
    try {
      const begun = performance.now();
      const results = await Promise.allSettled(Array.from({ length: 10_000 }, (_, n) => writer.write({ ...draft, content: `m${n}` })));
      seconds = (performance.now() - begun) / 1_000;
      expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([]);
      const [first, last] = [results[0], results.at(-1)] as PromiseRejectedResult[];
      expect([toAppError(first!.reason).code, toAppError(last!.reason).code]).toEqual(['server.unavailable', 'server.unavailable']);
    } finally {
      for (const pid of frozen) process.kill(pid, 'SIGCONT');
    }
    // Twenty batches with a time-out each would take minutes.
    expect(seconds).toBeLessThan(30);
    expect((await ann.rest.post('/rooms/lobby/messages', { content: 'after' })).status).toBe(201);
  }, 240_000);
});

/** Stops a server's processes as a frozen machine would. @returns them, to be continued */
function freeze(postmaster: number): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const children = all.filter((pid) => parentOf(pid) === postmaster).map(Number);
  const stopped = [postmaster, ...children];
  for (const pid of stopped) process.kill(pid, 'SIGSTOP');
  return stopped;
}

function parentOf(pid: string): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}
