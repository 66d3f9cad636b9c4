import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { codePoints, cursor, emoji, httpUrl, id, isInvisible, limit, line, text, usernameReference } from '../fields.js';
import { author, page } from '../shapes.js';
import { comment, post, postCard, tag } from '../shapes-posts.js';

const group = 'Posts';
const postParams = z.strictObject({ id });

/** A tag: one word or a few, 1–50 characters, without `#` in front and without commas; unique without case. */
const tagName = line(50)
  .transform((value) => value.normalize('NFC').replace(/^#+\s*/, ''))
  .refine((value) => value !== '' && !value.includes(','), {
    error: 'must be a word or a few, without commas',
    params: { code: 'format' },
  });

const title = line(255);
const content = text(20_000);
const tags = z.array(tagName).max(20);
const imageIds = z
  .array(id)
  .max(9)
  .refine((ids) => new Set(ids).size === ids.length, { error: 'must not name a picture twice', params: { code: 'double' } });
const links = z.array(httpUrl).max(20);

/** What a comment says: 1–4096 code points, something of it visible. */
const commentContent = text(4096)
  .refine((value) => !isInvisible(value), { error: 'must not be empty', params: { code: 'too-short' } })
  .refine((value) => codePoints(value) > 0, { error: 'must not be empty', params: { code: 'too-short' } })
  .meta({ minLength: 1, maxLength: 4096 });

/** Ids with commas between them, as a query carries them. */
const postIds = z
  .string()
  .max(50 * 37)
  .transform((value) => value.split(','))
  .pipe(z.array(id).max(50))
  .meta({ description: 'ids of 1–50 posts, separated by commas' });

const likes = z.strictObject({ likeCount: z.int().min(0), liked: z.boolean() });

export const postEndpoints = {
  'posts.list': endpoint({
    method: 'GET',
    path: '/posts',
    tag: group,
    summary: 'A feed, newest first: everybody, friends, one author, one tag',
    description: 'Posts of people whom you block are left out. The cursor stays good while others write.',
    access: 'user',
    query: z.strictObject({
      feed: z.enum(['all', 'friends']).optional(),
      author: usernameReference.optional(),
      tag: text(50, 1).optional(),
      limit: limit.optional(),
      cursor: cursor.optional(),
    }),
    status: 200,
    reply: page(post),
    errors: ['request.cursor-invalid', 'user.not-found'],
  }),
  'posts.create': endpoint({
    method: 'POST',
    path: '/posts',
    tag: group,
    summary: 'Publish a post: a title, a text, tags, up to nine pictures in order, a main link and further ones',
    access: 'user',
    body: z.strictObject({
      title,
      content: content.optional(),
      tags: tags.optional(),
      imageIds: imageIds.optional().meta({ description: 'of POST /files, in the order to show them' }),
      link: httpUrl.nullable().optional(),
      links: links.optional(),
      sharedMessage: id.optional().meta({ description: "one's own message, or one of a public room, to show in the post" }),
    }),
    status: 201,
    reply: z.strictObject({ post }),
    errors: ['file.not-found', 'file.not-image', 'message.not-found', 'post.share-refused', 'user.muted', 'rate.limited'],
  }),
  'posts.cards': endpoint({
    method: 'GET',
    path: '/posts/cards',
    tag: group,
    summary: 'Posts in short, for the links to them that stand in a room',
    description:
      'In the order asked for. Posts that are gone, and those of people whom you block, are left out; who wrote the link does not matter. Counts no view.',
    access: 'user',
    query: z.strictObject({ ids: postIds }),
    status: 200,
    reply: z.strictObject({ items: z.array(postCard) }),
  }),
  'posts.get': endpoint({
    method: 'GET',
    path: '/posts/:id',
    tag: group,
    summary: 'One post; counts as a view, once per reader and day',
    access: 'user',
    params: postParams,
    status: 200,
    reply: z.strictObject({ post }),
    errors: ['post.not-found'],
  }),
  'posts.update': endpoint({
    method: 'PATCH',
    path: '/posts/:id',
    tag: group,
    summary: "Change one's own post: what is not named stays as it is",
    access: 'user',
    params: postParams,
    body: z.strictObject({
      title: title.optional(),
      content: content.optional(),
      tags: tags.optional(),
      imageIds: imageIds.optional(),
      link: httpUrl.nullable().optional(),
      links: links.optional(),
    }),
    status: 200,
    reply: z.strictObject({ post }),
    errors: ['post.not-found', 'post.forbidden', 'file.not-found', 'file.not-image', 'user.muted', 'rate.limited'],
  }),
  'posts.delete': endpoint({
    method: 'DELETE',
    path: '/posts/:id',
    tag: group,
    summary: "Delete one's own post with its pictures, comments and likes",
    access: 'user',
    params: postParams,
    status: 204,
    errors: ['post.not-found', 'post.forbidden'],
  }),
  'posts.links.delete': endpoint({
    method: 'DELETE',
    path: '/posts/:id/links/:linkId',
    tag: group,
    summary: "Take one further link off one's own post",
    access: 'user',
    params: z.strictObject({ id, linkId: id }),
    status: 200,
    reply: z.strictObject({ post }),
    errors: ['post.not-found', 'post.forbidden', 'post.link-not-found'],
  }),
  'posts.like': endpoint({
    method: 'PUT',
    path: '/posts/:id/like',
    tag: group,
    summary: 'Like a post, once',
    access: 'user',
    params: postParams,
    status: 200,
    reply: likes,
    errors: ['post.not-found', 'user.unavailable', 'user.muted', 'rate.limited'],
  }),
  'posts.unlike': endpoint({
    method: 'DELETE',
    path: '/posts/:id/like',
    tag: group,
    summary: 'Take a like back',
    access: 'user',
    params: postParams,
    status: 200,
    reply: likes,
    errors: ['post.not-found'],
  }),
  'posts.react': endpoint({
    method: 'PUT',
    path: '/posts/:id/reactions/:emoji',
    tag: group,
    summary: 'Give a post an emoji; the same one again changes nothing',
    access: 'user',
    params: z.strictObject({ id, emoji }),
    status: 200,
    reply: z.strictObject({ post }),
    errors: ['post.not-found', 'message.too-many-reactions', 'user.unavailable', 'user.muted', 'rate.limited'],
  }),
  'posts.unreact': endpoint({
    method: 'DELETE',
    path: '/posts/:id/reactions/:emoji',
    tag: group,
    summary: 'Take an emoji back',
    access: 'user',
    params: z.strictObject({ id, emoji }),
    status: 200,
    reply: z.strictObject({ post }),
    errors: ['post.not-found'],
  }),
  'posts.likers': endpoint({
    method: 'GET',
    path: '/posts/:id/likes',
    tag: group,
    summary: 'Who likes a post, the newest first',
    access: 'user',
    params: postParams,
    query: z.strictObject({ limit: limit.optional(), cursor: cursor.optional() }),
    status: 200,
    reply: page(author),
    errors: ['post.not-found', 'request.cursor-invalid'],
  }),
  'comments.list': endpoint({
    method: 'GET',
    path: '/posts/:id/comments',
    tag: group,
    summary: 'Comments of a post, oldest first; with `parent` the answers to one of them',
    access: 'user',
    params: postParams,
    query: z.strictObject({ parent: id.optional(), limit: limit.optional(), cursor: cursor.optional() }),
    status: 200,
    reply: page(comment),
    errors: ['post.not-found', 'request.cursor-invalid'],
  }),
  'comments.create': endpoint({
    method: 'POST',
    path: '/posts/:id/comments',
    tag: group,
    summary: 'Comment on a post, or answer a comment (one level: an answer to an answer stands beside it)',
    access: 'user',
    params: postParams,
    body: z.strictObject({ content: commentContent, parentId: id.optional() }),
    status: 201,
    reply: z.strictObject({ comment }),
    errors: ['post.not-found', 'comment.not-found', 'user.unavailable', 'user.muted', 'rate.limited'],
  }),
  'comments.update': endpoint({
    method: 'PATCH',
    path: '/comments/:id',
    tag: group,
    summary: "Change one's own comment",
    access: 'user',
    params: postParams,
    body: z.strictObject({ content: commentContent }),
    status: 200,
    reply: z.strictObject({ comment }),
    errors: ['comment.not-found', 'comment.forbidden', 'user.muted', 'rate.limited'],
  }),
  'comments.delete': endpoint({
    method: 'DELETE',
    path: '/comments/:id',
    tag: group,
    summary: "Delete one's own comment, or any under one's own post; its place stays while it has answers",
    access: 'user',
    params: postParams,
    status: 204,
    errors: ['comment.not-found', 'comment.forbidden'],
  }),
  'comments.like': endpoint({
    method: 'PUT',
    path: '/comments/:id/like',
    tag: group,
    summary: 'Like a comment, once',
    access: 'user',
    params: postParams,
    status: 200,
    reply: likes,
    errors: ['comment.not-found', 'user.unavailable', 'user.muted', 'rate.limited'],
  }),
  'comments.unlike': endpoint({
    method: 'DELETE',
    path: '/comments/:id/like',
    tag: group,
    summary: 'Take a like back',
    access: 'user',
    params: postParams,
    status: 200,
    reply: likes,
    errors: ['comment.not-found'],
  }),
  'comments.react': endpoint({
    method: 'PUT',
    path: '/comments/:id/reactions/:emoji',
    tag: group,
    summary: 'Give a comment an emoji; the same one again changes nothing',
    access: 'user',
    params: z.strictObject({ id, emoji }),
    status: 200,
    reply: z.strictObject({ comment }),
    errors: ['comment.not-found', 'message.too-many-reactions', 'user.unavailable', 'user.muted', 'rate.limited'],
  }),
  'comments.unreact': endpoint({
    method: 'DELETE',
    path: '/comments/:id/reactions/:emoji',
    tag: group,
    summary: 'Take an emoji back',
    access: 'user',
    params: z.strictObject({ id, emoji }),
    status: 200,
    reply: z.strictObject({ comment }),
    errors: ['comment.not-found'],
  }),
  'tags.list': endpoint({
    method: 'GET',
    path: '/tags',
    tag: group,
    summary: 'Tags that begin like the query, the most used first; without one the default topics and the most used',
    access: 'user',
    query: z.strictObject({ query: text(50).optional(), limit: limit.optional() }),
    status: 200,
    reply: z.strictObject({ items: z.array(tag) }),
  }),
};
