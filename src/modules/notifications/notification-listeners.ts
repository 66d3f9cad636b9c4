import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { newId } from '../../common/ids.js';
import { inTransaction } from '../../database/index.js';
import type { NotificationKind } from '../../contracts/index.js';
import { InternalEvents, type TransactionalEventMap } from '../../platform/events/index.js';
import { type NewNotification, NotificationWriter } from './notification-writer.js';
import { NotificationsRepository } from './notifications.repository.js';

/** People of one transaction. */
const batchSize = 200;

/** What happens elsewhere and becomes notifications, in the transaction in which it happens. */
@Injectable()
export class NotificationListeners implements OnModuleDestroy {
  private readonly logger = new Logger('notifications');
  private clearing: Promise<void> = Promise.resolve();

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly writer: NotificationWriter,
    private readonly repository: NotificationsRepository,
    events: InternalEvents,
  ) {
    // A request and its notification share their id.
    events.onWithin('friend.requested', async (manager, { requestId, fromId, toId }) =>
      writer.add(manager, [
        {
          userId: toId,
          kind: 'friend.requested',
          id: requestId,
          groupKey: `friend.requested:${requestId}`,
          actors: [fromId],
          data: { requestId },
        },
      ]),
    );
    events.onWithin('friend.request-closed', async (manager, { requestId, fromId, toId, outcome }) => {
      // Whoever answered has seen it; of what was taken back there is nothing to see.
      if (outcome === 'withdrawn') await writer.remove(manager, toId, requestId);
      else await writer.read(manager, toId, [requestId]);
      if (outcome === 'accepted')
        await writer.add(manager, [{ userId: fromId, kind: 'friend.accepted', groupKey: 'friend.accepted', actors: [toId] }]);
    });
    events.onWithin('person.blocked', async (manager, { blockerId, blockedId }) => writer.forgetActor(manager, blockerId, blockedId));
    events.onWithin('room.member-added', async (manager, { roomId, userId, byId }) =>
      writer.add(manager, [
        { userId, kind: 'room.added', groupKey: `room.added:${roomId}`, actors: [byId], room: { id: roomId, seq: null } },
      ]),
    );
    events.onWithin('post.liked', async (manager, { postId, commentId, authorId, byId }) =>
      writer.add(manager, [
        commentId === null
          ? { userId: authorId, kind: 'post.liked', groupKey: `post.liked:${postId}`, actors: [byId], data: { postId } }
          : {
              userId: authorId,
              kind: 'comment.liked',
              groupKey: `comment.liked:${commentId}`,
              actors: [byId],
              data: { postId, commentId },
            },
      ]),
    );
    events.onWithin('post.commented', async (manager, comment) => writer.add(manager, ofComment(comment)));
    events.onWithin('post.mentioned', async (manager, { postId, byId, userIds }) =>
      writer.add(
        manager,
        userIds.map((userId) => ({
          userId,
          kind: 'post.mentioned',
          groupKey: `post.mentioned:${postId}`,
          actors: [byId],
          data: { postId },
        })),
      ),
    );
    events.onWithin('account.sanctioned', async (manager, { userId, kind, reason }) => {
      // Whoever is out cannot read it; they are told at the door.
      if (kind !== 'warn' && kind !== 'mute') return;
      const heard = kind === 'warn' ? 'moderation.warned' : 'moderation.muted';
      await writer.add(manager, [{ userId, kind: heard, groupKey: `moderation:${newId()}`, actors: [], data: { reason } }]);
    });
    events.onWithin('export.ready', async (manager, { userId }) =>
      writer.add(manager, [{ userId, kind: 'export.ready', groupKey: 'export.ready', actors: [] }]),
    );
    events.onWithin('account.security', async (manager, { userId, what }) =>
      writer.add(manager, [{ userId, kind: `security.${what}`, groupKey: `security:${newId()}`, actors: [] }]),
    );
    events.on('room.deleted', ({ roomId }, origin) => {
      if (origin !== 'here') return;
      this.clearing = this.clearing
        .then(async () => this.clearRoom(roomId))
        .catch((error: unknown) => this.logger.warn({ error }, 'notifications of a room that is gone are removed later'));
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.clearing;
  }

  /** Removes what speaks of a room that is gone. */
  async clearRoom(roomId: string): Promise<void> {
    for (;;) {
      const people = await this.repository.peopleOfRoom(roomId, batchSize);
      if (people.length === 0) return;
      await inTransaction(this.dataSource, async (manager) => this.writer.removeOfRoom(manager, roomId, people));
    }
  }
}

/** Everybody whom a comment concerns hears of it once: as whoever was answered, or whose post it is, or was mentioned. All in one go: people are locked in one order. */
function ofComment({
  postId,
  commentId,
  byId,
  postAuthorId,
  answeredId,
  mentionedIds,
}: TransactionalEventMap['post.commented']): NewNotification[] {
  const kinds = new Map<string, NotificationKind>();
  for (const userId of mentionedIds) kinds.set(userId, 'post.mentioned');
  kinds.set(postAuthorId, 'post.commented');
  if (answeredId !== null) kinds.set(answeredId, 'comment.answered');
  kinds.delete(byId);
  return [...kinds].map(([userId, kind]) => ({ userId, kind, groupKey: `${kind}:${postId}`, actors: [byId], data: { postId, commentId } }));
}
