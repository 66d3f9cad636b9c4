import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Archives of people's own data, and accounts that will be deleted. */
export class Privacy1763700000026 implements MigrationInterface {
  readonly name = 'Privacy1763700000026';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE data_exports (
        id uuid CONSTRAINT pk_data_exports PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT fk_data_exports_user REFERENCES users (id) ON DELETE CASCADE,
        status varchar(8) NOT NULL
          CONSTRAINT ck_data_exports_status CHECK (status IN ('waiting', 'running', 'ready', 'failed', 'removing')),
        progress smallint NOT NULL DEFAULT 0 CONSTRAINT ck_data_exports_progress CHECK (progress BETWEEN 0 AND 100),
        attempts smallint NOT NULL DEFAULT 0,
        parts integer NOT NULL DEFAULT 0,
        bytes bigint,
        locked_until timestamptz,
        created_at timestamptz NOT NULL,
        ready_at timestamptz,
        expires_at timestamptz,
        CONSTRAINT ck_data_exports_ready CHECK (status <> 'ready' OR (bytes IS NOT NULL AND ready_at IS NOT NULL AND expires_at IS NOT NULL))
      )`);
    await runner.query(`CREATE UNIQUE INDEX uq_data_exports_user ON data_exports (user_id) WHERE status <> 'removing'`);
    await runner.query('CREATE INDEX ix_data_exports_user ON data_exports (user_id)');
    await runner.query(`CREATE INDEX ix_data_exports_open ON data_exports (id) WHERE status IN ('waiting', 'running', 'removing')`);
    await runner.query('CREATE INDEX ix_data_exports_expiry ON data_exports (expires_at) WHERE expires_at IS NOT NULL');
    await runner.query(`
      CREATE TABLE account_deletions (
        user_id uuid CONSTRAINT pk_account_deletions PRIMARY KEY
          CONSTRAINT fk_account_deletions_user REFERENCES users (id) ON DELETE CASCADE,
        messages varchar(5) NOT NULL CONSTRAINT ck_account_deletions_messages CHECK (messages IN ('keep', 'erase')),
        requested_at timestamptz NOT NULL,
        erase_after timestamptz NOT NULL,
        reminded_at timestamptz,
        started_at timestamptz,
        locked_until timestamptz
      )`);
    await runner.query('CREATE INDEX ix_account_deletions_due ON account_deletions (erase_after)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE account_deletions');
    await runner.query('DROP TABLE data_exports');
  }
}
