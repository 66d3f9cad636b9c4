import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many changes a person's own things have had: requests, friends, notifications. */
@Entity('personal_heads')
export class PersonalHead {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_personal_heads' })
  userId!: string;

  /** Position of the last change; bigint, hence a string. */
  @Column('bigint', { default: 0 })
  position!: string;
}
