import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Attachment } from '../../../contracts/index.js';

/** What a person published. The id is a UUIDv7, so that the newest post has the greatest id. */
@Entity('posts')
export class PostEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'author_id' })
  authorId!: string;

  @Column('varchar', { length: 255 })
  title!: string;

  @Column('text')
  content!: string;

  /** The main link. */
  @Column('text', { nullable: true })
  link!: string | null;

  /** Snapshots of the pictures, in the order to show them. */
  @Column('jsonb', { default: [] })
  images!: Attachment[];

  @Column('uuid', { name: 'shared_message_id', nullable: true })
  sharedMessageId!: string | null;

  @Column('integer', { name: 'like_count', default: 0 })
  likeCount!: number;

  @Column('integer', { name: 'comment_count', default: 0 })
  commentCount!: number;

  @Column('integer', { name: 'view_count', default: 0 })
  viewCount!: number;

  /** A snapshot of the emojis and how many gave each. */
  @Column('jsonb', { default: [] })
  reactions!: { emoji: string; count: number }[];

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'edited_at', nullable: true })
  editedAt!: Date | null;
}

/** A further link of a post. */
@Entity('post_links')
export class PostLinkEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'post_id' })
  postId!: string;

  @Column('text')
  url!: string;

  /** The order among the post's links, from 0. */
  @Column('integer')
  place!: number;
}
