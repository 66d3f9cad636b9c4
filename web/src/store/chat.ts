import type { ConnectionState } from '../api/socket.js';
import type { EventData, JoinedRoom, Message, PersonRef, Room } from '../api/wire.js';
import { attend, enter, gather, leave, type Attendance } from './attendance.js';
import {
  emptyDirectory,
  noteFacts,
  noteMessage,
  noteOnline,
  noteUnread,
  putRooms,
  removeRoom,
  replaceRooms,
  type Directory,
} from './directory.js';
import {
  addNotice,
  addPending,
  applyChange,
  applyJoined,
  applyNewestPage,
  applyOlderPage,
  emptyLog,
  failPending,
  removePending,
  retryPending,
  type HistoryPage,
  type Pending,
  type RoomLog,
} from './room-log.js';

/** A fault as the store keeps it. */
export interface FaultNote {
  code: string;
  message: string;
  retryAfter?: number;
}

/** The room on the screen. */
export interface OpenRoom {
  /** As in the address: a name or an id. */
  readonly reference: string;
  /** null until the server has told it. */
  readonly id: string | null;
  readonly state: 'entering' | 'entered' | 'refused' | 'removed';
  readonly fault: FaultNote | null;
  readonly reason: EventData<'room.removed'>['reason'] | null;
  /** Where the unread messages began when the room was opened. */
  readonly unreadFrom: number | null;
  readonly loadingOlder: boolean;
  readonly olderFault: FaultNote | null;
  /** The message of one's own that is being changed in the composer. */
  readonly editing: string | null;
}

export interface ChatState {
  readonly myId: string | null;
  readonly connection: ConnectionState;
  readonly connectionFault: FaultNote | null;
  readonly directory: Directory;
  readonly directoryFault: FaultNote | null;
  readonly logs: Readonly<Record<string, RoomLog>>;
  readonly attendance: Readonly<Record<string, Attendance>>;
  /** Who is typing at the moment, by room; never oneself. */
  readonly typing: Readonly<Record<string, readonly PersonRef[]>>;
  readonly open: OpenRoom | null;
  /** People online on this server; null: not told yet. */
  readonly onlineTotal: number | null;
}

export type ChatAction =
  | { type: 'reset'; myId: string | null }
  | { type: 'connection'; state: ConnectionState; fault: FaultNote | null }
  | { type: 'rooms-listed'; rooms: readonly Room[] }
  | { type: 'rooms-failed'; fault: FaultNote }
  | { type: 'rooms-found'; rooms: readonly Room[] }
  | { type: 'room-opened'; reference: string; id: string | null }
  | { type: 'room-closed' }
  | { type: 'room-joined'; reference: string; joined: JoinedRoom }
  | { type: 'room-read-only'; reference: string; room: Room; page: HistoryPage }
  | { type: 'room-refused'; reference: string; fault: FaultNote }
  | { type: 'older-asked' }
  | { type: 'older-read'; id: string; before: number; page: HistoryPage }
  | { type: 'older-failed'; id: string; fault: FaultNote }
  | { type: 'changed'; room: string; position: number; message: Message; by?: EventData<'message.reactions'>['by'] }
  | { type: 'answered'; message: Message }
  | { type: 'edit-begun'; id: string }
  | { type: 'edit-ended' }
  | { type: 'typing'; room: string; user: PersonRef; typing: boolean }
  | { type: 'joined-by'; room: string; user: PersonRef; key: number; at: string }
  | { type: 'left-by'; room: string; user: PersonRef; key: number; at: string }
  | { type: 'people-gathered'; data: EventData<'room.users'> }
  | { type: 'room-updated'; room: EventData<'room.updated'>['room'] }
  | { type: 'room-removed'; id: string; reason: EventData<'room.removed'>['reason'] }
  | { type: 'unread'; id: string; unread: number; mentions: number }
  | { type: 'online-total'; count: number }
  | { type: 'sending'; id: string; pending: Pending }
  | { type: 'sent'; id: string; clientId: string; message: Message }
  | { type: 'send-failed'; id: string; clientId: string; fault: FaultNote }
  | { type: 'send-again'; id: string; clientId: string }
  | { type: 'send-discarded'; id: string; clientId: string };

export const initialChat: ChatState = {
  myId: null,
  connection: 'stopped',
  connectionFault: null,
  directory: emptyDirectory,
  directoryFault: null,
  logs: {},
  attendance: {},
  typing: {},
  open: null,
  onlineTotal: null,
};

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
          loadingOlder: false,
          olderFault: null,
          editing: null,
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

    case 'older-asked':
      return state.open ? { ...state, open: { ...state.open, loadingOlder: true, olderFault: null } } : state;
    case 'older-read':
      return {
        ...withLog(state, action.id, (log) => applyOlderPage(log, action.before, action.page, state.myId)),
        open: state.open?.id === action.id ? { ...state.open, loadingOlder: false } : state.open,
      };
    case 'older-failed':
      if (state.open?.id !== action.id) return state;
      return { ...state, open: { ...state.open, loadingOlder: false, olderFault: action.fault } };

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
      return state.open ? { ...state, open: { ...state.open, editing: action.id } } : state;
    case 'edit-ended':
      return state.open?.editing ? { ...state, open: { ...state.open, editing: null } } : state;
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
