import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers kept under an `Idempotency-Key` for a day. A row without a status is a call under way. */
export class Idempotency1763700000004 implements MigrationInterface {
  readonly name = 'Idempotency1763700000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE idempotency_keys (
        person uuid NOT NULL CONSTRAINT fk_idempotency_keys_person REFERENCES users (id) ON DELETE CASCADE,
        route text NOT NULL,
        key text NOT NULL,
        request_hash bytea NOT NULL,
        claim uuid NOT NULL,
        status smallint,
        response json,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_idempotency_keys PRIMARY KEY (person, route, key)
      )`);
    await runner.query('CREATE INDEX ix_idempotency_keys_created ON idempotency_keys (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency_keys');
  }
}
