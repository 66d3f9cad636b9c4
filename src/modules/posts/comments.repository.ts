import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, type EntityManager, In, IsNull } from 'typeorm';
import { newId } from '../../common/ids.js';
import { CommentEntity } from './entities/comment.entity.js';

/** Reading and writing comments. What changes a counter locks the post first, then the parent. */
@Injectable()
export class CommentsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async find(id: string): Promise<CommentEntity | null> {
    return this.dataSource.manager.findOneBy(CommentEntity, { id });
  }

  /** Those that were not deleted. */
  async byIds(ids: readonly string[]): Promise<CommentEntity[]> {
    return this.dataSource.manager.findBy(CommentEntity, { id: In([...ids]), deletedAt: IsNull() });
  }

  async findIn(manager: EntityManager, id: string): Promise<CommentEntity | null> {
    return manager.findOneBy(CommentEntity, { id });
  }

  async lock(manager: EntityManager, id: string): Promise<CommentEntity | null> {
    return manager.findOne(CommentEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /**
   * Comments of a post, or the answers to one, oldest first. A deleted one shows while it has answers.
   * @param without authors to leave out
   */
  async page(
    postId: string,
    parentId: string | null,
    limit: number,
    after: string | null,
    without: readonly string[],
  ): Promise<CommentEntity[]> {
    const place = parentId === null ? 'c.post_id = :postId AND c.parent_id IS NULL' : 'c.parent_id = :parentId AND c.post_id = :postId';
    const query = this.dataSource.manager
      .createQueryBuilder(CommentEntity, 'c')
      .where(place, { postId, parentId })
      .andWhere('(c.deleted_at IS NULL OR c.reply_count > 0)')
      .andWhere('(c.author_id IS NULL OR NOT (c.author_id = ANY(:without)))', { without: [...without] })
      .orderBy('c.id', 'ASC')
      .limit(limit);
    if (after !== null) query.andWhere('c.id > :after', { after });
    return query.getMany();
  }

  /** Inserts a comment and counts it. Call with the post locked. */
  async insert(
    manager: EntityManager,
    comment: { postId: string; parentId: string | null; authorId: string; content: string },
  ): Promise<CommentEntity> {
    const entity = manager.create(CommentEntity, {
      id: newId(),
      ...comment,
      likeCount: 0,
      replyCount: 0,
      reactions: [],
      createdAt: new Date(),
      editedAt: null,
      deletedAt: null,
    });
    await manager.insert(CommentEntity, entity);
    await this.count(manager, comment.postId, comment.parentId, 1);
    return entity;
  }

  async update(manager: EntityManager, id: string, content: string): Promise<void> {
    await manager.update(CommentEntity, { id }, { content, editedAt: new Date() });
  }

  /** Leaves a comment's place, takes what it said and counts it no more. Call with the post locked. */
  async blank(manager: EntityManager, comment: CommentEntity): Promise<void> {
    await manager.query('DELETE FROM comment_likes WHERE comment_id = $1', [comment.id]);
    await manager.query('DELETE FROM comment_reactions WHERE comment_id = $1', [comment.id]);
    await manager.update(CommentEntity, { id: comment.id }, { content: '', likeCount: 0, reactions: [], deletedAt: new Date() });
    await this.count(manager, comment.postId, comment.parentId, -1);
  }

  private async count(manager: EntityManager, postId: string, parentId: string | null, by: 1 | -1): Promise<void> {
    await manager.query('UPDATE posts SET comment_count = comment_count + $2 WHERE id = $1', [postId, by]);
    if (parentId !== null) await manager.query('UPDATE comments SET reply_count = reply_count + $2 WHERE id = $1', [parentId, by]);
  }
}
