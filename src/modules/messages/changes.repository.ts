import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { FilesService } from '../files/index.js';
import { Gatherer } from '../../common/gatherer.js';
import { type MessageRow, messageColumns } from '../../common/message-view.js';
import type { Message } from '../../contracts/index.js';

export type LockedMessage = MessageRow;

interface ReactedTo {
  userId: string;
  messageIds: readonly string[];
}

/** The SQL of edits, deletions and reactions. Everything that takes a manager expects the room to be locked. */
@Injectable()
export class ChangesRepository {
  private readonly ownEmojis = new Gatherer<ReactedTo, ReadonlyMap<string, string[]>>(async (wanted) => this.readOwnEmojis(wanted), {
    most: 50,
  });

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly files: FilesService,
  ) {}

  /** Where a message stands and who wrote it: both never change but for an author who is gone. */
  async place(messageId: string): Promise<{ roomId: string; authorId: string | null } | null> {
    const rows = await this.dataSource.query<{ room_id: string; author_id: string | null }[]>(
      'SELECT room_id, author_id FROM messages WHERE id = $1',
      [messageId],
    );
    return rows[0] ? { roomId: rows[0].room_id, authorId: rows[0].author_id } : null;
  }

  async lockRoom(manager: EntityManager, roomId: string): Promise<{ access_version: number } | undefined> {
    const rows = await manager.query<{ access_version: number }[]>('SELECT access_version FROM rooms WHERE id = $1 FOR UPDATE', [roomId]);
    return rows[0];
  }

  async message(manager: EntityManager, id: string): Promise<LockedMessage | undefined> {
    const rows = await manager.query<LockedMessage[]>(`SELECT ${messageColumns('m')} FROM messages m WHERE m.id = $1`, [id]);
    return rows[0];
  }

  /** Gives the message the room's next position. */
  async takePosition(manager: EntityManager, id: string, roomId: string): Promise<LockedMessage> {
    const rows = await manager.query<LockedMessage[]>(
      `WITH counted AS (UPDATE rooms SET position = position + 1 WHERE id = $2 RETURNING position), changed AS (
         UPDATE messages m SET position = counted.position FROM counted WHERE m.id = $1 RETURNING ${messageColumns('m')})
       SELECT * FROM changed`,
      [id, roomId],
    );
    return rows[0]!;
  }

  /** Keeps what the message said and gives it new content. */
  async edit(manager: EntityManager, message: LockedMessage, content: string): Promise<void> {
    await manager.query(
      `INSERT INTO message_edits (message_id, position, content, written_at) SELECT id, position, content, COALESCE(edited_at, created_at) FROM messages WHERE id = $1`,
      [message.id],
    );
    await manager.query('UPDATE messages SET content = $2, edited_at = $3 WHERE id = $1', [message.id, content, new Date()]);
  }

  /**
   * Makes the mentions of a message those of its new text. Whoever was mentioned before keeps the row, so that nobody is told twice.
   * @param names as `mentionedNames` gives them
   * @returns whether somebody is mentioned now who was not, or the other way round
   */
  async remention(manager: EntityManager, message: LockedMessage, names: readonly string[]): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `WITH named AS (
         SELECT DISTINCT m.user_id FROM unnest($4::text[]) AS n(name)
         JOIN users u ON u.username_key = n.name
         JOIN room_members m ON m.room_id = $1 AND m.user_id = u.id
         WHERE u.id IS DISTINCT FROM $3::uuid AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = u.id AND b.blocked_id = $3::uuid)
       ), gone AS (
         DELETE FROM mentions x WHERE x.room_id = $1 AND x.seq = $2 AND x.user_id NOT IN (SELECT user_id FROM named) RETURNING x.user_id
       ), added AS (
         INSERT INTO mentions (room_id, user_id, seq) SELECT $1, user_id, $2 FROM named ON CONFLICT DO NOTHING RETURNING user_id)
       SELECT user_id FROM gone UNION ALL SELECT user_id FROM added`,
      [message.room_id, message.seq, message.author_id, names],
    );
    return rows.length > 0;
  }

  /** Leaves a message's place and takes everything that it said and showed. */
  async blank(manager: EntityManager, message: LockedMessage): Promise<void> {
    await this.files.release(manager, message.attachments?.map((file) => file.id) ?? []);
    await manager.query('DELETE FROM message_edits WHERE message_id = $1', [message.id]);
    await manager.query('DELETE FROM reactions WHERE message_id = $1', [message.id]);
    await manager.query('DELETE FROM mentions WHERE room_id = $1 AND seq = $2', [message.room_id, message.seq]);
    await manager.query(
      `UPDATE messages SET content = '', reactions = '[]', attachments = NULL, reply_to = NULL, deleted_at = $2 WHERE id = $1`,
      [message.id, new Date()],
    );
  }

  /** @returns whether it was not there before */
  async addReaction(manager: EntityManager, message: LockedMessage, userId: string, emoji: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `WITH added AS (INSERT INTO reactions (message_id, user_id, emoji, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING 1) SELECT * FROM added`,
      [message.id, userId, emoji, new Date()],
    );
    if (rows.length > 0) await this.recount(manager, message.id);
    return rows.length > 0;
  }

  /** @returns whether it was there */
  async removeReaction(manager: EntityManager, message: LockedMessage, userId: string, emoji: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `WITH removed AS (DELETE FROM reactions WHERE message_id = $1 AND user_id = $2 AND emoji = $3 RETURNING 1) SELECT * FROM removed`,
      [message.id, userId, emoji],
    );
    if (rows.length > 0) await this.recount(manager, message.id);
    return rows.length > 0;
  }

  /** The same messages with the reader's own emojis. */
  async withMine(userId: string, messages: Message[]): Promise<Message[]> {
    const messageIds = messages.filter((message) => message.reactions.length > 0).map((message) => message.id);
    if (messageIds.length === 0) return messages;
    const mine = await this.ownEmojis.ask({ userId, messageIds });
    return messages.map((message) => (mine.has(message.id) ? { ...message, mine: mine.get(message.id)! } : message));
  }

  /** With which emojis people reacted to messages, each asker's by message. */
  private async readOwnEmojis(wanted: readonly ReactedTo[]): Promise<Map<string, string[]>[]> {
    const pairs = wanted.flatMap(({ userId, messageIds }, asker) => messageIds.map((messageId) => ({ asker, userId, messageId })));
    const rows = await this.dataSource.query<{ asker: number; message_id: string; emoji: string }[]>(
      `SELECT w.asker, r.message_id, r.emoji FROM unnest($1::int[], $2::uuid[], $3::uuid[]) AS w(asker, user_id, message_id)
       JOIN reactions r ON r.message_id = w.message_id AND r.user_id = w.user_id ORDER BY r.created_at, r.emoji`,
      [pairs.map(({ asker }) => asker), pairs.map(({ userId }) => userId), pairs.map(({ messageId }) => messageId)],
    );
    const found = wanted.map(() => new Map<string, string[]>());
    for (const { asker, message_id: messageId, emoji } of rows) {
      const mine = found[asker]!;
      mine.set(messageId, [...(mine.get(messageId) ?? []), emoji]);
    }
    return found;
  }

  private async recount(manager: EntityManager, messageId: string): Promise<void> {
    await manager.query(
      `UPDATE messages SET reactions = COALESCE((
         SELECT jsonb_agg(jsonb_build_object('emoji', r.emoji, 'count', r.n) ORDER BY r.first, r.emoji)
         FROM (SELECT emoji, count(*) AS n, min(created_at) AS first FROM reactions WHERE message_id = $1 GROUP BY emoji) r), '[]') WHERE id = $1`,
      [messageId],
    );
  }
}
