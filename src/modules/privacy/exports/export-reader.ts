import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { ExportSection } from './export-sections.js';

/** Rows of one statement. */
const pageSize = 1_000;

/** Reads what is kept of a person, page by page: this and the erasure are the places outside of their modules that read these tables. */
@Injectable()
export class ExportReader {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** How many messages a person wrote. */
  async messageCount(userId: string): Promise<number> {
    const rows = await this.dataSource.query<{ n: string }[]>('SELECT count(*) AS n FROM messages WHERE author_id = $1', [userId]);
    return Number(rows[0]!.n);
  }

  /** The rows of a section, each as JSON. */
  async *rows(section: ExportSection, userId: string): AsyncGenerator<string[]> {
    const sql = `SELECT (${section.key})::text AS key, json_build_object(${section.fields})::text AS item FROM ${section.from}
      WHERE ${section.where} AND ($2::text IS NULL OR ${section.key} > $2::${section.keyType}) ORDER BY ${section.key} LIMIT ${pageSize}`;
    for (let after: string | null = null; ;) {
      const rows: { key: string; item: string }[] = await this.dataSource.query(sql, [userId, after]);
      if (rows.length > 0) yield rows.map((row) => row.item);
      if (rows.length < pageSize) return;
      after = rows.at(-1)!.key;
    }
  }

  /** What a person wrote in rooms, room by room in the order of the rooms, each as JSON. */
  async *messages(userId: string): AsyncGenerator<string[]> {
    for (const roomId of await this.roomsWrittenIn(userId)) {
      for (let after = '0'; ;) {
        // Along the room where the person wrote much of it, along the person's own messages where they did not: the statistics decide.
        const rows: { seq: string; item: string }[] = await this.dataSource.query(
          `SELECT m.seq, json_build_object('id', m.id, 'room', m.room_id, 'seq', m.seq, 'content', m.content, 'replyTo', m.reply_to,
             'files', (SELECT json_agg(a ->> 'id') FROM jsonb_array_elements(m.attachments) a),
             'earlier', (SELECT json_agg(json_build_object('content', e.content, 'writtenAt', e.written_at) ORDER BY e.position)
               FROM message_edits e WHERE e.message_id = m.id),
             'createdAt', m.created_at, 'editedAt', m.edited_at, 'deletedAt', m.deleted_at)::text AS item
           FROM messages m WHERE m.room_id = $2 AND m.author_id = $1 AND m.seq > $3::bigint ORDER BY m.seq LIMIT ${pageSize}`,
          [userId, roomId, after],
        );
        if (rows.length > 0) yield rows.map((row) => row.item);
        if (rows.length < pageSize) break;
        after = rows.at(-1)!.seq;
      }
    }
  }

  /** One look into the index per room, however much was written there. */
  private async roomsWrittenIn(userId: string): Promise<string[]> {
    const rows = await this.dataSource.query<{ room_id: string }[]>(
      `WITH RECURSIVE written AS (
         (SELECT room_id FROM messages WHERE author_id = $1 ORDER BY room_id LIMIT 1)
         UNION ALL
         SELECT (SELECT m.room_id FROM messages m WHERE m.author_id = $1 AND m.room_id > w.room_id ORDER BY m.room_id LIMIT 1)
         FROM written w WHERE w.room_id IS NOT NULL)
       SELECT room_id FROM written WHERE room_id IS NOT NULL`,
      [userId],
    );
    return rows.map((row) => row.room_id);
  }
}
