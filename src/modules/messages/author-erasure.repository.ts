import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { type MessageRow, messageColumns } from '../../common/message-view.js';

/** Messages of one transaction. */
const step = 200;

/** The SQL of what one person wrote and did in rooms, for the end of their account. Everything that takes a manager expects the room to be locked. */
@Injectable()
export class AuthorErasureRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async roomWrittenIn(userId: string): Promise<string | null> {
    const rows = await this.dataSource.query<{ room_id: string }[]>('SELECT room_id FROM messages WHERE author_id = $1 LIMIT 1', [userId]);
    return rows[0]?.room_id ?? null;
  }

  async roomReactedIn(userId: string): Promise<string | null> {
    const rows = await this.dataSource.query<{ room_id: string }[]>(
      'SELECT m.room_id FROM reactions r JOIN messages m ON m.id = r.message_id WHERE r.user_id = $1 LIMIT 1',
      [userId],
    );
    return rows[0]?.room_id ?? null;
  }

  async messagesOf(manager: EntityManager, roomId: string, userId: string): Promise<MessageRow[]> {
    return manager.query<MessageRow[]>(
      `SELECT ${messageColumns('m')} FROM messages m WHERE m.room_id = $1 AND m.author_id = $2 LIMIT ${step}`,
      [roomId, userId],
    );
  }

  /** Takes the author, their files and what their client called the message. */
  async disown(manager: EntityManager, ids: readonly string[]): Promise<void> {
    await manager.query('DELETE FROM message_edits WHERE message_id = ANY($1::uuid[])', [ids]);
    await manager.query(
      'UPDATE messages SET author_id = NULL, client_id = NULL, request_hash = NULL, attachments = NULL WHERE id = ANY($1::uuid[])',
      [ids],
    );
  }

  /** Takes a person's reactions back from some messages of a room. @returns the messages */
  async takeReactions(manager: EntityManager, roomId: string, userId: string): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>(
      `SELECT DISTINCT m.id FROM reactions r JOIN messages m ON m.id = r.message_id WHERE r.user_id = $1 AND m.room_id = $2 LIMIT ${step}`,
      [userId, roomId],
    );
    const ids = rows.map((row) => row.id);
    await manager.query('DELETE FROM reactions WHERE user_id = $1 AND message_id = ANY($2::uuid[])', [userId, ids]);
    await manager.query(
      `UPDATE messages m SET reactions = COALESCE((
         SELECT jsonb_agg(jsonb_build_object('emoji', r.emoji, 'count', r.n) ORDER BY r.first, r.emoji)
         FROM (SELECT emoji, count(*) AS n, min(created_at) AS first FROM reactions WHERE message_id = m.id GROUP BY emoji) r), '[]')
       WHERE m.id = ANY($1::uuid[])`,
      [ids],
    );
    return ids;
  }

  /** What the system noted of people of these names, a few hundred messages of one room at a time. */
  async notesOf(names: readonly string[]): Promise<{ roomId: string; ids: string[] }[]> {
    return this.dataSource.query<{ roomId: string; ids: string[] }[]>(
      `SELECT room_id AS "roomId", array_agg(id) AS ids FROM (
         SELECT id, room_id, (row_number() OVER (PARTITION BY room_id ORDER BY seq) - 1) / ${step} AS part FROM messages
         WHERE kind = 'system' AND lower(split_part(content, ' ', 1)) = ANY($1::text[])) notes
       GROUP BY room_id, part`,
      [names.map((name) => name.toLowerCase())],
    );
  }

  /** Begins what the system noted with another name. */
  async rename(manager: EntityManager, ids: readonly string[], name: string): Promise<void> {
    await manager.query(
      `UPDATE messages SET content = $2 || substr(content, length(split_part(content, ' ', 1)) + 1) WHERE id = ANY($1::uuid[])`,
      [ids, name],
    );
  }

  /** Gives the messages the room's next positions, in the order of their numbers. */
  async takePositions(manager: EntityManager, roomId: string, ids: readonly string[]): Promise<MessageRow[]> {
    return manager.query<MessageRow[]>(
      `WITH numbered AS (
         SELECT id, row_number() OVER (ORDER BY seq) AS n FROM messages WHERE id = ANY($2::uuid[])
       ), counted AS (
         UPDATE rooms SET position = position + (SELECT count(*) FROM numbered) WHERE id = $1 RETURNING position
       ), changed AS (
         UPDATE messages m SET position = counted.position - (SELECT count(*) FROM numbered) + numbered.n
         FROM numbered, counted WHERE m.id = numbered.id RETURNING ${messageColumns('m')})
       SELECT * FROM changed ORDER BY position`,
      [roomId, ids],
    );
  }
}
