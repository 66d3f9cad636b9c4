import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists that were read as a whole: tags by their beginning, the most used first, and the few people who are moderators or admins. */
export class LongLists1763700000032 implements MigrationInterface {
  readonly name = 'LongLists1763700000032';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX ix_tags_most_used ON tags (post_count DESC, name_key)');
    await runner.query(`CREATE INDEX ix_users_role ON users (role, id) WHERE role <> 'user'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ix_users_role');
    await runner.query('DROP INDEX ix_tags_most_used');
  }
}
