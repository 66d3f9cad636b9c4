/**
 * A map of bounded size that forgets what was not asked for lately. Two generations instead of an exact order: when the young one is
 * full, it becomes the old one and the old one goes. So a read costs a look-up, and what is read at all survives.
 */
export class RecentMap<K, V> {
  private young = new Map<K, V>();
  private old = new Map<K, V>();
  private readonly half: number;

  /** @param limit entries kept at most */
  constructor(limit: number) {
    this.half = Math.max(1, Math.floor(limit / 2));
  }

  /** Entries that are kept, the double ones of both generations included. */
  get size(): number {
    return this.young.size + this.old.size;
  }

  get(key: K): V | undefined {
    const fresh = this.young.get(key);
    if (fresh !== undefined) return fresh;
    const aged = this.old.get(key);
    if (aged !== undefined) this.set(key, aged);
    return aged;
  }

  set(key: K, value: V): void {
    if (this.young.size >= this.half && !this.young.has(key)) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(key, value);
  }

  delete(key: K): void {
    this.young.delete(key);
    this.old.delete(key);
  }
}
