import type { Message } from '../api/wire.js';
import { leave } from './attendance.js';
import type { ChatState } from './chat-state.js';
import { type Directory } from './directory.js';
import { emptyLog, type RoomLog } from './room-log.js';

/** Somebody is blocked: what they wrote keeps its place and is not shown, and they are nowhere present. */
export function hidePerson(state: ChatState, userId: string): ChatState {
  const gone = { id: userId, username: '' };
  return {
    ...state,
    logs: mapValues(state.logs, (log) => hideAuthor(log, userId)),
    attendance: mapValues(state.attendance, (attendance) => leave(attendance, gone)),
    typing: mapValues(state.typing, (people) => people.filter(({ id }) => id !== userId)),
    directory: withLast(state.directory, (last) => (last.author?.id === userId ? hidden(last) : last)),
    open: state.open?.replyingTo?.author?.id === userId ? { ...state.open, replyingTo: null } : state.open,
  };
}

/** Somebody is not blocked any more: what was hidden has to be read again, so nothing that was read counts as known. What is on its way out stays. */
export function showHidden(state: ChatState): ChatState {
  return {
    ...state,
    logs: mapValues(state.logs, ({ pending }) => ({ ...emptyLog, pending })),
    directory: withLast(state.directory, (last) => (last.hidden ? null : last)),
  };
}

function hideAuthor(log: RoomLog, userId: string): RoomLog {
  const hide = (message: Message) => (message.author?.id === userId ? hidden(message) : message);
  return {
    ...log,
    items: log.items.map(hide),
    aside: log.aside.map(hide),
    notices: log.notices.filter((notice) => notice.userId !== userId),
  };
}

function hidden(message: Message): Message {
  return { ...message, hidden: true, author: null, content: '', attachments: [], reactions: [] };
}

function withLast(directory: Directory, task: (last: Message) => Message | null): Directory {
  return {
    ...directory,
    byId: mapValues(directory.byId, (room) => (room.lastMessage ? { ...room, lastMessage: task(room.lastMessage) } : room)),
  };
}

function mapValues<T>(record: Readonly<Record<string, T>>, task: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, task(value)]));
}
