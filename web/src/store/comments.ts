import type { Comment } from '../api/wire.js';
import { withOwnMarks } from './posts.js';

/** Puts a comment in its place, oldest first, each once. */
export function putComment(comments: readonly Comment[], comment: Comment): readonly Comment[] {
  const held = comments.find(({ id }) => id === comment.id);
  if (held) return comments.map((other) => (other === held ? withOwnMarks(comment, held) : other));
  return [...comments, comment].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Each once, oldest first: a page may bring what came live before it. */
export function inOrder(comments: readonly Comment[]): readonly Comment[] {
  return comments.reduce<readonly Comment[]>(putComment, []);
}

/** A comment was deleted: its place stays while it has answers. */
export function takeAway(comments: readonly Comment[], id: string, at: string): readonly Comment[] {
  return comments.flatMap((held) =>
    held.id !== id
      ? [held]
      : held.replyCount > 0
        ? [{ ...held, author: null, content: '', reactions: [], likeCount: 0, deletedAt: at }]
        : [],
  );
}

/** A comment has so many answers more. */
export function countAnswers(comments: readonly Comment[], parentId: string, by: number): readonly Comment[] {
  return comments.map((held) => (held.id === parentId ? { ...held, replyCount: Math.max(0, held.replyCount + by) } : held));
}
