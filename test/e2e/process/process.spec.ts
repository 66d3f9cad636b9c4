import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import { freshDataFolder } from '../../support/database-templates.js';
import { newPerson } from '../../support/people.js';
import { endLeftovers, failedStart, runCommand, type ServerProcess, startServer } from '../../support/server-process.js';
import { freePort, temporaryFolder } from '../../support/settings.js';

const folders: string[] = [];
function folder(): string {
  const made = temporaryFolder();
  folders.push(made);
  return made;
}
/** With a database that was made before: for what is not about the first start. */
async function prepared(): Promise<string> {
  const made = await freshDataFolder();
  folders.push(made);
  return made;
}
afterAll(() => {
  endLeftovers();
  folders.forEach((name) => rmSync(name, { recursive: true, force: true }));
});

describe('the server as a process', () => {
  it('keeps everything it acknowledged over kill -9, on the embedded database', async () => {
    const dataDir = await prepared();
    let server: ServerProcess = await startServer({ DATA_DIR: dataDir });
    const person = await newPerson({ anonymous: server.rest });
    const acknowledged = new Map<string, number>();
    let sent = 0;
    await person.rest.post('/rooms/lobby/join');
    for (let round = 0; round < 2; round++) {
      const { rest } = person;
      const sending = Array.from({ length: 8 }, async () => {
        for (;;) {
          const clientId = `c${sent++}`;
          try {
            const { status, body } = await rest.post('/rooms/lobby/messages', { content: `message ${clientId}`, clientId });
            if (status === 201) acknowledged.set(clientId, body.message.seq);
          } catch {
            return;
          }
        }
      });
      const enough = acknowledged.size + 150;
      while (acknowledged.size < enough) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await server.end('SIGKILL')).toBe('SIGKILL');
      await Promise.all(sending);
      server = await startServer({ DATA_DIR: dataDir, PORT: String(server.port) });
    }
    const stored = new Map<string, number>();
    for (let after: number | null = 0; after !== null;) {
      const { body }: { body: { items: { clientId: string; seq: number }[]; nextAfter: number | null } } = await person.rest.get(
        `/rooms/lobby/messages?limit=100&after=${after}`,
      );
      for (const item of body.items) stored.set(item.clientId, item.seq);
      after = body.nextAfter;
    }
    for (const [clientId, seq] of acknowledged) expect([clientId, stored.get(clientId)]).toEqual([clientId, seq]);
    expect([...stored.values()].sort((a, b) => a - b)).toEqual(Array.from({ length: stored.size }, (_, index) => index + 1));
    const plain = await PlainClient.connect(`${server.url.replace('http', 'ws')}/ws/?token=${person.access}`);
    const socketIo = await SocketIoClient.connect(server.url, { auth: { token: person.access } });
    expect(await server.end('SIGTERM')).toBe(0);
    expect((await plain.closed).code).toBe(1012);
    expect(await socketIo.event('error')).toMatchObject({ code: 'server.restarting', close: 1012 });
  });

  it('refuses a second start on the same data folder, in words, and leaves the first alone', async () => {
    const server = await startServer({ DATA_DIR: await prepared() });
    const second = await failedStart({ DATA_DIR: server.dataDir, PORT: String(await freePort()) });
    expect(second.code).toBe(1);
    expect(second.output).toContain(server.dataDir);
    expect(second.output).toContain(String(server.child.pid));
    expect(second.output).not.toContain('    at ');
    expect((await server.rest.get('!/health/ready')).status).toBe(200);
    expect(await server.end('SIGTERM')).toBe(0);
  });

  it('names every wrong setting at once and exits with 1', async () => {
    const { code, output } = await failedStart({
      PORT: 'many',
      ACCESS_TOKEN_TTL: 'soon',
      DATABASE_URL: 'mysql://x',
      GUESTS: 'maybe',
      DATA_DIR: folder(),
    });
    expect(code).toBe(1);
    for (const name of ['PORT', 'ACCESS_TOKEN_TTL', 'DATABASE_URL', 'GUESTS']) expect(output).toContain(`- ${name} `);
    const production = await failedStart({
      NODE_ENV: 'production',
      JWT_ACCESS_SECRET: 'changeme-changeme-changeme-changeme',
      RATE_LIMITS: 'off',
      DATA_DIR: folder(),
    });
    expect(production.code).toBe(1);
    for (const name of ['SMTP_URL', 'JWT_ACCESS_SECRET', 'RATE_LIMITS']) expect(production.output).toContain(name);
    expect(production.output).not.toContain('changeme');
  });

  it('seeds people, rooms and messages whose tokens work, makes the first admin, and tells clients of a restored backup', async () => {
    const dataDir = folder();
    const tokens = join(dataDir, 'tokens.json');
    const seeded = await runCommand('seed', ['--users', '200', '--rooms', '3', '--messages', '1000', '--tokens', tokens], {
      DATA_DIR: dataDir,
    });
    expect(seeded).toMatchObject({ code: 0 });
    const admin = await runCommand('admin', ['--email', 'u1@example.org'], { DATA_DIR: dataDir });
    expect(admin).toMatchObject({ code: 0 });
    const made = await runCommand('admin', ['--email', 'root@example.org', '--username', 'root.of.all'], { DATA_DIR: dataDir });
    expect(made).toMatchObject({ code: 0, output: expect.stringMatching(/password[^:]*: \S+/i) });
    expect((await runCommand('admin', ['--email', 'nobody@example.org'], { DATA_DIR: dataDir })).code).toBe(1);
    const server = await startServer({ DATA_DIR: dataDir });
    const people = JSON.parse(readFileSync(tokens, 'utf8')) as { id: string; username: string; token: string }[];
    expect(people.map((one) => one.username)).toEqual(Array.from({ length: 200 }, (_, index) => `u${index + 1}`));
    const me = await server.rest.as(people[0]!.token).get('/users/me');
    expect(me.body).toMatchObject({ id: people[0]!.id, username: 'u1', role: 'admin' });
    const { body } = await server.rest.as(people[199]!.token).get('/rooms/r2');
    expect(body.room).toMatchObject({ memberCount: 200, position: 333, myRole: 'member', unreadCount: 333 });
    expect((await server.rest.as(people[7]!.token).post('/rooms/r1/messages', { content: 'hello' })).body.message.seq).toBe(335);
    const refused = await runCommand('seed', ['--users', '1', '--rooms', '1', '--messages', '0'], { DATA_DIR: dataDir });
    expect(refused.code).toBe(1);
    expect(refused.output).toContain(dataDir);
    expect(await server.end('SIGTERM')).toBe(0);
    const restored = await runCommand('admin', ['--after-restore'], { DATA_DIR: dataDir });
    expect(restored).toMatchObject({ code: 0, output: expect.stringMatching(/^4 rooms have a new epoch, 200 sessions are ended/) });
    expect((await runCommand('admin', ['--after-restore', '--email', 'u1@example.org'], { DATA_DIR: dataDir })).code).toBe(2);
  });
});
