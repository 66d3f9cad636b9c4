import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { isEmbedded } from '../../database/index.js';
import type { JobOutcome, Tracing } from '../../platform/telemetry/index.js';

/** Jobs that stand in a table, each taken under a lease: whoever holds it works, and when it died another takes over. */
export interface Jobs<J> {
  /** What a job is called in traces. */
  name: string;
  /** Between two looks for work, in ms; whoever asks here does not wait for it. */
  every: number;
  /** What the log says when a round failed as a whole; the next one tries again. */
  failure: string;
  /** What needs no lease, before jobs are taken. */
  prepare(): Promise<void>;
  /** Takes the next job, or one whose holder died; null: there is none. */
  claim(): Promise<J | null>;
  /** Works at a job and says in the table and here how it ended; looks at `stopping` between its steps. */
  work(job: J): Promise<JobOutcome>;
  /** Lets go of all leases. */
  unlockAll(): Promise<void>;
}

/** Works off jobs in the background, one at a time on each node, from `start` to `stop`. */
export class JobLoop<J> {
  private readonly logger = new Logger('privacy');
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;
  private again = false;
  private isStopping = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly tracing: Tracing,
    private readonly jobs: Jobs<J>,
  ) {}

  /** The server stops: no further job is taken, and the one under way ends at its next step. */
  get stopping(): boolean {
    return this.isStopping;
  }

  async start(): Promise<void> {
    // Nobody else works on the embedded database: what is locked at the start was left by a process that died.
    if (isEmbedded(this.dataSource)) await this.jobs.unlockAll();
    this.timer = setInterval(() => this.kick(), this.jobs.every).unref();
    this.kick();
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    await this.working;
  }

  /** Looks for work now; after what is under way when there is something. */
  kick(): void {
    this.again = true;
    this.working ??= this.workOff()
      .catch((error: unknown) => this.logger.warn({ error }, this.jobs.failure))
      .finally(() => {
        this.working = undefined;
        if (this.again && !this.isStopping) this.kick();
      });
  }

  /** As `kick`. @returns when there is no work left for the moment */
  async round(): Promise<void> {
    this.kick();
    while (this.working) await this.working;
  }

  private async workOff(): Promise<void> {
    while (this.again && !this.isStopping) {
      this.again = false;
      await this.jobs.prepare();
      while (!this.isStopping) {
        const job = await this.jobs.claim();
        if (!job) break;
        await this.tracing.job(this.jobs.name, {}, async () => this.jobs.work(job));
      }
    }
  }
}
