import type { Author, Message } from '../contracts/index.js';

/** A row of `messages` as the SQL of this house selects it: `messageColumns`. */
export interface MessageRow {
  id: string;
  room_id: string;
  seq: string;
  position: string;
  created_position: string;
  kind: 'text' | 'system';
  author_id: string | null;
  content: string;
  client_id: string | null;
  reply_to: string | null;
  reactions: { emoji: string; count: number }[];
  created_at: Date;
  edited_at: Date | null;
  deleted_at: Date | null;
}

/** The columns of a `MessageRow`, of the table under this alias. */
export function messageColumns(alias: string): string {
  return [
    'id',
    'room_id',
    'seq',
    'position',
    'created_position',
    'kind',
    'author_id',
    'content',
    'client_id',
    'reply_to',
    'reactions',
    'created_at',
    'edited_at',
    'deleted_at',
  ]
    .map((column) => `${alias}.${column}`)
    .join(', ');
}

/** A message as clients see it. @param author the snapshot of its author, null for the system and for people who are gone */
export function toMessage(row: MessageRow, author: Author | null): Message {
  return {
    id: row.id,
    room: row.room_id,
    seq: Number(row.seq),
    position: Number(row.position),
    kind: row.kind,
    author,
    content: row.content,
    ...(row.client_id !== null ? { clientId: row.client_id } : {}),
    ...(row.reply_to !== null ? { replyTo: row.reply_to } : {}),
    attachments: [],
    reactions: row.reactions,
    createdAt: row.created_at.toISOString(),
    ...(row.edited_at ? { editedAt: row.edited_at.toISOString() } : {}),
    ...(row.deleted_at ? { deletedAt: row.deleted_at.toISOString() } : {}),
  };
}
