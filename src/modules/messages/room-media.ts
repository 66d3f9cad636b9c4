import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type MessageRow, messageColumns } from '../../common/message-view.js';
import type { Message } from '../../contracts/index.js';
import { decodeCursor, encodeCursor } from '../../database/index.js';
import { MessageLog } from './message-log.js';

// The conditions are those of the indexes, word by word, so that each list has its own.
const conditions = {
  all: 'm.attachments IS NOT NULL',
  image: `m.attachments IS NOT NULL AND m.attachments @> '[{"kind": "image"}]'`,
  file: `m.attachments IS NOT NULL AND m.attachments @> '[{"kind": "file"}]'`,
} as const;

/** The messages of a room with attachments, or with one of this kind, below a seq: $1 room, $2 seq, $3 limit. */
export function mediaSql(kind: 'image' | 'file' | undefined): string {
  return `SELECT ${messageColumns('m')} FROM messages m WHERE m.room_id = $1 AND m.seq < $2::bigint AND ${conditions[kind ?? 'all']}
    ORDER BY m.seq DESC LIMIT $3`;
}

/** What was shown and brought in a room. */
@Injectable()
export class RoomMedia {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly log: MessageLog,
  ) {}

  /** Messages with attachments, the newest first. @throws AppError `request.cursor-invalid` */
  async page(
    roomId: string,
    { kind, cursor, limit }: { kind?: 'image' | 'file' | undefined; cursor?: string | undefined; limit: number },
  ): Promise<{ items: Message[]; nextCursor: string | null }> {
    const [before] = cursor === undefined ? [Number.MAX_SAFE_INTEGER] : decodeCursor(cursor, ['number']);
    const rows = await this.dataSource.query<MessageRow[]>(mediaSql(kind), [roomId, before, limit + 1]);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return { items: await this.log.toMessages(shown), nextCursor: rows.length > limit && last ? encodeCursor([Number(last.seq)]) : null };
  }
}
