import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Avatars with their history, signature pictures, albums and photos. The pictures themselves are files. */
export class Pictures1763700000017 implements MigrationInterface {
  readonly name = 'Pictures1763700000017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE avatars (
        id uuid CONSTRAINT pk_avatars PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT fk_avatars_user REFERENCES users (id) ON DELETE CASCADE,
        image jsonb NOT NULL,
        active boolean NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX ix_avatars_list ON avatars (user_id, id DESC)');
    await runner.query('CREATE UNIQUE INDEX uq_avatars_active ON avatars (user_id) WHERE active');
    await runner.query(`
      CREATE TABLE signatures (
        user_id uuid CONSTRAINT pk_signatures PRIMARY KEY CONSTRAINT fk_signatures_user REFERENCES users (id) ON DELETE CASCADE,
        file_id uuid NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE albums (
        id uuid CONSTRAINT pk_albums PRIMARY KEY,
        owner_id uuid NOT NULL CONSTRAINT fk_albums_owner REFERENCES users (id) ON DELETE CASCADE,
        name text NOT NULL,
        theme text,
        year smallint,
        visibility text NOT NULL CONSTRAINT ck_albums_visibility CHECK (visibility IN ('everyone', 'friends', 'me')),
        cover_photo_id uuid,
        photo_count integer NOT NULL DEFAULT 0 CONSTRAINT ck_albums_photo_count CHECK (photo_count BETWEEN 0 AND 500),
        created_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX ix_albums_list ON albums (owner_id, id DESC)');
    await runner.query(`
      CREATE TABLE photos (
        id uuid CONSTRAINT pk_photos PRIMARY KEY,
        album_id uuid NOT NULL CONSTRAINT fk_photos_album REFERENCES albums (id) ON DELETE CASCADE,
        owner_id uuid NOT NULL CONSTRAINT fk_photos_owner REFERENCES users (id) ON DELETE CASCADE,
        image jsonb NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX ix_photos_album ON photos (album_id, id DESC)');
    await runner.query('CREATE INDEX ix_photos_owner ON photos (owner_id, id DESC)');
    await runner.query(`
      ALTER TABLE albums ADD CONSTRAINT fk_albums_cover FOREIGN KEY (cover_photo_id) REFERENCES photos (id) ON DELETE SET NULL`);
    await runner.query('CREATE INDEX ix_albums_cover ON albums (cover_photo_id) WHERE cover_photo_id IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE users SET avatar_url = NULL, signature_url = NULL, signature = 'name'`);
    await runner.query('ALTER TABLE albums DROP CONSTRAINT fk_albums_cover');
    for (const table of ['photos', 'albums', 'signatures', 'avatars']) await runner.query(`DROP TABLE ${table}`);
  }
}
