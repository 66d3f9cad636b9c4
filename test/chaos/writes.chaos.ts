import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openOneWayNetwork } from '../e2e/reliability/support/one-way.js';
import { MailServer } from '../integration/mail/mail-server.js';
import { RestClient } from '../support/rest-client.js';
import { length, lightLoad, percentile, stage, times, until } from './support/cases.js';
import { type Door, openLink } from './support/link.js';
import { query } from './support/truth.js';

const doors: readonly Door[] = ['plain', 'socket.io'];

describe('writes', () => {
  const here = stage();

  it(
    'R3: acknowledgements are lost on the way; the same again gets the same message',
    async () => {
      const { cluster } = here;
      const network = await openOneWayNetwork(Number(new URL(cluster.urls[0]!).port));
      let clients = 0;
      const addresses = () => {
        let next = clients++;
        return () => [network.url, ...cluster.urls.slice(1)][next++ % 3]!;
      };
      try {
        await here.withLoad('R3', { writersOfEach: 4, addresses, pauseMs: 1 }, async (load) => {
          const failed = () => load.writers.reduce((sum, { failures }) => sum + failures, 0);
          let unanswered = 0;
          for (let round = 0; round < times(8, 30); round++) {
            const before = failed();
            network.mute();
            await sleep(3_000);
            network.reset();
            network.unmute();
            await load.more(50);
            unanswered += failed() - before;
          }
          return { zero: { nothingWasLost: Number(unanswered === 0) }, told: { attemptsWithoutAnswer: unanswered } };
        });
      } finally {
        await network.stop();
      }
    },
    length(240, 600),
  );

  it('R4: another text under an id that is taken is refused on every node, and the first text stays', async () => {
    const { cluster, ann } = here;
    await here.withLoad('R4', {}, async (load) => {
      await load.more(200);
      const taken = load.writers.flatMap(({ acknowledged }) => [...acknowledged.keys()]);
      let notRefused = 0;
      const links = await Promise.all(cluster.urls.map(async (url, n) => openLink(doors[n % 2]!, url, ann.access)));
      await Promise.all(
        taken.map(async (clientId, n) => {
          const body = { content: `something else under ${clientId}`, clientId };
          if (n % 2 === 0) {
            const { status, body: problem } = await new RestClient(cluster.urls[n % 3]!, ann.access).post(
              `/rooms/${load.roomId}/messages`,
              body,
            );
            if (status !== 409 || problem.code !== 'message.client-id-reused') notRefused++;
          } else {
            const answer = await links[n % 3]!.command('message.send', { room: load.roomId, ...body });
            if (answer.ok || answer.error.code !== 'message.client-id-reused') notRefused++;
          }
        }),
      );
      for (const link of links) link.cut();
      const changed = (await cluster.stored(load.roomId)).filter(({ content }) => content.startsWith('something else')).length;
      return { zero: { notRefused, changed }, told: { tried: taken.length } };
    });
  });

  it('R18: a third of the writes fails after its number was given: no hole, and nobody sees what was not stored', async () => {
    const { cluster, ann } = here;
    await query(
      cluster.databaseUrl,
      `CREATE FUNCTION fail_some() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN IF new.content LIKE 'doomed%' THEN RAISE check_violation; END IF; RETURN NULL; END $$`,
    );
    await query(cluster.databaseUrl, 'CREATE TRIGGER fail_some AFTER INSERT ON messages FOR EACH ROW EXECUTE FUNCTION fail_some()');
    try {
      await here.withLoad('R18', { writersOfEach: 4, readersOfEach: 3, pauseMs: 1 }, async (load) => {
        const links = await Promise.all(
          [0, 1, 2, 0, 1, 2].flatMap((n) => doors.map(async (door) => openLink(door, cluster.urls[n]!, ann.access))),
        );
        const begun = load.acknowledged;
        let [acknowledged, failed] = [0, 0];
        while (load.acknowledged < begun + times(2_000, 10_000)) {
          const answers = await Promise.all(
            links.map(async (link, n) =>
              link.command('message.send', { room: load.roomId, content: `doomed ${failed} ${n}`, clientId: `doomed:${failed}:${n}` }),
            ),
          );
          for (const { ok } of answers) {
            failed++;
            if (ok) acknowledged++;
          }
        }
        for (const link of links) link.cut();
        await load.settled();
        const rows = await cluster.stored(load.roomId);
        const seen = load.readers.flatMap(({ known }) => [...known.values()]).filter(({ content }) => content.startsWith('doomed')).length;
        return {
          zero: { acknowledged, seen, stored: rows.filter(({ content }) => content.startsWith('doomed')).length },
          told: { failed, shareInPercent: Math.round((failed / (failed + load.acknowledged - begun)) * 100) },
        };
      });
      const [heads] = await query<{ holes: number }>(
        cluster.databaseUrl,
        `SELECT count(*)::int AS holes FROM (SELECT r.position - count(m.id) AS hole FROM rooms r JOIN messages m ON m.room_id = r.id GROUP BY r.id) h WHERE hole <> 0`,
      );
      expect(heads).toEqual({ holes: 0 });
    } finally {
      await query(cluster.databaseUrl, 'DROP TRIGGER fail_some ON messages');
      await query(cluster.databaseUrl, 'DROP FUNCTION fail_some');
    }
  });

  it(
    'R21: the database is restarted under load, its connections are ended',
    async () => {
      const { cluster } = here;
      await here.withLoad('R21', { writersOfEach: 2 }, async (load) => {
        const back: number[] = [];
        for (let round = 0; round < times(8, 20); round++) {
          await cluster.postgres.halt(round % 2 === 0 ? 'fast' : 'immediate');
          const ready = await Promise.all(cluster.urls.map(async (url) => (await new RestClient(url).get('!/health/ready')).status));
          expect(ready).toEqual([503, 503, 503]);
          await cluster.postgres.start();
          const begun = performance.now();
          await load.more(20);
          back.push(Math.round(performance.now() - begun));
          await cluster.postgres.ask(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'parley'`);
          await load.more(20);
        }
        await load.settled();
        return { told: { msUntilTwentyMore: back } };
      });
    },
    length(240, 600),
  );
});

describe('mails', () => {
  const here = stage();
  const server = new MailServer();
  beforeAll(async () => server.start());
  afterAll(async () => server.stop());

  it(
    'R27: the mail server refuses, then a node is killed: no mail is lost, and registration answers at once',
    async () => {
      const { cluster } = here;
      await here.withLoad('R27', lightLoad, async () => {
        for (const node of [0, 1, 2]) await cluster.replace(node, { SMTP_URL: server.url() });
        server.mood = 'refuse-connection';
        const took: number[] = [];
        const register = async (name: string): Promise<string> => {
          const email = `${name}@example.org`;
          const password = 'correct horse battery staple';
          const begun = performance.now();
          const { status } = await new RestClient(cluster.urls[0]!).post('/auth/register', {
            email,
            username: name,
            password,
            passwordConfirmation: password,
          });
          took.push(performance.now() - begun);
          expect(status).toBe(201);
          return email;
        };
        const addresses: string[] = [];
        const end = performance.now() + length(10, 120);
        while (addresses.length < 20 || performance.now() < end) {
          addresses.push(await register(`mail${addresses.length}`));
          await sleep(100);
        }
        await until('the mail server has refused', () => server.refused > 0);
        // One is killed with mails in hand: the server has them, and has not said so.
        server.mood = 'silent';
        addresses.push(await register('inhand0'), await register('inhand1'));
        await until('some are in hand', () => server.received.length > 0, 90_000);
        const inHand = server.received.length;
        for (const node of cluster.nodes) await node.end('SIGKILL');
        server.mood = 'accept';
        for (const node of [0, 1, 2]) await cluster.revive(node, { SMTP_URL: server.url() });
        const arrived = () => new Set(server.received.flatMap(({ recipients }) => recipients));
        await until('all of them came', () => addresses.every((address) => arrived().has(address)), 180_000).catch(() => undefined);
        await sleep(2_000);
        const lost = addresses.filter((address) => !arrived().has(address)).length;
        const doubled = [...server.counts().values()].reduce((sum, count) => sum + count - 1, 0);
        took.sort((a, b) => a - b);
        for (const node of [0, 1, 2]) await cluster.replace(node);
        return {
          zero: { lost, slowRegistration: Number(percentile(took, 0.5) > 500), doubledOutsideTheCrash: Math.max(0, doubled - inHand) },
          told: {
            mails: addresses.length,
            refusals: server.refused,
            inHandAtTheKill: inHand,
            doubled,
            registrationMs: { median: percentile(took, 0.5), most: percentile(took, 1) },
          },
        };
      });
    },
    length(480, 700),
  );
});
