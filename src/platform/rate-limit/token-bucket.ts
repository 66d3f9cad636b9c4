/** Keys remembered at most: past it, full buckets are forgotten, then the ones that were made first. */
const defaultMaxKeys = 100_000;

interface Bucket {
  tokens: number;
  /** When `tokens` was counted, in ms. */
  at: number;
}

export interface TokenBucketOptions {
  ratePerSecond: number;
  /** How many may come at once. */
  burst: number;
  maxKeys?: number;
}

/** A limit for the hot path: one bucket of tokens per key, synchronous, without timers, in bounded memory. */
export class TokenBucket {
  private readonly buckets = new Map<string, Bucket>();
  private readonly perMs: number;
  private readonly burst: number;
  private readonly maxKeys: number;

  constructor({ ratePerSecond, burst, maxKeys = defaultMaxKeys }: TokenBucketOptions) {
    if (!(ratePerSecond > 0) || !(burst >= 1)) throw new RangeError('A token bucket needs a positive rate and room for one token.');
    this.perMs = ratePerSecond / 1000;
    this.burst = burst;
    this.maxKeys = maxKeys;
  }

  /** Keys that are remembered at the moment. */
  get size(): number {
    return this.buckets.size;
  }

  /**
   * Takes one token.
   * @param now a clock that never goes back, in ms
   * @param shares in how many processes the same key has a bucket: each gives its part, so that together they give no more than one would
   * @returns 0 when it was taken, otherwise the seconds until there is one (and nothing was taken)
   */
  take(key: string, now: number = performance.now(), shares = 1): number {
    const cost = Math.min(shares, this.burst);
    const bucket = this.buckets.get(key);
    if (!bucket) {
      if (this.buckets.size >= this.maxKeys) this.makeRoom(now);
      this.buckets.set(key, { tokens: this.burst - cost, at: now });
      return 0;
    }
    const tokens = this.tokensNow(bucket, now);
    bucket.at = now;
    if (tokens < cost) {
      bucket.tokens = tokens;
      return (cost - tokens) / this.perMs / 1000;
    }
    bucket.tokens = tokens - cost;
    return 0;
  }

  private tokensNow(bucket: Bucket, now: number): number {
    return Math.min(this.burst, bucket.tokens + Math.max(0, now - bucket.at) * this.perMs);
  }

  /** A full bucket is as good as none. An eighth is freed at least, so that the sweep is paid for by the keys that follow. */
  private makeRoom(now: number): void {
    for (const [key, bucket] of this.buckets) if (this.tokensNow(bucket, now) >= this.burst) this.buckets.delete(key);
    const surplus = this.buckets.size - Math.floor(this.maxKeys * 0.875);
    if (surplus <= 0) return;
    let removed = 0;
    for (const key of this.buckets.keys()) {
      this.buckets.delete(key);
      if (++removed >= surplus) return;
    }
  }
}
