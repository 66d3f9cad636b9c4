import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A comment on a post, or an answer to a comment. */
@Entity('comments')
export class CommentEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'post_id' })
  postId!: string;

  /** The comment that this one answers; answers have no answers of their own. */
  @Column('uuid', { name: 'parent_id', nullable: true })
  parentId!: string | null;

  /** null: the account is gone. */
  @Column('uuid', { name: 'author_id', nullable: true })
  authorId!: string | null;

  @Column('text')
  content!: string;

  @Column('integer', { name: 'like_count', default: 0 })
  likeCount!: number;

  /** Answers that were not deleted. */
  @Column('integer', { name: 'reply_count', default: 0 })
  replyCount!: number;

  @Column('jsonb', { default: [] })
  reactions!: { emoji: string; count: number }[];

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'edited_at', nullable: true })
  editedAt!: Date | null;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;
}
