import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AppError } from '../../../common/app-error.js';
import { isEmbedded } from '../../../database/index.js';
import { DeletionsRepository } from './deletions.repository.js';
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
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;
  private stopping = false;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly repository: DeletionsRepository,
    private readonly deletions: DeletionsService,
    private readonly erasure: Erasure,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (isEmbedded(this.dataSource)) await this.repository.unlockAll();
    this.timer = setInterval(() => this.kick(), every).unref();
    this.kick();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    await this.working;
  }

  /** Looks for work now; resolves when there is none left for the moment. */
  async round(): Promise<void> {
    await this.working;
    this.kick();
    await this.working;
  }

  private kick(): void {
    this.working ??= this.work()
      .catch((error: unknown) => this.logger.warn({ error }, 'accounts could not be erased; it is tried again'))
      .finally(() => (this.working = undefined));
  }

  private async work(): Promise<void> {
    while (!this.stopping && (await this.deletions.remind()) > 0);
    for (let next = await this.repository.claim(lease); next; next = await this.repository.claim(lease)) {
      const { user_id: userId, messages } = next;
      try {
        await this.erasure.run(userId, messages, async () => {
          if (this.stopping) throw new NotYet();
          await this.repository.hold(userId, lease);
        });
        this.logger.log('an account was erased');
      } catch (error) {
        await this.repository.hold(userId, this.waitAfter(error));
      }
      if (this.stopping) return;
    }
  }

  private waitAfter(error: unknown): number {
    if (error instanceof NotYet) return this.stopping ? 0 : waitFor.notYet;
    if (error instanceof AppError && error.code === 'moderation.last-admin') {
      this.logger.warn('the account of the last admin is not erased; make somebody else admin');
      return waitFor.lastAdmin;
    }
    this.logger.error({ error }, 'an account could not be erased; it is tried again');
    return waitFor.failed;
  }
}
