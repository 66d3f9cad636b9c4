import type { FriendRequest } from '../api/wire.js';
import { Store } from '../store/store.js';
import { t } from '../texts/index.js';
import { account, rest } from './account.js';
import { chat, dispatch, socket } from './live.js';
import { asRead } from './reading.js';
import { toast } from './toasts.js';

/** What waits for this person, beside messages. */
export interface Personal {
  /** Friend requests to answer. */
  readonly requests: number;
  /** The latest of them; null: not read yet. */
  readonly latestRequests: readonly FriendRequest[] | null;
  /** Grows whenever something between this person and others changed: lists of friends read themselves anew. */
  readonly friendNews: number;
  /** Notifications that were not read. */
  readonly unread: number;
  /** Grows whenever notifications came, were read or went. */
  readonly notificationNews: number;
}

const nothing: Personal = { requests: 0, latestRequests: null, friendNews: 0, unread: 0, notificationNews: 0 };

export const personal = new Store<Personal>(nothing);

let started = false;
let follower: string | null = null;
/** How far the changes of this person's own things are known; null: not at all. */
let reached: number | null = null;

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

  socket.on('notification.created', ({ notification, unreadCount, quiet, position }) => {
    counted(unreadCount, position);
    // What is on the screen already, and what comes at night, is not told twice.
    const seen = notification.room !== null && chat.get().open?.id === notification.room.id && document.visibilityState === 'visible';
    if (!quiet && !seen) toast(notification.text, 'plain', { label: t.notifications.open, path: '/notifications' });
  });
  socket.on('notification.read', ({ unreadCount, position }) => counted(unreadCount, position));
  socket.on('notification.removed', ({ unreadCount, position }) => counted(unreadCount, position));
  let connected = false;
  chat.subscribe(() => {
    const now = chat.get().connection === 'online';
    if (now && !connected) catchUp().catch(() => undefined);
    connected = now;
  });
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

function counted(unread: number, position = 0): void {
  reached = Math.max(reached ?? 0, position);
  personal.set({ ...personal.get(), unread, notificationNews: personal.get().notificationNews + 1 });
}

function follow(): void {
  const state = account.get();
  const next = state.status === 'signed-in' ? state.me.id : null;
  if (next === follower) return;
  follower = next;
  reached = null;
  personal.set(nothing);
  if (next !== null) begin(next).catch(() => undefined);
}

/** The position first: what happens after it is told by `sync`, or is in what is read next. */
async function begin(asker: string): Promise<void> {
  const { position } = await rest.call('users.me.changes', {});
  if (asker !== follower) return;
  reached = Math.max(reached ?? 0, position);
  await readHome(true);
}

/** The connection is there, perhaps again: asks what changed for this person meanwhile. */
async function catchUp(): Promise<void> {
  const asker = follower;
  if (asker === null) return;
  if (reached === null) {
    await begin(asker);
    return;
  }
  const { me } = await socket.command('sync', { rooms: {}, me: reached });
  if (asker !== follower || !me) return;
  reached = Math.max(reached, me.position);
  if (me.items.length === 0 && !me.gap) return;
  const { friendNews, notificationNews } = personal.get();
  personal.set({ ...personal.get(), friendNews: friendNews + 1, notificationNews: notificationNews + 1 });
  await readHome(true);
}

/** Reads anew what stands between this person and others. */
export function refreshPersonal(): void {
  if (follower === null) return;
  personal.set({ ...personal.get(), friendNews: personal.get().friendNews + 1 });
  readHome(false).catch(() => undefined);
}

/** The first page in one request. @param whole also how many notifications wait: otherwise events know that better */
async function readHome(whole: boolean): Promise<void> {
  const asker = follower;
  const { requests, chats, counters } = await rest.call('home.get', {});
  if (asker !== follower) return;
  dispatch({ type: 'rooms-found', rooms: chats.map(asRead) });
  personal.set({
    ...personal.get(),
    requests: counters.friendRequests,
    latestRequests: requests,
    ...(whole && { unread: counters.notifications }),
  });
}
