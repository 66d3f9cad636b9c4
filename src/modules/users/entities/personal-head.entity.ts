import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { User } from './user.entity.js';

/** How many changes a person's own things have had: requests, friends, notifications. */
@Entity('personal_heads')
export class PersonalHead {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_personal_heads' })
  @ForeignKey(() => User, { name: 'fk_personal_heads_user', onDelete: 'CASCADE' })
  userId!: string;

  /** Position of the last change; bigint, hence a string. */
  @Column('bigint', { default: 0 })
  position!: string;
}
