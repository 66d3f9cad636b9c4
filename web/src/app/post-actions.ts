import type { Comment, Post } from '../api/wire.js';
import { rest } from './account.js';

/** Likes a post, or takes that back. @throws Fault */
export async function togglePostLike(post: Post): Promise<Post> {
  return { ...post, ...(await rest.call(post.liked ? 'posts.unlike' : 'posts.like', { params: { id: post.id } })) };
}

/** Gives a post an emoji, or takes one's own back. @throws Fault */
export async function togglePostEmoji(post: Post, emoji: string): Promise<Post> {
  const call = post.mine?.includes(emoji) ? 'posts.unreact' : 'posts.react';
  return (await rest.call(call, { params: { id: post.id, emoji } })).post;
}

/** @throws Fault */
export async function deletePost(id: string): Promise<void> {
  await rest.call('posts.delete', { params: { id } });
}

/** Likes a comment, or takes that back. @throws Fault */
export async function toggleCommentLike(comment: Comment): Promise<Comment> {
  return { ...comment, ...(await rest.call(comment.liked ? 'comments.unlike' : 'comments.like', { params: { id: comment.id } })) };
}

/** Gives a comment an emoji, or takes one's own back. @throws Fault */
export async function toggleCommentEmoji(comment: Comment, emoji: string): Promise<Comment> {
  const call = comment.mine?.includes(emoji) ? 'comments.unreact' : 'comments.react';
  return (await rest.call(call, { params: { id: comment.id, emoji } })).comment;
}
