/**
 * What each reader of one room got: every message of every sender once, each sender's in the order sent, and the same order for all readers.
 * Cheap enough to check every delivery.
 */
export class Ledger {
  deliveries = 0;
  doubled = 0;
  reordered = 0;
  #senders;
  #next;
  #missing = new Map();
  #orders;

  constructor(readers, senders) {
    this.#senders = senders;
    this.#next = new Uint32Array(readers * senders);
    this.#orders = new Int32Array(readers);
  }

  received(reader, sender, number) {
    const at = reader * this.#senders + sender;
    const next = this.#next[at];
    this.deliveries++;
    this.#orders[reader] = (Math.imul(this.#orders[reader], 31) + sender * 7_919 + number + 1) | 0;
    if (number === next) {
      this.#next[at] = next + 1;
    } else if (number > next) {
      const missing = this.#missing.get(at) ?? new Set();
      for (let skipped = next; skipped < number; skipped++) missing.add(skipped);
      this.#missing.set(at, missing);
      this.#next[at] = number + 1;
    } else if (this.#missing.get(at)?.delete(number)) {
      this.reordered++;
    } else {
      this.doubled++;
    }
  }

  /** @param sent how many messages each sender sent */
  lost(sent) {
    let lost = 0;
    for (const missing of this.#missing.values()) lost += missing.size;
    for (let at = 0; at < this.#next.length; at++) lost += Math.max(0, sent[at % this.#senders] - this.#next[at]);
    return lost;
  }

  /** How many readers saw another order than the first one. */
  get otherOrders() {
    return this.#orders.reduce((others, order) => others + (order === this.#orders[0] ? 0 : 1), 0);
  }
}
