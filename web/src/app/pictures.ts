import { uploadFile } from '../api/upload.js';
import type { CallReply } from '../api/wire.js';
import { account, rest, session } from './account.js';
import { becomeMe, changeProfile } from './profile.js';

/** Makes a picture one's avatar. @throws Fault */
export async function setAvatar(file: File, onProgress: (part: number) => void): Promise<void> {
  await uploadFile<CallReply<'avatars.create'>>('/users/me/avatar', file, { credentials: session, onProgress, field: 'image' });
  await refreshMe();
}

/** Shows an avatar of the history again. @throws Fault */
export async function showAvatar(id: string): Promise<void> {
  await rest.call('avatars.activate', { params: { id } });
  await refreshMe();
}

/** Deletes an avatar for good. @throws Fault */
export async function deleteAvatar(id: string): Promise<void> {
  await rest.call('avatars.delete', { params: { id } });
  await refreshMe();
}

/** Takes a picture as one's signature, and signs by it. @throws Fault */
export async function setSignature(file: File, onProgress: (part: number) => void): Promise<void> {
  await uploadFile('/users/me/signature', file, { credentials: session, onProgress, field: 'image', method: 'PUT' });
  await changeProfile({ signature: 'image' });
}

/** Signs by name again; the picture is gone. @throws Fault */
export async function deleteSignature(): Promise<void> {
  await rest.call('signature.delete', {});
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
