import { toFault } from '../api/fault.js';
import type { Message } from '../api/wire.js';
import { Store } from '../store/store.js';
import { rest } from './account.js';

/** Messages that others answer and that are not in a window, by id; `gone`: there is none any more for this person. */
export const quotes = new Store<Readonly<Record<string, Message | 'gone'>>>({});

const asked = new Set<string>();

/** Asks for a quoted message, once. */
export function needQuote(id: string): void {
  if (asked.has(id)) return;
  asked.add(id);
  rest.call('messages.get', { params: { id } }).then(
    ({ message }) => put(id, message),
    (error: unknown) => {
      if (toFault(error).passing) asked.delete(id);
      else put(id, 'gone');
    },
  );
}

/** A message changed: where it is quoted, the quote changes with it. */
export function renewQuote(message: Message): void {
  if (message.id in quotes.get()) put(message.id, message);
}

/** Somebody else is here now. */
export function forgetQuotes(): void {
  asked.clear();
  quotes.set({});
}

function put(id: string, quoted: Message | 'gone'): void {
  quotes.set({ ...quotes.get(), [id]: quoted });
}
