import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { afterCommit, inTransaction } from '../../database/index.js';
import { FilesService } from '../files/index.js';
import { AuthoredRepository } from './authored.repository.js';
import { CommentsRepository } from './comments.repository.js';
import type { PostEntity } from './entities/post.entity.js';
import { PostNews } from './post-news.js';
import { PostsRepository } from './posts.repository.js';
import { TagsRepository } from './tags.repository.js';

/** Deleting posts and comments; who may is decided by the caller, under the lock where it depends on the row. */
@Injectable()
export class PostErasure {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly posts: PostsRepository,
    private readonly comments: CommentsRepository,
    private readonly tags: TagsRepository,
    private readonly files: FilesService,
    private readonly news: PostNews,
    private readonly authored: AuthoredRepository,
  ) {}

  /**
   * Deletes a post with its pictures, comments and likes.
   * @param within looks at the locked post and writes what stands or falls with the deletion
   * @throws AppError `post.not-found`
   */
  async post(postId: string, within: (manager: EntityManager, post: PostEntity) => Promise<void>): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      const post = await this.posts.lock(manager, postId);
      if (!post) throw new AppError('post.not-found');
      await within(manager, post);
      await this.tags.set(manager, postId, []);
      await this.files.release(
        manager,
        post.images.map((image) => image.id),
      );
      await this.posts.delete(manager, postId);
      afterCommit(manager, () => this.news.deleted(postId, post.authorId));
    });
  }

  /**
   * An author's account goes: their posts are deleted, their marks and views taken back, and their comments are nobody's, blanked where the
   * choice says so. In small transactions, and may be done again.
   * @param blanks which comments do not stay: all, or those that hold this address
   * @param step called between two of them
   */
  async author(userId: string, blanks: { all: boolean; containing: string }, step: () => Promise<void>): Promise<void> {
    for (let ids = await this.authored.postIds(userId); ids.length > 0; ids = await this.authored.postIds(userId)) {
      await step();
      for (const id of ids) await this.post(id, async () => undefined).catch(ignoreMissing);
    }
    for (const subject of ['post', 'comment'] as const)
      while (await inTransaction(this.dataSource, async (manager) => this.authored.takeMarks(manager, subject, userId))) await step();
    while (await inTransaction(this.dataSource, async (manager) => this.authored.takeViews(manager, userId))) await step();
    for (const id of await this.authored.commentIds(userId, blanks)) await this.comment(id, async () => undefined).catch(ignoreMissing);
    while (await inTransaction(this.dataSource, async (manager) => this.authored.disownComments(manager, userId))) await step();
  }

  /**
   * Blanks a comment, which keeps its place while it has answers; one that was deleted before stays as it is.
   * @param within as for `post`, with the comment's author and the post's
   * @throws AppError `comment.not-found`
   */
  async comment(
    commentId: string,
    within: (manager: EntityManager, authors: { commentAuthorId: string | null; postAuthorId: string }) => Promise<void>,
  ): Promise<void> {
    const place = await this.comments.find(commentId);
    if (!place) throw new AppError('comment.not-found');
    await inTransaction(this.dataSource, async (manager) => {
      const post = await this.posts.lock(manager, place.postId);
      const comment = post && (await this.comments.lock(manager, commentId));
      if (!post || !comment) throw new AppError('comment.not-found');
      await within(manager, { commentAuthorId: comment.authorId, postAuthorId: post.authorId });
      if (comment.deletedAt) return;
      await this.comments.blank(manager, comment);
      afterCommit(manager, () => {
        this.news.commentDeleted(post.id, commentId);
        this.news.countersMoved(post.id);
      });
    });
  }
}

/** Somebody else deleted it first. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof AppError) || (error.code !== 'post.not-found' && error.code !== 'comment.not-found')) throw error;
}
