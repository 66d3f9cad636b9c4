import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { RestClient } from '../support/rest-client.js';
import { length, lightLoad, metric, stage, times, until } from './support/cases.js';
import type { Load } from './support/load.js';
import { openLink } from './support/link.js';

describe('Redis', () => {
  const here = stage();
  const reconnects = (load: Load) => load.readers.reduce((sum, reader) => sum + reader.reconnects, 0);

  it(
    'R7: its subscribers are cut, it is restarted, it is frozen, all under load',
    async () => {
      const { cluster } = here;
      await here.withLoad('R7', { readersOfEach: 3 }, async (load) => {
        const before = reconnects(load);
        const healed: number[] = [];
        const heals = async (): Promise<void> => {
          const begun = performance.now();
          await load.settled();
          healed.push(Math.round(performance.now() - begun));
        };
        for (let round = 0; round < times(5, 20); round++) {
          await cluster.redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
          await load.more(20);
        }
        await heals();
        await cluster.redis.halt();
        await load.more(20);
        await cluster.redis.start();
        await load.more(50);
        await heals();
        process.kill(cluster.redis.pid, 'SIGSTOP');
        try {
          const end = performance.now() + length(15, 30);
          while (performance.now() < end) await load.more(5);
          await heals();
        } finally {
          process.kill(cluster.redis.pid, 'SIGCONT');
        }
        await load.more(50);
        await heals();
        const crashed = cluster.nodes.filter(({ child }) => child.exitCode !== null || child.signalCode !== null).length;
        const unhandled = cluster.nodes.filter((node) => /unhandled/i.test(node.output())).length;
        return { zero: { crashed, unhandled, reconnects: reconnects(load) - before }, told: { msUntilHealed: healed } };
      });
    },
    length(300, 600),
  );

  it('R9: after all that, what each node says reaches each node, through Redis', async () => {
    const { cluster, ann } = here;
    await here.withLoad('R9', lightLoad, async () => {
      await cluster.redis.halt();
      await cluster.redis.start();
      await cluster.redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
      const { body } = await ann.rest.post('/rooms', { name: `matrix-${Date.now()}`, kind: 'private' });
      const room = body.room.id as string;
      const heard = cluster.urls.map(() => new Set<string>());
      const typed = cluster.urls.map(() => new Set<string>());
      const people = await Promise.all(['zero', 'one', 'two'].map(async (name) => cluster.newPerson(name)));
      for (const { username } of people) {
        const { status } = await ann.rest.post(`/rooms/${room}/members`, { username });
        expect(status).toBeLessThan(300);
      }
      const links = await Promise.all(
        cluster.urls.map(async (url, index) =>
          openLink('plain', url, people[index]!.access, (event, data) => {
            const told = (data ?? {}) as { message?: { content: string }; user?: { username: string }; typing?: boolean };
            if (told.message) heard[index]!.add(told.message.content);
            if (event === 'room.typing' && told.typing) typed[index]!.add(told.user!.username);
          }),
        ),
      );
      for (const link of links) expect(await link.command('room.join', { room })).toMatchObject({ ok: true });
      const missingMessages = () => heard.reduce((sum, of) => sum + cluster.urls.length - of.size, 0);
      const missingSignals = () => typed.reduce((sum, of) => sum + cluster.urls.length - 1 - of.size, 0);
      const healedSum = async () =>
        (await Promise.all(cluster.urls.map(async (url) => metric(url, 'parley_positions_healed_total')))).reduce((a, b) => a + b, 0);
      const healedBefore = await healedSum();
      for (const [index, link] of links.entries())
        expect(await link.command('message.send', { room, content: `from ${index}` })).toMatchObject({ ok: true });
      await until('all have every message', () => missingMessages() === 0).catch(() => undefined);
      // Typing is never stored: what arrives came through Redis, and not from PostgreSQL.
      await until(
        'all have every signal',
        async () => {
          for (const typing of [true, false])
            for (const link of links) expect(await link.command('room.typing', { room, typing })).toMatchObject({ ok: true });
          return missingSignals() === 0;
        },
        10_000,
      ).catch(() => undefined);
      for (const link of links) link.cut();
      return {
        zero: { missingCells: missingMessages(), missingSignals: missingSignals() },
        told: { healedFromDatabase: (await healedSum()) - healedBefore },
      };
    });
  });

  it(
    'R8: it is gone for long: writing, reading and logging in go on',
    async () => {
      const { cluster, ann } = here;
      await cluster.redis.halt();
      try {
        await here.withLoad('R8', { readersOfEach: 3 }, async (load) => {
          let [refused, notSaid, rounds] = [0, 0, 0];
          const end = performance.now() + length(60, 300);
          for (; performance.now() < end; rounds++) {
            await load.more(20);
            for (const url of cluster.urls) {
              const rest = new RestClient(url);
              const login = await rest.post('/auth/login', { login: ann.email, password: ann.password });
              if (login.status !== 200) refused++;
              for (const path of ['/users/me', '/rooms', '/rooms/lobby/messages'])
                if ((await rest.as(ann.access).get(path)).status !== 200) refused++;
              const ready = await rest.get('!/health/ready');
              if (ready.status !== 200) refused++;
              if ((ready.body as { status: string }).status !== 'degraded') notSaid++;
            }
            await sleep(500);
          }
          const begun = performance.now();
          await load.settled();
          return { zero: { refused, notSaid }, told: { rounds, msUntilAllAreAtTheHead: Math.round(performance.now() - begun) } };
        });
      } finally {
        await cluster.redis.start();
      }
    },
    length(300, 600),
  );
});
