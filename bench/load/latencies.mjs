/** Buckets grow by 2 %, from a microsecond on. */
const growth = Math.log(1.02);

/** A histogram of times in milliseconds, exact to two percent. */
export class Latencies {
  #buckets = new Uint32Array(1_200);
  count = 0;

  add(ms) {
    const bucket = Math.max(0, Math.min(1_199, Math.round(Math.log(Math.max(ms, 0.001) / 0.001) / growth)));
    this.#buckets[bucket]++;
    this.count++;
  }

  /** Adds what another one counted. */
  include(other) {
    other.#buckets.forEach((count, bucket) => (this.#buckets[bucket] += count));
    this.count += other.count;
  }

  /** @param share 0.5 for the median */
  percentile(share) {
    let left = this.count * share;
    for (let bucket = 0; bucket < this.#buckets.length; bucket++) {
      left -= this.#buckets[bucket];
      if (left <= 0 && this.count > 0) return 0.001 * Math.exp(bucket * growth);
    }
    return Number.NaN;
  }
}
