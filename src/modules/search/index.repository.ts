import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../../database/index.js';
import { Vocabulary } from './vocabulary.js';
import { distinctWords } from './words.js';

export const documentKinds = ['post', 'comment', 'person', 'room', 'tag'] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** Messages that one round takes of one room. */
const messagesPerRoom = 50;
/** Documents that one round takes. */
const documentsPerRound = 500;

/** What of each kind of document is searched; a document that this does not return is in the index no more. */
const texts: Record<DocumentKind, string> = {
  post: `SELECT id, title || ' ' || content AS text FROM posts WHERE id = ANY($1::uuid[])`,
  comment: `SELECT id, content AS text FROM comments WHERE deleted_at IS NULL AND id = ANY($1::uuid[])`,
  person: `SELECT id, username || ' ' || first_name || ' ' || last_name AS text FROM users WHERE status = 'active' AND id = ANY($1::uuid[])`,
  room: `SELECT id, name || ' ' || title AS text FROM rooms WHERE kind <> 'direct' AND id = ANY($1::uuid[])`,
  tag: `SELECT id, name AS text FROM tags WHERE id = ANY($1::uuid[])`,
};

interface Text {
  id: string;
  text: string;
}

/**
 * Writing the index. An index reads what it indexes: this is the one place outside of their modules that reads these tables.
 * Several nodes may work at once: each takes rows that no other has.
 */
@Injectable()
export class IndexRepository {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly vocabulary: Vocabulary,
  ) {}

  /** Rooms whose messages changed since they were last indexed; looks at every room. */
  async roomsBehind(): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      'SELECT r.id FROM rooms r LEFT JOIN search_rooms s ON s.room_id = r.id WHERE r.position > COALESCE(s.position, 0)',
    );
    return rows.map((row) => row.id);
  }

  /** About how many documents are noted as changed and not indexed yet: by their numbers, because counting would read all. */
  async documentsBehind(): Promise<number> {
    const rows = await this.dataSource.query<{ behind: string }[]>(
      'SELECT COALESCE(max(number) - min(number) + 1, 0) AS behind FROM search_queue',
    );
    return Number(rows[0]!.behind);
  }

  /** Brings the messages of some rooms up to date, 50 of each. @returns the rooms that have more */
  async indexRooms(roomIds: readonly string[]): Promise<string[]> {
    return inTransaction(this.dataSource, async (manager) => {
      await manager.query(
        'INSERT INTO search_rooms (room_id) SELECT id FROM rooms WHERE id = ANY($1::uuid[]) ORDER BY id ON CONFLICT DO NOTHING',
        [roomIds],
      );
      const mine = await manager.query<{ room_id: string; position: string }[]>(
        'SELECT room_id, position FROM search_rooms WHERE room_id = ANY($1::uuid[]) ORDER BY room_id FOR UPDATE SKIP LOCKED',
        [roomIds],
      );
      // Far behind, a bitmap would read and sort all that is missing of a room, each time anew; the index has it in order.
      await manager.query('SET LOCAL enable_bitmapscan = off');
      const rows = await manager.query<{ id: string; room_id: string; position: string; content: string; searched: boolean }[]>(
        `SELECT m.* FROM unnest($1::uuid[], $2::bigint[]) AS s(room_id, position) CROSS JOIN LATERAL (
           SELECT m.id, m.room_id, m.position, m.content, m.deleted_at IS NULL AND m.kind = 'text' AS searched FROM messages m
           WHERE m.room_id = s.room_id AND m.position > s.position ORDER BY m.position LIMIT ${messagesPerRoom}) m`,
        [mine.map((row) => row.room_id), mine.map((row) => row.position)],
      );
      const byRoom = new Map<string, typeof rows>();
      for (const row of rows) {
        const found = byRoom.get(row.room_id);
        if (found) found.push(row);
        else byRoom.set(row.room_id, [row]);
      }
      await this.writeMessages(manager, rows);
      await manager.query(
        'UPDATE search_rooms s SET position = n.position FROM unnest($1::uuid[], $2::bigint[]) AS n(room_id, position) WHERE s.room_id = n.room_id',
        [[...byRoom.keys()], [...byRoom.values()].map((messages) => messages.at(-1)!.position)],
      );
      return [...byRoom].filter(([, messages]) => messages.length === messagesPerRoom).map(([roomId]) => roomId);
    });
  }

  /** Brings documents up to date that were noted as changed. @returns whether there may be more */
  async indexDocuments(): Promise<boolean> {
    return inTransaction(this.dataSource, async (manager) => {
      const noted = await manager.query<{ number: string; kind: DocumentKind; id: string }[]>(
        `SELECT number, kind, id FROM search_queue ORDER BY number LIMIT ${documentsPerRound} FOR UPDATE SKIP LOCKED`,
      );
      if (noted.length === 0) return false;
      for (const kind of documentKinds) {
        const ids = [...new Set(noted.filter((row) => row.kind === kind).map((row) => row.id))].sort();
        if (ids.length > 0) await this.writeDocuments(manager, kind, ids);
      }
      await manager.query('DELETE FROM search_queue WHERE number = ANY($1::bigint[])', [noted.map((row) => row.number)]);
      return noted.length === documentsPerRound;
    });
  }

  private async writeMessages(
    manager: EntityManager,
    rows: readonly { id: string; room_id: string; content: string; searched: boolean }[],
  ): Promise<void> {
    const gone = rows.filter((row) => !row.searched).map((row) => row.id);
    if (gone.length > 0) await manager.query('DELETE FROM message_words WHERE message_id = ANY($1::uuid[])', [gone]);
    const kept = rows.filter((row) => row.searched).map((row) => ({ ...row, words: distinctWords(row.content) }));
    if (kept.length === 0) return;
    await manager.query(
      `INSERT INTO message_words (message_id, room_id, words)
       SELECT n.id, n.room_id, n.words::tsvector FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS n(id, room_id, words)
       ON CONFLICT (message_id) DO UPDATE SET words = EXCLUDED.words`,
      [kept.map((row) => row.id), kept.map((row) => row.room_id), kept.map((row) => vectorOf(row.words))],
    );
    await this.vocabulary.learn(
      manager,
      kept.flatMap((row) => row.words),
    );
  }

  private async writeDocuments(manager: EntityManager, kind: DocumentKind, ids: readonly string[]): Promise<void> {
    const rows = (await manager.query<Text[]>(texts[kind], [ids])).map((row) => ({ id: row.id, words: distinctWords(row.text) }));
    const present = new Set(rows.map((row) => row.id));
    const gone = ids.filter((id) => !present.has(id));
    if (gone.length > 0) await manager.query('DELETE FROM document_words WHERE kind = $1 AND id = ANY($2::uuid[])', [kind, gone]);
    if (rows.length === 0) return;
    await manager.query(
      `INSERT INTO document_words (kind, id, words) SELECT $1, n.id, n.words::tsvector FROM unnest($2::uuid[], $3::text[]) AS n(id, words)
       ON CONFLICT (kind, id) DO UPDATE SET words = EXCLUDED.words`,
      [kind, rows.map((row) => row.id), rows.map((row) => vectorOf(row.words))],
    );
    await this.vocabulary.learn(
      manager,
      rows.flatMap((row) => row.words),
    );
  }
}

/** Words as the text of a tsvector. They hold letters, marks and digits alone, so nothing needs escaping but by the quotes. */
function vectorOf(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(' ');
}
