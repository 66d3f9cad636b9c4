import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { afterCommit, inTransaction } from '../../database/index.js';
import { FilesService } from '../files/index.js';
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
