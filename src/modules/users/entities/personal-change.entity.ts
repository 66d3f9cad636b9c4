import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { PersonalHead } from './personal-head.entity.js';

/** When one of a person's own things changed last. What it is like now is asked of the feature that it belongs to. */
@Entity('personal_changes')
@Index('uq_personal_changes_position', ['userId', 'position'], { unique: true })
export class PersonalChange {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_personal_changes' })
  @ForeignKey(() => PersonalHead, { name: 'fk_personal_changes_head', onDelete: 'CASCADE' })
  userId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_personal_changes' })
  subject!: string;

  @PrimaryColumn('text', { name: 'subject_id', primaryKeyConstraintName: 'pk_personal_changes' })
  subjectId!: string;

  /** bigint, hence a string. */
  @Column('bigint')
  position!: string;
}
