import { setTimeout as sleep } from 'node:timers/promises';
import { contentOf } from './chat-client.mjs';
import { Latencies } from './latencies.mjs';
import { Ledger } from './ledger.mjs';

/** How long the last deliveries may take after the last acknowledgement, in ms. */
const patience = 5_000;
/** Send times are remembered in a ring per sender; no sender has more under way. */
const ring = 1_024;

/**
 * Keeps `inFlight` messages of each sender under way for a while, in several rooms at once, and checks every delivery.
 * @param peer how to connect, join and send: see peers.mjs
 * @param shape `{rooms, people, senders, inFlight}`, people and senders per room
 * @param times `{settle, warm, measure}` in ms
 * @param sample reads the counters (CPU, …) before and after the measured time
 */
export async function runRooms(peer, shape, times, sample) {
  const rooms = [];
  try {
    for (let index = 0; index < shape.rooms; index++) rooms.push(new RoomLoad(peer, index, shape));
    for (const room of rooms) await room.open();
    await sleep(times.settle);
    const warm = await drive(rooms, times.warm);
    if (warm.broken) throw new Error(warm.broken);
    for (const room of rooms) room.measured = newTimes();
    const before = await sample();
    const deliveriesBefore = total(rooms, (room) => room.ledger.deliveries);
    const sentBefore = total(rooms, (room) => room.sentCount);
    const began = performance.now();
    const { broken } = await drive(rooms, times.measure);
    if (broken) throw new Error(broken);
    const seconds = (performance.now() - began) / 1_000;
    const after = await sample();
    return {
      seconds,
      before,
      after,
      messages: total(rooms, (room) => room.sentCount) - sentBefore,
      deliveries: total(rooms, (room) => room.ledger.deliveries) - deliveriesBefore,
      lost: total(rooms, (room) => room.ledger.lost(room.sent)),
      doubled: total(rooms, (room) => room.ledger.doubled),
      reordered: total(rooms, (room) => room.ledger.reordered),
      otherOrders: total(rooms, (room) => room.ledger.otherOrders),
      acknowledged: merged(rooms, (room) => room.measured.acknowledged),
      delivered: merged(rooms, (room) => room.measured.delivered),
      across: merged(rooms, (room) => room.measured.across),
    };
  } finally {
    for (const room of rooms) room.close();
    await sleep(100);
  }
}

function total(rooms, of) {
  return rooms.reduce((sum, room) => sum + of(room), 0);
}

/** The percentiles over all rooms. */
function merged(rooms, of) {
  const all = new Latencies();
  for (const room of rooms) all.include(of(room));
  return { p50: all.percentile(0.5), p99: all.percentile(0.99) };
}

async function drive(rooms, ms) {
  for (const room of rooms) room.begin();
  await sleep(ms);
  for (const room of rooms) room.stop();
  const deadline = performance.now() + patience;
  while (performance.now() < deadline && rooms.some((room) => !room.settled)) await sleep(2);
  const broken = rooms.map((room) => room.broken).find((reason) => reason !== null) ?? null;
  return { broken };
}

/** Times in ms; `across`: of deliveries to readers on another node than the sender's. */
function newTimes() {
  return { acknowledged: new Latencies(), delivered: new Latencies(), across: new Latencies() };
}

class RoomLoad {
  measured = newTimes();
  sent;
  #peer;
  #index;
  #shape;
  #clients = [];
  #sentAt;
  #running = false;
  #underWay = 0;
  #roomName = null;

  constructor(peer, index, shape) {
    this.#peer = peer;
    this.#index = index;
    this.#shape = shape;
    this.ledger = new Ledger(shape.people, shape.senders);
    this.sent = new Uint32Array(shape.senders);
    this.#sentAt = Array.from({ length: shape.senders }, () => new Float64Array(ring));
  }

  get sentCount() {
    return this.sent.reduce((sum, sent) => sum + sent, 0);
  }

  get settled() {
    return this.#underWay === 0 && this.ledger.deliveries >= this.sentCount * this.#shape.people;
  }

  get broken() {
    const failed = this.#clients.find((client) => client.failure !== null || client.closed);
    return failed ? `${this.#peer.name}: ${failed.failure ?? 'a connection was closed'}` : null;
  }

  async open() {
    const { people, senders } = this.#shape;
    const firstPerson = this.#index * people;
    this.#clients = await Promise.all(Array.from({ length: people }, (_, person) => this.#peer.connect(firstPerson + person)));
    for (const client of this.#clients) this.#roomName = await this.#peer.join(client, this.#index);
    this.#clients.forEach((client, reader) => {
      client.onMessage = (sender, number) => {
        this.ledger.received(reader, sender, number);
        // Every sixteenth is enough for percentiles, and keeps the generator cheap.
        if (people >= 10 && ((number + reader) & 15) !== 0) return;
        const took = performance.now() - this.#sentAt[sender][number % ring];
        this.measured.delivered.add(took);
        if (this.#peer.nodeOf && this.#peer.nodeOf(firstPerson + reader) !== this.#peer.nodeOf(firstPerson + sender))
          this.measured.across.add(took);
      };
    });
    for (let sender = 0; sender < senders; sender++) {
      this.#clients[sender].onAcknowledged = (number) => {
        this.#underWay--;
        this.measured.acknowledged.add(performance.now() - this.#sentAt[sender][number % ring]);
        if (this.#running) this.#send(sender);
      };
    }
  }

  begin() {
    this.#running = true;
    for (let flight = 0; flight < this.#shape.inFlight; flight++)
      for (let sender = 0; sender < this.#shape.senders; sender++) this.#send(sender);
  }

  stop() {
    this.#running = false;
  }

  close() {
    for (const client of this.#clients) client.close();
  }

  #send(sender) {
    const number = this.sent[sender]++;
    this.#underWay++;
    this.#sentAt[sender][number % ring] = performance.now();
    const client = this.#clients[sender];
    client.socket.send(this.#peer.messageFrame(client, number, this.#roomName, contentOf(sender, number)));
  }
}
