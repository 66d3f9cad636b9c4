import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { type MessageRow, messageColumns } from '../../common/message-view.js';
import type { Person } from '../../common/principal.js';
import type { Message } from '../../contracts/index.js';
import { RoomsService } from '../rooms/index.js';
import { MessageLog } from './message-log.js';

/** A message that stands outside of its room, and whether everybody may see it there. */
export interface SharedMessage {
  message: Message;
  /** Its room is public and open to everybody. */
  open: boolean;
}

/** Messages that are shown outside of their rooms: in a post. Never more than the room itself would show. */
@Injectable()
export class SharedMessages {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly rooms: RoomsService,
    private readonly log: MessageLog,
  ) {}

  /**
   * A message that the person may share: of a room that they may read, and either their own or of a room that is open to everybody.
   * @throws AppError `message.not-found`; `post.share-refused`
   */
  async requireShareable(person: Person, messageId: string): Promise<void> {
    const shared = (await this.load([messageId])).get(messageId);
    if (!shared || shared.message.deletedAt) throw new AppError('message.not-found');
    await this.rooms.readable(person, shared.message.room).catch((error: unknown) => {
      throw error instanceof AppError ? new AppError('message.not-found') : error;
    });
    if (!shared.open && shared.message.author?.id !== person.userId) throw new AppError('post.share-refused');
  }

  /** Messages by id as they are now, in one query; unknown ones are left out. */
  async load(ids: readonly string[]): Promise<Map<string, SharedMessage>> {
    if (ids.length === 0) return new Map();
    const rows = await this.dataSource.query<(MessageRow & { open: boolean })[]>(
      `SELECT ${messageColumns('m')}, r.kind = 'public' AND r.access = 'everyone' AS open FROM messages m JOIN rooms r ON r.id = m.room_id WHERE m.id = ANY($1::uuid[])`,
      [ids],
    );
    const messages = await this.log.toMessages(rows);
    return new Map(messages.map((message, index) => [message.id, { message, open: rows[index]!.open }]));
  }
}
