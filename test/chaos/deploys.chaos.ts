import { describe, expect, it } from '@jest/globals';
import { RestClient } from '../support/rest-client.js';
import { stage, times } from './support/cases.js';
import { type EarlierVersion, versionBeforeTheNewestMigration } from './support/earlier-version.js';
import { query } from './support/truth.js';

describe('a rolling deploy', () => {
  const here = stage({ proxy: true });

  it('R19: nodes are replaced one after the other behind the proxy: no failed request, no lost socket', async () => {
    const { cluster } = here;
    const addresses = () => () => cluster.proxy!.url;
    await here.withLoad('R19', { addresses, writersOfEach: 3, readersOfEach: 4 }, async (load) => {
      const before = cluster.proxy!.log().length;
      const ends: (number | string)[] = [];
      const took: number[] = [];
      let notSaidFirst = 0;
      for (let round = 0; round < times(2, 4); round++) {
        for (const [index, url] of cluster.urls.entries()) {
          const begun = performance.now();
          const ended = cluster.nodes[index]!.end('SIGTERM');
          // Before it refuses connections it says that it is not ready any more.
          let isSaid = false;
          for (let answers = true; answers && !isSaid;) {
            const said = await new RestClient(url).get('!/health/ready').catch(() => null);
            answers = said !== null;
            isSaid = said?.status === 503 && (said.body as { status: string }).status === 'stopping';
          }
          if (!isSaid) notSaidFirst++;
          ends.push(await ended);
          took.push(Math.round(performance.now() - begun));
          await load.more(10);
          await cluster.revive(index);
          await load.more(10);
        }
      }
      const lines = cluster.proxy!.log().slice(before).split('\n');
      const failed = lines.filter((line) => / (?:500|502|503|504) /.test(line));
      if (failed.length > 0) process.stdout.write(`${failed.slice(0, 5).join('\n')}\n`);
      return {
        zero: {
          failedRequests: failed.length,
          badExits: ends.filter((code) => code !== 0).length,
          notSaidFirst,
          over20s: took.filter((ms) => ms > 20_000).length,
        },
        told: { requests: lines.length, msToEnd: Math.max(...took) },
      };
    });
  });
});

describe('a rolling deploy with a migration', () => {
  let earlier: EarlierVersion;
  const here = stage(() => {
    earlier = versionBeforeTheNewestMigration();
    return { schema: 'empty', folder: earlier.folder };
  });

  it('R20: nodes of the version before go on working beside the new ones', async () => {
    const { cluster } = here;
    // One by one, because the version before may lose what is written while the first ones enter a room at once.
    await here.withLoad('R20', { writersOfEach: 3, readersOfEach: 4, oneByOne: true }, async (load) => {
      const migrations = async () => (await query<{ n: number }>(cluster.databaseUrl, 'SELECT count(*)::int AS n FROM migrations'))[0]!.n;
      const before = await migrations();
      const badExits: (number | string)[] = [];
      for (const index of [0, 1, 2]) {
        const code = await cluster.replace(index);
        if (code !== 0) badExits.push(code);
        await load.more(200);
        await load.settled();
      }
      const errors = cluster.nodes.filter((node) => /"level":"(?:error|fatal)"/.test(node.output())).length;
      const after = await migrations();
      expect(after).toBeGreaterThan(before);
      return {
        zero: { badExits: badExits.length, errors },
        told: { from: earlier.commit, migrationsBefore: before, migrationsAfter: after },
      };
    });
  }, 480_000);
});
