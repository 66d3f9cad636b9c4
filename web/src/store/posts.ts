import type { Author, EventData, Post } from '../api/wire.js';

/** What of everybody's posts is on the screen. */
export type FeedFilter = { kind: 'all' } | { kind: 'friends' } | { kind: 'tag'; tag: string } | { kind: 'author'; username: string };

/** The post as it was told, with the reader's own marks where the news does not name them. */
export function withOwnMarks<T extends { liked?: boolean | undefined; mine?: string[] | undefined }>(told: T, held: T): T {
  const liked = told.liked ?? held.liked;
  const mine = told.mine ?? held.mine;
  return { ...told, ...(liked !== undefined && { liked }), ...(mine !== undefined && { mine }) };
}

/** Puts what is known now of a post in its place; one that is not there stays away. */
export function putPost(posts: readonly Post[], post: Post): readonly Post[] {
  return posts.map((held) => (held.id === post.id ? withOwnMarks(post, held) : held));
}

/** Takes the newest page: posts that are held are refreshed; answers those that are not. */
export function takePage(posts: readonly Post[], page: readonly Post[]): { posts: readonly Post[]; fresh: readonly Post[] } {
  const held = new Set(posts.map(({ id }) => id));
  const newest = posts[0]?.id ?? '';
  return { posts: page.reduce(putPost, posts), fresh: page.filter(({ id }) => !held.has(id) && id > newest) };
}

export function countPost(posts: readonly Post[], { post: id, ...counters }: EventData<'post.counters'>): readonly Post[] {
  return posts.map((held) => (held.id === id ? { ...held, ...counters } : held));
}

/** Without what one person wrote, also where somebody else shows it. */
export function withoutAuthor(posts: readonly Post[], authorId: string): readonly Post[] {
  return posts.filter(({ author, sharedMessage }) => author.id !== authorId && sharedMessage?.author?.id !== authorId);
}

/** A person has another name or picture. */
export function renamePostAuthor<T extends { author: Author | null }>(items: readonly T[], user: Author): readonly T[] {
  return items.map((held) => (held.author?.id === user.id ? { ...held, author: user } : held));
}

/** In front of the others, the newest first, each once. */
export function inFront(posts: readonly Post[], fresh: readonly Post[]): readonly Post[] {
  const held = new Set(posts.map(({ id }) => id));
  return [...fresh.filter(({ id }) => !held.has(id)).sort((a, b) => (a.id < b.id ? 1 : -1)), ...posts];
}
