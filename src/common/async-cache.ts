/**
 * A bounded memory of loaded values, the least recently used first to go. Parallel misses of a key share one load, and a load that was
 * under way when its key was set or deleted is not kept: it may have read what was there before.
 */
export class AsyncCache<K, V> {
  private readonly values = new Map<K, V>();
  private readonly loads = new Map<K, Promise<V>>();

  /** @param max how many values are kept */
  constructor(
    private readonly max: number,
    private readonly load: (key: K) => Promise<V>,
  ) {}

  /** What memory knows, at once. */
  peek(key: K): V | undefined {
    const value = this.values.get(key);
    // While half of it is free nothing is about to go, and the order need not be kept.
    if (value !== undefined && this.values.size > this.max / 2) {
      this.values.delete(key);
      this.values.set(key, value);
    }
    return value;
  }

  /** The value, loaded when memory does not know it. Rejects as the load does; a failed load is not kept. */
  async get(key: K): Promise<V> {
    const known = this.peek(key);
    if (known !== undefined) return known;
    const underWay = this.loads.get(key);
    if (underWay) return underWay;
    const load = this.load(key);
    this.loads.set(key, load);
    try {
      const value = await load;
      if (this.loads.get(key) === load) this.keep(key, value);
      return value;
    } finally {
      if (this.loads.get(key) === load) this.loads.delete(key);
    }
  }

  set(key: K, value: V): void {
    this.loads.delete(key);
    this.keep(key, value);
  }

  delete(key: K): void {
    this.loads.delete(key);
    this.values.delete(key);
  }

  private keep(key: K, value: V): void {
    this.values.delete(key);
    this.values.set(key, value);
    if (this.values.size > this.max) this.values.delete(this.values.keys().next().value as K);
  }
}
