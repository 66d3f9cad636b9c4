import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Readable } from 'node:stream';
import { AppError } from '../../../common/app-error.js';
import { newId } from '../../../common/ids.js';
import type { Person } from '../../../common/principal.js';
import type { DataExport } from '../../../contracts/index.js';
import { afterCommit, inTransaction } from '../../../database/index.js';
import { RateLimiter } from '../../../platform/rate-limit/index.js';
import { UserAccounts } from '../../users/index.js';
import { ExportAddresses } from './export-addresses.js';
import { ExportNews, toDataExport } from './export-news.js';
import { ExportStore } from './export-store.js';
import { ExportWorker } from './export-worker.js';
import { ExportsRepository } from './exports.repository.js';

/** Archives of one's own data: asking for one, following it, downloading it, letting it go. */
@Injectable()
export class ExportsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly repository: ExportsRepository,
    private readonly accounts: UserAccounts,
    private readonly addresses: ExportAddresses,
    private readonly store: ExportStore,
    private readonly worker: ExportWorker,
    private readonly news: ExportNews,
    private readonly limits: RateLimiter,
  ) {}

  /** @throws AppError `export.in-progress`, `rate.limited` after five in a day, `auth.token-invalid` */
  async start(person: Person): Promise<DataExport> {
    await this.requireIdle(person.userId);
    await this.limits.consume('export:person', person.userId);
    return inTransaction(this.dataSource, async (manager) => {
      // The lock of the account makes it one at a time.
      if (!(await this.accounts.lockById(person.userId, manager))) throw new AppError('auth.token-invalid');
      const current = await this.repository.of(person.userId, manager);
      if (current?.status === 'waiting' || current?.status === 'running') throw new AppError('export.in-progress');
      await this.repository.release(manager, person.userId);
      const row = await this.repository.insert(manager, newId(), person.userId);
      afterCommit(manager, () => {
        this.news.tell(person.userId, row);
        this.worker.kick();
      });
      return toDataExport(row);
    });
  }

  async state(person: Person): Promise<DataExport | null> {
    const row = await this.repository.of(person.userId);
    return row && toDataExport(row);
  }

  /** Stops an export that is under way, or deletes the archive; without one nothing happens. */
  async cancel(person: Person): Promise<void> {
    await this.release(person.userId);
  }

  /** As `cancel`, whoever decides it. */
  async release(userId: string): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      if (!(await this.repository.release(manager, userId))) return;
      afterCommit(manager, () => {
        this.news.tell(userId, null);
        this.worker.kick();
      });
    });
  }

  /** Removes the bytes of everything that was let go. */
  async removeReleased(): Promise<void> {
    await this.worker.removeReleased();
  }

  /** Whether nothing of a person's exports is left, in the storage either. */
  async isClean(userId: string): Promise<boolean> {
    return !(await this.repository.anyLeft(userId));
  }

  /** @throws AppError `export.not-ready` */
  async address(person: Person): Promise<{ url: string; expiresAt: string }> {
    const row = await this.repository.of(person.userId);
    if (row?.status !== 'ready') throw new AppError('export.not-ready');
    return this.addresses.make(row.id);
  }

  /** @throws AppError `file.address-invalid`, `export.not-ready` when it is gone or its owner is suspended */
  async open(
    id: string,
    address: { expires: string; signature: string },
  ): Promise<{ stream: () => Readable; bytes: number; madeAt: Date }> {
    this.addresses.check(id, address);
    const row = await this.repository.downloadable(id);
    if (!row) throw new AppError('export.not-ready');
    const mayGoOn = async () => (await this.repository.downloadable(id)) !== null;
    return { stream: () => this.store.read(row, mayGoOn), bytes: Number(row.bytes), madeAt: row.ready_at! };
  }

  private async requireIdle(userId: string): Promise<void> {
    const current = await this.repository.of(userId);
    if (current?.status === 'waiting' || current?.status === 'running') throw new AppError('export.in-progress');
  }
}
