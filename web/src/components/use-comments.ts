import { useEffect, useRef } from 'preact/hooks';
import type { Comment } from '../api/wire.js';
import { rest } from '../app/account.js';
import { socket } from '../app/live.js';
import { countAnswers, inOrder, putComment, takeAway } from '../store/comments.js';
import { renamePostAuthor } from '../store/posts.js';
import { usePages } from './use-list.js';

const pageSize = 50;

/** Comments of a post, or the answers to one of them, live while the post is watched. `turn` grows when they have to be read again. */
export function useComments(postId: string, parentId: string | null, turn: number) {
  const read = (cursor?: string) =>
    rest.call('comments.list', {
      params: { id: postId },
      query: { limit: pageSize, ...(parentId !== null && { parent: parentId }), ...(cursor !== undefined && { cursor }) },
    });
  const pages = usePages<Comment>(read, [postId, parentId]);
  const now = useRef(pages);
  now.current = pages;
  /** Answers that were counted, so that none counts twice: by the event and by what was acknowledged. */
  const counted = useRef(new Set<string>());

  const put = (comment: Comment) => pages.change((before) => putComment(before, comment));
  /** A new comment: at the end of the list that it belongs to, or one more answer. */
  const arrive = (comment: Comment, mine: boolean) => {
    if ((comment.parentId ?? null) === parentId) {
      // Behind an end that was not reached yet it is read in its turn.
      if (mine || now.current.more === null) put(comment);
    } else if (parentId === null && comment.parentId !== undefined && !counted.current.has(comment.id)) {
      counted.current.add(comment.id);
      const of = comment.parentId;
      pages.change((before) => countAnswers(before, of, 1));
    }
  };
  const refresh = async () => {
    const { items } = await read();
    pages.change((before) => items.reduce<readonly Comment[]>(putComment, before));
  };

  useEffect(() => {
    if (turn > 0) refresh().catch(() => undefined);
  }, [turn]);
  useEffect(() => {
    const ends = [
      socket.on('comment.created', ({ post, comment }) => {
        if (post === postId) arrive(comment, false);
      }),
      socket.on('comment.updated', ({ post, comment }) => {
        if (post === postId && now.current.items?.some(({ id }) => id === comment.id)) put(comment);
      }),
      socket.on('comment.deleted', ({ post, comment }) => {
        if (post !== postId) return;
        const held = now.current.items?.some(({ id }) => id === comment) ?? false;
        if (held) pages.change((before) => takeAway(before, comment, new Date().toISOString()));
        // Perhaps an answer: then somebody has one less.
        else if (parentId === null) refresh().catch(() => undefined);
      }),
      socket.on('user.updated', ({ user }) => pages.change((before) => renamePostAuthor(before, user))),
      socket.on('block.added', ({ block }) => pages.change((before) => before.filter(({ author }) => author?.id !== block.user.id))),
      socket.on('block.removed', pages.reload),
    ];
    return () => ends.forEach((end) => end());
  }, [postId, parentId]);

  return { ...pages, items: pages.items && inOrder(pages.items), put, arrive };
}
