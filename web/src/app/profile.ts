import type { CallInput, Me } from '../api/wire.js';
import { account, rest } from './account.js';

/** Takes what the server says of this person now. */
export function becomeMe(me: Me): void {
  if (account.get().status === 'signed-in') account.set({ status: 'signed-in', me });
}

/** Changes one's own profile; what is not named stays. @throws Fault */
export async function changeProfile(change: CallInput<'users.me.update'>['body']): Promise<void> {
  becomeMe(await rest.call('users.me.update', { body: change }));
}

/** Takes another username. @throws Fault */
export async function changeUsername(username: string): Promise<void> {
  becomeMe(await rest.call('users.username.change', { body: { username } }));
}
