import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files: what was uploaded, what it belongs to, and how much of their space people use. */
export class Files1763700000006 implements MigrationInterface {
  readonly name = 'Files1763700000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE files (
        id uuid CONSTRAINT pk_files PRIMARY KEY,
        owner_id uuid CONSTRAINT fk_files_owner REFERENCES users (id) ON DELETE SET NULL,
        kind varchar(5) NOT NULL CONSTRAINT ck_files_kind CHECK (kind IN ('image', 'file')),
        name varchar(200) NOT NULL,
        mime varchar(100) NOT NULL,
        bytes bigint NOT NULL,
        width integer,
        height integer,
        sizes jsonb NOT NULL,
        state varchar(8) NOT NULL CONSTRAINT ck_files_state CHECK (state IN ('writing', 'ready', 'removing')),
        attached_kind varchar(16),
        attached_id uuid,
        created_at timestamptz NOT NULL,
        remove_after timestamptz,
        CONSTRAINT ck_files_attached CHECK ((attached_kind IS NULL) = (attached_id IS NULL)),
        CONSTRAINT ck_files_removing CHECK ((state = 'removing') = (remove_after IS NOT NULL)),
        CONSTRAINT ck_files_bytes CHECK (bytes > 0)
      )`);
    await runner.query('CREATE INDEX ix_files_owner ON files (owner_id, id)');
    await runner.query('CREATE INDEX ix_files_attached ON files (attached_id) WHERE attached_id IS NOT NULL');
    await runner.query(`CREATE INDEX ix_files_orphans ON files (created_at) WHERE attached_id IS NULL AND state <> 'removing'`);
    await runner.query(`CREATE INDEX ix_files_removing ON files (remove_after) WHERE state = 'removing'`);
    await runner.query(`
      CREATE TABLE file_usage (
        owner_id uuid CONSTRAINT pk_file_usage PRIMARY KEY CONSTRAINT fk_file_usage_owner REFERENCES users (id) ON DELETE CASCADE,
        bytes bigint NOT NULL CONSTRAINT ck_file_usage_bytes CHECK (bytes >= 0)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE file_usage');
    await runner.query('DROP TABLE files');
  }
}
