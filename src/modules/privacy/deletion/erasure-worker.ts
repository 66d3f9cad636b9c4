import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AppError } from '../../../common/app-error.js';
import { type JobOutcome, Tracing } from '../../../platform/telemetry/index.js';
import { JobLoop } from '../job-loop.js';
import { type DeletionRow, DeletionsRepository } from './deletions.repository.js';
import { DeletionsService } from './deletions.service.js';
import { Erasure, NotYet } from './erasure.js';

/** Between two looks, in ms. */
const every = 30_000;
/** Seconds after which another node takes over from one that died. */
const lease = 120;
/** Seconds until an erasure that had to wait, or failed, goes on; and one of the last admin. */
const waitFor = { notYet: 5, failed: 60, lastAdmin: 86_400 } as const;

/** Reminds people and erases accounts whose time is over. Every step of an erasure may be done again, so whoever comes next begins at the first. */
@Injectable()
export class ErasureWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('privacy');
  private readonly loop: JobLoop<DeletionRow>;

  constructor(
    @InjectDataSource() dataSource: DataSource,
    tracing: Tracing,
    private readonly repository: DeletionsRepository,
    private readonly deletions: DeletionsService,
    private readonly erasure: Erasure,
  ) {
    this.loop = new JobLoop(dataSource, tracing, {
      name: 'erase account',
      every,
      failure: 'accounts could not be erased; it is tried again',
      prepare: async () => this.remind(),
      claim: async () => repository.claim(lease),
      work: async (row) => this.erase(row),
      unlockAll: async () => repository.unlockAll(),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** Looks for work now; resolves when there is none left for the moment. */
  async round(): Promise<void> {
    await this.loop.round();
  }

  private async remind(): Promise<void> {
    while (!this.loop.stopping && (await this.deletions.remind()) > 0);
  }

  private async erase({ user_id: userId, messages }: DeletionRow): Promise<JobOutcome> {
    try {
      await this.erasure.run(userId, messages, async () => {
        if (this.loop.stopping) throw new NotYet();
        await this.repository.hold(userId, lease);
      });
      this.logger.log('an account was erased');
      return 'done';
    } catch (error) {
      const { seconds, outcome } = this.after(error);
      await this.repository.hold(userId, seconds);
      return outcome;
    }
  }

  private after(error: unknown): { seconds: number; outcome: JobOutcome } {
    if (error instanceof NotYet)
      return this.loop.stopping ? { seconds: 0, outcome: 'stopped' } : { seconds: waitFor.notYet, outcome: 'postponed' };
    if (error instanceof AppError && error.code === 'moderation.last-admin') {
      this.logger.warn('the account of the last admin is not erased; make somebody else admin');
      return { seconds: waitFor.lastAdmin, outcome: 'postponed' };
    }
    this.logger.error({ error }, 'an account could not be erased; it is tried again');
    return { seconds: waitFor.failed, outcome: 'failed' };
  }
}
