import { uploadFile } from '../api/upload.js';
import type { CallReply } from '../api/wire.js';
import { account, rest, session } from './account.js';
import { becomeMe } from './profile.js';

/** Makes a picture one's avatar. @throws Fault */
export async function setAvatar(file: File, onProgress: (part: number) => void): Promise<void> {
  await uploadFile<CallReply<'avatars.create'>>('/users/me/avatar', file, { credentials: session, onProgress, field: 'image' });
  await refreshMe();
}

/** Shows no avatar; the history stays. @throws Fault */
export async function clearAvatar(): Promise<void> {
  await rest.call('avatars.clear', {});
  await refreshMe();
}

async function refreshMe(): Promise<void> {
  const me = await rest.call('users.me', {});
  if (account.get().status === 'signed-in') becomeMe(me);
}
