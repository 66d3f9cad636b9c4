import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from '@jest/globals';
import { seededRandom } from '../support/random.js';
import { metric, stage } from './support/cases.js';
import type { Load } from './support/load.js';

const lasts = Number(process.env['CHAOS_MINUTES'] ?? 120) * 60_000;

describe('everything', () => {
  const here = stage();
  const random = seededRandom('soak');

  it(
    'R32: for long, by chance',
    async () => {
      const { cluster } = here;
      const faults: [string, (load: Load) => Promise<void>][] = [
        [
          'kill',
          async (load) => {
            const node = random.below(3);
            await cluster.nodes[node]!.end('SIGKILL');
            await load.more(20);
            await cluster.revive(node);
          },
        ],
        ['replace', async () => void (await cluster.replace(random.below(3)))],
        ['pubsub', async () => void (await cluster.redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub'))],
        [
          'redis',
          async (load) => {
            await cluster.redis.halt();
            await load.more(20);
            await cluster.redis.start();
          },
        ],
        [
          'cuts',
          async (load) => {
            for (const reader of load.readers) if (random.chance(0.3)) reader.cut(random.chance(0.5) ? 'cut' : 'freeze');
            await Promise.resolve();
          },
        ],
      ];
      await here.withLoad('R32', { writersOfEach: 2, readersOfEach: 20, pauseMs: 100 }, async (load) => {
        const done: Record<string, number> = {};
        const memory: number[] = [];
        const end = performance.now() + lasts;
        while (performance.now() < end) {
          const [name, happens] = faults[random.below(faults.length)]!;
          await happens(load);
          done[name] = (done[name] ?? 0) + 1;
          await sleep(2_000 + random.below(8_000));
          memory.push(Math.round((await metric(cluster.urls[0]!, 'process_resident_memory_bytes')) / 2 ** 20));
        }
        await load.settled();
        return { told: { ...done, megabytesOfNode0: { first: memory[0], most: Math.max(...memory), last: memory.at(-1) } } };
      });
    },
    lasts + 600_000,
  );
});
