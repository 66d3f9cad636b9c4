import type { Author, EventData, Message, Room } from '../api/wire.js';

/** The rooms this client knows of, by id. */
export interface Directory {
  readonly byId: Readonly<Record<string, Room>>;
  /** Whether the list was read at least once. */
  readonly loaded: boolean;
}

export const emptyDirectory: Directory = { byId: {}, loaded: false };

/** Takes a fresh list. Rooms that are not in it are gone, but for those in `keep`; a newer last message that came live stays. */
export function replaceRooms(directory: Directory, rooms: readonly Room[], keep: readonly string[] = []): Directory {
  const byId: Record<string, Room> = {};
  for (const id of keep) {
    const held = directory.byId[id];
    if (held) byId[id] = held;
  }
  for (const room of rooms) byId[room.id] = withNewerMessage(room, directory.byId[room.id]?.lastMessage ?? null);
  return { byId, loaded: true };
}

/** Adds or replaces rooms without touching the others. */
export function putRooms(directory: Directory, rooms: readonly Room[]): Directory {
  const byId = { ...directory.byId };
  for (const room of rooms) byId[room.id] = withNewerMessage(room, byId[room.id]?.lastMessage ?? null);
  return { ...directory, byId };
}

export function removeRoom(directory: Directory, id: string): Directory {
  const { [id]: removed, ...byId } = directory.byId;
  return removed ? { ...directory, byId } : directory;
}

/** A message was created or changed: it may be the room's last one. Unread counts are the server's business, not counted here. */
export function noteMessage(directory: Directory, message: Message): Directory {
  const room = directory.byId[message.room];
  return room ? put(directory, withNewerMessage(room, message)) : directory;
}

export function noteUnread(directory: Directory, id: string, unread: number, mentions: number): Directory {
  const room = directory.byId[id];
  if (!room || (room.unreadCount === unread && room.mentionCount === mentions)) return directory;
  return put(directory, { ...room, unreadCount: unread, mentionCount: mentions });
}

/** A room changed its name, title or rules; what it is to this person stays. */
export function noteFacts(directory: Directory, facts: EventData<'room.updated'>['room']): Directory {
  const room = directory.byId[facts.id];
  return room ? put(directory, { ...room, ...facts }) : directory;
}

/** What this person may do in a room changed. */
export function noteRole(directory: Directory, id: string, role: NonNullable<Room['myRole']>): Directory {
  const room = directory.byId[id];
  return room ? put(directory, { ...room, myRole: role }) : directory;
}

/** The other person of a conversation has another name or picture. */
export function notePerson(directory: Directory, user: Author): Directory {
  const room = Object.values(directory.byId).find(({ peer }) => peer?.id === user.id);
  return room ? put(directory, { ...room, peer: user }) : directory;
}

export function noteOnline(directory: Directory, id: string, onlineCount: number): Directory {
  const room = directory.byId[id];
  return !room || room.onlineCount === onlineCount ? directory : put(directory, { ...room, onlineCount });
}

/** The latest message first; rooms without one after them, by name. */
export function sortedRooms(directory: Directory): Room[] {
  return Object.values(directory.byId).sort(
    (a, b) => (b.lastMessage?.createdAt ?? '').localeCompare(a.lastMessage?.createdAt ?? '') || a.name.localeCompare(b.name),
  );
}

/** A room by its id or, without regard to case, its name. */
export function findRoom(directory: Directory, reference: string): Room | undefined {
  const direct = directory.byId[reference];
  if (direct) return direct;
  const key = nameKey(reference);
  return Object.values(directory.byId).find((room) => nameKey(room.name) === key);
}

/** Rooms whose name, title or other person contains a text. */
export function matchingRooms(rooms: readonly Room[], query: string): Room[] {
  const key = nameKey(query.trim());
  if (!key) return [...rooms];
  return rooms.filter((room) =>
    [room.name, room.title, room.peer?.username ?? '', room.peer?.displayName ?? ''].some((text) => nameKey(text).includes(key)),
  );
}

/** How many messages wait to be read in all of one's rooms. */
export function totalUnread(directory: Directory): number {
  return Object.values(directory.byId).reduce((sum, room) => sum + (room.myRole === null ? 0 : room.unreadCount), 0);
}

function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function put(directory: Directory, room: Room): Directory {
  return directory.byId[room.id] === room ? directory : { ...directory, byId: { ...directory.byId, [room.id]: room } };
}

function withNewerMessage(room: Room, message: Message | null): Room {
  const held = room.lastMessage;
  if (!message || (held && (held.seq > message.seq || (held.seq === message.seq && held.position >= message.position)))) return room;
  return { ...room, lastMessage: message };
}
