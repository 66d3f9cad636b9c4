import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type MessageRow, messageColumns } from '../../common/message-view.js';
import type { DocumentKind } from './index.repository.js';
import type { Term } from './words.js';

/** A question, ready for the index: every term with what it may mean. */
export type Question = readonly { term: Term; meanings: readonly string[] }[];

/** Who asks, and whose words are hidden from them. */
export interface Reader {
  userId: string;
  blocked: readonly string[];
}

/** Asking the index. Everything is newest first; ids rise with time, so the cursor is the last id. */
@Injectable()
export class SearchRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Messages of rooms that the reader may read. */
  async messages(question: Question, reader: Reader, roomId: string | null, limit: number, before: string | null): Promise<MessageRow[]> {
    return this.dataSource.query<MessageRow[]>(
      // Messages are looked up one by one (OFFSET 0 keeps it so): side by side with the words, the planner went through all that are newer than $3.
      `SELECT ${messageColumns('m')} FROM message_words w
       CROSS JOIN LATERAL (SELECT * FROM messages o WHERE o.id = w.message_id OFFSET 0) m JOIN rooms r ON r.id = w.room_id
       LEFT JOIN room_members mine ON mine.room_id = w.room_id AND mine.user_id = $2
       WHERE w.words @@ $1::tsquery AND ($3::uuid IS NULL OR w.message_id < $3::uuid) AND ($4::uuid IS NULL OR w.room_id = $4::uuid)
         AND m.deleted_at IS NULL AND (m.author_id IS NULL OR NOT (m.author_id = ANY($5::uuid[])))
         AND (mine.user_id IS NOT NULL OR r.kind = 'public') AND (r.access = 'everyone' OR mine.role IN ('owner', 'admin'))
         AND NOT EXISTS (SELECT FROM room_bans b WHERE b.room_id = w.room_id AND b.user_id = $2)
       ORDER BY w.message_id DESC LIMIT $6`,
      [queryOf(question), reader.userId, before, roomId, reader.blocked, limit],
    );
  }

  /** Ids of documents of one kind, newest first. */
  async documents(kind: DocumentKind, question: Question, reader: Reader, limit: number, before: string | null): Promise<string[]> {
    const { table, condition } = visible[kind];
    const rows = await this.dataSource.query<{ id: string }[]>(
      // Who may see it is looked up for what was found alone: as a join, the planner went through the whole table of the documents.
      `SELECT w.id FROM document_words w
       WHERE w.kind = $6 AND w.words @@ $1::tsquery AND ($2::uuid IS NULL OR w.id < $2::uuid) AND (SELECT ${condition} FROM ${table} o WHERE o.id = w.id)
         AND $4::uuid IS NOT NULL AND $5::uuid[] IS NOT NULL
       ORDER BY w.id DESC LIMIT $3`,
      [queryOf(question), before, limit, reader.userId, reader.blocked, kind],
    );
    return rows.map((row) => row.id);
  }

  /** Tags by id, in the order asked for. */
  async tags(ids: readonly string[]): Promise<{ name: string; postCount: number; isDefault: boolean }[]> {
    const rows = await this.dataSource.query<{ id: string; name: string; post_count: number; is_default: boolean }[]>(
      'SELECT id, name, post_count, is_default FROM tags WHERE id = ANY($1::uuid[])',
      [ids],
    );
    const byId = new Map(rows.map((row) => [row.id, { name: row.name, postCount: row.post_count, isDefault: row.is_default }]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }
}

/** Who may find a document: the same people who may read it. `o` is its row, $4 the reader and $5 whom they block. */
const visible: Record<DocumentKind, { table: string; condition: string }> = {
  post: { table: 'posts', condition: 'NOT (o.author_id = ANY($5::uuid[]))' },
  comment: {
    table: 'comments',
    condition: `(o.author_id IS NULL OR NOT (o.author_id = ANY($5::uuid[])))
      AND NOT EXISTS (SELECT FROM posts p WHERE p.id = o.post_id AND p.author_id = ANY($5::uuid[]))`,
  },
  person: {
    table: 'users',
    condition: `o.status = 'active' AND NOT (o.id = ANY($5::uuid[])) AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = o.id AND b.blocked_id = $4)`,
  },
  room: {
    table: 'rooms',
    condition: `(o.kind = 'public' OR EXISTS (SELECT FROM room_members m WHERE m.room_id = o.id AND m.user_id = $4))
      AND NOT EXISTS (SELECT FROM room_bans b WHERE b.room_id = o.id AND b.user_id = $4)`,
  },
  tag: { table: 'tags', condition: 'o.post_count > 0' },
};

/** The question as a tsquery. Words hold letters, marks and digits alone. */
function queryOf(question: Question): string {
  return question.map(({ term, meanings }) => `(${meanings.map((word) => `'${word}'${term.prefix ? ':*' : ''}`).join(' | ')})`).join(' & ');
}
