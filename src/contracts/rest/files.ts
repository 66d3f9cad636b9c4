import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { id, isoTime } from '../fields.js';
import { attachment } from '../shapes.js';

const tag = 'Files';
const fileParams = z.strictObject({ id });

/** `thumbnail`, `medium` and `full` of an image, `original` of any other file; what a file does not have gives its largest. */
export const fileSize = z.enum(['thumbnail', 'medium', 'full', 'original']);

/** What a read may answer: the types that are accepted. */
export const fileTypes = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf', 'application/zip', 'text/plain'] as const;

export const fileEndpoints = {
  'files.create': endpoint({
    method: 'POST',
    path: '/files',
    tag,
    summary: 'Upload one file, to be attached to a message, a page or a profile within a day',
    description:
      'JPEG, PNG and WebP pictures of up to 10 MB and 50 megapixels are decoded and made anew in three sizes: what else was in them (places, ' +
      'cameras, further frames of an animation) is gone. PDF, zip and UTF-8 text of up to 25 MB are kept as they are and only ever downloaded. ' +
      'A file that nothing refers to after 24 hours is removed.',
    access: 'user',
    multipart: { file: 'file', fields: z.strictObject({}) },
    status: 201,
    reply: attachment,
  }),
  'files.read': endpoint({
    method: 'GET',
    path: '/files/:id',
    tag,
    summary: 'The bytes of a file, for whoever may see what it belongs to',
    access: 'guest',
    params: fileParams,
    query: z.strictObject({ size: fileSize.optional() }),
    status: 200,
    replyTypes: fileTypes,
    errors: ['file.not-found', 'storage.unavailable'],
  }),
  'files.delete': endpoint({
    method: 'DELETE',
    path: '/files/:id',
    tag,
    summary: "Remove one's own file that nothing refers to",
    access: 'user',
    params: fileParams,
    status: 204,
    errors: ['file.not-found', 'file.in-use'],
  }),
  'files.address': endpoint({
    method: 'POST',
    path: '/files/:id/url',
    tag,
    summary: 'An address that shows the file to anybody for five minutes, without logging in',
    access: 'user',
    params: fileParams,
    body: z.strictObject({ size: fileSize.optional() }),
    bodyOptional: true,
    status: 200,
    reply: z.strictObject({ url: z.string().meta({ description: 'absolute' }), expiresAt: isoTime }),
    errors: ['file.not-found'],
  }),
  'files.signed': endpoint({
    method: 'GET',
    path: '/files/:id/content',
    tag,
    summary: 'The bytes of a file, by an address that `POST /files/:id/url` gave out',
    access: 'public',
    params: fileParams,
    query: z.strictObject({
      size: fileSize,
      expires: z.string().regex(/^\d{1,12}$/, { error: 'must be a whole number' }),
      signature: z.string().regex(/^[A-Za-z0-9_-]{43}$/, { error: 'must be a signature of this server' }),
    }),
    status: 200,
    replyTypes: fileTypes,
    errors: ['file.address-invalid', 'file.not-found', 'storage.unavailable'],
  }),
};
