import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** A refresh token of a session, under its SHA-256. Used ones stay until they expire: one that comes again tells of a theft. */
@Entity('refresh_tokens')
@Index('ix_refresh_tokens_session', ['sessionId'])
@Index('ix_refresh_tokens_expiry', ['expiresAt'])
export class RefreshToken {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'pk_refresh_tokens' })
  hash!: Buffer;

  @Column('uuid', { name: 'session_id' })
  @ForeignKey('Session', { name: 'fk_refresh_tokens_session', onDelete: 'CASCADE' })
  sessionId!: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'used_at', nullable: true })
  usedAt!: Date | null;
}
