import { useEffect, useRef, useState } from 'preact/hooks';
import type { Post } from '../api/wire.js';
import { rest } from '../app/account.js';
import { socket } from '../app/live.js';
import { watchFeed } from '../app/watching.js';
import { countPost, type FeedFilter, inFront, putPost, renamePostAuthor, takePage, withoutAuthor } from '../store/posts.js';
import { usePages } from './use-list.js';

const pageSize = 15;

/** Posts, live. New ones wait until they are asked for, so that nothing moves under the eyes of the reader. */
export function useFeed(filter: FeedFilter) {
  const key = keyOf(filter);
  const read = (cursor?: string) =>
    rest.call('posts.list', { query: { ...queryOf(filter), limit: pageSize, ...(cursor !== undefined && { cursor }) } });
  const pages = usePages<Post>(read, [key]);
  const [waiting, setWaiting] = useState<readonly Post[]>([]);
  const shown = useRef(pages.items);
  shown.current = pages.items;

  useEffect(() => {
    let here = true;
    setWaiting([]);
    const both = (task: (posts: readonly Post[]) => readonly Post[]) => {
      pages.change(task);
      setWaiting(task);
    };
    const arrive = (fresh: readonly Post[]) => {
      if (!here) return;
      const held = new Set(shown.current?.map(({ id }) => id));
      setWaiting((before) =>
        inFront(
          before,
          fresh.filter(({ id }) => !held.has(id)),
        ),
      );
    };
    const refresh = async () => {
      const { items } = await read();
      if (!here || shown.current === null) return;
      pages.change((posts) => takePage(posts, items).posts);
      arrive(takePage(shown.current, items).fresh);
    };
    const circle = new Circle();
    const ends = [
      watchFeed(() => {
        refresh().catch(() => undefined);
      }),
      socket.on('post.created', ({ post }) => {
        if (filter.kind === 'friends') {
          circle.has(post).then(
            (mine) => mine && arrive([post]),
            () => undefined,
          );
        } else if (belongs(post, filter)) arrive([post]);
      }),
      socket.on('post.updated', ({ post }) => both((posts) => putPost(posts, post))),
      socket.on('post.deleted', ({ post }) => both((posts) => posts.filter(({ id }) => id !== post))),
      socket.on('post.counters', (counters) => both((posts) => countPost(posts, counters))),
      socket.on('user.updated', ({ user }) => both((posts) => renamePostAuthor(posts, user))),
      socket.on('block.added', ({ block }) => both((posts) => withoutAuthor(posts, block.user.id))),
      socket.on('block.removed', pages.reload),
      socket.on('friend.accepted', () => circle.forget()),
      socket.on('friend.removed', () => circle.forget()),
    ];
    return () => {
      here = false;
      ends.forEach((end) => end());
    };
  }, [key]);

  return {
    ...pages,
    waiting,
    showWaiting: () => {
      pages.change((posts) => inFront(posts, waiting));
      setWaiting([]);
    },
    put: (post: Post) => pages.change((posts) => putPost(posts, post)),
    drop: (id: string) => pages.change((posts) => posts.filter((post) => post.id !== id)),
  };
}

function keyOf(filter: FeedFilter): string {
  return JSON.stringify(filter);
}

function queryOf(filter: FeedFilter) {
  if (filter.kind === 'tag') return { tag: filter.tag };
  if (filter.kind === 'author') return { author: filter.username };
  return { feed: filter.kind };
}

function belongs(post: Post, filter: FeedFilter): boolean {
  if (filter.kind === 'tag') return post.tags.some((tag) => tag.toLowerCase() === filter.tag.toLowerCase());
  if (filter.kind === 'author') return post.author.username.toLowerCase() === filter.username.toLowerCase();
  return true;
}

/** Whose posts stand among those of friends: asked once for each author. */
class Circle {
  private known = new Map<string, Promise<boolean>>();

  has({ author }: Post): Promise<boolean> {
    let answer = this.known.get(author.id);
    if (!answer) {
      answer = rest.call('people.profile', { params: { username: author.username } }).then(({ profile }) => profile.relation === 'friends');
      this.known.set(author.id, answer);
    }
    return answer;
  }

  forget(): void {
    this.known = new Map();
  }
}
