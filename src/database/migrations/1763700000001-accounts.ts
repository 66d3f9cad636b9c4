import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts, their profiles and reserved names; codes and links; sessions, refresh tokens, and the sessions that were ended. */
export class Accounts1763700000001 implements MigrationInterface {
  readonly name = 'Accounts1763700000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id uuid CONSTRAINT pk_users PRIMARY KEY,
        email text NOT NULL,
        email_key text NOT NULL CONSTRAINT uq_users_email_key UNIQUE,
        username text NOT NULL,
        username_key text NOT NULL CONSTRAINT uq_users_username_key UNIQUE,
        password_hash text NOT NULL,
        role text NOT NULL DEFAULT 'user' CONSTRAINT ck_users_role CHECK (role IN ('user', 'moderator', 'admin')),
        account_type text NOT NULL DEFAULT 'member' CONSTRAINT ck_users_account_type CHECK (account_type IN ('member', 'startup', 'investor')),
        status text NOT NULL CONSTRAINT ck_users_status CHECK (status IN ('inactive', 'active', 'deactivated')),
        first_name text NOT NULL DEFAULT '',
        last_name text NOT NULL DEFAULT '',
        locale text NOT NULL DEFAULT 'en' CONSTRAINT ck_users_locale CHECK (locale IN ('en', 'uk', 'ru')),
        avatar_url text,
        created_at timestamptz NOT NULL DEFAULT now(),
        activated_at timestamptz,
        CONSTRAINT ck_users_activated CHECK (status <> 'active' OR activated_at IS NOT NULL)
      )`);
    await runner.query(`CREATE INDEX ix_users_inactive ON users (created_at) WHERE status = 'inactive'`);
    await runner.query(`
      CREATE TABLE startup_profiles (
        user_id uuid CONSTRAINT pk_startup_profiles PRIMARY KEY CONSTRAINT fk_startup_profiles_user REFERENCES users (id) ON DELETE CASCADE,
        company_name text,
        industry text,
        stage text CONSTRAINT ck_startup_profiles_stage CHECK (stage IN ('idea', 'prototype', 'launched', 'growing')),
        website text,
        pitch text
      )`);
    await runner.query(`
      CREATE TABLE investor_profiles (
        user_id uuid CONSTRAINT pk_investor_profiles PRIMARY KEY CONSTRAINT fk_investor_profiles_user REFERENCES users (id) ON DELETE CASCADE,
        organization text,
        interests text[] NOT NULL DEFAULT '{}',
        ticket_min bigint,
        ticket_max bigint,
        website text,
        CONSTRAINT ck_investor_profiles_ticket CHECK (ticket_min >= 0 AND ticket_max >= ticket_min)
      )`);
    await runner.query(`
      CREATE TABLE username_reservations (
        username_key text CONSTRAINT pk_username_reservations PRIMARY KEY,
        email_key text NOT NULL,
        reserved_until timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX ix_username_reservations_until ON username_reservations (reserved_until)');

    await runner.query(`
      CREATE TABLE account_codes (
        user_id uuid NOT NULL CONSTRAINT fk_account_codes_user REFERENCES users (id) ON DELETE CASCADE,
        purpose text NOT NULL CONSTRAINT ck_account_codes_purpose CHECK (purpose IN ('activation', 'password-reset')),
        code_hash bytea,
        code_expires_at timestamptz,
        attempts integer NOT NULL DEFAULT 0 CONSTRAINT ck_account_codes_attempts CHECK (attempts BETWEEN 0 AND 5),
        link_hash bytea NOT NULL CONSTRAINT uq_account_codes_link UNIQUE,
        link_expires_at timestamptz NOT NULL,
        CONSTRAINT pk_account_codes PRIMARY KEY (user_id, purpose),
        CONSTRAINT ck_account_codes_code CHECK ((code_hash IS NULL) = (code_expires_at IS NULL))
      )`);
    await runner.query('CREATE INDEX ix_account_codes_expiry ON account_codes (link_expires_at)');
    await runner.query(`
      CREATE TABLE mail_quotas (
        address_hash bytea CONSTRAINT pk_mail_quotas PRIMARY KEY,
        window_started_at timestamptz NOT NULL,
        used integer NOT NULL,
        last_resend_at timestamptz
      )`);
    await runner.query('CREATE INDEX ix_mail_quotas_window ON mail_quotas (window_started_at)');

    await runner.query(`
      CREATE TABLE sessions (
        id uuid CONSTRAINT pk_sessions PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT fk_sessions_user REFERENCES users (id) ON DELETE CASCADE,
        cookie_hash bytea CONSTRAINT uq_sessions_cookie UNIQUE,
        user_agent text,
        ip text,
        created_at timestamptz NOT NULL,
        last_used_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX ix_sessions_user ON sessions (user_id, last_used_at)');
    await runner.query('CREATE INDEX ix_sessions_expiry ON sessions (expires_at)');
    await runner.query(`
      CREATE TABLE refresh_tokens (
        hash bytea CONSTRAINT pk_refresh_tokens PRIMARY KEY,
        session_id uuid NOT NULL CONSTRAINT fk_refresh_tokens_session REFERENCES sessions (id) ON DELETE CASCADE,
        expires_at timestamptz NOT NULL,
        used_at timestamptz
      )`);
    await runner.query('CREATE INDEX ix_refresh_tokens_session ON refresh_tokens (session_id)');
    await runner.query('CREATE INDEX ix_refresh_tokens_expiry ON refresh_tokens (expires_at)');
    await runner.query(`
      CREATE TABLE revoked_sessions (
        session_id uuid CONSTRAINT pk_revoked_sessions PRIMARY KEY,
        user_id uuid NOT NULL,
        reason text NOT NULL,
        revoked_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX ix_revoked_sessions_revoked ON revoked_sessions (revoked_at)');
    await runner.query('CREATE INDEX ix_revoked_sessions_expiry ON revoked_sessions (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'revoked_sessions',
      'refresh_tokens',
      'sessions',
      'mail_quotas',
      'account_codes',
      'username_reservations',
      'investor_profiles',
      'startup_profiles',
      'users',
    ]) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}
