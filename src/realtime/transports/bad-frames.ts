const most = 50;
const within = 10_000;

/** Counts what a socket sent that was no command: fifty in ten seconds are too many. */
export class BadFrames {
  private times: number[] | null = null;

  /** Counts one. @returns whether it was one too many */
  count(now: number = performance.now()): boolean {
    this.times = (this.times ?? []).filter((time) => now - time < within);
    this.times.push(now);
    return this.times.length >= most;
  }
}
