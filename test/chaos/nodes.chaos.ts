import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { RestClient } from '../support/rest-client.js';
import { length, metric, percentile, stage, times, until } from './support/cases.js';
import { openLink } from './support/link.js';
import { query } from './support/truth.js';

describe('nodes', () => {
  const here = stage();

  it(
    'R1: one of three is killed again and again while people write',
    async () => {
      await here.withLoad('R1', { writersOfEach: 3, readersOfEach: 4 }, async (load) => {
        const end = performance.now() + length(60, 300);
        let kills = 0;
        for (; performance.now() < end; kills++) {
          await here.cluster.nodes[kills % 3]!.end('SIGKILL');
          await load.more(20);
          await here.cluster.revive(kills % 3);
          await sleep(length(5, 15));
        }
        const begun = performance.now();
        await load.settled();
        return { told: { kills, msUntilAllAreAtTheHead: Math.round(performance.now() - begun) } };
      });
    },
    length(240, 600),
  );

  it(
    'R2: one dies between the commit and the push, again and again',
    async () => {
      await here.withLoad('R2', { writersOfEach: 2, readersOfEach: 3 }, async (load) => {
        let left = times(20, 100);
        const deaths = [0, 0];
        const dying = async (node: number): Promise<void> => {
          while (left-- > 0) {
            await here.cluster.nodes[node]!.end('SIGKILL');
            await here.cluster.revive(node, { DIES_AT_COMMIT: '5' }, ['--import', './test/support/preload/kill-after-commit.mjs']);
            await until('it dies by itself', () => here.cluster.nodes[node]!.child.signalCode === 'SIGKILL', 120_000);
            deaths[node]!++;
          }
          await here.cluster.revive(node);
        };
        await Promise.all([dying(0), dying(1)]);
        const begun = performance.now();
        await load.settled();
        return { told: { deaths: deaths[0]! + deaths[1]!, msUntilAllAreAtTheHead: Math.round(performance.now() - begun) } };
      });
    },
    length(480, 1_800),
  );

  it('R12: one is frozen, and nobody on the others notices', async () => {
    const others = [here.cluster.urls[0]!, here.cluster.urls[2]!];
    let next = 0;
    const addresses = () => () => others[next++ % 2]!;
    const outcome = await here.withLoad('R12', { addresses, pauseMs: 20 }, async (load) => {
      const failed = () => load.writers.reduce((sum, { failures }) => sum + failures, 0);
      const [failedBefore, cutBefore] = [failed(), load.readers.reduce((sum, { reconnects }) => sum + reconnects, 0)];
      here.cluster.nodes[1]!.child.kill('SIGSTOP');
      try {
        const end = performance.now() + length(15, 60);
        while (performance.now() < end) await load.more(50);
        await load.settled();
        for (const url of others) {
          for (const path of ['/rooms/lobby', '/users/me', '/rooms', '!/health/ready'])
            expect((await new RestClient(url, here.ann.access).get(path)).status).toBe(200);
        }
        const cut = load.readers.reduce((sum, { reconnects }) => sum + reconnects, 0) - cutBefore;
        return { zero: { failedSends: failed() - failedBefore, cutReaders: cut } };
      } finally {
        here.cluster.nodes[1]!.child.kill('SIGCONT');
      }
    });
    expect(outcome.took.length).toBeGreaterThan(100);
  });

  it('R17: writers on two nodes in one room, ten thousand messages', async () => {
    let next = 0;
    const addresses = () => {
      const url = here.cluster.urls[next++ % 2]!;
      return () => url;
    };
    const { took } = await here.withLoad('R17', { writersOfEach: 6, pauseMs: 0, addresses }, async (load) => {
      const begun = performance.now();
      while (load.acknowledged < 10_000) await load.more(500);
      return { told: { messages: load.acknowledged, perSecond: Math.round(load.acknowledged / ((performance.now() - begun) / 1_000)) } };
    });
    expect(took.length).toBeGreaterThanOrEqual(10_000);
  });

  it('R26: the clock of one is ten minutes ahead', async () => {
    const { cluster, ann } = here;
    await cluster.replace(1, { CLOCK_SHIFT_MS: '600000' }, ['--import', './test/support/preload/shift-clock.mjs']);
    const watch = async (node: number) => {
      const counts = { joined: 0, left: 0 };
      const link = await openLink('plain', cluster.urls[node]!, ann.access, (event, data) => {
        const { user } = (data ?? {}) as { user?: { username: string } };
        if (user?.username !== 'late') return;
        if (event === 'room.user_join') counts.joined++;
        if (event === 'room.user_leave') counts.left++;
      });
      expect(await link.command('room.join', { room: 'lobby' })).toMatchObject({ ok: true });
      return { counts, link };
    };
    try {
      await here.withLoad('R26', {}, async (load) => {
        const late = await cluster.newPerson('late');
        const watchers = await Promise.all([0, 1, 2].map(watch));
        let refused = 0;
        for (const [one, other] of [
          [0, 1],
          [1, 0],
          [1, 2],
        ] as const) {
          const login = await new RestClient(cluster.urls[one]!).post('/auth/login', { login: ann.email, password: ann.password });
          expect(login.status).toBe(200);
          if ((await new RestClient(cluster.urls[other]!, login.body.access as string).get('/users/me')).status !== 200) refused++;
          await openLink('socket.io', cluster.urls[other]!, login.body.access as string).then(
            (link) => link.cut(),
            () => refused++,
          );
          const again = await new RestClient(cluster.urls[other]!).post('/auth/refresh', { refresh: login.body.refresh });
          if (again.status !== 200) refused++;
        }
        // Leases are counted by one clock, or by none: longer than one of them nobody goes and nobody stays.
        const links = await Promise.all([0, 1].map(async (node) => openLink('plain', cluster.urls[node]!, late.access)));
        for (const link of links) expect(await link.command('room.join', { room: 'lobby' })).toMatchObject({ ok: true });
        await until('all have heard of it', () => watchers.every(({ counts }) => counts.joined > 0));
        await sleep(length(20, 60));
        const flapped = watchers.filter(({ counts }) => counts.joined !== 1 || counts.left !== 0).length;
        for (const link of links) link.end('close');
        await until('all have heard of the end', () => watchers.every(({ counts }) => counts.left > 0));
        await load.more(100);
        for (const { link } of watchers) link.cut();
        return { zero: { refused, flapped } };
      });
    } finally {
      await cluster.replace(1);
    }
  });

  it('R31: a restored backup makes clients read everything anew, once, and not in a loop', async () => {
    const { cluster } = here;
    await here.withLoad('R31', {}, async (load) => {
      await load.more(50);
      const gapsBefore = load.readers.map(({ gaps }) => gaps);
      await Promise.all(cluster.nodes.map(async (node) => node.end('SIGTERM')));
      await query(cluster.databaseUrl, 'UPDATE rooms SET epoch = gen_random_uuid()::text');
      const before = load.readers.map(({ reconnects }) => reconnects);
      await Promise.all(cluster.nodes.map(async (_node, index) => cluster.revive(index)));
      await load.settled();
      const end = performance.now() + length(15, 60);
      while (performance.now() < end) await load.more(20);
      const reconnects = load.readers.map((reader, index) => reader.reconnects - before[index]!);
      const readAnew = load.readers.map((reader, index) => reader.gaps - gapsBefore[index]!);
      return {
        zero: { looping: reconnects.filter((count) => count > 3).length, notReadAnewOnce: readAnew.filter((count) => count !== 1).length },
        told: { mostReconnects: Math.max(...reconnects) },
      };
    });
  });
});

describe('few connections', () => {
  const here = stage({ environment: { DATABASE_POOL_SIZE: '2' } });

  it('R22: fifty sends at once on each node, with two connections to the database', async () => {
    const { cluster, ann } = here;
    const deadlocks = async () =>
      Number(
        (await query<{ deadlocks: string }>(cluster.databaseUrl, 'SELECT sum(deadlocks) AS deadlocks FROM pg_stat_database'))[0]!.deadlocks,
      );
    await here.withLoad('R22', { writersOfEach: 50, pauseMs: 0 }, async (load) => {
      const begun = performance.now();
      const before = await deadlocks();
      let failed = 0;
      const took: number[] = [];
      // Transactions of several statements beside them: they must not wait for a second connection while they hold one.
      for (let round = 0; round < times(10, 50); round++) {
        await Promise.all(
          cluster.urls.flatMap((url) =>
            Array.from({ length: 10 }, async (_, n) => {
              const started = performance.now();
              const name = `pool-${round}-${n}-${url.slice(-5)}`;
              const { status } = await new RestClient(url, ann.access).post('/rooms', { name, kind: 'private' });
              took.push(performance.now() - started);
              if (status !== 201) failed++;
            }),
          ),
        );
      }
      await load.more(1_000);
      took.sort((a, b) => a - b);
      const waiting = await Promise.all(cluster.urls.map(async (url) => metric(url, 'parley_database_connections{state="busy"}')));
      return {
        zero: { deadlocks: (await deadlocks()) - before, failed, overTwoConnections: waiting.filter((busy) => busy > 2).length },
        told: {
          perSecond: Math.round(load.acknowledged / ((performance.now() - begun) / 1_000)),
          roomsMadeP99: percentile(took, 0.99),
        },
      };
    });
  });
});
