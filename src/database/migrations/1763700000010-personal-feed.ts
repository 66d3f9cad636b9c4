import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What changed for one person alone (notifications, friends), numbered without holes like a room's changes. */
export class PersonalFeed1763700000010 implements MigrationInterface {
  readonly name = 'PersonalFeed1763700000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE personal_heads (
        user_id uuid CONSTRAINT pk_personal_heads PRIMARY KEY CONSTRAINT fk_personal_heads_user REFERENCES users (id) ON DELETE CASCADE,
        position bigint NOT NULL DEFAULT 0
      ) WITH (fillfactor = 50)`);
    await runner.query(`
      CREATE TABLE personal_changes (
        user_id uuid NOT NULL CONSTRAINT fk_personal_changes_user REFERENCES users (id) ON DELETE CASCADE,
        subject text NOT NULL,
        subject_id text NOT NULL,
        position bigint NOT NULL,
        CONSTRAINT pk_personal_changes PRIMARY KEY (user_id, subject, subject_id)
      )`);
    await runner.query('CREATE UNIQUE INDEX uq_personal_changes_position ON personal_changes (user_id, position)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE personal_changes');
    await runner.query('DROP TABLE personal_heads');
  }
}
