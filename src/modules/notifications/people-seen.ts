import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { InternalEvents } from '../../platform/events/index.js';
import { OnlinePeople } from './online-people.js';

/** People are written down together, this often, in ms. */
const writeEvery = 15_000;
/** Who stays online is written down every so many rounds. */
const roundsBetween = 40;

/** When people were here last: written down when they come, go, look at their notifications, and every ten minutes while they stay. */
@Injectable()
export class PeopleSeen implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('notifications');
  private waiting = new Set<string>();
  private rounds = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly online: OnlinePeople,
    events: InternalEvents,
  ) {
    events.on('person.online', ({ userId }) => this.note(userId));
    events.on('person.offline', ({ userId }) => this.note(userId));
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      if (++this.rounds % roundsBetween === 0) for (const userId of this.online.all()) this.note(userId);
      this.writing = this.write(new Date());
    }, writeEvery).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.writing;
    await this.write(new Date());
  }

  note(userId: string): void {
    this.waiting.add(userId);
  }

  /** Writes down who was here since the last time. Never rejects: who could not be written down is tried again. */
  async write(now: Date): Promise<void> {
    if (this.waiting.size === 0) return;
    const people = this.waiting;
    this.waiting = new Set();
    try {
      await this.dataSource.query(
        `INSERT INTO notification_reach (user_id, seen_at) SELECT u.id, $2 FROM users u WHERE u.id = ANY($1::uuid[]) ORDER BY u.id
         ON CONFLICT (user_id) DO UPDATE SET seen_at = GREATEST(notification_reach.seen_at, EXCLUDED.seen_at)`,
        [[...people], now],
      );
    } catch (error) {
      for (const userId of people) this.waiting.add(userId);
      this.logger.warn(`It could not be written down who was here: ${error instanceof Error ? error.message : 'unknown reason'}`);
    }
  }
}
