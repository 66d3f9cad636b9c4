import { dispatch, socket } from './live.js';

/** The server passes it on this often at most, in milliseconds. */
const toldEvery = 2_000;
/** Without another word a person counts as stopped, in milliseconds. */
const forgottenAfter = 6_000;

let told: { room: string; at: number } | null = null;
const expiries = new Map<string, ReturnType<typeof setTimeout>>();

/** Tells the others in a room that one is typing, or stopped; never more often than they hear it. */
export function tellTyping(room: string, typing: boolean): void {
  const now = Date.now();
  if (typing ? told?.room === room && now - told.at < toldEvery : told?.room !== room) return;
  told = typing ? { room, at: now } : null;
  socket.command('room.typing', { room, typing }).catch(() => undefined);
}

/** Somebody else is typing, or stopped. */
export function heardTyping(room: string, user: { id: string; username: string }, typing: boolean): void {
  const key = `${room} ${user.id}`;
  clearTimeout(expiries.get(key));
  expiries.delete(key);
  dispatch({ type: 'typing', room, user, typing });
  if (typing)
    expiries.set(
      key,
      setTimeout(() => heardTyping(room, user, false), forgottenAfter),
    );
}
