import { type Fault, toFault } from '../api/fault.js';
import { RestClient } from '../api/rest.js';
import { Session } from '../api/session.js';
import type { Me } from '../api/wire.js';
import { Store } from '../store/store.js';
import { forgetKept } from './storage.js';

/** Why nobody is logged in any more: a word of the catalogue, or what the person did. */
export type Ending = { why: 'logged-out' | 'elsewhere' | 'password-changed' } | { why: 'ended'; code: string };

export type AccountState =
  | { status: 'restoring' }
  | { status: 'unreachable'; fault: Fault }
  | { status: 'guest'; ending: Ending | null }
  | { status: 'signed-in'; me: Me };

type TabMessage = { type: 'signed-out'; userId: string } | { type: 'signed-in'; userId: string };

export const rest = new RestClient();
export const session = new Session(() => rest.call('auth.refresh', { body: {} }));
rest.credentials = session;

/** Who is here, as this page knows it. */
export const account = new Store<AccountState>({ status: 'restoring' });

const tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('parley');

/** While this person logs out here, the server ends the session at the same time: that is no news. */
let leaving = false;
/** Who was here last, to tell what another tab did. */
let lastUserId: string | null = null;
let revivedAt = 0;

session.onEnded = (code, cookieToo) => {
  if (leaving) return;
  const ending = { why: 'ended', code } as const;
  if (cookieToo) account.set({ status: 'guest', ending });
  else revive(ending).catch(() => undefined);
};

account.subscribe(() => {
  const state = account.get();
  if (state.status === 'signed-in') lastUserId = state.me.id;
});

if (tabs) {
  tabs.onmessage = ({ data }: MessageEvent<TabMessage>) => {
    const state = account.get();
    // The server may have been quicker than the other tab's word.
    const ended = state.status === 'guest' && state.ending?.why === 'ended';
    if (data.type === 'signed-out' && (state.status === 'signed-in' || ended) && lastUserId === data.userId) leave({ why: 'elsewhere' });
    // The cookie belongs to all tabs: whoever logged in over there is the person here, too.
    if (data.type === 'signed-in' && !(state.status === 'signed-in' && state.me.id === data.userId)) {
      session.clear();
      restore().catch(() => undefined);
    }
  };
}

/** Finds out who is here, by the cookie. */
export async function restore(): Promise<void> {
  account.set({ status: 'restoring' });
  try {
    await session.refresh();
  } catch (error) {
    const fault = toFault(error);
    if (fault.unknownOutcome || fault.passing || fault.code === 'server.internal' || fault.code === 'rate.limited') {
      account.set({ status: 'unreachable', fault });
      return;
    }
    account.set({ status: 'guest', ending: null });
    return;
  }
  try {
    account.set({ status: 'signed-in', me: await rest.call('users.me', {}) });
  } catch (error) {
    if (session.active) account.set({ status: 'unreachable', fault: toFault(error) });
  }
}

export async function logIn(login: string, password: string): Promise<void> {
  const answer = await rest.call('auth.login', { body: { login, password, cookie: true } });
  session.adopt(answer);
  account.set({ status: 'signed-in', me: await rest.call('users.me', {}) });
  tell({ type: 'signed-in', userId: answer.user.id });
}

/** Ends this session; on a server that cannot be reached nothing changes, and the fault says so. */
export async function logOut(): Promise<void> {
  await leaveBy(() => rest.call('auth.logout', { body: {} }));
}

export async function logOutEverywhere(): Promise<void> {
  await leaveBy(() => rest.call('auth.logout-all', {}));
}

async function leaveBy(call: () => Promise<void>): Promise<void> {
  leaving = true;
  try {
    await call();
    signedOut({ why: 'logged-out' });
  } finally {
    leaving = false;
    // The call failed, but the session is gone all the same.
    if (!session.active && account.get().status === 'signed-in') signedOut({ why: 'logged-out' });
  }
}

/** The password was set anew, which ended all sessions. */
export function passwordWasReset(): void {
  const state = account.get();
  if (state.status === 'signed-in') signedOut({ why: 'password-changed' });
  else account.set({ status: 'guest', ending: { why: 'password-changed' } });
}

/** The reason was read, or a new try begins. */
export function forgetEnding(): void {
  const state = account.get();
  if (state.status === 'guest' && state.ending) account.set({ status: 'guest', ending: null });
}

function signedOut(ending: Ending): void {
  const state = account.get();
  if (state.status === 'signed-in') tell({ type: 'signed-out', userId: state.me.id });
  leave(ending);
  if (state.status === 'signed-in' && ending.why === 'logged-out') forgetKept(state.me.id);
}

function leave(ending: Ending): void {
  session.clear();
  account.set({ status: 'guest', ending });
}

function tell(message: TabMessage): void {
  tabs?.postMessage(message);
}

/**
 * The session of this page was ended; but another tab may have logged in since then, and the cookie belongs to both. A cookie that is of no
 * use any more is taken back by the server's refusal, so that what follows is the life of a guest.
 */
async function revive(ending: Ending): Promise<void> {
  const tooSoon = Date.now() - revivedAt < 10_000;
  revivedAt = Date.now();
  try {
    if (tooSoon) throw new Error('It was revived a moment ago.');
    await session.refresh();
    const me = await rest.call('users.me', {});
    // Another session, even of the same person: everything begins anew.
    account.set({ status: 'guest', ending: null });
    account.set({ status: 'signed-in', me });
  } catch {
    session.clear();
    if (account.get().status === 'signed-in') account.set({ status: 'guest', ending });
  }
}
