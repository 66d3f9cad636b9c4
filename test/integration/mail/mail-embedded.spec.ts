import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { inTransaction } from '../../../src/database/index.js';
import { MailQueue } from '../../../src/platform/mail/index.js';
import { MailServer } from './mail-server.js';
import { mailWorker } from './worker.js';
import { freshDataFolder } from '../../support/database-templates.js';

describe('The mail queue on the embedded database', () => {
  const server = new MailServer();
  let folder: string;
  let app: INestApplicationContext;

  beforeAll(async () => {
    folder = await freshDataFolder();
    await server.start();
  });

  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('sends each mail once, also after a refusal, and stops cleanly', async () => {
    app = await NestFactory.createApplicationContext(mailWorker({ dataDir: folder, smtpUrl: server.url() }), { logger: false });
    const dataSource = app.get<DataSource>(getDataSourceToken());
    const open = async (where: string): Promise<number> =>
      (await dataSource.query<{ count: number }[]>(`SELECT count(*)::int AS count FROM mails WHERE ${where}`))[0]!.count;

    server.mood = 'refuse-mail';
    await inTransaction(dataSource, async (manager) => {
      for (let i = 0; i < 8; i += 1) {
        const params = { link: 'https://chat.example.org/x', code: '048213' };
        await app.get(MailQueue).enqueue(manager, { to: `person${i}@example.org`, locale: 'ru', template: 'activation', params });
      }
    });
    while ((await open('last_error IS NULL')) > 0) await sleep(50);
    server.mood = 'accept';
    await dataSource.query('UPDATE mails SET next_attempt_at = now() WHERE locked_until IS NULL');
    while ((await open('sent_at IS NULL')) > 0) await sleep(50);
    expect(await open('payload IS NULL AND locked_until IS NULL')).toBe(8);
    await app.close();
    expect(server.counts().size).toBe(8);
    expect([...server.counts().values()]).toEqual(Array(8).fill(1));
  });
});
