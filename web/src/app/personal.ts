import { Store } from '../store/store.js';
import { t } from '../texts/index.js';
import { account, rest } from './account.js';
import { chat, socket } from './live.js';
import { toast } from './toasts.js';

/** What waits for this person, beside messages. */
export interface Personal {
  /** Friend requests to answer. */
  readonly requests: number;
  /** Grows whenever something between this person and others changed: lists of friends read themselves anew. */
  readonly friendNews: number;
  /** Notifications that were not read. */
  readonly unread: number;
  /** Grows whenever notifications came, were read or went. */
  readonly notificationNews: number;
}

const nothing: Personal = { requests: 0, friendNews: 0, unread: 0, notificationNews: 0 };

export const personal = new Store<Personal>(nothing);

let started = false;

/** Begins to follow what waits; called by the first page of a signed-in person. */
export function startPersonal(): void {
  if (started) return;
  started = true;
  account.subscribe(follow);
  follow();
  for (const event of [
    'friend.requested',
    'friend.accepted',
    'friend.rejected',
    'friend.withdrawn',
    'friend.removed',
    'block.added',
    'block.removed',
  ] as const)
    socket.on(event, refreshPersonal);

  socket.on('notification.created', ({ notification, unreadCount, quiet }) => {
    counted(unreadCount);
    // What is on the screen already, and what comes at night, is not told twice.
    const seen = notification.room !== null && chat.get().open?.id === notification.room.id && document.visibilityState === 'visible';
    if (!quiet && !seen) toast(notification.text, 'plain', { label: t.notifications.open, path: '/notifications' });
  });
  socket.on('notification.read', ({ unreadCount }) => counted(unreadCount));
  socket.on('notification.removed', ({ unreadCount }) => counted(unreadCount));
}

/** Marks notifications as read, some or all. @throws Fault */
export async function markNotificationsRead(ids: readonly string[] | 'all'): Promise<void> {
  const { unreadCount } = await rest.call('notifications.read', { body: ids === 'all' ? { all: true } : { ids: [...ids] } });
  counted(unreadCount);
}

/** Removes one notification for good. @throws Fault */
export async function removeNotification(id: string): Promise<void> {
  await rest.call('notifications.remove', { params: { id } });
  counted(personal.get().unread);
}

function counted(unread: number): void {
  personal.set({ ...personal.get(), unread, notificationNews: personal.get().notificationNews + 1 });
}

let follower: string | null = null;

function follow(): void {
  const state = account.get();
  const next = state.status === 'signed-in' ? state.me.id : null;
  if (next === follower) return;
  follower = next;
  personal.set(nothing);
  if (next === null) return;
  refreshPersonal();
  rest.call('notifications.list', { query: { limit: 1 } }).then(
    ({ unreadCount }) => {
      if (next === follower) personal.set({ ...personal.get(), unread: unreadCount });
    },
    () => undefined,
  );
}

/** Reads the counters anew. */
export function refreshPersonal(): void {
  const asker = follower;
  if (asker === null) return;
  personal.set({ ...personal.get(), friendNews: personal.get().friendNews + 1 });
  rest.call('friends.counters', {}).then(
    ({ incoming }) => {
      if (asker === follower) personal.set({ ...personal.get(), requests: incoming });
    },
    () => undefined,
  );
}
