import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { CodePurpose } from '../codes/account-codes.repository.js';

/** The live code and link of an account for one purpose, as hashes. */
@Entity('account_codes')
@Unique('uq_account_codes_link', ['linkHash'])
@Check('ck_account_codes_purpose', `"purpose" IN ('activation', 'password-reset', 'email-change', 'password-change')`)
@Check('ck_account_codes_attempts', `"attempts" BETWEEN 0 AND 5`)
@Check('ck_account_codes_code', `("code_hash" IS NULL) = ("code_expires_at" IS NULL)`)
@Check('ck_account_codes_link', `("link_hash" IS NULL) = ("link_expires_at" IS NULL)`)
@Check('ck_account_codes_some', `"link_hash" IS NOT NULL OR "code_hash" IS NOT NULL`)
@Check('ck_account_codes_email', `("purpose" = 'email-change') = ("new_email" IS NOT NULL)`)
@Check('ck_account_codes_password', `("purpose" = 'password-change') = ("new_password_hash" IS NOT NULL)`)
@Index('ix_account_codes_expiry', ['linkExpiresAt'])
@Index('ix_account_codes_code_expiry', ['codeExpiresAt'], { where: `"link_hash" IS NULL` })
export class AccountCode {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_account_codes' })
  @ForeignKey('User', { name: 'fk_account_codes_user', onDelete: 'CASCADE' })
  userId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_account_codes' })
  purpose!: CodePurpose;

  @Column('bytea', { name: 'code_hash', nullable: true })
  codeHash!: Buffer | null;

  @Column('timestamptz', { name: 'code_expires_at', nullable: true })
  codeExpiresAt!: Date | null;

  @Column('integer', { default: 0 })
  attempts!: number;

  @Column('bytea', { name: 'link_hash', nullable: true })
  linkHash!: Buffer | null;

  @Column('timestamptz', { name: 'link_expires_at', nullable: true })
  linkExpiresAt!: Date | null;

  /** The address that an email change leads to. */
  @Column('text', { name: 'new_email', nullable: true })
  newEmail!: string | null;

  /** The hash that a password change sets; the password itself is never stored. */
  @Column('text', { name: 'new_password_hash', nullable: true })
  newPasswordHash!: string | null;
}
