import { Store } from '../store/store.js';
import { account, rest } from './account.js';
import { socket } from './live.js';

/** What waits for this person, beside messages. */
export interface Personal {
  /** Friend requests to answer. */
  readonly requests: number;
  /** Grows whenever something between this person and others changed: lists of friends read themselves anew. */
  readonly friendNews: number;
}

const nothing: Personal = { requests: 0, friendNews: 0 };

export const personal = new Store<Personal>(nothing);

let started = false;

/** Begins to follow what waits; called by the first page of a signed-in person. */
export function startPersonal(): void {
  if (started) return;
  started = true;
  account.subscribe(follow);
  follow();
  for (const event of [
    'friend.requested',
    'friend.accepted',
    'friend.rejected',
    'friend.withdrawn',
    'friend.removed',
    'block.added',
    'block.removed',
  ] as const)
    socket.on(event, refreshPersonal);
}

let follower: string | null = null;

function follow(): void {
  const state = account.get();
  const next = state.status === 'signed-in' ? state.me.id : null;
  if (next === follower) return;
  follower = next;
  personal.set(nothing);
  if (next !== null) refreshPersonal();
}

/** Reads the counters anew. */
export function refreshPersonal(): void {
  const asker = follower;
  if (asker === null) return;
  personal.set({ ...personal.get(), friendNews: personal.get().friendNews + 1 });
  rest.call('friends.counters', {}).then(
    ({ incoming }) => {
      if (asker === follower) personal.set({ ...personal.get(), requests: incoming });
    },
    () => undefined,
  );
}
