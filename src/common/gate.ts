/** Lets a few at a time through and keeps a bounded queue of the others, first come first served. */
export class Gate {
  private inside = 0;
  private readonly queue: (() => void)[] = [];

  constructor(
    private readonly concurrency: number,
    private readonly queueLimit: number,
    private readonly full: () => Error,
  ) {}

  /** @throws what `full` makes, at once, when the queue is full */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.inside < this.concurrency) {
      this.inside++;
      return;
    }
    if (this.queue.length >= this.queueLimit) throw this.full();
    // Whoever leaves hands its place over, so nobody slips in between.
    await new Promise<void>((resolve) => this.queue.push(resolve));
  }

  private leave(): void {
    const next = this.queue.shift();
    if (next) next();
    else this.inside--;
  }
}
