import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Archived rooms, pictures of rooms, invitations by link, and the indexes of the lists of rooms. */
export class Groups1763700000008 implements MigrationInterface {
  readonly name = 'Groups1763700000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE rooms
        ADD COLUMN archived_at timestamptz,
        ADD COLUMN avatar_file_id uuid CONSTRAINT fk_rooms_avatar_file REFERENCES files (id) ON DELETE SET NULL,
        ADD COLUMN listed_at timestamptz NOT NULL DEFAULT now(),
        ADD CONSTRAINT ck_rooms_archived CHECK (archived_at IS NULL OR kind <> 'direct')`);
    await runner.query('UPDATE rooms SET listed_at = last_activity_at');
    // `listed_at` follows `last_activity_at` at most ten seconds behind: the index would make every single message write to it otherwise.
    await runner.query(`CREATE INDEX ix_rooms_listed ON rooms (listed_at DESC, id DESC) WHERE kind = 'public' AND archived_at IS NULL`);
    await runner.query(
      `CREATE INDEX ix_rooms_listed_archived ON rooms (listed_at DESC, id DESC) WHERE kind = 'public' AND archived_at IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX ix_rooms_listed_guests ON rooms (listed_at DESC, id DESC)
       WHERE kind = 'public' AND archived_at IS NULL AND guests_allowed AND access = 'everyone'`,
    );
    await runner.query('CREATE INDEX ix_rooms_avatar_file ON rooms (avatar_file_id) WHERE avatar_file_id IS NOT NULL');
    await runner.query(`CREATE INDEX ix_room_members_ranks ON room_members (room_id, role, joined_at, user_id) WHERE role <> 'member'`);
    await runner.query('CREATE INDEX ix_room_bans_user ON room_bans (user_id)');
    await runner.query(`
      CREATE TABLE room_invitations (
        id uuid CONSTRAINT pk_room_invitations PRIMARY KEY,
        room_id uuid NOT NULL CONSTRAINT fk_room_invitations_room REFERENCES rooms (id) ON DELETE CASCADE,
        code_hash bytea NOT NULL CONSTRAINT uq_room_invitations_code_hash UNIQUE,
        created_by uuid CONSTRAINT fk_room_invitations_created_by REFERENCES users (id) ON DELETE SET NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        max_uses integer,
        uses integer NOT NULL DEFAULT 0,
        CONSTRAINT ck_room_invitations_uses CHECK (uses >= 0 AND (max_uses IS NULL OR (max_uses > 0 AND uses <= max_uses)))
      )`);
    await runner.query('CREATE INDEX ix_room_invitations_room ON room_invitations (room_id, id)');
    await runner.query('CREATE INDEX ix_room_invitations_created_by ON room_invitations (created_by)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE room_invitations');
    await runner.query('DROP INDEX ix_room_bans_user');
    await runner.query('DROP INDEX ix_room_members_ranks');
    await runner.query('ALTER TABLE rooms DROP COLUMN listed_at, DROP COLUMN avatar_file_id, DROP COLUMN archived_at');
  }
}
