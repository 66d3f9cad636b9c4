import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people tell of themselves; names that were given up stay reserved for their former owner; codes that change an email address or a
 * password, which carry the new address or the new password's hash until they are confirmed.
 */
export class Profiles1763700000007 implements MigrationInterface {
  readonly name = 'Profiles1763700000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users
        ADD COLUMN about text,
        ADD COLUMN birth_date date,
        ADD COLUMN birth_date_visible boolean NOT NULL DEFAULT false,
        ADD COLUMN time_zone text,
        ADD COLUMN signature text NOT NULL DEFAULT 'name' CONSTRAINT ck_users_signature CHECK (signature IN ('name', 'image')),
        ADD COLUMN signature_url text,
        ADD COLUMN profile_completed boolean NOT NULL DEFAULT false,
        ADD COLUMN username_changed_at timestamptz`);
    await runner.query(`UPDATE users SET profile_completed = true WHERE first_name <> '' OR last_name <> ''`);

    await runner.query(`
      ALTER TABLE username_reservations
        ALTER COLUMN email_key DROP NOT NULL,
        ADD COLUMN user_id uuid CONSTRAINT fk_username_reservations_user REFERENCES users (id) ON DELETE CASCADE,
        ADD CONSTRAINT ck_username_reservations_holder CHECK ((email_key IS NULL) <> (user_id IS NULL))`);
    await runner.query('CREATE INDEX ix_username_reservations_user ON username_reservations (user_id) WHERE user_id IS NOT NULL');

    await runner.query(`
      ALTER TABLE account_codes
        ADD COLUMN new_email text,
        ADD COLUMN new_password_hash text,
        ALTER COLUMN link_hash DROP NOT NULL,
        ALTER COLUMN link_expires_at DROP NOT NULL,
        DROP CONSTRAINT ck_account_codes_purpose,
        ADD CONSTRAINT ck_account_codes_purpose CHECK (purpose IN ('activation', 'password-reset', 'email-change', 'password-change')),
        ADD CONSTRAINT ck_account_codes_link CHECK ((link_hash IS NULL) = (link_expires_at IS NULL)),
        ADD CONSTRAINT ck_account_codes_some CHECK (link_hash IS NOT NULL OR code_hash IS NOT NULL),
        ADD CONSTRAINT ck_account_codes_email CHECK ((purpose = 'email-change') = (new_email IS NOT NULL)),
        ADD CONSTRAINT ck_account_codes_password CHECK ((purpose = 'password-change') = (new_password_hash IS NOT NULL))`);
    await runner.query('CREATE INDEX ix_account_codes_code_expiry ON account_codes (code_expires_at) WHERE link_hash IS NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM account_codes WHERE purpose IN ('email-change', 'password-change')`);
    await runner.query('DROP INDEX ix_account_codes_code_expiry');
    await runner.query(`
      ALTER TABLE account_codes
        DROP CONSTRAINT ck_account_codes_password,
        DROP CONSTRAINT ck_account_codes_email,
        DROP CONSTRAINT ck_account_codes_some,
        DROP CONSTRAINT ck_account_codes_link,
        DROP CONSTRAINT ck_account_codes_purpose,
        ADD CONSTRAINT ck_account_codes_purpose CHECK (purpose IN ('activation', 'password-reset')),
        ALTER COLUMN link_expires_at SET NOT NULL,
        ALTER COLUMN link_hash SET NOT NULL,
        DROP COLUMN new_password_hash,
        DROP COLUMN new_email`);
    await runner.query('DELETE FROM username_reservations WHERE email_key IS NULL');
    await runner.query('DROP INDEX ix_username_reservations_user');
    await runner.query(`
      ALTER TABLE username_reservations
        DROP CONSTRAINT ck_username_reservations_holder,
        DROP COLUMN user_id,
        ALTER COLUMN email_key SET NOT NULL`);
    await runner.query(`
      ALTER TABLE users
        DROP COLUMN username_changed_at,
        DROP COLUMN profile_completed,
        DROP COLUMN signature_url,
        DROP COLUMN signature,
        DROP COLUMN time_zone,
        DROP COLUMN birth_date_visible,
        DROP COLUMN birth_date,
        DROP COLUMN about`);
  }
}
