import { describe, expect, it } from '@jest/globals';
import type { Comment, Post } from '../api/wire.js';
import { countAnswers, inOrder, putComment, takeAway } from './comments.js';
import { countPost, inFront, putPost, renamePostAuthor, takePage, withoutAuthor } from './posts.js';

const person = (id: string) => ({ id, username: id, displayName: id, avatarUrl: null });

const post = (id: string, more: Partial<Post> = {}): Post => ({
  id,
  author: person('ann'),
  title: id,
  content: '',
  tags: [],
  images: [],
  link: null,
  links: [],
  likeCount: 0,
  commentCount: 0,
  viewCount: 0,
  reactions: [],
  createdAt: '2026-01-01T00:00:00.000Z',
  ...more,
});

const comment = (id: string, more: Partial<Comment> = {}): Comment => ({
  id,
  post: 'p',
  author: person('ann'),
  content: id,
  likeCount: 0,
  replyCount: 0,
  reactions: [],
  createdAt: '2026-01-01T00:00:00.000Z',
  ...more,
});

const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id);

describe('posts on the screen', () => {
  it('keep the marks of the reader when news come without them', () => {
    const [held] = putPost([post('1', { liked: true, mine: ['👍'] })], post('1', { title: 'new' }));
    expect(held).toMatchObject({ title: 'new', liked: true, mine: ['👍'] });
    expect(putPost([held!], post('1', { liked: false }))[0]!.liked).toBe(false);
    expect(putPost([held!], post('2'))).toHaveLength(1);
  });

  it('are refreshed by the newest page; what is newer than all of them waits, what lies behind does not', () => {
    const { posts, fresh } = takePage([post('5'), post('3')], [post('7'), post('6'), post('5', { title: 'again' }), post('4')]);
    expect(posts.map(({ title }) => title)).toEqual(['again', '3']);
    expect(ids(fresh)).toEqual(['7', '6']);
    expect(ids(inFront(posts, [post('6'), post('7'), post('5')]))).toEqual(['7', '6', '5', '3']);
  });

  it('count, rename and hide', () => {
    const [counted] = countPost([post('1')], { post: '1', likeCount: 2, commentCount: 3, viewCount: 4 });
    expect(counted).toMatchObject({ id: '1', likeCount: 2, commentCount: 3, viewCount: 4 });
    expect(renamePostAuthor([post('1')], { ...person('ann'), displayName: 'Anna' })[0]!.author.displayName).toBe('Anna');
    const shared = post('3', { author: person('cy'), sharedMessage: { author: person('bo') } as NonNullable<Post['sharedMessage']> });
    expect(ids(withoutAuthor([post('1'), post('2', { author: person('bo') }), shared], 'bo'))).toEqual(['1']);
  });
});

describe('comments on the screen', () => {
  it('stand oldest first, each once', () => {
    expect(ids(inOrder([comment('2'), comment('3'), comment('1'), comment('2')]))).toEqual(['1', '2', '3']);
    expect(putComment([comment('1', { liked: true })], comment('1', { content: 'new' }))[0]).toMatchObject({ content: 'new', liked: true });
  });

  it('leave their place behind while they have answers', () => {
    const [answered] = countAnswers([comment('1')], '1', 1);
    expect(takeAway([answered!, comment('2')], '1', 'now')).toMatchObject([{ id: '1', author: null, deletedAt: 'now' }, { id: '2' }]);
    expect(ids(takeAway([comment('1'), comment('2')], '1', 'now'))).toEqual(['2']);
    expect(countAnswers([comment('1')], '1', -1)[0]!.replyCount).toBe(0);
  });
});
