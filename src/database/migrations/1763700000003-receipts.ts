import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What pages of old clients received, per session and room (see `LegacyReceipts`). Rows live minutes, so nothing refers to them and they
 * refer to nothing: a foreign key would cost every write a look-up.
 */
export class Receipts1763700000003 implements MigrationInterface {
  name = 'Receipts1763700000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE legacy_receipts (
        session_id uuid NOT NULL,
        room_id uuid NOT NULL,
        position bigint NOT NULL CHECK (position >= 0),
        seq bigint NOT NULL CHECK (seq >= 0),
        open boolean NOT NULL,
        ended_at timestamptz,
        updated_at timestamptz NOT NULL,
        CONSTRAINT legacy_receipts_pkey PRIMARY KEY (session_id, room_id),
        CONSTRAINT legacy_receipts_ended CHECK (open = (ended_at IS NULL))
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE legacy_receipts');
  }
}
