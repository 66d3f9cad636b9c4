import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { User } from './user.entity.js';

/** What a startup account tells of itself. */
@Entity('startup_profiles')
@Check('ck_startup_profiles_stage', `"stage" IN ('idea', 'prototype', 'launched', 'growing')`)
export class StartupProfileRecord {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_startup_profiles' })
  @ForeignKey(() => User, { name: 'fk_startup_profiles_user', onDelete: 'CASCADE' })
  userId!: string;

  @Column('text', { name: 'company_name', nullable: true })
  companyName!: string | null;

  @Column('text', { nullable: true })
  industry!: string | null;

  @Column('text', { nullable: true })
  stage!: string | null;

  @Column('text', { nullable: true })
  website!: string | null;

  @Column('text', { nullable: true })
  pitch!: string | null;
}
