/** Only a failing test waits so long, in ms: the machine may do other things as well. */
const patience = 20_000;

/** What a client received and nobody has looked at yet. Differences from the contract surface at the next look. */
export class Inbox<T> {
  readonly all: T[] = [];
  private readonly unread: T[] = [];
  private readonly waiters = new Set<() => void>();
  private readonly faults: string[] = [];
  private ended: string | undefined;

  put(item: T, faults: string[]): void {
    this.all.push(item);
    this.unread.push(item);
    this.faults.push(...faults);
    this.wake();
  }

  /** Nothing more will come: whoever still waits is told why at once. */
  end(reason: string): void {
    this.ended = reason;
    this.wake();
  }

  wake(): void {
    for (const waiter of this.waiters) waiter();
  }

  /** The first unread item that matches; items before it stay unread. */
  async next(matches: (item: T) => boolean, what = 'a matching frame', ms = patience): Promise<T> {
    const deadline = Date.now() + ms;
    for (;;) {
      this.check();
      const index = this.unread.findIndex(matches);
      if (index >= 0) return this.unread.splice(index, 1)[0]!;
      const left = deadline - Date.now();
      const end = this.ended ?? (left <= 0 ? `waited ${ms} ms` : undefined);
      if (end !== undefined) throw new Error(`No ${what}: ${end}; unread: ${JSON.stringify(this.unread).slice(0, 2_000)}`);
      await this.change(left);
    }
  }

  /** Everything unread, in order. */
  take(): T[] {
    this.check();
    return this.unread.splice(0);
  }

  /** @throws Error when something that came is not in the contract */
  check(): void {
    if (this.faults.length > 0) throw new Error(this.faults.join('\n'));
  }

  private async change(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiters.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.waiters.add(done);
    });
  }
}
