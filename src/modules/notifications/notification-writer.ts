import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { newId } from '../../common/ids.js';
import type { NotificationKind } from '../../contracts/index.js';
import { afterCommit } from '../../database/index.js';
import type { NotificationsChanged } from '../../platform/events/index.js';
import { PersonalFeed } from '../users/index.js';
import { NotificationPreferencesStore, type Preferences } from './notification-preferences.store.js';
import { NotificationPush } from './notification-push.js';
import { topicOf } from './notification-topics.js';
import { type IdsByPerson, mostActors, type NotificationInput, NotificationsRepository } from './notifications.repository.js';
import { isQuiet } from './quiet-hours.js';

/** Something that a person should hear of. */
export interface NewNotification {
  userId: string;
  kind: NotificationKind;
  /** What is alike gathers in one notification while that is unread. */
  groupKey: string;
  /** Absent: a new one. */
  id?: string;
  /** Who did it, the newest first. */
  actors: readonly string[];
  /** How many times, 1 unless told. */
  count?: number;
  /** The room and message that it is about: whoever reads the room up to there has read the notification. */
  room?: { id: string; seq: number | null };
  /** Ids. */
  data?: Record<string, string>;
  /** When it happened, now unless told. */
  at?: Date;
  /** The person has seen it already: it is kept, and nobody rings. */
  isRead?: boolean;
}

/**
 * The one way in which notifications change. Each change happens under the locks of the people's personal feeds, so that the unread count that
 * is told with a position is the true one at that position.
 */
@Injectable()
export class NotificationWriter {
  constructor(
    private readonly repository: NotificationsRepository,
    private readonly preferences: NotificationPreferencesStore,
    private readonly feed: PersonalFeed,
    private readonly push: NotificationPush,
  ) {}

  /** Stores within the caller's transaction what people want to hear of, and tells them after the commit. */
  async add(manager: EntityManager, news: readonly NewNotification[]): Promise<void> {
    if (news.length === 0) return;
    const wishes = await this.preferences.of(manager, new Set(news.map(({ userId }) => userId)));
    const wanted = news.filter(({ userId, kind }) => wishes.get(userId)?.kinds[topicOf(kind)].inApp);
    if (wanted.length === 0) return;
    const people = [...new Set(wanted.map(({ userId }) => userId))];
    await this.feed.lock(manager, people);
    const visible = withoutActors(wanted, await this.repository.blockedPairs(manager, pairsOf(wanted)));
    // What was read in the meantime must not grow.
    const read = wanted.some(({ room }) => room) ? await this.repository.settle(manager, people) : new Map<string, string[]>();
    const inputs = gathered(visible, wishes);
    const stored = await this.repository.store(manager, inputs);
    const silent = new Set(inputs.filter(({ isRead }) => isRead).map(({ id }) => id));
    await this.note(manager, { read, created: stored }, { wishes, silent });
  }

  /** Marks notifications of one person as read. @param ids null: all @returns how many are unread then */
  async read(manager: EntityManager, userId: string, ids: readonly string[] | null): Promise<number> {
    await this.feed.lock(manager, [userId]);
    const read = await this.repository.markRead(manager, userId, ids);
    const counts = await this.note(manager, { read: new Map([[userId, read]]) }, { all: ids === null });
    return counts.get(userId) ?? 0;
  }

  /** Marks what these people have read in rooms. */
  async settle(manager: EntityManager, userIds: readonly string[]): Promise<void> {
    await this.feed.lock(manager, userIds);
    await this.note(manager, { read: await this.repository.settle(manager, userIds) });
  }

  /** @returns whether it was there */
  async remove(manager: EntityManager, userId: string, id: string): Promise<boolean> {
    await this.feed.lock(manager, [userId]);
    const isGone = await this.repository.remove(manager, userId, id);
    if (isGone) await this.note(manager, { removed: new Map([[userId, [id]]]) });
    return isGone;
  }

  /** One person blocks another: nothing of that one is left in their notifications. */
  async forgetActor(manager: EntityManager, userId: string, actorId: string): Promise<void> {
    await this.feed.lock(manager, [userId]);
    const { gone, changed } = await this.repository.forgetActor(manager, userId, actorId);
    await this.note(manager, { removed: new Map([[userId, gone]]), created: new Map([[userId, changed]]) }, { silent: new Set(changed) });
  }

  async removeOfRoom(manager: EntityManager, roomId: string, userIds: readonly string[]): Promise<void> {
    await this.feed.lock(manager, userIds);
    await this.note(manager, { removed: await this.repository.removeOfRoom(manager, roomId, userIds) });
  }

  /** Gives the changes their positions and has them told. @returns how many each of the people has not read */
  private async note(
    manager: EntityManager,
    { read, removed, created }: { read?: IdsByPerson; removed?: IdsByPerson; created?: IdsByPerson },
    { wishes, silent, all = false }: { wishes?: ReadonlyMap<string, Preferences>; silent?: ReadonlySet<string>; all?: boolean } = {},
  ): Promise<Map<string, number>> {
    const people = new Set([read, removed, created].flatMap((ids) => [...(ids?.keys() ?? [])]));
    const of = (ids: IdsByPerson | undefined, userId: string) => ids?.get(userId) ?? [];
    const order = new Map([...people].map((userId) => [userId, [...of(read, userId), ...of(removed, userId), ...of(created, userId)]]));
    const heads = await this.feed.touchEach(manager, 'notification', order);
    const counts = await this.repository.unreadCounts(manager, [...people]);
    const now = new Date();
    const news: NotificationsChanged[] = [...heads].map(([userId, head]) => {
      const ids = [...new Set(order.get(userId))];
      const positionOf = (id: string) => head - (ids.length - 1 - ids.indexOf(id));
      const [wereRead, areGone] = [of(read, userId), of(removed, userId)];
      const unreadCount = counts.get(userId) ?? 0;
      const quiet = isQuiet(wishes?.get(userId)?.quietHours ?? null, now);
      return {
        userId,
        unreadCount,
        created: of(created, userId).map((id) => ({ id, position: positionOf(id), quiet: quiet || (silent?.has(id) ?? false) })),
        ...(wereRead.length > 0 ? { read: { ids: wereRead, all: all && unreadCount === 0, position: positionOf(wereRead.at(-1)!) } } : {}),
        ...(areGone.length > 0 ? { removed: { ids: areGone, position: positionOf(areGone.at(-1)!) } } : {}),
      };
    });
    afterCommit(manager, () => this.push.tell(news));
    return counts;
  }
}

function pairsOf(news: readonly NewNotification[]): [string, string][] {
  return news.flatMap(({ userId, actors, kind }) => (isForAll(kind) ? [] : actors.map((actor): [string, string] => [userId, actor])));
}

/** Announcements reach those too who block their author. */
function isForAll(kind: NotificationKind): boolean {
  return kind === 'announcement';
}

/**
 * Without people whom the reader blocks: a block holds the lock of the reader's feed, so with that lock one sees every block that came before.
 * @param blocked pairs, as `reader actor`
 */
function withoutActors(news: readonly NewNotification[], blocked: ReadonlySet<string>): NewNotification[] {
  if (blocked.size === 0) return [...news];
  return news.flatMap((one) => {
    if (isForAll(one.kind)) return [one];
    const actors = one.actors.filter((actor) => !blocked.has(`${one.userId} ${actor}`));
    return actors.length === 0 && one.actors.length > 0 ? [] : [{ ...one, actors }];
  });
}

/** As rows: what gathers is one row already, because one statement cannot let a row grow twice. */
function gathered(news: readonly NewNotification[], wishes: ReadonlyMap<string, Preferences>): NotificationInput[] {
  const now = new Date();
  const rows = new Map<string, NotificationInput>();
  for (const one of news) {
    const isRead = one.isRead ?? false;
    const key = isRead ? newId() : `${one.userId} ${one.groupKey}`;
    const earlier = rows.get(key);
    const wish = wishes.get(one.userId);
    rows.set(key, {
      id: one.id ?? newId(),
      userId: one.userId,
      kind: one.kind,
      groupKey: one.groupKey,
      roomId: one.room?.id ?? null,
      seq: highest(one.room?.seq ?? null, earlier?.seq ?? null),
      count: (one.count ?? 1) + (earlier?.count ?? 0),
      actors: [...new Set([...one.actors, ...(earlier?.actors ?? [])])].slice(0, mostActors),
      data: one.data ?? {},
      mailPending: !isRead && wish !== undefined && wish.mail && wish.kinds[topicOf(one.kind)].mail,
      isRead,
      at: one.at ?? now,
    });
  }
  return [...rows.values()];
}

function highest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
