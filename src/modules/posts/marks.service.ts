import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import type { Comment, Post } from '../../contracts/index.js';
import { inTransaction } from '../../database/index.js';
import { InternalEvents } from '../../platform/events/index.js';
import { RateLimiter } from '../../platform/rate-limit/index.js';
import { BlockDirectory } from '../friends/index.js';
import { Voice } from '../users/index.js';
import { CommentsService } from './comments.service.js';
import { CommentsRepository } from './comments.repository.js';
import type { CommentEntity } from './entities/comment.entity.js';
import { MarksRepository, mostEmojis } from './marks.repository.js';
import { PostNews } from './post-news.js';
import { PostViews } from './post-views.js';
import { PostsRepository } from './posts.repository.js';
import { PostsService } from './posts.service.js';

interface Likes {
  likeCount: number;
  liked: boolean;
}

/** Likes and emojis of posts and comments: each once per person, counters equal to a recount. */
@Injectable()
export class MarksService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly posts: PostsService,
    private readonly postRows: PostsRepository,
    private readonly commentsService: CommentsService,
    private readonly comments: CommentsRepository,
    private readonly marks: MarksRepository,
    private readonly views: PostViews,
    private readonly news: PostNews,
    private readonly blocks: BlockDirectory,
    private readonly events: InternalEvents,
    private readonly voice: Voice,
    private readonly limiter: RateLimiter,
  ) {}

  /** Likes a post, once. @throws AppError `post.not-found`, `user.unavailable`, `rate.limited` */
  async likePost(person: Person, postId: string): Promise<Likes> {
    const authorId = await this.postAuthor(person, postId);
    const liked = await inTransaction(this.dataSource, async (manager) => {
      const result = await this.marks.like(manager, 'post', postId, person.userId);
      if (!result) throw new AppError('post.not-found');
      if (result.changed && authorId !== person.userId)
        await this.events.emitWithin(manager, 'post.liked', { postId, commentId: null, authorId, byId: person.userId });
      return result;
    });
    if (liked.changed) this.news.countersMoved(postId);
    return { likeCount: liked.count, liked: true };
  }

  /** Takes a like back. @throws AppError `post.not-found` */
  async unlikePost(person: Person, postId: string): Promise<Likes> {
    await this.posts.visible(person, postId);
    const result = await inTransaction(this.dataSource, async (manager) => this.marks.unlike(manager, 'post', postId, person.userId));
    if (!result) throw new AppError('post.not-found');
    if (result.changed) this.news.countersMoved(postId);
    return { likeCount: result.count, liked: false };
  }

  /** Likes a comment, once. @throws AppError `comment.not-found`, `user.unavailable`, `rate.limited` */
  async likeComment(person: Person, commentId: string): Promise<Likes> {
    const comment = await this.openComment(person, commentId);
    const liked = await inTransaction(this.dataSource, async (manager) => {
      await this.requireLive(manager, commentId);
      const result = await this.marks.like(manager, 'comment', commentId, person.userId);
      if (result?.changed && comment.authorId !== null && comment.authorId !== person.userId)
        await this.events.emitWithin(manager, 'post.liked', {
          postId: comment.postId,
          commentId,
          authorId: comment.authorId,
          byId: person.userId,
        });
      return result!;
    });
    if (liked.changed) await this.tellComment(commentId);
    return { likeCount: liked.count, liked: true };
  }

  /** Takes a like back. @throws AppError `comment.not-found` */
  async unlikeComment(person: Person, commentId: string): Promise<Likes> {
    await this.commentsService.visible(person, commentId);
    const result = await inTransaction(this.dataSource, async (manager) => this.marks.unlike(manager, 'comment', commentId, person.userId));
    if (!result) throw new AppError('comment.not-found');
    if (result.changed) await this.tellComment(commentId);
    return { likeCount: result.count, liked: false };
  }

  /** Gives a post an emoji, once. @throws AppError `post.not-found`, `message.too-many-reactions`, `user.unavailable`, `rate.limited` */
  async reactToPost(person: Person, postId: string, emoji: string): Promise<Post> {
    await this.postAuthor(person, postId);
    const changed = await inTransaction(this.dataSource, async (manager) => {
      const post = await this.postRows.lock(manager, postId);
      if (!post) throw new AppError('post.not-found');
      requireRoom(post.reactions, emoji);
      return this.marks.addReaction(manager, 'post', postId, person.userId, emoji);
    });
    return this.postAfter(person, postId, changed);
  }

  /** Takes an emoji back. @throws AppError `post.not-found` */
  async unreactToPost(person: Person, postId: string, emoji: string): Promise<Post> {
    await this.posts.visible(person, postId);
    const changed = await inTransaction(this.dataSource, async (manager) => {
      if (!(await this.postRows.lock(manager, postId))) throw new AppError('post.not-found');
      return this.marks.removeReaction(manager, 'post', postId, person.userId, emoji);
    });
    return this.postAfter(person, postId, changed);
  }

  /** Gives a comment an emoji, once. @throws AppError `comment.not-found`, `message.too-many-reactions`, `user.unavailable`, `rate.limited` */
  async reactToComment(person: Person, commentId: string, emoji: string): Promise<Comment> {
    await this.openComment(person, commentId);
    const changed = await inTransaction(this.dataSource, async (manager) => {
      const comment = await this.requireLive(manager, commentId);
      requireRoom(comment.reactions, emoji);
      return this.marks.addReaction(manager, 'comment', commentId, person.userId, emoji);
    });
    return this.commentAfter(person, commentId, changed);
  }

  /** Takes an emoji back. @throws AppError `comment.not-found` */
  async unreactToComment(person: Person, commentId: string, emoji: string): Promise<Comment> {
    await this.commentsService.visible(person, commentId);
    const changed = await inTransaction(this.dataSource, async (manager) => {
      await this.requireLive(manager, commentId);
      return this.marks.removeReaction(manager, 'comment', commentId, person.userId, emoji);
    });
    return this.commentAfter(person, commentId, changed);
  }

  /** The author of a post that the person may see and mark. */
  private async postAuthor(person: Person, postId: string): Promise<string> {
    this.voice.require(person.userId);
    await this.limiter.consume('mark:person', person.userId);
    const { author_id: authorId } = await this.posts.visible(person, postId);
    await this.blocks.requireReach(person.userId, authorId);
    return authorId;
  }

  private async openComment(person: Person, commentId: string): Promise<CommentEntity> {
    this.voice.require(person.userId);
    await this.limiter.consume('mark:person', person.userId);
    const comment = await this.commentsService.visible(person, commentId);
    if (comment.authorId !== null) await this.blocks.requireReach(person.userId, comment.authorId);
    return comment;
  }

  private async requireLive(manager: EntityManager, commentId: string): Promise<CommentEntity> {
    const comment = await this.comments.lock(manager, commentId);
    if (!comment || comment.deletedAt) throw new AppError('comment.not-found');
    return comment;
  }

  private async postAfter(person: Person, postId: string, changed: boolean): Promise<Post> {
    const row = await this.postRows.find(postId);
    const [post] = row ? await this.views.posts([row], person.userId) : [];
    if (!row || !post) throw new AppError('post.not-found');
    if (changed) this.news.updated((await this.views.posts([row]))[0]!);
    return post;
  }

  private async commentAfter(person: Person, commentId: string, changed: boolean): Promise<Comment> {
    if (changed) await this.tellComment(commentId);
    const comment = await this.comments.find(commentId);
    if (!comment) throw new AppError('comment.not-found');
    return (await this.views.comments([comment], person.userId))[0]!;
  }

  private async tellComment(commentId: string): Promise<void> {
    const comment = await this.comments.find(commentId);
    if (comment && !comment.deletedAt) this.news.commented('comment.updated', (await this.views.comments([comment]))[0]!);
  }
}

function requireRoom(reactions: readonly { emoji: string }[], emoji: string): void {
  if (reactions.length >= mostEmojis && !reactions.some((reaction) => reaction.emoji === emoji))
    throw new AppError('message.too-many-reactions');
}
