import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { HomeCounters, HomeModule } from '../home/index.js';
import { RoomsModule } from '../rooms/index.js';
import { PersonalFeed, UsersModule } from '../users/index.js';
import { Announcements } from './announcements.js';
import { NotificationDigest } from './digest.js';
import { DigestRepository } from './digest.repository.js';
import { AnnouncementEntity } from './entities/announcement.entity.js';
import { NotificationLevelEntity } from './entities/notification-level.entity.js';
import { NotificationPreferencesEntity } from './entities/notification-preferences.entity.js';
import { NotificationReachEntity } from './entities/notification-reach.entity.js';
import { NotificationEntity } from './entities/notification.entity.js';
import { MessageNotices } from './message-notices.js';
import { MessageNoticesRepository } from './message-notices.repository.js';
import { NotificationHousekeeping } from './notification-housekeeping.js';
import { NotificationErasure } from './notification-erasure.js';
import { NotificationListeners } from './notification-listeners.js';
import { NotificationPreferencesStore } from './notification-preferences.store.js';
import { NotificationPush } from './notification-push.js';
import { NotificationViews } from './notification-views.js';
import { NotificationWriter } from './notification-writer.js';
import { NotificationsController } from './notifications.controller.js';
import { NotificationsRealtime } from './notifications.realtime.js';
import { NotificationsRepository } from './notifications.repository.js';
import { NotificationsService } from './notifications.service.js';
import { OnlinePeople } from './online-people.js';
import { PeopleSeen } from './people-seen.js';
import { RoomLevels } from './room-levels.js';
import { RoomReads } from './room-reads.js';
import { UnsubscribeLinks } from './unsubscribe-links.js';
import { UnsubscribeController } from './unsubscribe.controller.js';

/** What people are told of. Nobody imports it: it listens to what the others do. */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      NotificationEntity,
      NotificationPreferencesEntity,
      NotificationLevelEntity,
      NotificationReachEntity,
      AnnouncementEntity,
    ]),
    HomeModule,
    RoomsModule,
    UsersModule,
  ],
  controllers: [NotificationsController, UnsubscribeController],
  providers: [
    NotificationsService,
    NotificationsRepository,
    NotificationWriter,
    NotificationViews,
    NotificationPush,
    NotificationPreferencesStore,
    NotificationErasure,
    NotificationListeners,
    NotificationHousekeeping,
    NotificationsRealtime,
    MessageNotices,
    MessageNoticesRepository,
    Announcements,
    OnlinePeople,
    PeopleSeen,
    RoomLevels,
    RoomReads,
    NotificationDigest,
    DigestRepository,
    UnsubscribeLinks,
  ],
  exports: [NotificationErasure],
})
export class NotificationsModule implements OnModuleInit {
  constructor(
    private readonly feed: PersonalFeed,
    private readonly views: NotificationViews,
    private readonly home: HomeCounters,
    private readonly notifications: NotificationsService,
  ) {}

  /** What changed for a person includes their notifications; the first page counts the unread ones. */
  onModuleInit(): void {
    this.feed.register('notification', async (_userId, ids) => this.views.byIds(ids));
    this.home.register('notifications', async (userId) => this.notifications.unreadCount(userId));
  }
}
