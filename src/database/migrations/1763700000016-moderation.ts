import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sanctions, reports, the log of what moderators and admins did, and invitations to register. */
export class Moderation1763700000016 implements MigrationInterface {
  readonly name = 'Moderation1763700000016';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN muted_until timestamptz, ADD COLUMN suspended_until timestamptz');
    await runner.query('CREATE INDEX ix_users_muted ON users (id) WHERE muted_until IS NOT NULL');
    await runner.query('CREATE INDEX ix_users_suspended ON users (id) WHERE suspended_until IS NOT NULL');
    await runner.query('CREATE INDEX ix_users_username_prefix ON users (username_key text_pattern_ops)');
    await runner.query('CREATE INDEX ix_users_email_prefix ON users (email_key text_pattern_ops)');
    await runner.query('CREATE INDEX ix_rooms_name_prefix ON rooms (name_key text_pattern_ops)');
    await runner.query(`
      CREATE TABLE sanctions (
        id uuid CONSTRAINT pk_sanctions PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT fk_sanctions_user REFERENCES users (id) ON DELETE CASCADE,
        kind varchar(8) NOT NULL CONSTRAINT ck_sanctions_kind CHECK (kind IN ('warn', 'mute', 'suspend', 'ban')),
        reason varchar(1000) NOT NULL,
        by_id uuid CONSTRAINT fk_sanctions_by REFERENCES users (id) ON DELETE SET NULL,
        created_at timestamptz NOT NULL,
        ends_at timestamptz,
        lifted_at timestamptz
      )`);
    await runner.query('CREATE INDEX ix_sanctions_user ON sanctions (user_id, id)');
    await runner.query('CREATE INDEX ix_sanctions_by ON sanctions (by_id)');
    await runner.query(`
      CREATE TABLE reports (
        id uuid CONSTRAINT pk_reports PRIMARY KEY,
        kind varchar(8) NOT NULL CONSTRAINT ck_reports_kind CHECK (kind IN ('message', 'post', 'comment', 'person', 'room')),
        subject_id uuid NOT NULL,
        owner_id uuid CONSTRAINT fk_reports_owner REFERENCES users (id) ON DELETE SET NULL,
        reporter_id uuid CONSTRAINT fk_reports_reporter REFERENCES users (id) ON DELETE SET NULL,
        reason varchar(1000) NOT NULL,
        content text NOT NULL,
        status varchar(9) NOT NULL DEFAULT 'open' CONSTRAINT ck_reports_status CHECK (status IN ('open', 'claimed', 'resolved', 'dismissed')),
        claimed_by uuid CONSTRAINT fk_reports_claimed_by REFERENCES users (id) ON DELETE SET NULL,
        decision varchar(8),
        note varchar(1000),
        created_at timestamptz NOT NULL,
        decided_at timestamptz,
        CONSTRAINT uq_reports_once UNIQUE (reporter_id, kind, subject_id)
      )`);
    await runner.query('CREATE INDEX ix_reports_queue ON reports (status, id)');
    await runner.query('CREATE INDEX ix_reports_subject ON reports (kind, subject_id)');
    await runner.query('CREATE INDEX ix_reports_owner ON reports (owner_id)');
    await runner.query('CREATE INDEX ix_reports_claimed ON reports (claimed_by)');
    await runner.query(`
      CREATE TABLE audit_log (
        id uuid CONSTRAINT pk_audit_log PRIMARY KEY,
        actor_id uuid CONSTRAINT fk_audit_log_actor REFERENCES users (id) ON DELETE SET NULL,
        action varchar(40) NOT NULL,
        subject_kind varchar(16) NOT NULL,
        subject_id uuid NOT NULL,
        detail jsonb NOT NULL DEFAULT '{}',
        at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX ix_audit_log_actor ON audit_log (actor_id, id)');
    await runner.query(`
      CREATE TABLE site_invitations (
        id uuid CONSTRAINT pk_site_invitations PRIMARY KEY,
        code_hash bytea NOT NULL CONSTRAINT uq_site_invitations_code UNIQUE,
        by_id uuid CONSTRAINT fk_site_invitations_by REFERENCES users (id) ON DELETE SET NULL,
        max_uses integer NOT NULL,
        uses integer NOT NULL DEFAULT 0,
        expires_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT ck_site_invitations_uses CHECK (uses BETWEEN 0 AND max_uses)
      )`);
    await runner.query('CREATE INDEX ix_site_invitations_by ON site_invitations (by_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['site_invitations', 'audit_log', 'reports', 'sanctions']) await runner.query(`DROP TABLE ${table}`);
    for (const index of ['rooms_name_prefix', 'users_email_prefix', 'users_username_prefix', 'users_suspended', 'users_muted'])
      await runner.query(`DROP INDEX ix_${index}`);
    await runner.query('ALTER TABLE users DROP COLUMN muted_until, DROP COLUMN suspended_until');
  }
}
