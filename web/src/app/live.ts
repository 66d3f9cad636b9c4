import type { Fault } from '../api/fault.js';
import { LiveSocket } from '../api/socket.js';
import { initialChat, reduceChat, type ChatAction, type ChatState, type FaultNote } from '../store/chat.js';
import { Store } from '../store/store.js';
import { session } from './account.js';

/** The chat as this page sees it. */
export const chat = new Store<ChatState>(initialChat);

/** The one connection of this page. */
export const socket = new LiveSocket(session);

export function dispatch(action: ChatAction): void {
  chat.set(reduceChat(chat.get(), action));
}

/** A fault as the store keeps it. */
export function note(fault: Fault): FaultNote {
  return { code: fault.code, message: fault.message, ...(fault.retryAfter !== undefined && { retryAfter: fault.retryAfter }) };
}

/** Tries to connect now instead of at the next turn. */
export function connectNow(): void {
  socket.hurry();
}
