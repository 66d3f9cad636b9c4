import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The queue of outgoing mail; payloads are encrypted, because codes and links must not stand in clear anywhere. */
export class Mails1763700000005 implements MigrationInterface {
  readonly name = 'Mails1763700000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE mails (
        id uuid NOT NULL CONSTRAINT pk_mails PRIMARY KEY,
        recipient text NOT NULL,
        locale text NOT NULL CONSTRAINT ck_mails_locale CHECK (locale IN ('en', 'uk', 'ru')),
        template text NOT NULL,
        payload text,
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        locked_until timestamptz,
        sent_at timestamptz,
        last_error text,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX ix_mails_due ON mails (next_attempt_at) WHERE sent_at IS NULL AND payload IS NOT NULL');
    await runner.query('CREATE INDEX ix_mails_settled ON mails (created_at) WHERE sent_at IS NOT NULL OR payload IS NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mails');
  }
}
