import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import type { Notification, NotificationPreferences, NotificationPreferencesChange } from '../../contracts/index.js';
import { decodeCursor, encodeCursor, inTransaction } from '../../database/index.js';
import { PersonalFeed } from '../users/index.js';
import { NotificationPreferencesStore } from './notification-preferences.store.js';
import { NotificationViews } from './notification-views.js';
import { NotificationWriter } from './notification-writer.js';
import { NotificationsRepository } from './notifications.repository.js';
import { PeopleSeen } from './people-seen.js';

const pageSize = 50;

export interface NotificationPage {
  items: Notification[];
  nextCursor: string | null;
  unreadCount: number;
  position: number;
}

/** What a person does with their notifications. */
@Injectable()
export class NotificationsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly repository: NotificationsRepository,
    private readonly views: NotificationViews,
    private readonly writer: NotificationWriter,
    private readonly preferencesStore: NotificationPreferencesStore,
    private readonly feed: PersonalFeed,
    private readonly seen: PeopleSeen,
  ) {}

  /** A page, what happened last first. @throws AppError `request.cursor-invalid` */
  async list(
    userId: string,
    { unread = false, limit = pageSize, cursor }: { unread?: boolean; limit?: number; cursor?: string | undefined },
  ) {
    const after = cursor === undefined ? null : timeAndId(cursor);
    this.seen.note(userId);
    await this.settle([userId]);
    // Asked before the list: whatever comes meanwhile is then found above this position.
    const position = await this.feed.position(userId);
    const { rows, unreadCount } = await this.repository.list(userId, { unread, limit: limit + 1, after });
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    const page: NotificationPage = {
      items: await this.views.of(rows.slice(0, limit)),
      nextCursor: last ? encodeCursor([last.cursor_at, last.id]) : null,
      unreadCount,
      position,
    };
    return page;
  }

  /** How many a person has not read. */
  async unreadCount(userId: string): Promise<number> {
    return this.repository.unreadCount(userId);
  }

  /** Marks one's own notifications as read; others, and those that are read already, change nothing. @param ids null: all @returns how many are unread then */
  async read(userId: string, ids: readonly string[] | null): Promise<number> {
    return inTransaction(this.dataSource, async (manager) => this.writer.read(manager, userId, ids));
  }

  /** @throws AppError `notification.not-found` */
  async remove(userId: string, id: string): Promise<void> {
    const isGone = await inTransaction(this.dataSource, async (manager) => this.writer.remove(manager, userId, id));
    if (!isGone) throw new AppError('notification.not-found');
  }

  async preferences(userId: string): Promise<NotificationPreferences> {
    const found = (await this.preferencesStore.of(this.dataSource.manager, [userId])).get(userId);
    if (!found) throw new AppError('auth.token-invalid');
    return found;
  }

  async changePreferences(userId: string, change: NotificationPreferencesChange): Promise<NotificationPreferences> {
    await inTransaction(this.dataSource, async (manager) => this.preferencesStore.change(manager, userId, change));
    return this.preferences(userId);
  }

  /** Marks what these people have read in rooms; costs one query where there is nothing. */
  async settle(userIds: readonly string[]): Promise<void> {
    const behind = await this.repository.behindTheirRooms(userIds);
    if (behind.length > 0) await inTransaction(this.dataSource, async (manager) => this.writer.settle(manager, behind));
  }
}

function timeAndId(cursor: string): [string, string] {
  const [time, id] = decodeCursor(cursor, ['string', 'string']);
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/.test(time) || !/^[0-9a-f-]{36}$/.test(id))
    throw new AppError('request.cursor-invalid');
  return [time, id];
}
