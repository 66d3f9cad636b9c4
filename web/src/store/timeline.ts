import type { Message } from '../api/wire.js';
import { dayKey } from '../text/times.js';
import type { Notice } from './notices.js';
import type { RoomLog } from './room-log.js';

/** What stands in a room from top to bottom. */
export type TimelineEntry =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string }
  | { kind: 'message'; key: string; message: Message; leads: boolean }
  | { kind: 'notice'; key: string; notice: Notice };

/** Messages of one author within this time are one group, in milliseconds. */
const groupSpan = 5 * 60_000;

/** Puts messages, days, notices and the line of the first unread message in order; `leads` begins a group of one author. */
export function timeline(log: RoomLog, unreadFrom: number | null): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  let before: Message | null = null;
  let at = 0;
  const noticesUpTo = (seq: number): boolean => {
    const start = at;
    for (; at < log.notices.length && log.notices[at]!.afterSeq <= seq; at++) {
      const notice = log.notices[at]!;
      entries.push({ kind: 'notice', key: `notice-${notice.key}`, notice });
    }
    return at > start;
  };
  for (const message of log.items) {
    if (message.hidden) continue;
    let leads = !before || !sameGroup(before, message);
    if (before) leads = noticesUpTo(before.seq) || leads;
    if (!before || dayKey(before.createdAt) !== dayKey(message.createdAt)) {
      entries.push({ kind: 'day', key: `day-${message.seq}`, at: message.createdAt });
      leads = true;
    }
    if (unreadFrom !== null && message.seq >= unreadFrom && (before === null ? message.seq === unreadFrom : before.seq < unreadFrom)) {
      entries.push({ kind: 'unread', key: 'unread' });
      leads = true;
    }
    entries.push({ kind: 'message', key: message.id, message, leads });
    before = message;
  }
  noticesUpTo(Infinity);
  return entries;
}

function sameGroup(a: Message, b: Message): boolean {
  return (
    a.kind === 'text' &&
    b.kind === 'text' &&
    a.author !== null &&
    a.author.id === b.author?.id &&
    Date.parse(b.createdAt) - Date.parse(a.createdAt) < groupSpan
  );
}
