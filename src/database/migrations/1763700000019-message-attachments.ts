import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What messages show of their files. */
export class MessageAttachments1763700000019 implements MigrationInterface {
  readonly name = 'MessageAttachments1763700000019';

  async up(runner: QueryRunner): Promise<void> {
    // Null: none, which costs a row nothing. What stands here is what readers are shown of the files, so that history needs no join.
    await runner.query('ALTER TABLE messages ADD COLUMN attachments jsonb');
    await runner.query('CREATE INDEX ix_messages_media ON messages (room_id, seq) WHERE attachments IS NOT NULL');
    for (const kind of ['image', 'file'])
      await runner.query(
        `CREATE INDEX ix_messages_media_${kind} ON messages (room_id, seq) WHERE attachments IS NOT NULL AND attachments @> '[{"kind": "${kind}"}]'`,
      );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE messages DROP COLUMN attachments');
  }
}
