import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The list of who is banned from a room, the newest ban first. */
export class BanLists1763700000023 implements MigrationInterface {
  readonly name = 'BanLists1763700000023';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX ix_room_bans_listing ON room_bans (room_id, created_at, user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ix_room_bans_listing');
  }
}
