import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { afterCommit, inTransaction } from '../../database/index.js';
import { InternalEvents } from '../../platform/events/index.js';
import { BROKER, type Broker, type RoomPush } from '../../realtime/index.js';
import { PersonalFeed } from '../users/index.js';
import { type MessageNotice, MessageNoticesRepository } from './message-notices.repository.js';
import { type NewNotification, NotificationWriter } from './notification-writer.js';
import { RoomLevels } from './room-levels.js';
import { RoomReads } from './room-reads.js';

/** Rows of one transaction. */
const batchSize = 200;
/** What comes in this time is told together, in ms. */
const gatherFor = 20;
/** What a node that died has left behind is found after this, in ms. */
const lookEvery = 15_000;

/**
 * Mentions, replies and, for those who want it, every message of a room. The message writer leaves rows behind in its own statement; here they
 * become notifications after its commit, each once: taking a row and storing the notification are one transaction. A push only says that there
 * is something to take, so a lost one costs time and nothing else.
 */
@Injectable()
export class MessageNotices implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('notifications');
  private timer: NodeJS.Timeout | undefined;
  private gathering: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private again = false;
  /** Rooms that notify somebody of everything and have news. */
  private posted = new Set<string>();
  private stopped = true;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly repository: MessageNoticesRepository,
    private readonly writer: NotificationWriter,
    private readonly levels: RoomLevels,
    private readonly reads: RoomReads,
    private readonly feed: PersonalFeed,
    private readonly events: InternalEvents,
    @Inject(BROKER) broker: Broker,
  ) {
    broker.onPush((push, origin) => {
      if (origin === 'here') this.pushed(push);
    });
  }

  onApplicationBootstrap(): void {
    this.stopped = false;
    this.timer = setInterval(() => this.look(), lookEvery).unref();
    this.look();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    clearTimeout(this.gathering);
    await this.running;
  }

  private pushed({ roomId, changes, mentions }: RoomPush): void {
    if (this.levels.notifiesOfAll(roomId)) this.posted.add(roomId);
    let isDue = mentions === true || this.posted.has(roomId);
    for (const { isNew, message } of changes) {
      if (!isNew) continue;
      isDue ||= message.replyTo !== undefined;
      // Whoever writes has read what was before.
      if (message.author && this.reads.isWatched(message.author.id)) this.reads.note(message.author.id);
    }
    if (!isDue || this.gathering || this.stopped) return;
    this.gathering = setTimeout(() => {
      this.gathering = undefined;
      this.look(false);
    }, gatherFor);
  }

  /** Takes what there is. @param everywhere also what other nodes may have left */
  private look(everywhere = true): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = this.takeAll(everywhere)
      .catch((error: unknown) => this.logger.warn({ error }, 'mentions and replies wait to be told; they are tried again'))
      .finally(() => {
        this.running = null;
        if (this.again) {
          this.again = false;
          this.look(false);
        }
      });
  }

  private async takeAll(everywhere: boolean): Promise<void> {
    if (everywhere) await this.levels.load();
    const rooms = everywhere ? null : [...this.posted];
    this.posted = new Set();
    while (!this.stopped && (await inTransaction(this.dataSource, async (manager) => this.take(manager, rooms))));
  }

  /** One batch. @param rooms that may have news for those who want to hear of everything; null: any @returns whether there may be more */
  private async take(manager: EntityManager, rooms: readonly string[] | null): Promise<boolean> {
    const mentions = await this.repository.takeMentions(manager, batchSize);
    const replies = await this.repository.takeReplies(manager, batchSize);
    const { posted, taken } = await this.repository.takePosted(manager, rooms, batchSize);
    const news: NewNotification[] = [
      ...mentions.flatMap((notice) => newsOf(notice, 'message.mention')),
      ...replies.flatMap((notice) => newsOf(notice, 'message.reply')),
      ...posted.map(({ user_id: userId, room_id: id, seq, n, authors, created_at: at }) => ({
        userId,
        kind: 'message.posted' as const,
        groupKey: `message.posted:${id}`,
        actors: [...new Set(authors)],
        count: n,
        room: { id, seq: Number(seq) },
        at,
      })),
    ];
    // All at once, because people are locked in the order of their ids.
    await this.feed.lock(manager, [...mentions.map(({ user_id }) => user_id), ...news.map(({ userId }) => userId)]);
    await this.writer.add(manager, news);
    await this.forgetBlocked(manager, mentions);
    this.reads.watch(news.map(({ userId }) => userId));
    return Math.max(mentions.length, replies.length, taken) === batchSize;
  }

  /**
   * A block and the message may have been written at the same moment, neither seeing the other: such a mention is no longer counted. Whoever
   * blocks later than this deletes the row themselves. Call with the people locked.
   */
  private async forgetBlocked(manager: EntityManager, mentions: readonly MessageNotice[]): Promise<void> {
    if (mentions.length === 0) return;
    const people = await this.repository.forgetBlocked(manager, mentions);
    afterCommit(manager, () => {
      for (const userId of people) this.events.emit('person.blocks-changed', { userId });
    });
  }
}

function newsOf(notice: MessageNotice, kind: 'message.mention' | 'message.reply'): NewNotification[] {
  const { user_id: userId, room_id: id, author_id: author, seq, wanted, is_read: isRead, created_at: at } = notice;
  if (!wanted) return [];
  return [{ userId, kind, groupKey: `${kind}:${id}`, actors: author === null ? [] : [author], room: { id, seq: Number(seq) }, isRead, at }];
}
