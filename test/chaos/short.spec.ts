import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { TestPerson } from '../support/people.js';
import { describeWithNodes } from '../support/redis.js';
import { endLeftovers } from '../support/server-process.js';
import { type Cluster, startCluster } from './support/cluster.js';
import { type Load, underLoad } from './support/load.js';
import { nothingWrong } from './support/traffic.js';

/** The most telling faults, briefly; all of them: "npm run test:chaos". */
describeWithNodes('three nodes under load lose, double, invent, reorder and withhold nothing', () => {
  let cluster: Cluster;
  let ann: TestPerson;

  beforeAll(async () => {
    cluster = await startCluster();
    ann = await cluster.newPerson('ann');
  }, 480_000);
  afterAll(async () => {
    await cluster?.stop();
    endLeftovers();
  });

  const faults: [string, (load: Load) => Promise<void>][] = [
    [
      'a node is killed and comes back',
      async (load) => {
        await cluster.nodes[1]!.end('SIGKILL');
        await load.more(10);
        await cluster.revive(1);
        await load.more(10);
      },
    ],
    [
      'Redis is killed and comes back',
      async (load) => {
        await cluster.redis.halt();
        await load.more(10);
        await cluster.redis.start();
        await load.more(10);
      },
    ],
    [
      'the database is restarted',
      async (load) => {
        await cluster.postgres.restart();
        await load.more(10);
      },
    ],
    [
      'connections are cut again and again',
      async (load) => {
        for (let times = 0; times < 5; times++) {
          for (const reader of load.readers) reader.cut();
          await load.more(5);
        }
      },
    ],
  ];

  it.each(faults)('while %s', async (_name, happens) => {
    const { counts, refusals } = await underLoad(cluster, ann, {}, happens);
    expect(counts).toEqual(nothingWrong);
    expect(refusals).toEqual([]);
  });
});
