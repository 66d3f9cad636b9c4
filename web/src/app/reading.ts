import type { Room } from '../api/wire.js';
import { chat, dispatch, socket } from './live.js';

/** The server is told this long after something was seen, once for all that was seen until then, in milliseconds. */
const readDelay = 400;

/** How far one has read on this page, by room. */
let seen = new Map<string, number>();
/** Rooms of which the server does not know it yet. */
const untold = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Tells the server at once what was seen: the page goes away. */
addEventListener('pagehide', tell);

/** Everything up to `seq` was seen. */
export function markRead(id: string, seq: number): void {
  const { directory, myId } = chat.get();
  const room = directory.byId[id];
  if (!room || room.myRole === null || myId === null || seq <= readSeq(id)) return;
  seen.set(id, seq);
  if (room.unreadCount > 0 || room.mentionCount > 0) dispatch({ type: 'unread', id, unread: 0, mentions: 0 });
  untold.add(id);
  timer ??= setTimeout(tell, readDelay);
}

/** The highest `seq` that was seen here; 0: none. */
export function readSeq(id: string): number {
  return seen.get(id) ?? 0;
}

/** A room as the server tells it, without counting what was seen a moment ago. */
export function asRead(room: Room): Room {
  return room.unreadCount > 0 && readSeq(room.id) >= (room.lastMessage?.seq ?? 0) ? { ...room, unreadCount: 0 } : room;
}

/** Somebody else is here now. */
export function forgetReading(): void {
  clearTimeout(timer);
  timer = undefined;
  seen = new Map();
  untold.clear();
}

function tell(): void {
  clearTimeout(timer);
  timer = undefined;
  const known = seen;
  for (const id of untold) {
    // Not told: it counts as unseen until it is seen again, which is at once in the open room.
    socket.command('room.read', { room: id, seq: readSeq(id) }).catch(() => known.delete(id));
  }
  untold.clear();
}
