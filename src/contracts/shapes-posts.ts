import { z } from 'zod';
import { count, id, isoTime } from './fields.js';
import { attachment, author, message } from './shapes.js';

const reactions = z.array(z.strictObject({ emoji: z.string(), count }));
const mine = z.array(z.string()).optional().meta({ description: "the reader's own emojis; only in answers to one reader" });
const liked = z.boolean().optional().meta({ description: 'by the reader; only in answers to one reader' });

export const tag = z.strictObject({ name: z.string(), postCount: count, isDefault: z.boolean() }).meta({ id: 'Tag' });

export const post = z
  .strictObject({
    id,
    author,
    title: z.string(),
    content: z.string(),
    tags: z.array(z.string()),
    images: z.array(attachment),
    link: z.string().nullable(),
    links: z.array(z.strictObject({ id, url: z.string() })),
    sharedMessage: message.optional().meta({ description: 'a message that the post shows, as it is now; absent when it is gone' }),
    likeCount: count,
    commentCount: count,
    viewCount: count,
    reactions,
    mine,
    liked,
    createdAt: isoTime,
    editedAt: isoTime.optional(),
  })
  .meta({ id: 'Post' });

/** A post in short, for where its link stands. */
export const postCard = z
  .strictObject({
    id,
    author,
    title: z.string(),
    excerpt: z.string().meta({ description: 'the beginning of its text, 200 code points at most' }),
    image: attachment.nullable().meta({ description: 'its first picture' }),
    likeCount: count,
    commentCount: count,
    createdAt: isoTime,
  })
  .meta({ id: 'PostCard' });

export const comment = z
  .strictObject({
    id,
    post: id,
    parentId: id.optional(),
    author: author.nullable(),
    content: z.string(),
    likeCount: count,
    replyCount: count,
    reactions,
    mine,
    liked,
    createdAt: isoTime,
    editedAt: isoTime.optional(),
    deletedAt: isoTime.optional(),
  })
  .meta({ id: 'Comment' });

export type Tag = z.output<typeof tag>;
export type Post = z.output<typeof post>;
export type PostCard = z.output<typeof postCard>;
export type Comment = z.output<typeof comment>;
