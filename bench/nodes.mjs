import { runRooms } from './load/rooms.mjs';
import { makeNodes } from './peers.mjs';
import { startRedis } from './redis.mjs';
import { cpuOf } from './server-process.mjs';

const faults = ['lost', 'doubled', 'reordered', 'otherOrders'];

/**
 * The same load on one node, on two and so on, everybody in a room spread over them. One table per workload: CPU per delivery and per message
 * by process, and times.
 * @param plan as in run.mjs, with `nodes`: how many at most
 */
export async function runNodes(postgres, plan, shapes, say) {
  const redis = await startRedis();
  const peers = await makeNodes(postgres, redis, { dist: plan.dist, most: plan.nodes, flags: plan.flags });
  const sample = (peer) => async () => ({
    app: peer.server.cpu(),
    redis: cpuOf(redis.pid),
    database: cpuOf(postgres.pid, { family: true }),
  });
  const results = new Map();
  try {
    for (let repetition = 1; repetition <= plan.repeat; repetition++) {
      for (const [index, peer] of peers.entries()) {
        // Each process has its part of the messages only, and needs as many as one alone until its JavaScript is compiled.
        const times = { ...plan, warm: plan.warm * (index + 1) };
        for (const [workload, shape] of Object.entries(shapes)) {
          say(`${workload}, ${peer.name}, ${repetition} of ${plan.repeat}`);
          await peer.house.up();
          const key = `${workload} ${peer.name}`;
          results.set(key, [...(results.get(key) ?? []), await runRooms(peer, shape, times, sample(peer))]);
        }
        await peer.house.down();
      }
    }
  } finally {
    for (const peer of peers) await peer.house.down();
    await redis.stop();
  }
  return Object.keys(shapes)
    .map((workload) =>
      tableOf(
        workload,
        peers.map(({ name }) => [name, results.get(`${workload} ${name}`)]),
      ),
    )
    .join('\n\n');
}

function tableOf(workload, rows) {
  const head =
    '| nodes | deliveries/s | app µs per delivery | app, Redis and PostgreSQL µs per delivery | Redis µs per message | PostgreSQL µs per message | delivery p50, p99 in ms | to another node p50, p99 in ms | lost, doubled, out of order |';
  const lines = rows.map(([name, runs]) => {
    const median = (of) => runs.map(of).sort((a, b) => a - b)[Math.floor((runs.length - 1) / 2)];
    const spent = (kinds, per) => (run) => kinds.reduce((sum, kind) => sum + run.after[kind] - run.before[kind], 0) / run[per];
    const number = (value, digits = 2) => value.toFixed(digits);
    const bad = faults.map((fault) => runs.reduce((sum, run) => sum + run[fault], 0));
    return `| ${name.replace('nodes-', '')} | ${number(
      median((run) => run.deliveries / run.seconds),
      0,
    )} | ${number(median(spent(['app'], 'deliveries')))} | ${number(median(spent(['app', 'redis', 'database'], 'deliveries')))} | ${number(median(spent(['redis'], 'messages')))} | ${number(median(spent(['database'], 'messages')))} | ${number(median((run) => run.delivered.p50))}, ${number(median((run) => run.delivered.p99))} | ${[median((run) => run.across.p50), median((run) => run.across.p99)].map((time) => (time > 0 ? number(time) : '–')).join(', ')} | ${bad[0]}, ${bad[1]}, ${bad[2] + bad[3]} |`;
  });
  return [`${workload}`, '', head, head.replaceAll(/[^|]+/g, ' --- '), ...lines].join('\n');
}
