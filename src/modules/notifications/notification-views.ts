import { Injectable } from '@nestjs/common';
import { codePoints, type Notification } from '../../contracts/index.js';
import { UserDirectory } from '../users/index.js';
import { notificationText } from './notification-text.js';
import { excerptLength, type NotificationRow, NotificationsRepository } from './notifications.repository.js';

/** People whom a notification names. */
const shownActors = 3;

/** Stored notifications as their readers see them: in their language, with what they speak of as it is now. */
@Injectable()
export class NotificationViews {
  constructor(
    private readonly repository: NotificationsRepository,
    private readonly users: UserDirectory,
  ) {}

  /** Notifications by id, each as its own reader sees it. */
  async byIds(ids: readonly string[]): Promise<Map<string, Notification>> {
    const views = await this.of(await this.repository.byIds(ids));
    return new Map(views.map((view) => [view.id, view]));
  }

  async of(rows: readonly NotificationRow[]): Promise<Notification[]> {
    const people = await this.users.loadMany(rows.flatMap((row) => [row.user_id, ...row.actors.slice(0, shownActors)]));
    return rows.map((row) => {
      const actors = row.actors.slice(0, shownActors).flatMap((id) => {
        const card = people.get(id);
        return card ? [{ id, username: card.username, displayName: card.displayName, avatarUrl: card.avatarUrl }] : [];
      });
      const facts = { kind: row.kind, count: row.count, actorCount: row.actors.length, room: row.room };
      const text = notificationText(people.get(row.user_id)?.locale ?? 'en', {
        ...facts,
        names: actors.map((actor) => actor.displayName),
        announcement: row.announcement?.message,
        post: row.post?.title,
        reason: row.data['reason'],
      });
      const { requestId, commentId } = row.data;
      return {
        id: row.id,
        ...facts,
        text,
        actors,
        message: row.message_id === null ? null : { id: row.message_id, seq: Number(row.seq), excerpt: excerptOf(row.excerpt ?? '') },
        ...(requestId === undefined ? {} : { requestId }),
        ...(row.post ? { post: row.post } : {}),
        ...(commentId === undefined ? {} : { commentId }),
        ...(row.announcement ? { announcement: row.announcement } : {}),
        createdAt: row.created_at.toISOString(),
        updatedAt: row.updated_at.toISOString(),
        readAt: row.read_at?.toISOString() ?? null,
      };
    });
  }
}

/** The beginning of a text, on one line. */
function excerptOf(content: string): string {
  const line = content.replace(/\s+/gu, ' ').trim();
  return codePoints(content) > excerptLength ? `${[...line].slice(0, excerptLength - 1).join('')}…` : line;
}
