import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is searched: the words of messages, and of posts, comments, people, rooms and tags. Triggers note which of the latter changed, in the
 * transaction that changed them; messages are followed by their rooms' positions, which costs sending nothing.
 */
export class Search1763700000015 implements MigrationInterface {
  readonly name = 'Search1763700000015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE message_words (
        message_id uuid CONSTRAINT pk_message_words PRIMARY KEY CONSTRAINT fk_message_words_message REFERENCES messages (id) ON DELETE CASCADE,
        room_id uuid NOT NULL,
        words tsvector NOT NULL
      )`);
    await runner.query('CREATE INDEX ix_message_words_words ON message_words USING gin (words)');
    await runner.query('CREATE INDEX ix_message_words_room ON message_words (room_id, message_id)');
    await runner.query(`
      CREATE TABLE search_rooms (
        room_id uuid CONSTRAINT pk_search_rooms PRIMARY KEY CONSTRAINT fk_search_rooms_room REFERENCES rooms (id) ON DELETE CASCADE,
        position bigint NOT NULL DEFAULT 0
      )`);
    await runner.query(`
      CREATE TABLE document_words (
        kind varchar(8) NOT NULL CONSTRAINT ck_document_words_kind CHECK (kind IN ('post', 'comment', 'person', 'room', 'tag')),
        id uuid NOT NULL,
        words tsvector NOT NULL,
        CONSTRAINT pk_document_words PRIMARY KEY (kind, id)
      )`);
    await runner.query('CREATE INDEX ix_document_words_words ON document_words USING gin (words)');
    await runner.query(`
      CREATE TABLE search_queue (
        number bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_search_queue PRIMARY KEY,
        kind varchar(8) NOT NULL,
        id uuid NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE search_words (
        word text CONSTRAINT pk_search_words PRIMARY KEY,
        trigrams text[] NOT NULL
      )`);
    await runner.query('CREATE INDEX ix_search_words_prefix ON search_words (word text_pattern_ops)');
    await runner.query('CREATE INDEX ix_search_words_trigrams ON search_words USING gin (trigrams)');

    await runner.query(`
      CREATE FUNCTION search_changed() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO search_queue (kind, id) VALUES (TG_ARGV[0], CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END);
        RETURN NULL;
      END $$`);
    for (const [table, kind, columns] of searched) {
      await runner.query(
        `CREATE TRIGGER tr_${table}_search AFTER INSERT OR DELETE OR UPDATE OF ${columns} ON ${table} FOR EACH ROW EXECUTE FUNCTION search_changed('${kind}')`,
      );
      await runner.query(`INSERT INTO search_queue (kind, id) SELECT '${kind}', id FROM ${table}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table] of searched) await runner.query(`DROP TRIGGER tr_${table}_search ON ${table}`);
    await runner.query('DROP FUNCTION search_changed()');
    for (const table of ['search_words', 'search_queue', 'document_words', 'search_rooms', 'message_words'])
      await runner.query(`DROP TABLE ${table}`);
  }
}

const searched = [
  ['posts', 'post', 'title, content'],
  ['comments', 'comment', 'content, deleted_at'],
  ['users', 'person', 'username, first_name, last_name, status'],
  ['rooms', 'room', 'name, title, kind'],
  ['tags', 'tag', 'name'],
] as const;
