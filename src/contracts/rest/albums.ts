import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { uploadErrors } from '../errors.js';
import { cursor, id, limit, line, usernameReference } from '../fields.js';
import { album, albumVisibility, photo } from '../shapes-pictures.js';
import { page } from '../shapes.js';

const tag = 'Albums';
const reply = z.strictObject({ album });
const params = z.strictObject({ id });
const paging = { cursor: cursor.optional(), limit: limit.optional() };

/** Photos that one request adds at most. */
export const photosAtOnce = 20;

const name = line(100);
const theme = line(50).nullable().optional();
const year = z.int().min(1800).max(2100).nullable().optional();

export const albumEndpoints = {
  'albums.list': endpoint({
    method: 'GET',
    path: '/albums',
    tag,
    summary: "One's own albums, newest first",
    access: 'user',
    query: z.strictObject(paging),
    status: 200,
    reply: page(album),
    errors: ['request.cursor-invalid'],
  }),
  'albums.of-person': endpoint({
    method: 'GET',
    path: '/users/:username/albums',
    tag,
    summary: 'The albums of a person that the caller may see, newest first',
    access: 'user',
    params: z.strictObject({ username: usernameReference }),
    query: z.strictObject(paging),
    status: 200,
    reply: page(album),
    errors: ['user.not-found', 'request.cursor-invalid'],
  }),
  'albums.create': endpoint({
    method: 'POST',
    path: '/albums',
    tag,
    summary: 'Make an album, 200 at most',
    access: 'user',
    body: z.strictObject({ name, theme, year, visibility: albumVisibility.optional() }),
    status: 201,
    reply,
    errors: ['album.too-many'],
  }),
  'albums.get': endpoint({
    method: 'GET',
    path: '/albums/:id',
    tag,
    summary: 'An album that the caller may see',
    access: 'user',
    params,
    status: 200,
    reply,
    errors: ['album.not-found'],
  }),
  'albums.update': endpoint({
    method: 'PATCH',
    path: '/albums/:id',
    tag,
    summary: "Change one's own album",
    description: 'What is not named stays as it is; null clears. Without a cover of its own an album shows its newest photo.',
    access: 'user',
    params,
    body: z.strictObject({
      name: name.optional(),
      theme,
      year,
      visibility: albumVisibility.optional(),
      coverPhotoId: id.nullable().optional(),
    }),
    status: 200,
    reply,
    errors: ['album.not-found', 'photo.not-found'],
  }),
  'albums.delete': endpoint({
    method: 'DELETE',
    path: '/albums/:id',
    tag,
    summary: "Delete one's own album with its photos",
    access: 'user',
    params,
    status: 204,
    errors: ['album.not-found'],
  }),
  'albums.photos.add': endpoint({
    method: 'POST',
    path: '/albums/:id/photos',
    tag,
    summary: `Put photos into one's own album: up to ${photosAtOnce} uploaded files, or one picture as a form`,
    description: 'All of the files or none. An album holds 500 photos.',
    access: 'user',
    params,
    body: z.strictObject({
      fileIds: z
        .array(id)
        .min(1)
        .max(photosAtOnce)
        .refine((ids) => new Set(ids).size === ids.length, { error: 'must not name a file twice', params: { code: 'repeated' } })
        .optional(),
    }),
    multipart: { file: 'image', fileOptional: true, fields: z.strictObject({}) },
    status: 201,
    reply: z.strictObject({ items: z.array(photo) }),
    errors: [...uploadErrors, 'album.not-found', 'album.full', 'file.not-found'],
  }),
  'photos.list': endpoint({
    method: 'GET',
    path: '/photos',
    tag,
    summary: "Photos, newest first: of an album, of a person as far as the caller may see them, or one's own",
    access: 'user',
    query: z
      .strictObject({ album: id.optional(), user: usernameReference.optional(), ...paging })
      .refine((query) => query.album === undefined || query.user === undefined, {
        path: ['user'],
        error: 'cannot be given together with album',
        params: { code: 'format' },
      }),
    status: 200,
    reply: page(photo),
    errors: ['album.not-found', 'user.not-found', 'request.cursor-invalid'],
  }),
  'photos.get': endpoint({
    method: 'GET',
    path: '/photos/:id',
    tag,
    summary: 'A photo of an album that the caller may see',
    access: 'user',
    params,
    status: 200,
    reply: z.strictObject({ photo }),
    errors: ['photo.not-found'],
  }),
  'photos.delete': endpoint({
    method: 'DELETE',
    path: '/photos/:id',
    tag,
    summary: "Delete one's own photo",
    access: 'user',
    params,
    status: 204,
    errors: ['photo.not-found'],
  }),
};
