import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { type INestApplicationContext, Logger, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { inTransaction, openDataSource } from '../../../src/database/index.js';
import { MailEntity, MailQueue } from '../../../src/platform/mail/index.js';
import { describeWithPostgres, type RunningPostgres, startPostgres } from '../../support/postgres.js';
import { kill, translateWorker } from './killable-worker.js';
import { MailServer, partsOf } from './mail-server.js';
import { mailWorker, type WorkerOptions } from './worker.js';

const link = 'https://chat.example.org/activate?token=canary-token-71c5';
const code = '482913';

describeWithPostgres('The mail queue', () => {
  let postgres: RunningPostgres;
  let translated: Awaited<ReturnType<typeof translateWorker>>;
  let databaseUrl: string;
  let observer: DataSource;
  let server: MailServer;
  const running: INestApplicationContext[] = [];
  const logged: string[] = [];

  beforeAll(async () => {
    [postgres, translated] = await Promise.all([startPostgres(), translateWorker()]);
  });

  afterAll(async () => {
    await translated.remove();
    await postgres.stop();
  });

  beforeEach(async () => {
    databaseUrl = await postgres.createDatabase();
    observer = await openDataSource({ databaseUrl, dataDir: '' }, { entities: [MailEntity], migrations: [] });
    server = new MailServer();
    await server.start();
    logged.length = 0;
  });

  afterEach(async () => {
    for (const app of running.splice(0)) await app.close();
    await server.stop();
    await observer.destroy();
  });

  const note = (...words: unknown[]): void => void logged.push(words.map(String).join(' '));
  const logger: LoggerService = { log: note, error: note, warn: note, debug: note, verbose: note };

  async function start(options: Partial<WorkerOptions> = {}): Promise<INestApplicationContext> {
    Logger.overrideLogger(logger);
    const app = await NestFactory.createApplicationContext(mailWorker({ databaseUrl, smtpUrl: server.url(), ...options }), { logger });
    running.push(app);
    return app;
  }

  async function stop(app: INestApplicationContext): Promise<void> {
    running.splice(running.indexOf(app), 1);
    await app.close();
  }

  async function enqueue(app: INestApplicationContext, to = 'ann@example.org'): Promise<string> {
    const dataSource = app.get<DataSource>(getDataSourceToken());
    return inTransaction(dataSource, async (manager) =>
      app.get(MailQueue).enqueue(manager, { to, locale: 'uk', template: 'activation', params: { link, code } }),
    );
  }

  async function enqueueMany(app: INestApplicationContext, count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) await enqueue(app, `person${i}@example.org`);
  }

  async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!(await holds())) {
      if (Date.now() > deadline)
        throw new Error(`Not within ${withinMs} ms: ${what}. ${JSON.stringify(await rows())} ${logged.join('\n')}`);
      await sleep(20);
    }
  }

  const rows = async (): Promise<MailEntity[]> => observer.getRepository(MailEntity).find({ order: { id: 'ASC' } });
  const allSent = async (): Promise<boolean> => (await rows()).every((row) => row.sentAt !== null);
  const eachOnce = (count: number): void => {
    expect(server.counts().size).toBe(count);
    expect([...server.counts().values()].every((times) => times === 1)).toBe(true);
  };

  it('has a table that fits its entity', async () => {
    const { upQueries } = await observer.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('sends a mail soon after the commit, to one recipient, with text and HTML that carry the same code', async () => {
    const app = await start({ times: { pollMs: 60_000 } });
    const id = await enqueue(app);
    await until('the mail arrives', () => server.received.length === 1, 30_000);
    const [mail] = server.received;
    expect(mail).toMatchObject({
      recipients: ['ann@example.org'],
      from: 'parley@example.org',
      to: 'ann@example.org',
      id: `<${id}@example.org>`,
    });
    expect(mail!.raw).toMatch(/^Auto-Submitted: auto-generated/m);
    const { text, html } = partsOf(mail!.raw);
    expect(text).toContain('Вітаємо в Parley!');
    for (const part of [text, html]) {
      expect(part).toContain(code);
      expect(part).toContain(link);
    }
    await until('it is noted', allSent);
    expect((await rows())[0]).toMatchObject({ payload: null, lockedUntil: null, lastError: null, attempts: 1 });
  });

  it('sends nothing of a transaction that was rolled back', async () => {
    const app = await start();
    const failing = inTransaction(app.get<DataSource>(getDataSourceToken()), async (manager) => {
      await app.get(MailQueue).enqueue(manager, { to: 'ann@example.org', locale: 'en', template: 'activation', params: { link, code } });
      throw new Error('no account after all');
    });
    await expect(failing).rejects.toThrow('no account after all');
    await sleep(500);
    expect(await rows()).toEqual([]);
    expect(server.received).toEqual([]);
  });

  it('keeps codes and tokens unreadable in the table, also after failures, and out of the log', async () => {
    server.mood = 'refuse-recipient';
    const app = await start();
    await enqueue(app);
    await until('it failed once', async () => (await rows())[0]?.lastError != null);
    const dump = JSON.stringify(await observer.query('SELECT * FROM mails')) + logged.join('\n');
    const [row] = await rows();
    const bytes = Buffer.from(row!.payload!.slice(3), 'base64url').toString('latin1');
    for (const secret of [code, 'canary-token', 'canary-words-of-the-server']) {
      expect(dump).not.toContain(secret);
      expect(bytes).not.toContain(secret);
    }
    expect(row!.lastError).toBe('mail: EENVELOPE 550');
    expect(logged.join('\n')).toContain('A mail could not be sent yet: mail: EENVELOPE 550');
    expect(logged.join('\n')).not.toContain('ann@');
  });

  it('refuses in words what is not one plain address, and stores nothing', async () => {
    const app = await start();
    for (const to of [
      'ann@example.org\r\nBcc: eve@evil.example',
      'friends: ann@example.org;',
      'Ann <ann@example.org>',
      'ann@example.org, eve@evil.example',
    ]) {
      await expect(enqueue(app, to)).rejects.toMatchObject({ code: 'request.invalid', errors: [{ field: 'email', code: 'format' }] });
    }
    expect(await rows()).toEqual([]);
  });

  it('does not open a payload that was moved to another recipient', async () => {
    server.mood = 'refuse-recipient';
    const app = await start();
    await enqueue(app);
    await until('it failed once', async () => (await rows())[0]?.lastError != null);
    await observer.query(`UPDATE mails SET recipient = 'eve@evil.example', next_attempt_at = now()`);
    server.mood = 'accept';
    await until('it was refused', async () => (await rows())[0]?.lastError === 'mail: UNREADABLE');
    expect(server.received).toEqual([]);
  });

  it('logs in with a user and password that hold special characters', async () => {
    const app = await start({ smtpUrl: server.url('ann%40example.org:p%3A%2Fss%25@') });
    await enqueue(app);
    await until('the mail arrives', () => server.received.length === 1);
    expect(server.logins).toEqual(['ann@example.org p:/ss%']);
  });

  it.each(['refuse-connection', 'refuse-mail', 'refuse-recipient'] as const)(
    'loses nothing and doubles nothing while the server is in the mood %s',
    async (mood) => {
      server.mood = mood;
      const app = await start();
      const started = performance.now();
      await enqueueMany(app, 10);
      expect(performance.now() - started).toBeLessThan(9_000);
      await until('every mail was tried', async () => (await rows()).every((row) => row.lastError !== null));
      expect(server.received).toEqual([]);
      server.mood = 'accept';
      await observer.query(`UPDATE mails SET next_attempt_at = now() WHERE locked_until IS NULL`);
      await until('every mail is sent', allSent);
      eachOnce(10);
    },
  );

  it('delivers at once what waited, as soon as a dead server is back', async () => {
    await server.stop();
    const app = await start();
    await enqueueMany(app, 10);
    await until('every mail was tried', async () => (await rows()).every((row) => row.lastError?.startsWith('server:')));
    // Far from the next attempt: what brings them forward is the first mail that the server takes again.
    await observer.query(`UPDATE mails SET next_attempt_at = now() + interval '1 hour' WHERE locked_until IS NULL`);
    await server.start();
    await enqueue(app);
    await until('every mail is sent', allSent);
    eachOnce(11);
    expect(logged.filter((line) => line.includes('could not be sent yet'))).toHaveLength(1);
    expect(logged.join('\n')).toContain('The mail server takes mails again.');
  });

  it('pauses between attempts: 5 seconds at first, then longer', async () => {
    server.mood = 'refuse-mail';
    const app = await start();
    const pause = async (since: number): Promise<number> => ((await rows())[0]!.nextAttemptAt.getTime() - since) / 1_000;
    const before = Date.now();
    await enqueue(app);
    await until('it failed once', async () => (await rows())[0]?.lastError != null);
    expect(await pause(before)).toBeGreaterThan(4);
    expect(await pause(Date.now())).toBeLessThan(6.5);
    const again = Date.now();
    await observer.query(`UPDATE mails SET next_attempt_at = now(), attempts = 4`);
    await until('it failed again', async () => (await rows())[0]!.attempts === 5 && (await rows())[0]!.lockedUntil === null);
    expect(await pause(again)).toBeGreaterThan(70);
  });

  it('gives a mail up after its time, blanks it and says so without secrets', async () => {
    server.mood = 'refuse-mail';
    const app = await start();
    await enqueue(app);
    await until('it failed once', async () => (await rows())[0]?.lastError != null);
    await observer.query(`UPDATE mails SET next_attempt_at = now(), created_at = now() - interval '73 hours'`);
    await until('it is given up', async () => (await rows())[0]!.payload === null);
    expect((await rows())[0]).toMatchObject({ sentAt: null, lastError: 'mail: EMESSAGE 451', lockedUntil: null });
    expect(logged.join('\n')).toContain('A mail was given up after 2 attempts: mail: EMESSAGE 451');
    server.mood = 'accept';
    await sleep(500);
    expect(server.received).toEqual([]);
  });

  it('shares the work over nodes and still sends each mail once', async () => {
    server.thinkMs = 5;
    const apps = [await start(), await start(), await start()];
    await Promise.all(apps.map((app) => enqueueMany(app, 40)));
    await until('every mail is sent', allSent);
    eachOnce(120);
  });

  it('sends what a killed worker had in hand, when its lease ends; doubled is only what the server had taken', async () => {
    const smtpUrl = server.url();
    server.mood = 'silent';
    const child = await translated.run({ databaseUrl, smtpUrl, times: { sendMs: 30_000, leaseMs: 2_500 } });
    await enqueueMany(await start({ times: { concurrency: 0 } }), 12);
    await until('the worker has mails in hand', () => server.received.length === 4);
    await kill(child);
    const inHand = new Set(server.received.map(({ id }) => id));
    expect(await allSent()).toBe(false);

    server.mood = 'accept';
    const before = Date.now();
    await start();
    await until('every mail is sent', allSent);
    expect(Date.now() - before).toBeLessThan(25_000);
    expect(server.counts().size).toBe(12);
    for (const [id, times] of server.counts()) expect(times).toBe(inHand.has(id) ? 2 : 1);
  });

  it('loses nothing when a worker is killed during an outage of the server, and doubles nothing', async () => {
    const smtpUrl = server.url();
    await server.stop();
    const child = await translated.run({ databaseUrl, smtpUrl });
    await enqueueMany(await start({ times: { concurrency: 0 } }), 8);
    await until('every mail was tried', async () => (await rows()).every((row) => row.attempts > 0));
    await kill(child);
    await server.start();
    await start();
    await until('every mail is sent', allSent);
    eachOnce(8);
  });

  it('does not send again what the server took while the database did not take the note of it', async () => {
    server.thinkMs = 400;
    const app = await start();
    await enqueue(app);
    await until('the server has it', () => server.received.length === 1);
    await postgres.restart('immediate');
    await until('it is noted', async () => allSent().catch(() => false));
    await sleep(5_000);
    eachOnce(1);
  });

  it('waits at a stop for the mail in hand', async () => {
    server.thinkMs = 600;
    const app = await start({ times: { stopMs: 20_000 } });
    await enqueue(app);
    await until('the server has it', () => server.received.length === 1);
    await stop(app);
    expect(await allSent()).toBe(true);
    await start();
    await sleep(600);
    eachOnce(1);
  });

  it('does not wait for ever: a mail that a stalled server holds is left to be tried again', async () => {
    server.mood = 'silent';
    const app = await start({ times: { sendMs: 30_000, leaseMs: 60_000, stopMs: 300 } });
    await enqueue(app);
    await until('the server has it', () => server.received.length === 1);
    const started = performance.now();
    await stop(app);
    expect(performance.now() - started).toBeLessThan(20_000);
    expect((await rows())[0]).toMatchObject({ sentAt: null, lockedUntil: null, lastError: 'mail: EABORT' });
    expect((await rows())[0]!.payload).not.toBeNull();
  });

  it('serves the look for due mails by its index', async () => {
    await observer.query(`
      INSERT INTO mails (id, recipient, locale, template, payload, sent_at)
      SELECT gen_random_uuid(), 'x@example.org', 'en', 'activation', NULL, now() FROM generate_series(1, 50000)`);
    await observer.query('ANALYZE mails');
    const plan = (await observer.query<unknown[]>(`
      EXPLAIN SELECT id FROM mails
      WHERE sent_at IS NULL AND payload IS NOT NULL AND next_attempt_at <= now() AND (locked_until IS NULL OR locked_until <= now())
      ORDER BY next_attempt_at LIMIT 4 FOR UPDATE SKIP LOCKED`)) as object[];
    expect(JSON.stringify(plan)).toContain('ix_mails_due');
    expect(JSON.stringify(plan)).not.toContain('Seq Scan');
  });
});
