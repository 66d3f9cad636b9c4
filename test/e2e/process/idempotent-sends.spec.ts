import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import { freshDataFolder } from '../../support/database-templates.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import { newPerson } from '../../support/people.js';
import { endLeftovers, type ServerProcess, startServer } from '../../support/server-process.js';

const dataDir = await freshDataFolder();
afterAll(() => {
  endLeftovers();
  rmSync(dataDir, { recursive: true, force: true });
});

const sends = 1_000;
const atOnce = 10;
/** How often the server dies between a commit and its answers. */
const kills = 5;

describe('a send under a client id', () => {
  it('is stored once, whatever dies between the commit and the answer: 1,000 sends, three times each, over three doors', async () => {
    const preload = ['--import', './test/support/preload/kill-after-commit.mjs'];
    let server: ServerProcess = await startServer({ DATA_DIR: dataDir });
    const { port } = server;
    const person = await newPerson({ anonymous: server.rest });
    await person.rest.post('/rooms/lobby/join');
    await server.end('SIGTERM');

    let starts = 0;
    let starting: Promise<void> | null = null;
    const isDead = () => server.child.exitCode !== null || server.child.signalCode !== null;
    const start = async () => {
      starts++;
      const environment = { DATA_DIR: dataDir, PORT: String(port), DIES_AT_COMMIT: starts <= kills ? '60' : '0' };
      server = await startServer(environment, preload);
    };
    const alive = async () => {
      while (isDead()) {
        starting ??= start().finally(() => (starting = null));
        await starting;
      }
    };
    await alive();

    const doors: ((clientId: string) => Promise<number>)[] = [
      async (clientId) => {
        const { status, body } = await person.rest.post('/rooms/lobby/messages', { content: `message ${clientId}`, clientId });
        if (status !== 201) throw new Error(`answered ${status}`);
        return body.message.seq as number;
      },
      async (clientId) => overSocket(await SocketIoClient.connect(server.url, { auth: { token: person.access } }), clientId),
      async (clientId) => overSocket(await PlainClient.connect(`${server.url.replace('http', 'ws')}/ws/?token=${person.access}`), clientId),
    ];
    const overSocket = async (client: SocketIoClient | PlainClient, clientId: string): Promise<number> => {
      try {
        const reply = (await Promise.race([
          client.command('message.send', { room: 'lobby', content: `message ${clientId}`, clientId }),
          client.closed.then(() => {
            throw new Error('closed before the answer');
          }),
        ])) as { ok: boolean; data: { message: { seq: number } } };
        if (!reply.ok) throw new Error(JSON.stringify(reply));
        return reply.data.message.seq;
      } finally {
        await client.close();
      }
    };

    const answers = new Map<string, Set<number>>();
    let next = 0;
    const worker = async () => {
      for (let number = next++; number < sends; number = next++) {
        const clientId = `c${number}`;
        const seqs = new Set<number>();
        answers.set(clientId, seqs);
        for (let repeat = 0; repeat < 3; repeat++) {
          for (;;) {
            await alive();
            // Mostly over REST, which is the cheapest; every tenth send takes the three doors in turn.
            const door = doors[number % 10 === 0 ? repeat : 0]!;
            const seq = await door(clientId).catch(() => null);
            if (seq === null) continue;
            seqs.add(seq);
            break;
          }
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    await alive();

    const stored = new Map<string, number[]>();
    for (let after: number | null = 0; after !== null;) {
      const { body }: { body: { items: { clientId: string; seq: number }[]; nextAfter: number | null } } = await person.rest.get(
        `/rooms/lobby/messages?limit=100&after=${after}`,
      );
      for (const item of body.items) stored.set(item.clientId, [...(stored.get(item.clientId) ?? []), item.seq]);
      after = body.nextAfter;
    }
    // The last start is the one that was not killed.
    expect(starts).toBe(kills + 1);
    expect(stored.size).toBe(sends);
    for (const [clientId, seqs] of stored) expect([clientId, seqs]).toEqual([clientId, [...answers.get(clientId)!]]);
  });
});
