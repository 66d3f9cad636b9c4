import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What belongs to one person alone hangs on the row that is locked when it changes, not on the account: checking a key of the account would
 * wait for whoever changes the account, who may wait for that very row.
 */
export class PersonalLocks1763700000018 implements MigrationInterface {
  readonly name = 'PersonalLocks1763700000018';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('INSERT INTO personal_heads (user_id) SELECT DISTINCT user_id FROM notifications ON CONFLICT DO NOTHING');
    for (const table of ['personal_changes', 'notifications']) {
      await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT fk_${table}_user`);
      await runner.query(
        `ALTER TABLE ${table} ADD CONSTRAINT fk_${table}_head FOREIGN KEY (user_id) REFERENCES personal_heads (user_id) ON DELETE CASCADE`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['personal_changes', 'notifications']) {
      await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT fk_${table}_head`);
      await runner.query(
        `ALTER TABLE ${table} ADD CONSTRAINT fk_${table}_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE`,
      );
    }
  }
}
