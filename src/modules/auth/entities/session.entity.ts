import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** One log-in on one device. Times are the database's. */
@Entity('sessions')
@Unique('uq_sessions_cookie', ['cookieHash'])
@Index('ix_sessions_user', ['userId', 'lastUsedAt'])
@Index('ix_sessions_expiry', ['expiresAt'])
export class Session {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_sessions' })
  id!: string;

  @Column('uuid', { name: 'user_id' })
  @ForeignKey('User', { name: 'fk_sessions_user', onDelete: 'CASCADE' })
  userId!: string;

  @Column('bytea', { name: 'cookie_hash', nullable: true })
  cookieHash!: Buffer | null;

  @Column('text', { name: 'user_agent', nullable: true })
  userAgent!: string | null;

  @Column('text', { nullable: true })
  ip!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'last_used_at' })
  lastUsedAt!: Date;

  /** The life of its newest refresh token; a refresh prolongs it. */
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
