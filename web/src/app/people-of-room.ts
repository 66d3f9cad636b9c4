import type { Author } from '../api/wire.js';
import { Store } from '../store/store.js';
import { rest } from './account.js';
import { chat } from './live.js';

/** People whose names may be wanted in a room: who spoke last, who is a member. */
export const knownPeople = new Store<Readonly<Record<string, readonly Author[]>>>({});

/** The list of members is asked for again after this time, in milliseconds. */
const staleAfter = 60_000;

const learned = new Map<string, number>();

/** Finds out who is in a room, for completing names. Refusals leave what the page knows. */
export function learnPeople(roomId: string): void {
  const spoke = (chat.get().logs[roomId]?.items ?? []).flatMap(({ author }) => author ?? []).reverse();
  put(roomId, spoke);
  if (Date.now() - (learned.get(roomId) ?? 0) < staleAfter) return;
  learned.set(roomId, Date.now());
  rest.call('rooms.members.list', { params: { room: roomId }, query: { limit: 100 } }).then(
    ({ items }) => put(roomId, [...spoke, ...items.map(({ user }) => user)]),
    () => learned.delete(roomId),
  );
}

function put(roomId: string, people: readonly Author[]): void {
  const all = [...people, ...(knownPeople.get()[roomId] ?? [])];
  knownPeople.set({ ...knownPeople.get(), [roomId]: [...new Map(all.map((person) => [person.id, person])).values()] });
}
