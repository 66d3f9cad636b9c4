import type { Attachment } from '../api/wire.js';
import type { RoomLog } from './room-log.js';

/** A message on its way: shown at once, and sent under the same `clientId` however often, so that it is never doubled. */
export interface Pending {
  clientId: string;
  content: string;
  /** When it was written, ISO 8601. */
  at: string;
  state: 'sending' | 'failed';
  /** The username, for a private message written here with /pm. */
  to?: string;
  /** The message that this one answers. */
  replyTo?: string;
  /** Pictures and files that go with it, stored already. */
  attachments?: readonly Attachment[];
  /** Why it failed. */
  fault?: { code: string; message: string; retryAfter?: number };
}

/** Shows a message that is on its way out. */
export function addPending(log: RoomLog, pending: Pending): RoomLog {
  if (log.pending.some((other) => other.clientId === pending.clientId)) return log;
  return { ...log, pending: [...log.pending, pending] };
}

export function failPending(log: RoomLog, clientId: string, fault: NonNullable<Pending['fault']>): RoomLog {
  return changePending(log, clientId, (pending) => ({ ...pending, state: 'failed', fault }));
}

/** A failed message is tried again, under the same `clientId`. */
export function retryPending(log: RoomLog, clientId: string): RoomLog {
  return changePending(log, clientId, ({ fault: _, ...pending }) => ({ ...pending, state: 'sending' }));
}

export function removePending(log: RoomLog, clientId: string): RoomLog {
  if (!log.pending.some((pending) => pending.clientId === clientId)) return log;
  return { ...log, pending: log.pending.filter((pending) => pending.clientId !== clientId) };
}

function changePending(log: RoomLog, clientId: string, change: (pending: Pending) => Pending): RoomLog {
  return { ...log, pending: log.pending.map((pending) => (pending.clientId === clientId ? change(pending) : pending)) };
}
