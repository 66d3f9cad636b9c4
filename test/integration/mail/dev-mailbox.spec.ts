import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { rm } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { inTransaction } from '../../../src/database/index.js';
import { MailQueue, type MailTemplateName, type MailTemplates } from '../../../src/platform/mail/index.js';
import { freshDataFolder } from '../../support/database-templates.js';
import { describeWithPostgres, type RunningPostgres, startPostgres } from '../../support/postgres.js';
import { mailWorker, type WorkerOptions } from './worker.js';

const link = 'https://chat.example.org/activate?token=a&b=c';

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

async function startServer(options: WorkerOptions): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(mailWorker(options), new FastifyAdapter(), { logger: false });
  await app.init();
  await app.listen(0, '0.0.0.0');
  return app;
}

async function get(app: NestFastifyApplication, path: string, headers: Record<string, string> = {}, host = '127.0.0.1'): Promise<Answer> {
  const address = app.getHttpServer().address() as { port: number };
  return new Promise((resolve, reject) => {
    const call = request({ host, port: address.port, path, headers: { host: `localhost:${address.port}`, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    call.on('error', reject).end();
  });
}

async function mail<Name extends MailTemplateName>(
  app: NestFastifyApplication,
  to: string,
  template: Name,
  params: MailTemplates[Name],
): Promise<void> {
  await inTransaction(app.get<DataSource>(getDataSourceToken()), async (manager) => {
    await app.get(MailQueue).enqueue(manager, { to, locale: 'en', template, params });
  });
}

function mailboxTests(options: () => Promise<WorkerOptions>): void {
  let app: NestFastifyApplication;

  beforeEach(async () => {
    app = await startServer(await options());
  });

  afterEach(async () => {
    await app.close();
  });

  it('answers a mail with its links and code right after the commit, newest first, for one recipient or all', async () => {
    await mail(app, 'Ann@example.org', 'activation', { link, code: '048213' });
    await mail(app, 'bob@example.org', 'already-registered', {
      loginLink: 'https://x.example/login',
      resetLink: 'https://x.example/reset',
    });
    const all = JSON.parse((await get(app, '/dev/mail.json')).body) as object[];
    expect(all).toHaveLength(2);
    expect(all[0]).toMatchObject({ to: 'bob@example.org', code: null, links: ['https://x.example/login', 'https://x.example/reset'] });
    const answer = await get(app, '/dev/mail.json?to=ann%40EXAMPLE.org');
    const mails = JSON.parse(answer.body) as Record<string, unknown>[];
    expect(mails).toHaveLength(1);
    expect(Object.keys(mails[0]!).sort()).toEqual(['at', 'code', 'html', 'links', 'subject', 'text', 'to']);
    expect(mails[0]).toMatchObject({ to: 'Ann@example.org', subject: 'Activate your Parley account', links: [link], code: '048213' });
    expect(Date.now() - Date.parse(String(mails[0]!['at']))).toBeLessThan(60_000);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
    for (const nobody of ['eve%40example.org', '%25', "'%20OR%20'1'='1"]) {
      expect((await get(app, `/dev/mail.json?to=${nobody}`)).body).toBe('[]');
    }
  });

  it('keeps the payload unreadable in the database although the page can read it', async () => {
    await mail(app, 'ann@example.org', 'activation', { link, code: '048213' });
    const dump = JSON.stringify(await app.get<DataSource>(getDataSourceToken()).query('SELECT * FROM mails'));
    expect(dump).not.toContain('048213');
    expect(dump).not.toContain('token=');
    expect(dump).toContain('ann@example.org');
  });

  it('shows a page without scripts, everything escaped, that renews itself', async () => {
    await mail(app, 'ann@example.org', 'activation', { link, code: '<script>alert(1)</script>' });
    const page = await get(app, '/dev/mail');
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'unsafe-inline'/);
    expect(page.body).toContain('<meta http-equiv="refresh" content="5">');
    expect(page.body).toContain('href="https://chat.example.org/activate?token=a&amp;b=c"');
    expect(page.body).toContain('&lt;script&gt;');
    expect(page.body).not.toContain('<script');
    const whole = /href="(\/dev\/mail\/[^"]+)"/.exec(page.body)![1]!;
    const one = await get(app, whole);
    expect(one.status).toBe(200);
    expect(one.body).toContain('Welcome to Parley!');
    expect(one.body).not.toContain('<script');
    expect((await get(app, '/dev/mail/01a1fcb6-00fc-7168-b47e-86652b2b19c6')).status).toBe(404);
    expect((await get(app, '/dev/mail/x')).status).toBe(404);
  });

  it('does not exist for anybody who is not on this machine', async () => {
    const unknown = await get(app, '/dev/nothing');
    const paths = ['/dev/mail', '/dev/mail.json', '/dev/mail.json?to=ann%40example.org', '/dev/mail/01a1fcb6-00fc-7168-b47e-86652b2b19c6'];
    const tricks: Record<string, string>[] = [
      { host: 'evil.example' },
      { host: 'localhost.evil.example' },
      { 'x-forwarded-for': '127.0.0.1' },
      { forwarded: 'for=127.0.0.1' },
      { 'x-real-ip': '127.0.0.1' },
    ];
    for (const path of paths) {
      for (const headers of tricks) {
        const answer = await get(app, path, headers);
        expect(answer.status).toBe(404);
        expect(answer.body).toBe(unknown.body.replaceAll('/dev/nothing', path.split('?')[0]!));
        expect(answer.headers['content-security-policy']).toBeUndefined();
      }
    }
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((one) => one && !one.internal && one.family === 'IPv4');
    if (outside) expect((await get(app, '/dev/mail.json', {}, outside.address)).status).toBe(404);
  });
}

describe('The development mailbox on the embedded database', () => {
  const folders: string[] = [];

  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  mailboxTests(async () => {
    const dataDir = await freshDataFolder();
    folders.push(dataDir);
    return { dataDir };
  });
});

describeWithPostgres('The development mailbox on PostgreSQL', () => {
  let postgres: RunningPostgres;

  beforeAll(async () => {
    postgres = await startPostgres();
  });

  afterAll(async () => {
    await postgres.stop();
  });

  mailboxTests(async () => ({ databaseUrl: await postgres.createDatabase() }));

  it('shows what was written last first, also when its transaction began earlier', async () => {
    const app = await startServer({ databaseUrl: await postgres.createDatabase() });
    const dataSource = app.get<DataSource>(getDataSourceToken());
    await inTransaction(dataSource, async (manager) => {
      await manager.query('SELECT 1');
      await mail(app, 'ann@example.org', 'activation', { link, code: '111111' });
      const late = { to: 'ann@example.org', locale: 'en', template: 'activation' as const, params: { link, code: '222222' } };
      await app.get(MailQueue).enqueue(manager, late);
    });
    const mails = JSON.parse((await get(app, '/dev/mail.json')).body) as { code: string }[];
    expect(mails.map(({ code }) => code)).toEqual(['222222', '111111']);
    await app.close();
  });

  it('is not there with an SMTP server, nor in production', async () => {
    for (const nodeEnv of ['development', 'production'] as const) {
      const app = await startServer({ databaseUrl: await postgres.createDatabase(), smtpUrl: 'smtp://127.0.0.1:1', nodeEnv });
      const unknown = await get(app, '/dev/nothing');
      for (const path of ['/dev/mail', '/dev/mail.json']) {
        expect(await get(app, path)).toMatchObject({ status: 404, body: unknown.body.replaceAll('/dev/nothing', path) });
      }
      await app.close();
    }
    expect(() => mailWorker({ nodeEnv: 'production' })).toThrow('SMTP_URL is missing');
    expect(() => mailWorker({ mailFrom: 'Parley' })).toThrow('MAIL_FROM is not right');
  });

  it('keeps the newest 500 mails, a week at most, and forgets sent ones after a week', async () => {
    const app = await startServer({ databaseUrl: await postgres.createDatabase() });
    const { MailRetention } = await import('../../../src/platform/mail/mail-retention.js');
    const dataSource = app.get<DataSource>(getDataSourceToken());
    const insert = (count: number, values: string): Promise<unknown> =>
      dataSource.query(
        `INSERT INTO mails (id, recipient, locale, template, payload, sent_at, created_at)
         SELECT gen_random_uuid(), 'x@example.org', 'en', 'activation', ${values} FROM generate_series(1, ${count}) AS n`,
      );
    await insert(600, `'kept', now(), now() - n * interval '1 second'`);
    await insert(7, `'old', now(), now() - interval '8 days'`);
    await insert(5, `NULL, now(), now() - interval '8 days'`);
    await insert(4, `NULL, NULL, now() - interval '8 days'`);
    await insert(3, `'waiting', NULL, now() - interval '2 days'`);
    await app.get(MailRetention).sweep();
    const left = await dataSource.query(`SELECT payload, count(*)::int AS count FROM mails GROUP BY payload ORDER BY payload`);
    expect(left).toEqual([
      { payload: 'kept', count: 500 },
      { payload: 'waiting', count: 3 },
    ]);
    await app.close();
  });
});
