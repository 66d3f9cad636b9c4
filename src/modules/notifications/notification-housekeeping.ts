import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { NotificationListeners } from './notification-listeners.js';
import { NotificationsRepository } from './notifications.repository.js';

const every = 60 * 60_000;
/** What was read is kept this long, in ms. */
const keptFor = 90 * 86_400_000;
const batchSize = 1_000;

/** Removes what nobody looks at any more. Every node may do it. */
@Injectable()
export class NotificationHousekeeping implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('notifications');
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: NotificationsRepository,
    private readonly listeners: NotificationListeners,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.round = this.tidy(new Date()).catch((error: unknown) => {
        this.logger.warn(`Old notifications could not be removed: ${error instanceof Error ? error.message : 'unknown reason'}`);
      });
    }, every).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.round;
  }

  /** One round. */
  async tidy(now: Date): Promise<void> {
    const before = new Date(now.getTime() - keptFor);
    while ((await this.repository.removeOld(before, batchSize)) === batchSize);
    for (const roomId of await this.repository.roomsGone(batchSize)) await this.listeners.clearRoom(roomId);
  }
}
