import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { uploadErrors } from '../errors.js';
import { cursor, id, limit } from '../fields.js';
import { avatar } from '../shapes-pictures.js';
import { me, page } from '../shapes.js';

const tag = 'People';
const reply = z.strictObject({ avatar });
const picture = { file: 'image', fields: z.strictObject({}) };

export const avatarEndpoints = {
  'avatars.create': endpoint({
    method: 'POST',
    path: '/users/me/avatar',
    tag,
    summary: "Upload a picture and make it one's avatar",
    description: 'The ones before stay in the history, 100 at most. Everybody can see avatars.',
    access: 'user',
    multipart: picture,
    status: 201,
    reply,
    errors: [...uploadErrors, 'avatar.too-many'],
  }),
  'avatars.clear': endpoint({
    method: 'DELETE',
    path: '/users/me/avatar',
    tag,
    summary: 'Show no avatar; the history stays',
    access: 'user',
    status: 204,
  }),
  'avatars.list': endpoint({
    method: 'GET',
    path: '/users/me/avatars',
    tag,
    summary: "One's own avatars, newest first",
    access: 'user',
    query: z.strictObject({ cursor: cursor.optional(), limit: limit.optional() }),
    status: 200,
    reply: page(avatar),
    errors: ['request.cursor-invalid'],
  }),
  'avatars.activate': endpoint({
    method: 'PUT',
    path: '/users/me/avatars/:id',
    tag,
    summary: 'Show an avatar of the history again',
    access: 'user',
    params: z.strictObject({ id }),
    status: 200,
    reply,
    errors: ['avatar.not-found'],
  }),
  'avatars.delete': endpoint({
    method: 'DELETE',
    path: '/users/me/avatars/:id',
    tag,
    summary: 'Delete an avatar; after the active one none is shown',
    access: 'user',
    params: z.strictObject({ id }),
    status: 204,
    errors: ['avatar.not-found'],
  }),
  'signature.replace': endpoint({
    method: 'PUT',
    path: '/users/me/signature',
    tag,
    summary: "Upload the picture that one signs with; PATCH /users/me {signature: 'image'} makes use of it",
    access: 'user',
    multipart: picture,
    status: 200,
    reply: me,
    errors: uploadErrors,
  }),
  'signature.delete': endpoint({
    method: 'DELETE',
    path: '/users/me/signature',
    tag,
    summary: 'Delete the signature picture and sign by name',
    access: 'user',
    status: 204,
  }),
};
