import { toFault } from '../api/fault.js';
import type { CallInput, Room } from '../api/wire.js';
import { roomPath } from '../text/names.js';
import { rest } from './account.js';
import { chat, dispatch, note } from './live.js';
import { asRead } from './reading.js';

/** Reads the list anew: live counts of rooms that are not open come by this alone. */
export async function refreshRooms(): Promise<void> {
  const { myId } = chat.get();
  try {
    const { items } = await rest.call('rooms.list', { query: { limit: 100 } });
    if (myId === chat.get().myId) dispatch({ type: 'rooms-listed', rooms: items.map(asRead) });
  } catch (error) {
    if (myId === chat.get().myId) dispatch({ type: 'rooms-failed', fault: note(toFault(error)) });
  }
}

/** Asks the server for rooms that the list does not hold. */
export async function searchRooms(query: string): Promise<void> {
  const { items } = await rest.call('rooms.list', { query: { query, limit: 50 } });
  dispatch({ type: 'rooms-found', rooms: items.map(asRead) });
}

/** Reads one room anew. */
export async function findOneRoom(id: string): Promise<void> {
  const { room } = await rest.call('rooms.get', { params: { room: id } });
  dispatch({ type: 'rooms-found', rooms: [asRead(room)] });
}

/** Makes a room and answers its address. */
export async function createRoom(input: { name: string; title?: string; kind: 'public' | 'private'; members?: string[] }): Promise<string> {
  const { room } = await rest.call('rooms.create', { body: input });
  dispatch({ type: 'rooms-found', rooms: [room] });
  return roomPath(room);
}

/** Opens the one conversation with a person and answers its address. */
export async function openConversation(username: string): Promise<string> {
  const { room } = await rest.call('rooms.direct', { body: { username } });
  dispatch({ type: 'rooms-found', rooms: [room] });
  return roomPath(room);
}

/** Changes a room's name and rules. */
export async function updateRoom(room: Room, change: NonNullable<CallInput<'rooms.update'>['body']>): Promise<Room> {
  const answer = await rest.call('rooms.update', { params: { room: room.id }, body: change });
  dispatch({ type: 'rooms-found', rooms: [answer.room] });
  return answer.room;
}

/** Deletes a room and everything in it, for everybody. */
export async function removeRoomForAll(id: string): Promise<void> {
  await rest.call('rooms.delete', { params: { room: id } });
  dispatch({ type: 'room-removed', id, reason: 'deleted' });
}

/** Ends one's membership. */
export async function leaveRoom(id: string): Promise<void> {
  await rest.call('rooms.leave', { params: { room: id } });
  dispatch({ type: 'room-removed', id, reason: 'left' });
}
