import { authorName } from '../text/names.js';
import { t } from '../texts/index.js';
import { rest } from './account.js';
import { refreshPersonal } from './personal.js';
import { toast } from './toasts.js';

/** Asks somebody to be a friend, and says what came of it. @throws Fault */
export async function askFriend(username: string): Promise<void> {
  const answer = await rest.call('friends.requests.send', { body: { username } });
  toast('friend' in answer ? t.friends.now(authorName(answer.friend.user)) : t.friends.sent(authorName(answer.request.user)));
  refreshPersonal();
}

/** Says yes or no to a request. @throws Fault */
export async function answerRequest(id: string, answer: 'accept' | 'reject'): Promise<void> {
  if (answer === 'accept') {
    const { friend } = await rest.call('friends.requests.accept', { params: { id } });
    toast(t.friends.now(authorName(friend.user)));
  } else await rest.call('friends.requests.reject', { params: { id } });
  refreshPersonal();
}

/** @throws Fault */
export async function withdrawRequest(id: string): Promise<void> {
  await rest.call('friends.requests.withdraw', { params: { id } });
  refreshPersonal();
}

/** @throws Fault */
export async function endFriendship(username: string): Promise<void> {
  await rest.call('friends.remove', { params: { username } });
  refreshPersonal();
}

/** Blocks a person, or takes that back. @throws Fault */
export async function setBlocked(username: string, blocked: boolean): Promise<void> {
  await rest.call(blocked ? 'blocks.add' : 'blocks.remove', { params: { username } });
  toast(blocked ? t.blocks.blocked(username) : t.blocks.unblocked(username));
  refreshPersonal();
}
