import { toFault } from '../api/fault.js';
import { findRoom } from '../store/directory.js';
import { hasHole } from '../store/room-log.js';
import { rest } from './account.js';
import { loadOlder, pageSize } from './history.js';
import { chat, dispatch, note, socket } from './live.js';
import { asRead } from './reading.js';

/** How long a missing position may stay missing, in milliseconds. */
const holePatience = 4_000;

let holeTimer: ReturnType<typeof setTimeout> | undefined;

/** Shows a room: what is held of it at once, the rest as soon as the server answers. */
export function openRoom(reference: string): void {
  const state = chat.get();
  if (state.open?.reference === reference && state.open.state !== 'refused' && state.open.state !== 'removed') return;
  closeRoom();
  dispatch({ type: 'room-opened', reference, id: findRoom(chat.get().directory, reference)?.id ?? null });
  if (socket.state === 'refused') readOpenRoomByRest().catch(() => undefined);
  else enterOpenRoom().catch(() => undefined);
}

/** Takes the room from the screen, and this socket out of it. */
export function closeRoom(): void {
  const open = chat.get().open;
  if (!open) return;
  dispatch({ type: 'room-closed' });
  if (open.id && open.state === 'entered') socket.command('room.leave', { room: open.id }).catch(() => undefined);
}

/** Joins the open room, or resumes it where this page is. */
export async function enterOpenRoom(): Promise<void> {
  const open = chat.get().open;
  if (!open || open.state === 'removed' || socket.state !== 'online') return;
  const { reference } = open;
  const log = open.id === null ? undefined : chat.get().logs[open.id];
  const resume = log?.epoch != null ? { since: log.position, epoch: log.epoch } : {};
  try {
    const joined = await socket.command('room.join', { room: open.id ?? reference, ...resume });
    if (chat.get().open?.reference !== reference) {
      // Somebody went on before the answer came.
      if (chat.get().open?.id !== joined.room.id) await socket.command('room.leave', { room: joined.room.id });
      return;
    }
    dispatch({ type: 'room-joined', reference, joined: { ...joined, room: asRead(joined.room) } });
    if ((chat.get().logs[joined.room.id]?.items.length ?? 0) < pageSize) await loadOlder();
  } catch (error) {
    const fault = toFault(error);
    // A cut connection enters again when it is back; an answer that was lost is asked for once more.
    if (fault.code === 'network.unanswered' && socket.state === 'online') await enterOpenRoom();
    else if (!fault.unknownOutcome) dispatch({ type: 'room-refused', reference, fault: note(fault) });
  }
}

/** For visitors whom the server gives no socket: the newest page, not live. */
export async function readOpenRoomByRest(): Promise<void> {
  const reference = chat.get().open?.reference;
  if (reference === undefined) return;
  try {
    const { room } = await rest.call('rooms.get', { params: { room: reference } });
    const page = await rest.call('messages.list', { params: { room: room.id }, query: { limit: pageSize } });
    dispatch({ type: 'room-read-only', reference, room, page });
  } catch (error) {
    dispatch({ type: 'room-refused', reference, fault: note(toFault(error)) });
  }
}

/** A position that stays missing was overtaken by a later change, or lost: asking again from the cursor settles both. */
export function watchHole(room: string): void {
  const log = chat.get().logs[room];
  if (!log || !hasHole(log) || holeTimer !== undefined) return;
  holeTimer = setTimeout(() => {
    holeTimer = undefined;
    const now = chat.get().logs[room];
    if (now && hasHole(now) && chat.get().open?.id === room) enterOpenRoom().catch(() => undefined);
  }, holePatience);
}
