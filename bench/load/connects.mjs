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

/** Rounds of connects before the measured one: the server's code is compiled by then, as it is after the first minute of its life. */
const warmRounds = 3;

/**
 * What it costs to connect and to stay. The server must be a fresh one, and there must be twice as many people as `count`.
 * Memory is that of the first connections of the server's life: later ones take what earlier ones left. Time is that of people whom the server
 * has not seen yet, when it runs warm.
 * @param sample reads the counters before and after
 */
export async function runConnects(peer, count, sample) {
  const warm = await connectAll(peer, 0, 200);
  await closeAll(warm, 800);
  const idle = await peer.server.resident();
  // Everybody twice: the more there are, the less a megabyte of chance weighs.
  let clients = [...(await connectAll(peer, 0, count)), ...(await connectAll(peer, 0, count))];
  const held = clients.length;
  await sleep(1_500);
  const full = await peer.server.resident();
  const gone = clients.filter((client) => client.closed).length;
  for (let round = 1; round < warmRounds; round++) {
    await closeAll(clients, 300);
    clients = await connectAll(peer, 0, count);
  }
  await closeAll(clients, 800);
  const before = await sample();
  const began = performance.now();
  clients = await connectAll(peer, count, count);
  const seconds = (performance.now() - began) / 1_000;
  const after = await sample();
  const lost = gone + clients.filter((client) => client.closed).length;
  await closeAll(clients, 300);
  return { seconds, before, after, count, kilobytes: (full - idle) / held, lost };
}

async function closeAll(clients, patience) {
  for (const client of clients) client.close();
  await sleep(patience);
}

/** PostgreSQL's processes tell what they counted after ten idle seconds at the latest. In ms. */
const untilCounted = 11_000;

/** All sockets of a room are cut at once and come back at once, each with its place in the room. */
export async function runStorm(peer, count, sample) {
  const clients = await connectAll(peer, 0, count);
  const joined = await joinAll(peer, clients, undefined);
  await sleep(untilCounted);
  for (const client of clients) client.destroy();
  await sleep(300);
  const before = await sample();
  const began = performance.now();
  const back = await connectAll(peer, 0, count);
  await joinAll(peer, back, joined);
  const seconds = (performance.now() - began) / 1_000;
  const after = await sample();
  await sleep(untilCounted);
  after.transactions = (await sample()).transactions;
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
