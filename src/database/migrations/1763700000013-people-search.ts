import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes for finding people by the beginning of a username, a name or a last name; ordered by bytes, so that a range of them is a prefix. */
export class PeopleSearch1763700000013 implements MigrationInterface {
  readonly name = 'PeopleSearch1763700000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX ix_users_search_username ON users (username_key text_pattern_ops, id) WHERE status = 'active'`);
    await runner.query(
      `CREATE INDEX ix_users_search_name ON users (lower(first_name || ' ' || last_name) text_pattern_ops, id) WHERE status = 'active'`,
    );
    await runner.query(`CREATE INDEX ix_users_search_last_name ON users (lower(last_name) text_pattern_ops, id) WHERE status = 'active'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const index of ['username', 'name', 'last_name']) await runner.query(`DROP INDEX ix_users_search_${index}`);
  }
}
