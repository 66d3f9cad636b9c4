import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { InternalEvents } from '../../platform/events/index.js';
import { NotificationsService } from './notifications.service.js';

/** What people read in this time is looked at together, in ms. */
const gatherFor = 100;
/** People remembered of whom something in a room is unread. */
const mostWatched = 50_000;

/** Whoever reads a room reads the notifications about it. Looked at once for all who read at about the same time. */
@Injectable()
export class RoomReads implements OnModuleDestroy {
  private readonly logger = new Logger('notifications');
  private readonly watched = new Set<string>();
  private waiting = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly notifications: NotificationsService,
    events: InternalEvents,
  ) {
    events.on('room.read', ({ userId }, origin) => {
      if (origin === 'here') this.note(userId);
    });
  }

  async onModuleDestroy(): Promise<void> {
    clearTimeout(this.timer);
    await this.running;
  }

  /** These people have something unread in a room: what they write there is reading, too. */
  watch(userIds: Iterable<string>): void {
    if (this.watched.size > mostWatched) this.watched.clear();
    for (const userId of userIds) this.watched.add(userId);
  }

  isWatched(userId: string): boolean {
    return this.watched.has(userId);
  }

  /** A person has read something in a room. */
  note(userId: string): void {
    this.waiting.add(userId);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const people = [...this.waiting];
      this.waiting = new Set();
      for (const one of people) this.watched.delete(one);
      this.running = this.running
        .then(async () => this.notifications.settle(people))
        .catch((error: unknown) => this.logger.warn({ error }, 'what was read in rooms is marked when the lists are read'));
    }, gatherFor);
  }
}
