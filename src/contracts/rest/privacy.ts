import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { id, isoTime, password } from '../fields.js';
import { accountDeletion, dataExport, deletedMessages } from '../shapes-privacy.js';

const tag = 'Privacy';

export const privacyEndpoints = {
  'privacy.export.start': endpoint({
    method: 'POST',
    path: '/users/me/export',
    tag,
    summary: 'Have an archive made of everything that is kept of oneself',
    description:
      "A zip of JSON files and of one's own files, made in the background: follow it by `GET /users/me/export` or the event `export.updated`. " +
      'One at a time; a new one replaces an archive that is still kept. It stops when the account is suspended or deleted.',
    access: 'user',
    status: 202,
    reply: z.strictObject({ export: dataExport }),
    errors: ['export.in-progress'],
  }),
  'privacy.export.state': endpoint({
    method: 'GET',
    path: '/users/me/export',
    tag,
    summary: "One's latest export, as long as it is kept",
    access: 'user',
    status: 200,
    reply: z.strictObject({ export: dataExport.nullable() }),
  }),
  'privacy.export.cancel': endpoint({
    method: 'DELETE',
    path: '/users/me/export',
    tag,
    summary: "Stop one's export, or delete its archive",
    access: 'user',
    status: 204,
  }),
  'privacy.export.address': endpoint({
    method: 'POST',
    path: '/users/me/export/url',
    tag,
    summary: "An address from which one's archive can be downloaded for five minutes, without logging in",
    access: 'user',
    status: 200,
    reply: z.strictObject({ url: z.string().meta({ description: 'absolute' }), expiresAt: isoTime }),
    errors: ['export.not-ready'],
  }),
  'privacy.export.download': endpoint({
    method: 'GET',
    path: '/exports/:id/archive',
    tag,
    summary: 'The archive, by an address that `POST /users/me/export/url` gave out',
    access: 'public',
    params: z.strictObject({ id }),
    query: z.strictObject({
      expires: z.string().regex(/^\d{1,12}$/, { error: 'must be a whole number' }),
      signature: z.string().regex(/^[A-Za-z0-9_-]{43}$/, { error: 'must be a signature of this server' }),
    }),
    status: 200,
    replyTypes: ['application/zip'],
    errors: ['file.address-invalid', 'export.not-ready', 'storage.unavailable'],
  }),
  'privacy.deletion.request': endpoint({
    method: 'POST',
    path: '/users/me/deletion',
    tag,
    summary: 'Have the account deleted, after a time in which it can be taken back',
    description:
      'All other devices are logged out at once. Until the time is over the account goes on as before; logging in, or `DELETE /users/me/deletion`, ' +
      'takes the deletion back. Then everything is erased for good: the account with its addresses and settings, posts, files, friendships, ' +
      'notifications. Messages and comments stay readable under "deleted account" without their files, or are blanked too. Asking again changes the choice, not the time.',
    access: 'user',
    body: z.strictObject({ password, messages: deletedMessages.optional() }),
    status: 202,
    reply: z.strictObject({ deletion: accountDeletion }),
    errors: ['auth.password-wrong', 'moderation.last-admin'],
  }),
  'privacy.deletion.state': endpoint({
    method: 'GET',
    path: '/users/me/deletion',
    tag,
    summary: 'Whether and when the account will be deleted',
    access: 'user',
    status: 200,
    reply: z.strictObject({ deletion: accountDeletion.nullable() }),
  }),
  'privacy.deletion.cancel': endpoint({
    method: 'DELETE',
    path: '/users/me/deletion',
    tag,
    summary: 'Keep the account after all; without a deletion under way nothing changes',
    access: 'user',
    status: 204,
  }),
};
