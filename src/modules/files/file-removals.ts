import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { FileObjects } from './file-objects.js';
import { FilesRepository } from './files.repository.js';

/** Between two rounds, in ms. */
const every = 5 * 60_000;
/** Seconds after which a file that nothing refers to is removed, and one whose upload was cut off by a crash. */
export const orphanAge = { unattached: 86_400, unfinished: 3_600 } as const;
/** Seconds until a removal that failed is tried again. */
const retryAfter = 300;
/** Files of one step. */
const step = 200;

/**
 * Removes the objects of files that were let go. What is to be removed stands in the database until it is gone from the storage, so a crash or
 * a storage that is down costs time alone. Every node may do it: removing twice is no harm.
 */
@Injectable()
export class FileRemovals implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('files');
  private timer: NodeJS.Timeout | undefined;
  private readonly running = new Set<Promise<void>>();

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly repository: FilesRepository,
    private readonly objects: FileObjects,
  ) {}

  onApplicationBootstrap(): void {
    const round = () => this.track(this.tidy());
    round();
    this.timer = setInterval(round, every).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.running);
  }

  /** Removes files that were let go a moment ago, without waiting for the next round. */
  soon(ids: readonly string[]): void {
    this.track(this.removeEach(ids));
  }

  /** As `soon`, for whoever waits for it. What cannot be removed now is tried again later. */
  async removeNow(ids: readonly string[]): Promise<void> {
    await this.removeEach(ids);
  }

  /** Lets go of files whose storing failed. Never throws: housekeeping makes up for it. */
  async giveUp(ids: readonly string[]): Promise<void> {
    try {
      await this.removeEach(await this.repository.release(this.dataSource, ids));
    } catch (error) {
      this.logger.warn({ error }, 'a file that could not be stored is removed later');
    }
  }

  /** One round: what nothing refers to is let go, and what was let go is removed. */
  async tidy(): Promise<void> {
    while ((await this.repository.releaseOrphans(orphanAge, step)) === step);
    for (;;) {
      const due = await this.repository.due(step);
      await this.removeEach(due.map(({ id }) => id));
      if (due.length < step) return;
    }
  }

  private async removeEach(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      try {
        await this.objects.removeAll(id);
      } catch (error) {
        this.logger.warn({ fileId: id, error }, 'a file could not be removed and is tried again');
        await this.repository.postpone(id, retryAfter);
        continue;
      }
      await this.repository.forget(id);
    }
  }

  private track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.logger.warn({ error }, 'files could not be removed'))
      .finally(() => this.running.delete(tracked));
    this.running.add(tracked);
  }
}
