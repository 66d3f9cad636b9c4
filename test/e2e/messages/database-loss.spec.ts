import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../../support/create-app.js';
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
    expect(Math.max(...failures.map(({ ms }) => ms))).toBeLessThan(8_000);
    const rows: { client_id: string; seq: string }[] = await app.dataSource.query('SELECT client_id, seq FROM messages ORDER BY seq');
    const stored = new Map(rows.map((row) => [row.client_id, Number(row.seq)]));
    for (const [clientId, seq] of acknowledged) expect([clientId, stored.get(clientId)]).toEqual([clientId, seq]);
    expect(rows.map((row) => Number(row.seq))).toEqual(rows.map((_, index) => index + 1));
    // The open socket was not lost, and gets everything that was stored, once and in order.
    await reader.event('message.created', (data) => data.message.seq === rows.length, 10_000);
    const seqs = reader.frames
      .filter((frame) => frame.event === 'message.created')
      .map((frame) => (frame.data as unknown as { message: { seq: number } }).message.seq);
    expect(seqs).toEqual(Array.from({ length: rows.length }, (_, index) => index + 1));
    await reader.close();
  });

  it('does not let one room whose lock is held keep the others waiting for long', async () => {
    await ann.rest.post('/rooms', { name: 'slow', kind: 'public' });
    await ann.rest.post('/rooms', { name: 'quick', kind: 'public' });
    const runner = app.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query(`SELECT 1 FROM rooms WHERE name = 'slow' FOR UPDATE`);
    try {
      const slow = ann.rest.post('/rooms/slow/messages', { content: 'waits' });
      const quick = await ann.rest.post('/rooms/quick/messages', { content: 'goes' });
      expect(quick.status).toBe(201);
      expect((await slow).body.code).toBe('server.unavailable');
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
    expect((await ann.rest.post('/rooms/slow/messages', { content: 'goes' })).status).toBe(201);
  });
});
