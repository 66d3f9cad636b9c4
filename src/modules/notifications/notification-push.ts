import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { EventData } from '../../contracts/index.js';
import { InternalEvents, type NotificationsChanged } from '../../platform/events/index.js';
import { Publisher } from '../../realtime/index.js';
import { NotificationViews } from './notification-views.js';
import { OnlinePeople } from './online-people.js';

/** An event names at most this many notifications; of more it says that the lists are to be read anew, by its position. */
const mostIds = 100;

/** Tells people's open sockets what changed, after the commit and in the order of the commits. Nobody waits for it; what gets lost is found by `sync {me}`. */
@Injectable()
export class NotificationPush implements OnModuleDestroy {
  private readonly logger = new Logger('notifications');
  private last: Promise<void> = Promise.resolve();
  private readonly off: () => void;

  constructor(
    private readonly views: NotificationViews,
    private readonly online: OnlinePeople,
    private readonly publisher: Publisher,
    private readonly events: InternalEvents,
  ) {
    this.off = events.on('notifications.changed', (news, origin) => {
      if (origin === 'elsewhere') this.tellHere([news]);
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.off();
    await this.last;
  }

  /** For `afterCommit`: each node tells the sockets that it has. */
  tell(news: readonly NotificationsChanged[]): void {
    for (const one of news) this.events.emit('notifications.changed', one);
    this.tellHere(news);
  }

  private tellHere(news: readonly NotificationsChanged[]): void {
    const here = news.filter(({ userId }) => this.online.has(userId));
    if (here.length === 0) return;
    this.last = this.last
      .then(async () => this.send(here))
      .catch((error: unknown) => this.logger.warn({ error }, 'notifications were not told; clients find them when they sync'));
  }

  private async send(news: readonly NotificationsChanged[]): Promise<void> {
    const views = await this.views.byIds(news.flatMap(({ created }) => created.map(({ id }) => id)));
    for (const { userId, unreadCount, created, read, removed } of news) {
      if (read) {
        const ids = read.all || read.ids.length > mostIds ? {} : { ids: [...read.ids] };
        this.tellRead(userId, { position: read.position, unreadCount, ...ids, ...(read.all ? { all: true as const } : {}) });
      }
      if (removed) {
        const ids = removed.ids.slice(-mostIds);
        this.publisher.toPeopleHere([userId], 'notification.removed', { position: removed.position, unreadCount, ids });
      }
      for (const { id, position, quiet } of created) {
        const notification = views.get(id);
        // Gone again by now.
        if (notification) this.publisher.toPeopleHere([userId], 'notification.created', { position, unreadCount, notification, quiet });
      }
    }
  }

  private tellRead(userId: string, data: EventData<'notification.read'>): void {
    this.publisher.toPeopleHere([userId], 'notification.read', data);
  }
}
