import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Friendships (a row for each of the two), requests (one per pair), hidden suggestions, and who blocks whom. */
export class Friends1763700000009 implements MigrationInterface {
  readonly name = 'Friends1763700000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE friendships (
        user_id uuid NOT NULL CONSTRAINT fk_friendships_user REFERENCES users (id) ON DELETE CASCADE,
        friend_id uuid NOT NULL CONSTRAINT fk_friendships_friend REFERENCES users (id) ON DELETE CASCADE,
        since timestamptz NOT NULL,
        CONSTRAINT pk_friendships PRIMARY KEY (user_id, friend_id),
        CONSTRAINT ck_friendships_two CHECK (user_id <> friend_id)
      )`);
    await runner.query('CREATE INDEX ix_friendships_list ON friendships (user_id, since DESC, friend_id DESC)');
    await runner.query('CREATE INDEX ix_friendships_friend ON friendships (friend_id)');
    await runner.query(`
      CREATE TABLE friend_requests (
        id uuid CONSTRAINT pk_friend_requests PRIMARY KEY,
        from_id uuid NOT NULL CONSTRAINT fk_friend_requests_from REFERENCES users (id) ON DELETE CASCADE,
        to_id uuid NOT NULL CONSTRAINT fk_friend_requests_to REFERENCES users (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL,
        CONSTRAINT ck_friend_requests_two CHECK (from_id <> to_id)
      )`);
    await runner.query('CREATE UNIQUE INDEX uq_friend_requests_pair ON friend_requests (LEAST(from_id, to_id), GREATEST(from_id, to_id))');
    await runner.query('CREATE INDEX ix_friend_requests_in ON friend_requests (to_id, created_at DESC, id DESC)');
    await runner.query('CREATE INDEX ix_friend_requests_out ON friend_requests (from_id, created_at DESC, id DESC)');
    await runner.query(`
      CREATE TABLE suggestion_hides (
        user_id uuid NOT NULL CONSTRAINT fk_suggestion_hides_user REFERENCES users (id) ON DELETE CASCADE,
        hidden_id uuid NOT NULL CONSTRAINT fk_suggestion_hides_hidden REFERENCES users (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_suggestion_hides PRIMARY KEY (user_id, hidden_id)
      )`);
    await runner.query('CREATE INDEX ix_suggestion_hides_hidden ON suggestion_hides (hidden_id)');
    await runner.query(`
      CREATE TABLE blocks (
        blocker_id uuid NOT NULL CONSTRAINT fk_blocks_blocker REFERENCES users (id) ON DELETE CASCADE,
        blocked_id uuid NOT NULL CONSTRAINT fk_blocks_blocked REFERENCES users (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_blocks PRIMARY KEY (blocker_id, blocked_id),
        CONSTRAINT ck_blocks_two CHECK (blocker_id <> blocked_id)
      )`);
    await runner.query('CREATE INDEX ix_blocks_list ON blocks (blocker_id, created_at DESC, blocked_id DESC)');
    await runner.query('CREATE INDEX ix_blocks_blocked ON blocks (blocked_id, blocker_id)');
    // Suggestions end with the newest people.
    await runner.query(`CREATE INDEX ix_users_newest ON users (activated_at DESC, id DESC) WHERE status = 'active'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ix_users_newest');
    for (const table of ['blocks', 'suggestion_hides', 'friend_requests', 'friendships']) await runner.query(`DROP TABLE ${table}`);
  }
}
