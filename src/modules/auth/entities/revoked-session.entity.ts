import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A session that was ended, for as long as an access token of it could be valid. Without foreign keys: it outlives both. */
@Entity('revoked_sessions')
@Index('ix_revoked_sessions_revoked', ['revokedAt'])
@Index('ix_revoked_sessions_expiry', ['expiresAt'])
export class RevokedSession {
  @PrimaryColumn('uuid', { name: 'session_id', primaryKeyConstraintName: 'pk_revoked_sessions' })
  sessionId!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('text')
  reason!: string;

  @Column('timestamptz', { name: 'revoked_at' })
  revokedAt!: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
