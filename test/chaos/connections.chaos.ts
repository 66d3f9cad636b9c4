import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { freePort } from '../support/settings.js';
import { length, lightLoad, metric, percentile, stage, times, until } from './support/cases.js';
import { type Door, type End, type Link, openLink } from './support/link.js';
import { startNginx } from './support/nginx.js';
import { query } from './support/truth.js';

const doors: readonly Door[] = ['plain', 'socket.io'];

describe('connections to the nodes', () => {
  const here = stage();

  it(
    'R5: five hundred enter a room while people write, with pauses between subscribing and reading',
    async () => {
      const { cluster, ann } = here;
      for (const node of [0, 1, 2]) await cluster.replace(node, { SLOW_LOG_MS: '20' }, ['--import', './test/support/preload/slow-log.mjs']);
      try {
        await here.withLoad('R5', { writersOfEach: 2, readersOfEach: 2, pauseMs: 10 }, async (load) => {
          let [holes, doubles, backwards, seen] = [0, 0, 0, 0];
          const begun = [performance.now(), load.acknowledged] as const;
          const enter = async (index: number): Promise<void> => {
            const seqs: number[] = [];
            const early: number[] = [];
            let isIn = false;
            const link = await openLink(doors[index % 2]!, cluster.urls[index % 3]!, ann.access, (event, data) => {
              const { room, message } = (data ?? {}) as { room?: string; message?: { seq: number } };
              if (event === 'message.created' && room === load.roomId) (isIn ? seqs : early).push(message!.seq);
            });
            const answer = await link.command('room.join', { room: load.roomId });
            if (!answer.ok) throw new Error(answer.error.code);
            seqs.push(...(answer.data as { messages: { seq: number }[] }).messages.map(({ seq }) => seq), ...early);
            isIn = true;
            const enough = seqs.length + 3;
            await until('it hears what is written', () => seqs.length >= enough);
            link.cut();
            seen += seqs.length;
            seqs.slice(1).forEach((seq, n) => {
              const step = seq - seqs[n]!;
              if (step > 1) holes += step - 1;
              if (step === 0) doubles++;
              if (step < 0) backwards++;
            });
          };
          for (let index = 0; index < 500; index += 10) await Promise.all(Array.from({ length: 10 }, async (_, n) => enter(index + n)));
          const perSecond = Math.round((load.acknowledged - begun[1]) / ((performance.now() - begun[0]) / 1_000));
          return { zero: { holes, doubles, backwards }, told: { entries: 500, seen, writtenPerSecond: perSecond } };
        });
      } finally {
        for (const node of [0, 1, 2]) await cluster.replace(node);
      }
    },
    length(300, 300),
  );

  it(
    'R6: they end again and again: cut, reset, closed, half-open',
    async () => {
      const ends: readonly End[] = ['cut', 'reset', 'close', 'freeze'];
      await here.withLoad('R6', { readersOfEach: 6 }, async (load) => {
        const count = times(60, 200);
        for (let cut = 0; cut < count; cut++) {
          const before = load.readers.map(({ reconnects }) => reconnects);
          const hit = load.readers.map((_, index) => (cut + index) % 2 === 0);
          for (const [index, reader] of load.readers.entries()) if (hit[index]) reader.cut(ends[(cut + (index >> 1)) % ends.length]);
          await until('they are back', () => load.readers.every((reader, index) => !hit[index] || reader.reconnects > before[index]!));
          await load.more(5);
        }
        return { told: { cuts: count } };
      });
    },
    length(300, 900),
  );

  it('R13: fifty who never read are closed, in bounded memory, and the others get everything', async () => {
    const { cluster, ann } = here;
    const { body } = await ann.rest.post('/rooms', { name: `loud-${Date.now()}`, kind: 'private' });
    const room = body.room.id as string;
    await here.withLoad('R13', { readersOfEach: 2, pauseMs: 20 }, async (load) => {
      const took = (from: number) =>
        percentile(
          load.writers.flatMap((writer) => writer.took.slice(from)).sort((a, b) => a - b),
          0.99,
        );
      await load.more(200);
      const before = { p99: took(0), memory: await metric(cluster.urls[0]!, 'process_resident_memory_bytes') };
      const counted = load.writers.map((writer) => writer.took.length);
      const slow = await Promise.all(Array.from({ length: 50 }, async (_, n) => openLink(doors[n % 2]!, cluster.urls[0]!, ann.access)));
      let gone = 0;
      let unsaid = 0;
      const endings: Promise<void>[] = [];
      for (const [n, link] of slow.entries()) {
        expect(await link.command('room.join', { room })).toMatchObject({ ok: true });
        const ended = async (): Promise<void> => {
          const code = await link.gone;
          gone++;
          if (n % 2 === 0 && code !== 4408) unsaid++;
        };
        endings.push(ended());
        link.stopReading();
      }
      const closed = async () => metric(cluster.urls[0]!, 'parley_slow_readers_closed_total');
      const closedBefore = await closed();
      const talker = await openLink('plain', cluster.urls[0]!, ann.access);
      let most = 0;
      const loud: number[] = [];
      let bytes = 0;
      const content = '😀'.repeat(4_096);
      const deadline = performance.now() + 120_000;
      while ((await closed()) - closedBefore < 50 && performance.now() < deadline) {
        await Promise.all(
          Array.from({ length: 10 }, async () => {
            const started = performance.now();
            await talker.command('message.send', { room, content });
            loud.push(performance.now() - started);
          }),
        );
        bytes += 10 * Buffer.byteLength(content);
        most = Math.max(most, await metric(cluster.urls[0]!, 'process_resident_memory_bytes'));
      }
      const notClosed = 50 - ((await closed()) - closedBefore);
      for (const link of slow) link.readAgain();
      await until('all of them know', () => gone === 50).catch(() => undefined);
      for (const link of [...slow, talker]) link.cut();
      await Promise.all(endings);
      const growth = Math.round((most - before.memory) / 2 ** 20);
      await load.settled();
      const during = took(Math.min(...counted));
      return {
        zero: { notClosed, unsaid, overMemory: growth > 150 ? growth : 0 },
        told: {
          megabytesSentToEach: Math.round(bytes / 2 ** 20),
          growthInMegabytes: growth,
          p99Before: before.p99,
          p99During: during,
          loudP99: percentile(
            loud.sort((a, b) => a - b),
            0.99,
          ),
          eventLoopP99: await Promise.all(cluster.urls.map(async (url) => metric(url, 'nodejs_eventloop_lag_p99_seconds'))),
        },
      };
    });
  });

  it(
    'R23: twenty thousand that come and go, half of them broken, leave nothing behind',
    async () => {
      const { cluster, ann } = here;
      await cluster.replace(0, {}, ['--expose-gc', '--import', './test/support/preload/gc-on-signal.mjs']);
      const url = cluster.urls[0]!;
      const elsewhere = () => cluster.urls[1]!;
      await here.withLoad('R23', { ...lightLoad, addresses: () => elsewhere }, async () => {
        const cycle = async (index: number): Promise<void> => {
          const door = doors[(index >> 1) % 2]!;
          if (index % 4 < 2) {
            const link = await openLink(door, url, ann.access);
            link.end(index % 8 < 4 ? 'cut' : 'close');
            await link.gone;
          } else if (index % 4 === 2) {
            await openLink(door, url, 'nonsense').then(
              async (link) => link.gone,
              () => undefined,
            );
          } else {
            await abortedUpgrade(Number(new URL(url).port), index % 8 === 3, ann.access);
          }
        };
        const round = async (cycles: number): Promise<void> => {
          for (let index = 0; index < cycles; index += 50) await Promise.all(Array.from({ length: 50 }, async (_, n) => cycle(index + n)));
        };
        const left = async () => {
          const open = async (kind: string) => (await metric(url, `parley_connections{transport="${kind}"}`)) || 0;
          await until('no socket is left', async () => (await open('plain')) + (await open('socket.io')) === 0);
          // What a broken handshake may take, and the grace of presence.
          await sleep(12_000);
          cluster.nodes[0]!.child.kill('SIGUSR2');
          await sleep(500);
          cluster.nodes[0]!.child.kill('SIGUSR2');
          return {
            heap: await metric(url, 'nodejs_heap_size_used_bytes'),
            files: await metric(url, 'process_open_fds'),
            timers: await metric(url, 'nodejs_active_resources{type="Timeout"}'),
          };
        };
        await round(2_000);
        const before = await left();
        const cycles = times(10_000, 20_000);
        await round(cycles);
        const after = await left();
        const growth = Math.round((after.heap / before.heap - 1) * 1_000) / 10;
        return {
          zero: {
            files: Math.max(0, after.files - before.files - 3),
            timers: Math.max(0, after.timers - before.timers - 3),
            heap: growth > 2 ? growth : 0,
          },
          told: { cycles, before, after, heapGrowthInPercent: growth },
        };
      });
      await cluster.replace(0);
    },
    length(300, 600),
  );
});

/** Asks for an upgrade and is gone before it comes about: with half a request, or at once after a whole one. */
async function abortedUpgrade(port: number, isHalf: boolean, token: string): Promise<void> {
  const request =
    `GET /ws/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
    `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(isHalf ? request.slice(0, request.length / 2) : request, () => socket.resetAndDestroy());
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
  });
}

describe('connections through the proxy', () => {
  const here = stage({ proxy: true, seed: { users: 2_000, rooms: 40 } });
  const throughProxy = { addresses: () => () => here.cluster.proxy!.url };

  it(
    'R14: two thousand come back at once',
    async () => {
      const { cluster } = here;
      await here.withLoad('R14', { ...lightLoad, ...throughProxy }, async () => {
        const sockets = new Map<number, Link>();
        let isStopped = false;
        let proxyIsUp = true;
        let errors = 0;
        const client = async (index: number): Promise<void> => {
          const person = cluster.seeded[index]!;
          let place: { since?: number; epoch?: string } = {};
          for (let attempt = 0; !isStopped;) {
            const wasUp = proxyIsUp;
            try {
              const link = await openLink(doors[index % 2]!, cluster.proxy!.url, person.token);
              const answer = await link.command('room.join', { room: `r${(index % 40) + 1}`, ...place });
              if (!answer.ok) throw new Error(answer.error.code);
              const { position, epoch } = answer.data as { position: number; epoch: string };
              place = { since: position, epoch };
              sockets.set(index, link);
              attempt = 0;
              await link.gone;
              sockets.delete(index);
            } catch {
              if (wasUp && proxyIsUp && !isStopped) errors++;
            }
            // As the house's client does: a pause of random length, longer each time.
            await sleep(Math.random() * Math.min(500 * 2 ** attempt++, 5_000));
          }
        };
        const clients: Promise<void>[] = [];
        const count = cluster.seeded.length;
        for (let index = 0; index < count; index += 100) {
          for (let n = index; n < index + 100; n++) clients.push(client(n));
          await until('a hundred more are there', () => sockets.size >= index + 90, 120_000);
        }
        await until('all are there', () => sockets.size === count, 120_000);
        errors = 0;
        const printed = cluster.nodes.map((node) => node.output().length);
        const logged = cluster.proxy!.log().length;
        const transactions = async () => {
          // PostgreSQL's processes tell what they counted after ten idle seconds at the latest.
          await sleep(11_000);
          const sql = 'SELECT xact_commit AS count FROM pg_stat_database WHERE datname = current_database()';
          return Number((await query<{ count: string }>(cluster.databaseUrl, sql))[0]!.count);
        };
        const asked = await transactions();
        const begun = performance.now();
        proxyIsUp = false;
        await cluster.proxy!.restart();
        proxyIsUp = true;
        await until('most of them are gone', () => sockets.size < count / 2);
        await until('99 % are back', () => sockets.size >= count * 0.99, 120_000);
        const most = Math.round(performance.now() - begun);
        await until('all are back', () => sockets.size === count, 120_000);
        const all = Math.round(performance.now() - begun);
        const perSocket = Math.round((((await transactions()) - asked) / count) * 10) / 10;
        const failed = (
          cluster
            .proxy!.log()
            .slice(logged)
            .match(/ (?:429|500|502|503|504) /g) ?? []
        ).length;
        const nodeErrors = cluster.nodes.filter((node, n) => /"level":"(?:error|fatal)"/.test(node.output().slice(printed[n]))).length;
        isStopped = true;
        for (const link of sockets.values()) link.cut();
        await Promise.all(clients);
        return {
          zero: { errors, failedRequests: failed, nodeErrors, over10s: most > 10_000 ? most : 0 },
          told: { sockets: count, msTo99Percent: most, msToAll: all, transactionsPerSocket: perSocket },
        };
      });
    },
    length(400, 400),
  );

  it('R24: without sticky sessions WebSocket works; polling works with the shipped configuration, and not without its hash', async () => {
    const { cluster, ann } = here;
    const { io } = await import('socket.io-client');
    const polling = async (url: string): Promise<number> => {
      let errors = 0;
      for (let session = 0; session < 10; session++) {
        const socket = io(url, { transports: ['polling'], reconnection: false, forceNew: true, auth: { token: ann.access } });
        try {
          await new Promise<void>((resolve, reject) => {
            socket.once('connect', resolve);
            socket.once('connect_error', reject);
            socket.once('disconnect', reject);
          });
          for (let n = 0; n < 5; n++)
            expect(await socket.timeout(20_000).emitWithAck('room.join', { room: 'lobby' })).toMatchObject({ ok: true });
        } catch {
          errors++;
        } finally {
          socket.disconnect();
        }
      }
      return errors;
    };
    await here.withLoad('R24', { ...throughProxy, readersOfEach: 3 }, async (load) => {
      for (let cut = 0; cut < 10; cut++) {
        for (const reader of load.readers) reader.cut();
        await load.more(10);
      }
      const ports = cluster.urls.map((url) => Number(new URL(url).port));
      const bare = await startNginx(await freePort(), ports, (text) => text.replace('hash $remote_addr consistent;', ''));
      const without = await polling(bare.url);
      await bare.stop();
      return {
        zero: { pollingErrors: await polling(cluster.proxy!.url), hashIsUseless: Number(without === 0) },
        told: { errorsWithoutHash: without },
      };
    });
  });
});

describe('a proxy that cuts what is silent', () => {
  const after = (seconds: number) => (text: string) => text.replaceAll(/proxy_read_timeout \d+s;/g, `proxy_read_timeout ${seconds}s;`);
  /** In s; the pings have to come more often. */
  const [patience, pings] = [times(5, 60), times(2, 25)];
  const here = stage({ proxy: after(patience), environment: { PING_INTERVAL: `${pings}s` } });

  it(
    'R25: does not cut a socket that says nothing, because the server pings it',
    async () => {
      const { cluster, ann } = here;
      const addresses = () => () => cluster.urls[0]!;
      await here.withLoad('R25', { ...lightLoad, addresses }, async () => {
        const url = cluster.proxy!.url;
        // Proof that such a proxy does cut: a node whose pings come too late for it.
        await cluster.replace(2, { PING_INTERVAL: '25s' });
        const strict = await startNginx(await freePort(), [Number(new URL(cluster.urls[2]!).port)], after(5));
        const doomed = await openLink('plain', strict.url, ann.access);
        const begun = performance.now();
        await doomed.gone;
        const cutAfter = Math.round(performance.now() - begun);
        await strict.stop();
        await cluster.replace(2, { PING_INTERVAL: `${pings}s` });
        const links = await Promise.all(Array.from({ length: 20 }, async (_, n) => openLink(doors[n % 2]!, url, ann.access)));
        await sleep(length(40, 600));
        const disconnects = links.filter(({ isOpen }) => !isOpen).length;
        for (const link of links) link.cut();
        return {
          zero: { disconnects, proofFailed: Number(cutAfter > 15_000) },
          told: { proxyPatience: `${patience} s`, silence: `${length(40, 600) / 1_000} s`, withLatePingsCutAfterMs: cutAfter },
        };
      });
    },
    length(180, 900),
  );
});
