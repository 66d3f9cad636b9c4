import type { Author, JoinedRoom, PersonRef } from '../api/wire.js';
import { attend, enter, gather, leave, type Attendance } from './attendance.js';
import { type ChatAction, type ChatState, initialChat, type OpenRoom } from './chat-state.js';
import { noteFacts, noteMessage, noteOnline, notePerson, noteRole, noteUnread, putRooms, removeRoom, replaceRooms } from './directory.js';
import { hidePerson, showHidden } from './hiding.js';
import { addNotice } from './notices.js';
import { addPending, failPending, removePending, retryPending } from './outgoing.js';
import {
  applyChange,
  applyJoined,
  applyNewerPage,
  applyNewestPage,
  applyOlderPage,
  applyWindow,
  emptyLog,
  renameAuthor,
  type RoomLog,
  trimStart,
} from './room-log.js';

export * from './chat-state.js';

/** The next state of the chat. Pure: what a screen shows follows from the actions alone. */
export function reduceChat(state: ChatState, action: ChatAction): ChatState {
  switch (action.type) {
    case 'reset':
      return { ...initialChat, myId: action.myId };
    case 'connection':
      return { ...state, connection: action.state, connectionFault: action.fault };

    case 'rooms-listed': {
      const keep = state.open?.id ? [state.open.id] : [];
      return { ...state, directory: replaceRooms(state.directory, action.rooms, keep), directoryFault: null };
    }
    case 'rooms-failed':
      return { ...state, directoryFault: action.fault };
    case 'rooms-found':
      return { ...state, directory: putRooms(state.directory, action.rooms) };

    case 'room-opened':
      return {
        ...state,
        open: {
          reference: action.reference,
          id: action.id,
          state: 'entering',
          fault: null,
          reason: null,
          unreadFrom: null,
          loading: null,
          pageFault: null,
          focus: null,
          editing: null,
          replyingTo: null,
        },
      };
    case 'room-closed':
      return { ...state, open: null };
    case 'room-joined':
      return joined(state, action.reference, action.joined);
    case 'room-read-only': {
      const { room, page } = action;
      if (state.open?.reference !== action.reference) return state;
      return {
        ...withLog(state, room.id, (log) => applyNewestPage(log, page, true, state.myId)),
        directory: putRooms(state.directory, [room]),
        open: { ...state.open, id: room.id, state: 'entered', fault: null },
      };
    }
    case 'room-refused':
      if (state.open?.reference !== action.reference) return state;
      return { ...state, open: { ...state.open, state: 'refused', fault: action.fault } };

    case 'page-asked':
      return opened(state, { loading: action.where, pageFault: null });
    case 'older-read':
      return read(state, action.id, (log) => applyOlderPage(log, action.before, action.page, state.myId));
    case 'newer-read':
      return read(state, action.id, (log) => applyNewerPage(log, action.after, action.page, state.myId));
    case 'window-read':
      return read(state, action.id, (log) => applyWindow(log, action.page, state.myId));
    case 'page-failed':
      return state.open?.id === action.id ? opened(state, { loading: null, pageFault: action.fault }) : state;
    case 'trimmed':
      return withLog(state, action.id, trimStart);
    case 'focused':
      return state.open?.id === action.id ? opened(state, { focus: { seq: action.seq, key: action.key } }) : state;
    case 'unread-begun':
      return state.open?.id === action.id ? opened(state, { unreadFrom: action.seq }) : state;

    case 'changed': {
      // A room that was never opened has no window to keep without holes: its messages come when it is opened.
      const changed = state.logs[action.room]
        ? withLog(state, action.room, (log) => applyChange(log, action.message, action.position, state.myId, action.by))
        : state;
      const { author } = action.message;
      const said = author && !action.by ? typing(changed, action.room, author, false) : changed;
      return { ...said, directory: noteMessage(said.directory, action.message) };
    }
    case 'answered': {
      const { message } = action;
      const shown = withLog(state, message.room, (log) => applyChange(log, message, message.position, state.myId));
      return { ...shown, directory: noteMessage(shown.directory, message) };
    }
    case 'edit-begun':
      return opened(state, { editing: action.id, replyingTo: null });
    case 'edit-ended':
      return state.open?.editing ? opened(state, { editing: null }) : state;
    case 'reply-begun':
      return opened(state, { replyingTo: action.message, editing: null });
    case 'reply-ended':
      return state.open?.replyingTo ? opened(state, { replyingTo: null }) : state;
    case 'read-by': {
      const before = state.readBy[action.room] ?? {};
      if ((before[action.userId] ?? 0) >= action.seq || action.userId === state.myId) return state;
      return { ...state, readBy: { ...state.readBy, [action.room]: { ...before, [action.userId]: action.seq } } };
    }
    case 'typing':
      return typing(state, action.room, action.user, action.typing);
    case 'joined-by':
      return attending(noticed(state, action, 'joined'), action.room, (attendance) => enter(attendance, action.user));
    case 'left-by':
      return attending(typing(noticed(state, action, 'left'), action.room, action.user, false), action.room, (attendance) =>
        leave(attendance, action.user),
      );
    case 'people-gathered':
      return attending(state, action.data.room, (attendance) => gather(attendance, action.data));

    case 'room-updated':
      return { ...state, directory: noteFacts(state.directory, action.room) };
    case 'role':
      return { ...state, directory: noteRole(state.directory, action.id, action.role) };
    case 'person-changed':
      return renamed(state, action.user);
    case 'person-hidden':
      return hidePerson(state, action.userId);
    case 'hidden-shown':
      return showHidden(state);
    case 'room-removed': {
      const { [action.id]: _log, ...logs } = state.logs;
      return {
        ...state,
        logs,
        directory: removeRoom(state.directory, action.id),
        open: state.open?.id === action.id ? { ...state.open, state: 'removed', reason: action.reason } : state.open,
      };
    }
    case 'unread':
      return { ...state, directory: noteUnread(state.directory, action.id, action.unread, action.mentions) };
    case 'online-total':
      return { ...state, onlineTotal: action.count };

    case 'sending':
      return withLog(state, action.id, (log) => addPending(log, action.pending));
    case 'sent': {
      const { message } = action;
      const settled = withLog(state, action.id, (log) => removePending(log, action.clientId));
      // A private message belongs to another room than the one it was written in.
      const shown = settled.logs[message.room]
        ? withLog(settled, message.room, (log) => applyChange(log, message, message.position, state.myId))
        : settled;
      return { ...shown, directory: noteMessage(shown.directory, message) };
    }
    case 'send-failed':
      return withLog(state, action.id, (log) => failPending(log, action.clientId, action.fault));
    case 'send-again':
      return withLog(state, action.id, (log) => retryPending(log, action.clientId));
    case 'send-discarded':
      return withLog(state, action.id, (log) => removePending(log, action.clientId));
  }
}

function joined(state: ChatState, reference: string, answer: JoinedRoom): ChatState {
  const { room } = answer;
  const first = state.logs[room.id]?.epoch == null;
  const logged = withLog(state, room.id, (log) => applyJoined(log, answer, state.myId));
  const head = room.lastMessage?.seq ?? 0;
  const unreadFrom = room.myRole !== null && room.unreadCount > 0 ? head - room.unreadCount + 1 : null;
  return {
    ...logged,
    directory: noteOnline(putRooms(state.directory, [room]), room.id, answer.onlineCount),
    attendance: { ...state.attendance, [room.id]: attend(answer.online, answer.onlineCount) },
    open:
      state.open?.reference === reference
        ? {
            ...state.open,
            id: room.id,
            state: 'entered',
            fault: null,
            reason: null,
            unreadFrom: state.open.unreadFrom ?? (first || state.open.state === 'entering' ? unreadFrom : null),
          }
        : state.open,
  };
}

/** A person has another name or picture: wherever they stand, they stand with it. */
function renamed(state: ChatState, user: Author): ChatState {
  const logs = Object.fromEntries(Object.entries(state.logs).map(([id, log]) => [id, renameAuthor(log, user)]));
  return { ...state, logs, directory: notePerson(state.directory, user) };
}

/** Changes something of the open room. */
function opened(state: ChatState, change: Partial<OpenRoom>): ChatState {
  return state.open ? { ...state, open: { ...state.open, ...change } } : state;
}

/** A page of history came. */
function read(state: ChatState, id: string, change: (log: RoomLog) => RoomLog): ChatState {
  const next = withLog(state, id, change);
  return next.open?.id === id ? opened(next, { loading: null, pageFault: null }) : next;
}

function withLog(state: ChatState, id: string, change: (log: RoomLog) => RoomLog): ChatState {
  const before = state.logs[id] ?? emptyLog;
  const after = change(before);
  return after === before && state.logs[id] ? state : { ...state, logs: { ...state.logs, [id]: after } };
}

function typing(state: ChatState, room: string, { id, username }: PersonRef, types: boolean): ChatState {
  const before = state.typing[room] ?? [];
  if (id === state.myId || before.some((person) => person.id === id) === types) return state;
  const after = types ? [...before, { id, username }] : before.filter((person) => person.id !== id);
  return { ...state, typing: { ...state.typing, [room]: after } };
}

function attending(state: ChatState, id: string, change: (attendance: Attendance) => Attendance): ChatState {
  const before = state.attendance[id];
  if (!before) return state;
  const after = change(before);
  if (after === before) return state;
  return { ...state, attendance: { ...state.attendance, [id]: after }, directory: noteOnline(state.directory, id, after.count) };
}

function noticed(
  state: ChatState,
  action: { room: string; user: PersonRef; key: number; at: string },
  change: 'joined' | 'left',
): ChatState {
  const present = state.attendance[action.room]?.people.some((person) => person.id === action.user.id) ?? false;
  // One's own coming is no news, nor is that of somebody who is there already.
  if (!state.logs[action.room] || action.user.id === state.myId || present === (change === 'joined')) return state;
  return withLog(state, action.room, (log) =>
    addNotice(log, { key: action.key, change, userId: action.user.id, username: action.user.username, at: action.at }),
  );
}
