import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import { type Comment, looksLikeUuid } from '../../contracts/index.js';
import { decodeCursor, encodeCursor, inTransaction } from '../../database/index.js';
import { InternalEvents } from '../../platform/events/index.js';
import { RateLimiter } from '../../platform/rate-limit/index.js';
import { BlockDirectory } from '../friends/index.js';
import { Voice } from '../users/index.js';
import { CommentsRepository } from './comments.repository.js';
import type { CommentEntity } from './entities/comment.entity.js';
import { PostErasure } from './post-erasure.js';
import { PostNews } from './post-news.js';
import { PostViews } from './post-views.js';
import { mayChangeComment, mayDeleteComment } from './posts.policy.js';
import { PostsRepository } from './posts.repository.js';
import { PostsService } from './posts.service.js';

/** Comments and their one level of answers. */
@Injectable()
export class CommentsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly posts: PostsService,
    private readonly postRows: PostsRepository,
    private readonly comments: CommentsRepository,
    private readonly views: PostViews,
    private readonly news: PostNews,
    private readonly erasure: PostErasure,
    private readonly voice: Voice,
    private readonly blocks: BlockDirectory,
    private readonly events: InternalEvents,
    private readonly limiter: RateLimiter,
  ) {}

  /** Comments of a post, oldest first, without those of people whom the reader blocks. @throws AppError `post.not-found`, `request.cursor-invalid` */
  async list(
    person: Person,
    postId: string,
    parent: string | undefined,
    limit: number,
    cursor: string | undefined,
  ): Promise<{ items: Comment[]; nextCursor: string | null }> {
    await this.posts.visible(person, postId);
    const after = cursor === undefined ? null : decodeCursor(cursor, ['string'])[0];
    if (after !== null && !looksLikeUuid(after)) throw new AppError('request.cursor-invalid');
    const without = [...((await this.blocks.load(person.userId)) ?? [])];
    const rows = await this.comments.page(postId, parent ?? null, limit + 1, after, without);
    const page = rows.slice(0, limit);
    return {
      items: await this.views.comments(page, person.userId),
      nextCursor: rows.length > limit ? encodeCursor([page.at(-1)!.id]) : null,
    };
  }

  /**
   * Comments on a post, or answers a comment; an answer to an answer stands beside it.
   * @throws AppError `post.not-found`, `comment.not-found`, `user.unavailable`, `user.blocked`, `rate.limited`
   */
  async create(person: Person, postId: string, content: string, parentId: string | undefined): Promise<Comment> {
    this.voice.require(person.userId);
    await this.limiter.consume('comment:person', person.userId);
    const { author_id: postAuthorId } = await this.posts.visible(person, postId);
    await this.blocks.requireReach(person.userId, postAuthorId);
    const asked = parentId === undefined ? null : await this.answerable(person, postId, parentId);
    const mentioned = await this.posts.mentioned(person, content);
    const comment = await inTransaction(this.dataSource, async (manager) => {
      if (!(await this.postRows.lock(manager, postId))) throw new AppError('post.not-found');
      if (asked && !(await this.comments.findIn(manager, asked.id))) throw new AppError('comment.not-found');
      const made = await this.comments.insert(manager, {
        postId,
        parentId: asked ? (asked.parentId ?? asked.id) : null,
        authorId: person.userId,
        content,
      });
      await this.events.emitWithin(manager, 'post.commented', {
        postId,
        commentId: made.id,
        byId: person.userId,
        postAuthorId,
        answeredId: asked?.authorId ?? null,
        mentionedIds: mentioned,
      });
      return made;
    });
    const [told] = await this.views.comments([comment]);
    this.news.commented('comment.created', told!);
    this.news.countersMoved(postId);
    return (await this.views.comments([comment], person.userId))[0]!;
  }

  /** Changes one's own comment. @throws AppError `comment.not-found`, `comment.forbidden`, `rate.limited` */
  async update(person: Person, commentId: string, content: string): Promise<Comment> {
    this.voice.require(person.userId);
    await this.limiter.consume('comment:person', person.userId);
    await inTransaction(this.dataSource, async (manager) => {
      const comment = await this.comments.lock(manager, commentId);
      if (!comment || comment.deletedAt) throw new AppError('comment.not-found');
      if (!mayChangeComment(person, comment.authorId)) throw new AppError('comment.forbidden');
      if (comment.content !== content) await this.comments.update(manager, commentId, content);
    });
    const comment = await this.comments.find(commentId);
    if (!comment) throw new AppError('comment.not-found');
    this.news.commented('comment.updated', (await this.views.comments([comment]))[0]!);
    return (await this.views.comments([comment], person.userId))[0]!;
  }

  /** Deletes one's own comment, or one under one's own post; deleting it again changes nothing. @throws AppError `comment.not-found`, `comment.forbidden` */
  async delete(person: Person, commentId: string): Promise<void> {
    await this.erasure.comment(commentId, async (_manager, { commentAuthorId, postAuthorId }) => {
      if (!mayDeleteComment(person, commentAuthorId, postAuthorId)) throw new AppError('comment.forbidden');
    });
  }

  /** A comment that the person may see. @throws AppError `comment.not-found` */
  async visible(person: Person, commentId: string): Promise<CommentEntity> {
    const comment = await this.comments.find(commentId);
    if (!comment || comment.deletedAt) throw new AppError('comment.not-found');
    const blocked = await this.blocks.load(person.userId);
    if (comment.authorId !== null && blocked?.has(comment.authorId)) throw new AppError('comment.not-found');
    await this.posts.visible(person, comment.postId).catch((error: unknown) => {
      throw error instanceof AppError ? new AppError('comment.not-found') : error;
    });
    return comment;
  }

  private async answerable(person: Person, postId: string, parentId: string): Promise<CommentEntity> {
    const parent = await this.comments.find(parentId);
    const hidden = parent?.authorId && (await this.blocks.load(person.userId))?.has(parent.authorId);
    if (!parent || hidden || parent.deletedAt || parent.postId !== postId) throw new AppError('comment.not-found');
    if (parent.authorId !== null) await this.blocks.requireReach(person.userId, parent.authorId);
    return parent;
  }
}
