// Measures Parley beside servers that do less, in one run and on one machine. `npm run bench -- --help` says how.
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from '../tools/build.mjs';
import { runCommunity } from './community.mjs';
import { runExports } from './exports.mjs';
import { runGrowth } from './growth.mjs';
import { runImages } from './images.mjs';
import { caller } from './load/calls.mjs';
import { runConnects } from './load/connects.mjs';
import { runRooms } from './load/rooms.mjs';
import { runNodes } from './nodes.mjs';
import { makePeers, people } from './peers.mjs';
import { startPostgres } from './postgres.mjs';
import { profileSummary } from './profile.mjs';
import { communityTable, exportTable, growthTable, imageTable, roomListTable, table } from './report.mjs';
import { runRoomLists } from './room-lists.mjs';
import { cpuOf } from './server-process.mjs';

const usage = `Usage: npm run bench -- [--quick] [--only W1a,W1b,W2,light,single,connect,growth,lists,community,images,exports] [--peers ws-bare,sio-bare,sio-naive,parley-plain,parley-sio]
  --quick        shorter and once: about two minutes; lists, community, images and exports only where they are named
  --only …       these workloads
  --peers …      these servers
  --repeat N     repetitions (3; 1 with --quick)
  --seconds S    measured time of a repetition (3; 1 with --quick)
  --dist FOLDER  another build of the server
  --nodes N      Parley alone, on 1 to N nodes with Redis, on W1b, light and single, or the loads of --only
  --profile FOLDER  where Parley's server leaves its CPU profile, which is summed up at the end`;

const shapes = {
  W1a: { rooms: 1, people: 100, senders: 10, inFlight: 4 },
  W1b: { rooms: 10, people: 50, senders: 2, inFlight: 2 },
  W2: { rooms: 200, people: 2, senders: 1, inFlight: 4 },
  light: { rooms: 10, people: 2, senders: 1, inFlight: 1 },
  single: { rooms: 1, people: 2, senders: 1, inFlight: 1 },
};

/** Those that are measured when nobody names any. */
const usual = (workload) => workload !== 'single';

/** What is asked of Parley alone. */
const ofParley = ['growth', 'lists', 'community', 'images', 'exports'];

/** With --quick only where --only names them. */
const byRequest = ['lists', 'community', 'images', 'exports'];

const list = (text) => (text === undefined ? [] : text.split(','));
const { values: asked } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    peers: { type: 'string' },
    repeat: { type: 'string' },
    seconds: { type: 'string' },
    dist: { type: 'string' },
    nodes: { type: 'string' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

async function main() {
  if (asked.help) {
    console.log(usage);
    return;
  }
  const only = list(asked.only);
  const plan = {
    only,
    names:
      asked.peers === undefined && only.length > 0 && only.every((name) => ofParley.includes(name)) ? ['parley-plain'] : list(asked.peers),
    nodes: Number(asked.nodes ?? 0),
    repeat: Number(asked.repeat ?? (asked.quick ? 1 : 3)),
    measure: Number(asked.seconds ?? (asked.quick ? 1 : 3)) * 1_000,
    // Compiling JavaScript is a cost of the first seconds, and not of messages.
    warm: asked.quick ? 400 : 4_000,
    settle: asked.quick ? 200 : 500,
    connections: asked.quick ? 500 : people / 2,
    sizes: asked.quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000],
    dist: resolve(asked.dist ?? fileURLToPath(new URL('../dist/server', import.meta.url))),
    flags: asked.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${asked.profile}`],
  };
  if (!Number.isInteger(plan.nodes) || plan.nodes < 0 || plan.nodes > 8) throw new Error('--nodes must be a number from 1 to 8.');
  if (asked.dist === undefined) build();
  else if (!existsSync(join(plan.dist, 'main.js'))) throw new Error(`There is no built server in ${plan.dist}.`);

  const began = Date.now();
  const postgres = await startPostgres();
  let peers = [];
  try {
    if (plan.nodes > 0) {
      const wanted = plan.only.length > 0 ? plan.only : ['W1b', 'light', 'single'];
      const chosen = Object.fromEntries(Object.entries(shapes).filter(([name]) => wanted.includes(name)));
      console.log(`\n${await runNodes(postgres, plan, chosen, say)}`);
      if (asked.profile !== undefined) console.log(`\n${profileSummary(asked.profile)}`);
      return;
    }
    const made = await makePeers(postgres, plan);
    ({ peers } = made);
    await measure(plan, postgres, peers, made.tokens);
    console.log(
      `\nNode ${process.version}, ${cpus().length} × ${cpus()[0].model}, ${new Date().toISOString().slice(0, 10)}, ${Math.round((Date.now() - began) / 1_000)} s.`,
    );
  } finally {
    for (const peer of peers) await peer.house.down();
    await postgres.stop();
  }
  if (asked.profile !== undefined) console.log(`\n${profileSummary(asked.profile)}`);
}

async function measure(plan, postgres, peers, tokens) {
  const wanted = (workload) => (plan.only.length === 0 ? usual(workload) && (!asked.quick || !byRequest.includes(workload)) : plan.only.includes(workload));
  const sampler = (peer) => async () => ({ app: peer.server.cpu(), database: cpuOf(postgres.pid, { family: true }) });
  const cells = {};
  const keep = (workload, peer, result) => ((cells[workload] ??= {})[peer.name] ??= []).push(result);

  for (let repetition = 1; repetition <= plan.repeat; repetition++) {
    for (const workload of Object.keys(shapes).filter(wanted)) {
      for (const peer of peers) {
        say(`${workload}, ${peer.name}, ${repetition} of ${plan.repeat}`);
        await peer.house.up();
        keep(workload, peer, await runRooms(peer, shapes[workload], plan, sampler(peer)));
      }
    }
  }
  if (wanted('connect')) {
    for (let repetition = 1; repetition <= (asked.quick ? 1 : plan.repeat); repetition++) {
      for (const peer of peers) {
        say(`connect, ${peer.name}, ${repetition} of ${plan.repeat}`);
        await peer.house.down();
        await peer.house.up();
        keep('connect', peer, await runConnects(peer, plan.connections, sampler(peer)));
        await peer.house.down();
      }
    }
  }
  if (Object.keys(cells).length > 0)
    console.log(
      `\n${table(
        peers.map((peer) => peer.name),
        cells,
      )}`,
    );

  const parley = peers.find((peer) => peer.name === 'parley-plain');
  if (wanted('growth') && parley) {
    say('growth');
    await parley.house.up();
    const sample = async () => {
      // The server counts transactions with a delay of up to a second.
      await new Promise((done) => setTimeout(done, 1_500));
      const [{ transactions }] = await postgres.ask(
        'postgres',
        `SELECT xact_commit AS transactions FROM pg_stat_database WHERE datname = 'parley'`,
      );
      return { ...(await sampler(parley)()), transactions: Number(transactions) };
    };
    const growth = await runGrowth({ postgres, peer: parley, tokens, sizes: plan.sizes, storm: plan.connections, sample });
    console.log(`\n${growthTable(growth)}`);
  }
  if (wanted('lists') && parley) {
    say('lists');
    await parley.house.up();
    const rows = await runRoomLists({ postgres, peer: parley, tokens, sample: sampler(parley), quick: asked.quick });
    console.log(`\n${roomListTable(rows)}`);
  }
  if (wanted('images') && parley) {
    say('images');
    const server = await parley.house.up();
    console.log(`\n${imageTable(await runImages({ server, call: caller(server.port, tokens[0].token) }))}`);
  }
  if (wanted('exports') && parley) {
    say('exports');
    console.log(`\n${exportTable(await runExports({ postgres, peer: parley, tokens, sample: sampler(parley) }))}`);
  }
  // Last: it fills every table.
  if (wanted('community') && parley) {
    say('community');
    const sizes = asked.quick ? [10_000, 100_000] : [10_000, 1_000_000];
    const rows = await runCommunity({ postgres, peer: parley, tokens, sample: sampler(parley), sizes, quick: asked.quick });
    console.log(`\n${communityTable(rows)}`);
  }
}

/** What is being measured goes to the terminal, not into the table. */
function say(words) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${words}`);
  else process.stderr.write(`${words}\n`);
}

await main();
