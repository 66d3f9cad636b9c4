import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rooms, their members and bans, messages and mentions; and the first room, `lobby`. */
export class Rooms1763700000002 implements MigrationInterface {
  readonly name = 'Rooms1763700000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE rooms (
        id uuid CONSTRAINT pk_rooms PRIMARY KEY,
        name varchar(128) NOT NULL,
        name_key text NOT NULL CONSTRAINT uq_rooms_name_key UNIQUE,
        title varchar(255) NOT NULL,
        kind varchar(8) NOT NULL CONSTRAINT ck_rooms_kind CHECK (kind IN ('public', 'private', 'direct')),
        access varchar(8) NOT NULL DEFAULT 'everyone' CONSTRAINT ck_rooms_access CHECK (access IN ('everyone', 'admins')),
        posting varchar(8) NOT NULL DEFAULT 'everyone' CONSTRAINT ck_rooms_posting CHECK (posting IN ('everyone', 'admins')),
        guests_allowed boolean NOT NULL DEFAULT false,
        pair_key text CONSTRAINT uq_rooms_pair_key UNIQUE,
        epoch text NOT NULL,
        last_seq bigint NOT NULL DEFAULT 0,
        position bigint NOT NULL DEFAULT 0,
        access_version integer NOT NULL DEFAULT 0,
        member_count integer NOT NULL DEFAULT 0,
        last_activity_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT ck_rooms_pair CHECK ((kind = 'direct') = (pair_key IS NOT NULL)),
        CONSTRAINT ck_rooms_counters CHECK (last_seq >= 0 AND position >= last_seq AND member_count >= 0)
      ) WITH (fillfactor = 50)`);
    await runner.query(`
      CREATE TABLE room_members (
        room_id uuid NOT NULL CONSTRAINT fk_room_members_room REFERENCES rooms (id) ON DELETE CASCADE,
        user_id uuid NOT NULL CONSTRAINT fk_room_members_user REFERENCES users (id) ON DELETE CASCADE,
        role varchar(9) NOT NULL CONSTRAINT ck_room_members_role CHECK (role IN ('owner', 'admin', 'moderator', 'member')),
        read_seq bigint NOT NULL DEFAULT 0,
        joined_at timestamptz NOT NULL,
        CONSTRAINT pk_room_members PRIMARY KEY (room_id, user_id)
      ) WITH (fillfactor = 70)`);
    await runner.query('CREATE INDEX ix_room_members_user ON room_members (user_id, room_id)');
    await runner.query('CREATE INDEX ix_room_members_listing ON room_members (room_id, joined_at, user_id)');
    await runner.query(`
      CREATE TABLE room_bans (
        room_id uuid NOT NULL CONSTRAINT fk_room_bans_room REFERENCES rooms (id) ON DELETE CASCADE,
        user_id uuid NOT NULL CONSTRAINT fk_room_bans_user REFERENCES users (id) ON DELETE CASCADE,
        banned_by uuid CONSTRAINT fk_room_bans_by REFERENCES users (id) ON DELETE SET NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_room_bans PRIMARY KEY (room_id, user_id)
      )`);
    await runner.query(`
      CREATE TABLE messages (
        id uuid CONSTRAINT pk_messages PRIMARY KEY,
        room_id uuid NOT NULL,
        seq bigint NOT NULL,
        position bigint NOT NULL,
        created_position bigint NOT NULL,
        kind varchar(8) NOT NULL CONSTRAINT ck_messages_kind CHECK (kind IN ('text', 'system')),
        author_id uuid,
        content text NOT NULL,
        client_id varchar(64),
        request_hash bytea,
        reply_to uuid,
        reactions jsonb NOT NULL DEFAULT '[]',
        created_at timestamptz NOT NULL,
        edited_at timestamptz,
        deleted_at timestamptz,
        CONSTRAINT uq_messages_room_seq UNIQUE (room_id, seq),
        CONSTRAINT ck_messages_content CHECK (char_length(content) <= 4096)
      )`);
    await runner.query('CREATE UNIQUE INDEX uq_messages_room_position ON messages (room_id, position)');
    // Serves two: a client id is used once per author and room, and an author's messages are found. Rows without a client id never collide.
    await runner.query('CREATE UNIQUE INDEX uq_messages_client_id ON messages (author_id, room_id, client_id)');
    // What foreign keys would do when a room or a person goes, without what they cost each message: see docs/decisions/0006.
    await runner.query(`
      CREATE FUNCTION messages_of_room_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN DELETE FROM messages WHERE room_id = OLD.id; RETURN NULL; END $$`);
    await runner.query(`
      CREATE FUNCTION messages_of_author_kept() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN UPDATE messages SET author_id = NULL WHERE author_id = OLD.id; RETURN NULL; END $$`);
    await runner.query('CREATE TRIGGER tr_rooms_messages AFTER DELETE ON rooms FOR EACH ROW EXECUTE FUNCTION messages_of_room_deleted()');
    await runner.query('CREATE TRIGGER tr_users_messages AFTER DELETE ON users FOR EACH ROW EXECUTE FUNCTION messages_of_author_kept()');
    await runner.query(`
      CREATE TABLE message_edits (
        message_id uuid NOT NULL CONSTRAINT fk_message_edits_message REFERENCES messages (id) ON DELETE CASCADE,
        position bigint NOT NULL,
        content text NOT NULL,
        written_at timestamptz NOT NULL,
        CONSTRAINT pk_message_edits PRIMARY KEY (message_id, position)
      )`);
    await runner.query(`
      CREATE TABLE reactions (
        message_id uuid NOT NULL CONSTRAINT fk_reactions_message REFERENCES messages (id) ON DELETE CASCADE,
        user_id uuid NOT NULL CONSTRAINT fk_reactions_user REFERENCES users (id) ON DELETE CASCADE,
        emoji varchar(64) NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_reactions PRIMARY KEY (message_id, user_id, emoji)
      )`);
    await runner.query('CREATE INDEX ix_reactions_user ON reactions (user_id)');
    await runner.query(`
      CREATE TABLE mentions (
        room_id uuid NOT NULL,
        user_id uuid NOT NULL CONSTRAINT fk_mentions_user REFERENCES users (id) ON DELETE CASCADE,
        seq bigint NOT NULL,
        CONSTRAINT pk_mentions PRIMARY KEY (room_id, user_id, seq),
        CONSTRAINT fk_mentions_message FOREIGN KEY (room_id, seq) REFERENCES messages (room_id, seq) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX ix_mentions_user ON mentions (user_id)');
    await runner.query(`
      INSERT INTO rooms (id, name, name_key, title, kind, guests_allowed, epoch, last_activity_at, created_at)
      VALUES ('01900000-0000-7000-8000-000000000001', 'lobby', 'lobby', 'Lobby', 'public', true, md5(random()::text || clock_timestamp()::text), now(), now())`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER tr_users_messages ON users');
    await runner.query('DROP TRIGGER tr_rooms_messages ON rooms');
    await runner.query('DROP FUNCTION messages_of_author_kept()');
    await runner.query('DROP FUNCTION messages_of_room_deleted()');
    for (const table of ['mentions', 'reactions', 'message_edits', 'messages', 'room_bans', 'room_members', 'rooms'])
      await runner.query(`DROP TABLE ${table}`);
  }
}
