import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger, type LoggerService } from '@nestjs/common';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import { startApp, type TestApp } from '../../support/create-app.js';
import { newPerson, type TestPerson } from '../../support/people.js';

describe('a fault of ours', () => {
  let app: TestApp;
  let ann: TestPerson;
  const lines: Record<string, unknown>[] = [];

  beforeAll(async () => {
    app = await startApp();
    ann = await newPerson(app, 'ann');
    // The start has read what it needs; from now on nobody's messages can be read.
    await app.dataSource.query('ALTER TABLE messages RENAME TO messages_elsewhere');
    const heard = (fields: unknown) => {
      if (typeof fields === 'object' && fields !== null) lines.push(fields as Record<string, unknown>);
    };
    const quiet = () => undefined;
    Logger.overrideLogger({ log: quiet, debug: quiet, verbose: quiet, warn: quiet, error: heard } satisfies LoggerService);
  });
  afterAll(() => app.close());

  it('at a request has its id in the log, and the answer has the same', async () => {
    const answer = await ann.rest.get('/rooms/lobby/messages');
    expect(answer.status).toBe(500);
    const id = answer.headers.get('x-request-id');
    expect(answer.body).toMatchObject({ code: 'server.internal', requestId: id });
    expect(lines.filter((line) => line['requestId'] === id)).toHaveLength(1);
  });

  it('at a socket of any kind has the id of its connection in the log, and whose it is', async () => {
    const socketIo = await SocketIoClient.connect(app.url, { auth: { token: ann.access } });
    const plain = await PlainClient.connect(`${app.wsUrl}/ws/?token=${ann.access}`);
    for (const client of [socketIo, plain])
      expect(await client.command('room.join', { room: 'lobby' })).toMatchObject({ ok: false, error: { code: 'server.internal' } });
    const page = await PlainClient.connect(`${app.wsUrl}/ws/chat/lobby/?token=${ann.access}`);
    expect((await page.closed).code).toBe(1012);
    for (const transport of ['socket.io', 'plain', 'chat']) {
      const [line, ...more] = lines.filter((one) => one['transport'] === transport);
      expect([transport, line, more]).toEqual([
        transport,
        expect.objectContaining({ connectionId: expect.stringMatching(/^[\da-f-]{36}$/), personId: ann.id, command: 'room.join' }),
        [],
      ]);
    }
    expect(JSON.stringify(lines)).not.toContain(ann.access);
    await Promise.all([socketIo.close(), plain.close()]);
  });
});
