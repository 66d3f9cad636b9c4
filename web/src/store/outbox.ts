/** What came of one try to send: sent; refused for good; or not known or not possible now, so try again under the same `clientId`. */
export type Try<T> = { outcome: 'sent'; answer: T } | { outcome: 'refused'; fault: unknown } | { outcome: 'later'; fault: unknown };

export interface OutboxItem<T> {
  key: string;
  attempt: () => Promise<Try<T>>;
  sent: (answer: T) => void;
  refused: (fault: unknown) => void;
}

export interface OutboxTiming {
  /** Tries while the line is open before a message counts as failed. */
  tries: number;
  wait: (milliseconds: number) => Promise<void>;
}

/**
 * Sends in the order of writing, one at a time: what was not acknowledged is sent again before what was written after it.
 * While the line is closed everything waits, without counting tries.
 */
export class Outbox<T> {
  private readonly queue: OutboxItem<T>[] = [];
  private running = false;
  private openLine = false;
  private wake: (() => void) | null = null;

  constructor(private readonly timing: OutboxTiming) {}

  add(item: OutboxItem<T>): void {
    this.queue.push(item);
    if (!this.running) {
      this.running = true;
      this.run().catch(() => (this.running = false));
    }
  }

  /** Whether the line is open. */
  line(open: boolean): void {
    this.openLine = open;
    if (open) {
      this.wake?.();
      this.wake = null;
    }
  }

  /** Takes back what was not sent yet. */
  clear(): void {
    this.queue.length = 0;
  }

  private async run(): Promise<void> {
    for (let item = this.queue[0]; item; item = this.queue[0]) {
      await this.deliver(item);
      if (this.queue[0] === item) this.queue.shift();
    }
    this.running = false;
  }

  private async deliver(item: OutboxItem<T>): Promise<void> {
    for (let tries = 0; this.queue[0] === item;) {
      if (!this.openLine) {
        await new Promise<void>((resolve) => (this.wake = resolve));
        continue;
      }
      const result = await item.attempt();
      if (result.outcome === 'sent') {
        item.sent(result.answer);
        return;
      }
      // A line that closed meanwhile explains the failure; it does not count.
      if (result.outcome === 'later' && !this.openLine) continue;
      if (result.outcome === 'refused' || ++tries >= this.timing.tries) {
        item.refused(result.fault);
        return;
      }
      await this.timing.wait(500 * 2 ** (tries - 1));
    }
  }
}
