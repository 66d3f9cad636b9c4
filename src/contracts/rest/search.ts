import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { cursor, limit, roomReference, text } from '../fields.js';
import { author, message, page, room } from '../shapes.js';
import { comment, post, tag } from '../shapes-posts.js';

const found = {
  excerpt: z.string().meta({ description: 'a part of the text around what was found' }),
  highlights: z
    .array(z.strictObject({ from: z.int().min(0), to: z.int().min(0) }))
    .meta({ description: 'where in the excerpt the found words stand, in UTF-16 code units' }),
};

/** One thing that was found. */
export const searchHit = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('message'), message, ...found }),
    z.strictObject({ kind: z.literal('post'), post, ...found }),
    z.strictObject({ kind: z.literal('comment'), comment, ...found }),
    z.strictObject({ kind: z.literal('person'), person: author, ...found }),
    z.strictObject({ kind: z.literal('room'), room, ...found }),
    z.strictObject({ kind: z.literal('tag'), tag, ...found }),
  ])
  .meta({ id: 'SearchHit' });
export type SearchHit = z.output<typeof searchHit>;

export const searchEndpoints = {
  search: endpoint({
    method: 'GET',
    path: '/search',
    tag: 'Search',
    summary: 'Search everything that you may read: messages, posts, comments, people, rooms and tags, in any language',
    description:
      'Every word must be found, by its beginning; case, accents and width do not count, and a word that nobody wrote finds those that are nearly the same. ' +
      'With `kind` the newest first, page by page; without it the newest few of every kind. What was just written is found after about a second, later while very much is being written.',
    access: 'user',
    query: z.strictObject({
      q: text(256, 1),
      kind: z.enum(['messages', 'posts', 'comments', 'people', 'rooms', 'tags']).optional(),
      room: roomReference.optional().meta({ description: 'only messages of this room' }),
      limit: limit.optional(),
      cursor: cursor.optional(),
    }),
    status: 200,
    reply: page(searchHit),
    errors: ['room.not-found', 'request.cursor-invalid', 'rate.limited'],
  }),
};
