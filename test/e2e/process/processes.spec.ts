import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { type RunningPostgres, startPostgres } from '../../support/postgres.js';
import { describeWithNodes, type RunningRedis, startRedis } from '../../support/redis.js';
import { endLeftovers, failedStart, type ServerProcess, startServer } from '../../support/server-process.js';
import { freePort, temporaryFolder } from '../../support/settings.js';
import { until } from '../../support/until.js';

const dying = ['--import', pathToFileURL(resolve('test/support/preload/dies-at-start.mjs')).href];

/** The processes that a process started, and that live. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'latin1');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(parent) === pid && state !== 'Z' ? [Number(entry)] : [];
    } catch {
      return [];
    }
  });
}

describeWithNodes('several processes on one port', () => {
  let postgres: RunningPostgres;
  let redis: RunningRedis;
  let environment: Record<string, string>;

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    environment = {
      DATABASE_URL: await postgres.createDatabase(),
      REDIS_URL: redis.url,
      JWT_ACCESS_SECRET: 'q7Zt0mXv9RkPw2LfYc5HdJs8BnGa3UeE6iOxTl1VrKy4',
      PROCESSES: '2',
    };
  });
  afterAll(async () => {
    endLeftovers();
    await redis?.stop();
    await postgres?.stop();
  });

  const connect = async (server: ServerProcess, person: TestPerson, count: number) =>
    Promise.all(
      Array.from({ length: count }, async (_, index) =>
        index % 2 === 0
          ? PlainClient.connect(`${server.url.replace('http', 'ws')}/ws/?token=${person.access}`)
          : SocketIoClient.connect(server.url, { auth: { token: person.access } }),
      ),
    );

  it('serve as one: sockets in any of them, one text of metrics, a killed one replaced, and all drained by one signal', async () => {
    const server = await startServer(environment);
    const workers = childrenOf(server.child.pid!);
    expect(workers).toHaveLength(2);
    const ann = await newPerson({ anonymous: server.rest }, 'ann');
    const room = (await ann.rest.post('/rooms', { name: 'cores', kind: 'public' })).body.room.id as string;
    const clients = await connect(server, ann, 8);
    for (const client of clients) expect(await client.command('room.join', { room })).toMatchObject({ ok: true });
    for (const [index, client] of clients.entries())
      expect(await client.command('message.send', { room, content: String(index) })).toMatchObject({ ok: true });
    for (const client of clients) {
      await client.event('message.created', ({ message }) => 'content' in message && message.content === '7');
      expect(client.inbox.all.filter(({ event }) => event === 'message.created')).toHaveLength(8);
    }

    /** Open sockets by process, whichever process is asked. */
    const open = async (): Promise<Record<string, number>> => {
      const text = (await server.rest.get('!/metrics')).body as unknown as string;
      expect(text.match(/^# TYPE parley_connections /gm)).toHaveLength(1);
      const sums: Record<string, number> = {};
      for (const [, place, count] of text.matchAll(/^parley_connections\{.*process="(\d+)".*\} (\d+)/gm))
        sums[place!] = (sums[place!] ?? 0) + Number(count);
      return sums;
    };
    const before = await open();
    expect(before['1']! + before['2']!).toBe(8);
    // Connections are handed out in turn, those of requests too.
    for (const place of ['1', '2']) expect(before[place]).toBeGreaterThanOrEqual(2);
    for (let look = 0; look < 4; look++) expect(await open()).toEqual(before);

    process.kill(workers[0]!, 'SIGKILL');
    await until('a new process is there', async () => {
      const now = childrenOf(server.child.pid!);
      if (now.length < 2 || now.includes(workers[0]!)) return false;
      const sums = await open();
      return Object.keys(sums).length === 2 && Object.values(sums).includes(0);
    });
    expect(server.output()).toMatch(/ended \(SIGKILL\)\. It is started again/);
    const more = await connect(server, ann, 2);
    for (const client of more) expect(await client.command('room.join', { room, since: 0 })).toMatchObject({ ok: true });

    const polling = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`);
    expect([polling.status, await polling.json()]).toEqual([
      400,
      { code: 0, message: expect.stringContaining("transports: ['websocket']") },
    ]);

    expect(await server.end('SIGTERM')).toBe(0);
    for (const client of more) if (client instanceof PlainClient) expect((await client.closed).code).toBe(1012);
  });

  it('end with the process above them, also when it is killed', async () => {
    const server = await startServer(environment);
    const workers = childrenOf(server.child.pid!);
    await server.end('SIGKILL');
    const isGone = (pid: number) => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    };
    await until('no process is left', () => workers.every(isGone));
  });

  it('end in words when one of them ends at its start again and again, or the first one at once', async () => {
    const again = await failedStart({ ...environment, PORT: String(await freePort()), DIES_AT_START: '2', LOG_LEVEL: 'error' }, dying);
    expect(again.code).toBe(1);
    expect(again.output.match(/It is started again/g)).toHaveLength(4);
    expect(again.output).toContain('Process 2 ended 5 times in a row at its start, at last with exit code 7.');

    const lost = await failedStart({ ...environment, PORT: String(await freePort()), DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' });
    expect(lost.code).toBe(1);
    expect(lost.output).not.toContain('started again');
  });

  it('are refused on the embedded database, in words', async () => {
    const { code, output } = await failedStart({ PROCESSES: '2', DATA_DIR: temporaryFolder() });
    expect(code).toBe(1);
    expect(output).toContain(
      'PROCESSES asks for 2 processes, and the embedded database serves one alone: set DATABASE_URL, or PROCESSES to 1.',
    );
    expect((await failedStart({ PROCESSES: 'many', DATA_DIR: temporaryFolder() })).output).toContain(
      'PROCESSES must be a number from 1 to 64, or "cores".',
    );
  });
});
