import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { AccountType, SignatureChoice, SiteRole, UserLocale, UserStatus } from '../user-card.js';

/** An account. `emailKey` and `usernameKey` are what makes them unique without case; they follow from `caseKey`. */
@Entity('users')
@Unique('uq_users_email_key', ['emailKey'])
@Unique('uq_users_username_key', ['usernameKey'])
@Check('ck_users_role', `"role" IN ('user', 'moderator', 'admin')`)
@Check('ck_users_account_type', `"account_type" IN ('member', 'startup', 'investor')`)
@Check('ck_users_status', `"status" IN ('inactive', 'active', 'deactivated')`)
@Check('ck_users_locale', `"locale" IN ('en', 'uk', 'ru')`)
@Check('ck_users_signature', `"signature" IN ('name', 'image')`)
@Check('ck_users_activated', `"status" <> 'active' OR "activated_at" IS NOT NULL`)
@Index('ix_users_inactive', ['createdAt'], { where: `"status" = 'inactive'` })
export class User {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_users' })
  id!: string;

  @Column('text')
  email!: string;

  @Column('text', { name: 'email_key' })
  emailKey!: string;

  @Column('text')
  username!: string;

  @Column('text', { name: 'username_key' })
  usernameKey!: string;

  @Column('text', { name: 'password_hash' })
  passwordHash!: string;

  @Column('text', { default: 'user' })
  role!: SiteRole;

  @Column('text', { name: 'account_type', default: 'member' })
  accountType!: AccountType;

  @Column('text')
  status!: UserStatus;

  @Column('text', { name: 'first_name', default: '' })
  firstName!: string;

  @Column('text', { name: 'last_name', default: '' })
  lastName!: string;

  @Column('text', { default: 'en' })
  locale!: UserLocale;

  @Column('text', { name: 'avatar_url', nullable: true })
  avatarUrl!: string | null;

  @Column('text', { nullable: true })
  about!: string | null;

  /** YYYY-MM-DD. */
  @Column('date', { name: 'birth_date', nullable: true })
  birthDate!: string | null;

  @Column('boolean', { name: 'birth_date_visible', default: false })
  birthDateVisible!: boolean;

  /** IANA name. */
  @Column('text', { name: 'time_zone', nullable: true })
  timeZone!: string | null;

  @Column('text', { default: 'name' })
  signature!: SignatureChoice;

  @Column('text', { name: 'signature_url', nullable: true })
  signatureUrl!: string | null;

  /** Whether the first-visit dialog is done with. */
  @Column('boolean', { name: 'profile_completed', default: false })
  profileCompleted!: boolean;

  @Column('timestamptz', { name: 'username_changed_at', nullable: true })
  usernameChangedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'activated_at', nullable: true })
  activatedAt!: Date | null;

  /** May not write until then. */
  @Column('timestamptz', { name: 'muted_until', nullable: true })
  mutedUntil!: Date | null;

  /** May not come in until then. */
  @Column('timestamptz', { name: 'suspended_until', nullable: true })
  suspendedUntil!: Date | null;
}
