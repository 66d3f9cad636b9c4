import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One person's like of one post. */
@Entity('post_likes')
export class PostLikeEntity {
  @PrimaryColumn('uuid', { name: 'post_id' })
  postId!: string;

  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}

/** One person's like of one comment. */
@Entity('comment_likes')
export class CommentLikeEntity {
  @PrimaryColumn('uuid', { name: 'comment_id' })
  commentId!: string;

  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}

/** One person's one emoji on one post. */
@Entity('post_reactions')
export class PostReactionEntity {
  @PrimaryColumn('uuid', { name: 'post_id' })
  postId!: string;

  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @PrimaryColumn('varchar', { length: 64 })
  emoji!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}

/** One person's one emoji on one comment. */
@Entity('comment_reactions')
export class CommentReactionEntity {
  @PrimaryColumn('uuid', { name: 'comment_id' })
  commentId!: string;

  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @PrimaryColumn('varchar', { length: 64 })
  emoji!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}

/** That one person saw one post on one day (UTC). */
@Entity('post_views')
export class PostViewEntity {
  @PrimaryColumn('uuid', { name: 'post_id' })
  postId!: string;

  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @PrimaryColumn('date')
  day!: string;
}
