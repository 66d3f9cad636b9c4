import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import { inTransaction } from '../../../database/index.js';
import { InternalEvents } from '../../../platform/events/index.js';
import { MailQueue } from '../../../platform/mail/index.js';
import { type JobOutcome, Tracing } from '../../../platform/telemetry/index.js';
import { UserAccounts } from '../../users/index.js';
import { JobLoop } from '../job-loop.js';
import { ExportArchive } from './export-archive.js';
import { ExportNews } from './export-news.js';
import { ExportStore, partSize } from './export-store.js';
import { type ExportRow, ExportsRepository } from './exports.repository.js';

/** Between two looks for work, in ms. */
const every = 5_000;
/** Seconds after which another node takes over from one that died. */
const lease = 60;
/** Tries before an export has failed, and seconds between them. */
const mostAttempts = 5;
const retryIn = 30;

/** The export was stopped, or its owner is suspended or gone. */
class Stopped extends Error {}

/** Makes archives in the background. An attempt that was cut off by a crash is begun anew by whoever comes next, from the database as it is then. */
@Injectable()
export class ExportWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('privacy');
  private readonly loop: JobLoop<ExportRow>;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    tracing: Tracing,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'exportLife' | 'frontendUrl'>,
    private readonly repository: ExportsRepository,
    private readonly archive: ExportArchive,
    private readonly store: ExportStore,
    private readonly news: ExportNews,
    private readonly accounts: UserAccounts,
    private readonly mails: MailQueue,
    private readonly events: InternalEvents,
  ) {
    this.loop = new JobLoop(dataSource, tracing, {
      name: 'make export',
      every,
      failure: 'archives could not be made; they are tried again',
      prepare: async () => this.prepare(),
      claim: async () => repository.claim(lease),
      work: async (row) => {
        const outcome = await this.make(row);
        await this.removeReleased();
        return outcome;
      },
      unlockAll: async () => repository.unlockAll(),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** Looks for work now. */
  kick(): void {
    this.loop.kick();
  }

  private async prepare(): Promise<void> {
    for (const userId of await this.repository.releaseExpired()) this.news.tell(userId, null);
    await this.removeReleased();
  }

  private async make(row: ExportRow): Promise<JobOutcome> {
    try {
      const bytes = await this.write(row);
      await this.complete(row, bytes);
      return 'done';
    } catch (error) {
      let outcome: JobOutcome = 'stopped';
      if (this.loop.stopping) await this.repository.giveUp(row, 'waiting');
      else if (error instanceof Stopped) {
        // Another node may have removed it while an object was on its way.
        await this.store.removeAll(row).catch((cause: unknown) => this.logger.warn({ error: cause }, 'an archive is removed later'));
        await this.repository.giveUp(row, 'removing');
      } else if (row.attempts < mostAttempts) {
        this.logger.warn({ error, attempt: row.attempts }, 'an archive could not be made and is tried again');
        await this.repository.giveUp(row, 'waiting', retryIn);
        outcome = 'postponed';
      } else {
        this.logger.error({ error }, 'an archive could not be made');
        await this.repository.giveUp(row, 'failed');
        outcome = 'failed';
      }
      this.news.tell(row.user_id, await this.repository.of(row.user_id));
      return outcome;
    }
  }

  /** @returns how many bytes the archive has @throws Stopped */
  private async write(row: ExportRow): Promise<number> {
    // What an earlier attempt left is of no use: the archive is made from the database as it is now.
    const { stream, progress } = await this.archive.open(row.user_id);
    let parts = 0;
    let bytes = 0;
    let waiting: Buffer[] = [];
    let size = 0;
    const flush = async () => {
      row.parts = Math.max(row.parts, ++parts);
      if (this.loop.stopping || !(await this.repository.goOn(row, { progress: progress(), parts }, lease))) throw new Stopped();
      this.news.tell(row.user_id, { ...row, progress: progress() });
      await this.store.put(row, parts, Buffer.concat(waiting, size));
      bytes += size;
      [waiting, size] = [[], 0];
    };
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        waiting.push(chunk);
        size += chunk.length;
        if (size >= partSize) await flush();
      }
      if (size > 0) await flush();
    } finally {
      stream.destroy();
    }
    return bytes;
  }

  private async complete(row: ExportRow, bytes: number): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      if (!(await this.repository.complete(manager, row, bytes, this.settings.exportLife))) throw new Stopped();
      const account = await this.accounts.byId(row.user_id, manager);
      if (!account) throw new Stopped();
      await this.events.emitWithin(manager, 'export.ready', { userId: row.user_id });
      await this.mails.enqueue(manager, {
        to: account.email,
        locale: account.locale,
        template: 'export-ready',
        params: {
          link: `${this.settings.frontendUrl}/settings/privacy`,
          until: new Date(Date.now() + this.settings.exportLife * 1000).toISOString(),
        },
      });
    });
    this.news.tell(row.user_id, await this.repository.of(row.user_id));
  }

  /** Removes the bytes of exports that were let go. */
  async removeReleased(): Promise<void> {
    for (const row of await this.repository.removing()) {
      try {
        await this.store.removeAll(row);
        await this.repository.forget(row.id);
      } catch (error) {
        this.logger.warn({ error }, 'an archive could not be removed and is tried again');
        await this.repository.postpone(row.id, retryIn);
      }
    }
  }
}
