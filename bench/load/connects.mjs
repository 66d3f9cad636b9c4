import { setTimeout as sleep } from 'node:timers/promises';

/** How many handshakes are under way at once. */
const parallel = 50;

/** Connects people `from` to `from + count - 1`. */
async function connectAll(peer, from, count) {
  const clients = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      while (next < count) {
        const client = await peer.connect(from + next++);
        clients.push(client);
      }
    }),
  );
  return clients;
}

/**
 * What it costs to connect and to stay: connects per second, CPU per connect, memory per idle connection. The server must be a fresh one.
 * @param sample reads the counters before and after
 */
export async function runConnects(peer, count, sample) {
  const warm = await connectAll(peer, 0, 200);
  for (const client of warm) client.close();
  await sleep(800);
  const idle = await peer.server.resident();
  const before = await sample();
  const began = performance.now();
  const clients = await connectAll(peer, 0, count);
  const seconds = (performance.now() - began) / 1_000;
  const after = await sample();
  await sleep(1_500);
  const full = await peer.server.resident();
  const gone = clients.filter((client) => client.closed).length;
  for (const client of clients) client.close();
  await sleep(300);
  return { seconds, before, after, count, kilobytes: (full - idle) / count, lost: gone };
}

/** All sockets of a room are cut at once and come back at once, each with its place in the room. */
export async function runStorm(peer, count, sample) {
  const clients = await connectAll(peer, 0, count);
  const joined = await joinAll(peer, clients, undefined);
  for (const client of clients) client.destroy();
  await sleep(300);
  const before = await sample();
  const began = performance.now();
  const back = await connectAll(peer, 0, count);
  await joinAll(peer, back, joined);
  const seconds = (performance.now() - began) / 1_000;
  const after = await sample();
  for (const client of back) client.close();
  await sleep(300);
  return { seconds, before, after, count };
}

async function joinAll(peer, clients, place) {
  let next = 0;
  let last;
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      while (next < clients.length) {
        const { data } = await clients[next++].request('room.join', { room: 'r1', ...place });
        last = { since: data.position, epoch: data.epoch };
      }
    }),
  );
  return last;
}
