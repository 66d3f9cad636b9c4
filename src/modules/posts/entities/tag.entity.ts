import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A topic that posts share; ten are there from the beginning. */
@Entity('tags')
export class TagEntity {
  @PrimaryColumn('uuid')
  id!: string;

  /** As whoever used it first wrote it. */
  @Column('varchar', { length: 50 })
  name!: string;

  /** The name without case, see `caseKey`. */
  @Column('text', { name: 'name_key', unique: true })
  nameKey!: string;

  @Column('boolean', { name: 'is_default', default: false })
  isDefault!: boolean;

  @Column('integer', { name: 'post_count', default: 0 })
  postCount!: number;
}

/** One tag of one post. */
@Entity('post_tags')
export class PostTagEntity {
  @PrimaryColumn('uuid', { name: 'post_id' })
  postId!: string;

  @PrimaryColumn('uuid', { name: 'tag_id' })
  tagId!: string;

  /** The order among the post's tags, from 0. */
  @Column('integer')
  place!: number;
}
