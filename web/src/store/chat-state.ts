import type { ConnectionState } from '../api/socket.js';
import type { Author, EventData, JoinedRoom, Message, PersonRef, Room } from '../api/wire.js';
import type { Attendance } from './attendance.js';
import { type Directory, emptyDirectory } from './directory.js';
import type { Pending } from './outgoing.js';
import type { HistoryPage, RoomLog } from './room-log.js';

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
  /** The page of history that is on its way: before the window, behind it, or another place altogether. */
  readonly loading: 'older' | 'newer' | 'elsewhere' | null;
  /** Why the last page did not come. */
  readonly pageFault: FaultNote | null;
  /** The message to show and to point at; `key` grows with every wish. */
  readonly focus: { readonly seq: number; readonly key: number } | null;
  /** The message of one's own that is being changed in the composer. */
  readonly editing: string | null;
  /** The message that the composer answers. */
  readonly replyingTo: Message | null;
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
  /** How far others have read, by room and person, as far as it was told since the page was opened. */
  readonly readBy: Readonly<Record<string, Readonly<Record<string, number>>>>;
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
  | { type: 'page-asked'; where: 'older' | 'newer' | 'elsewhere' }
  | { type: 'older-read'; id: string; before: number; page: HistoryPage }
  | { type: 'newer-read'; id: string; after: number; page: HistoryPage }
  | { type: 'window-read'; id: string; page: HistoryPage }
  | { type: 'page-failed'; id: string; fault: FaultNote }
  | { type: 'trimmed'; id: string }
  | { type: 'focused'; id: string; seq: number; key: number }
  | { type: 'unread-begun'; id: string; seq: number }
  | { type: 'reply-begun'; message: Message }
  | { type: 'reply-ended' }
  | { type: 'read-by'; room: string; userId: string; seq: number }
  | { type: 'changed'; room: string; position: number; message: Message; by?: EventData<'message.reactions'>['by'] }
  | { type: 'answered'; message: Message }
  | { type: 'edit-begun'; id: string }
  | { type: 'edit-ended' }
  | { type: 'typing'; room: string; user: PersonRef; typing: boolean }
  | { type: 'joined-by'; room: string; user: PersonRef; key: number; at: string }
  | { type: 'left-by'; room: string; user: PersonRef; key: number; at: string }
  | { type: 'people-gathered'; data: EventData<'room.users'> }
  | { type: 'room-updated'; room: EventData<'room.updated'>['room'] }
  | { type: 'role'; id: string; role: NonNullable<Room['myRole']> }
  | { type: 'person-changed'; user: Author }
  | { type: 'person-hidden'; userId: string }
  | { type: 'hidden-shown' }
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
  readBy: {},
  open: null,
  onlineTotal: null,
};
