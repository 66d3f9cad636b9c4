import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Attachment } from '../../../contracts/index.js';

/** A picture that stands, or stood, for a person; one of theirs at most is active. */
@Entity('avatars')
@Index('ix_avatars_list', ['userId', 'id'])
@Index('uq_avatars_active', ['userId'], { unique: true, where: '"active"' })
export class AvatarEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_avatars' })
  id!: string;

  @Column('uuid', { name: 'user_id' })
  @ForeignKey('User', { name: 'fk_avatars_user', onDelete: 'CASCADE' })
  userId!: string;

  /** The file as clients see it: files never change. */
  @Column('jsonb')
  image!: Attachment;

  @Column('boolean')
  active!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
