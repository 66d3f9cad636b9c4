import { toFault } from '../api/fault.js';
import type { PostCard } from '../api/wire.js';
import { Store } from '../store/store.js';
import { rest } from './account.js';

/** Posts whose links stand in messages, by id; `none`: this person may not see one there, or it is gone. */
export const postCards = new Store<Readonly<Record<string, PostCard | 'none'>>>({});

const asked = new Set<string>();
/** What is asked for together, in a moment. */
let wanted: string[] = [];
/** Ids of one call. */
const most = 50;

/** Asks for a post's card, once; what a page of messages needs is one call. */
export function needPostCard(id: string): void {
  if (asked.has(id)) return;
  asked.add(id);
  wanted.push(id);
  if (wanted.length === 1) setTimeout(ask, 20);
}

/** Somebody else is here now, or who is blocked has changed. */
export function forgetPostCards(): void {
  asked.clear();
  wanted = [];
  postCards.set({});
}

function ask(): void {
  const all = wanted;
  wanted = [];
  for (let from = 0; from < all.length; from += most) {
    const ids = all.slice(from, from + most);
    rest.call('posts.cards', { query: { ids: ids.join(',') } }).then(
      ({ items }) => {
        // Forgotten meanwhile: this was the answer to somebody else.
        if (!ids.every((id) => asked.has(id))) return;
        const found = Object.fromEntries(items.map((card) => [card.id, card]));
        postCards.set({ ...postCards.get(), ...Object.fromEntries(ids.map((id) => [id, found[id] ?? ('none' as const)])) });
      },
      (error: unknown) => {
        if (toFault(error).passing) for (const id of ids) asked.delete(id);
      },
    );
  }
}
