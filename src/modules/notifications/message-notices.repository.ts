import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { isBlocked } from './blocked.js';

/** A person whom a message names or answers, and whether they want to know. */
export interface MessageNotice {
  user_id: string;
  room_id: string;
  seq: string;
  author_id: string | null;
  created_at: Date;
  /** Still there, still a member, not blocked, not muted. */
  wanted: boolean;
  is_read: boolean;
}

/** Messages of a room that notifies a person of everything. */
export interface PostedMessages {
  user_id: string;
  room_id: string;
  seq: string;
  n: number;
  created_at: Date;
  /** The newest first. */
  authors: string[];
}

const details = (more: string) => `
  SELECT t.user_id, t.room_id, t.seq, m.author_id, m.created_at,
    rm.user_id IS NOT NULL AND m.deleted_at IS NULL AND coalesce(l.level, 'mentions') <> 'nothing' AND u.status = 'active'
      AND NOT ${isBlocked('t.user_id', 'm.author_id')} ${more} AS wanted,
    coalesce(rm.read_seq >= t.seq, false) AS is_read
  FROM taken t
  JOIN messages m ON m.room_id = t.room_id AND m.seq = t.seq
  JOIN users u ON u.id = t.user_id
  LEFT JOIN room_members rm ON rm.room_id = t.room_id AND rm.user_id = t.user_id
  LEFT JOIN notification_levels l ON l.room_id = t.room_id AND l.user_id = t.user_id
  ORDER BY t.room_id, t.seq`;

/** What the message writer has left behind to be told: taken within a transaction, so that each is told once. */
@Injectable()
export class MessageNoticesRepository {
  /** Takes people who were mentioned. */
  async takeMentions(manager: EntityManager, limit: number): Promise<MessageNotice[]> {
    return manager.query<MessageNotice[]>(
      `WITH due AS (
         SELECT room_id, user_id, seq FROM mentions WHERE NOT notified ORDER BY room_id, user_id, seq LIMIT $1 FOR UPDATE SKIP LOCKED
       ), taken AS (
         UPDATE mentions x SET notified = true FROM due d
         WHERE x.room_id = d.room_id AND x.user_id = d.user_id AND x.seq = d.seq RETURNING x.room_id, x.user_id, x.seq
       ) ${details('')}`,
      [limit],
    );
  }

  /** Deletes those mentions of readers who block the author. @returns the readers, each once */
  async forgetBlocked(manager: EntityManager, mentions: readonly MessageNotice[]): Promise<string[]> {
    const rows = await manager.query<{ user_id: string }[]>(
      `WITH gone AS (
         DELETE FROM mentions x USING unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[]) AS t(room_id, user_id, seq, author_id)
         WHERE x.room_id = t.room_id AND x.user_id = t.user_id AND x.seq = t.seq AND ${isBlocked('t.user_id', 't.author_id')} RETURNING x.user_id)
       SELECT DISTINCT user_id FROM gone`,
      [
        mentions.map(({ room_id }) => room_id),
        mentions.map(({ user_id }) => user_id),
        mentions.map(({ seq }) => seq),
        mentions.map(({ author_id }) => author_id),
      ],
    );
    return rows.map(({ user_id }) => user_id);
  }

  /** Takes people who were answered. Whom the answer mentions, too, hears of that. */
  async takeReplies(manager: EntityManager, limit: number): Promise<MessageNotice[]> {
    return manager.query<MessageNotice[]>(
      `WITH due AS (
         SELECT room_id, user_id, seq FROM reply_notices ORDER BY room_id, user_id, seq LIMIT $1 FOR UPDATE SKIP LOCKED
       ), taken AS (
         DELETE FROM reply_notices x USING due d
         WHERE x.room_id = d.room_id AND x.user_id = d.user_id AND x.seq = d.seq RETURNING x.room_id, x.user_id, x.seq
       ) ${details('AND NOT EXISTS (SELECT FROM mentions x WHERE x.room_id = t.room_id AND x.user_id = t.user_id AND x.seq = t.seq)')}`,
      [limit],
    );
  }

  /**
   * Takes what was posted to rooms for people who want to hear of everything there, but for what they have read, wrote or are told of anyway.
   * @param rooms where something was posted; null: everywhere
   * @returns the messages, and how many people and rooms were looked at
   */
  async takePosted(
    manager: EntityManager,
    rooms: readonly string[] | null,
    limit: number,
  ): Promise<{ posted: PostedMessages[]; taken: number }> {
    if (rooms?.length === 0) return { posted: [], taken: 0 };
    const due = await manager.query<{ user_id: string; room_id: string; from_seq: string; to_seq: string }[]>(
      `SELECT l.user_id, l.room_id, GREATEST(l.notified_seq, m.read_seq) AS from_seq, r.last_seq AS to_seq
       FROM notification_levels l JOIN rooms r ON r.id = l.room_id JOIN room_members m ON m.room_id = l.room_id AND m.user_id = l.user_id
       WHERE l.level = 'all' AND r.last_seq > l.notified_seq AND ($2::uuid[] IS NULL OR l.room_id = ANY($2::uuid[]))
       ORDER BY l.user_id, l.room_id LIMIT $1 FOR UPDATE OF l SKIP LOCKED`,
      [limit, rooms],
    );
    if (due.length === 0) return { posted: [], taken: 0 };
    const columns = [due.map((d) => d.user_id), due.map((d) => d.room_id), due.map((d) => d.from_seq), due.map((d) => d.to_seq)];
    await manager.query(
      `UPDATE notification_levels l SET notified_seq = d.to_seq FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS d(user_id, room_id, to_seq)
       WHERE l.user_id = d.user_id AND l.room_id = d.room_id`,
      [columns[0], columns[1], columns[3]],
    );
    const posted = await manager.query<PostedMessages[]>(
      `SELECT d.user_id, d.room_id, max(m.seq) AS seq, count(*)::int AS n, max(m.created_at) AS created_at, array_agg(m.author_id ORDER BY m.seq DESC) AS authors
       FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[]) AS d(user_id, room_id, from_seq, to_seq)
       CROSS JOIN LATERAL (
         SELECT x.seq, x.author_id, x.reply_to, x.created_at FROM messages x
         WHERE x.room_id = d.room_id AND x.seq > d.from_seq AND x.seq <= d.to_seq AND x.kind = 'text' AND x.deleted_at IS NULL
           AND x.author_id <> d.user_id AND NOT ${isBlocked('d.user_id', 'x.author_id')}
         ORDER BY x.seq DESC LIMIT ${mostCounted}) m
       WHERE NOT EXISTS (SELECT FROM mentions t WHERE t.room_id = d.room_id AND t.user_id = d.user_id AND t.seq = m.seq)
         AND NOT EXISTS (SELECT FROM messages p WHERE p.id = m.reply_to AND p.author_id = d.user_id)
       GROUP BY d.user_id, d.room_id`,
      columns,
    );
    return { posted, taken: due.length };
  }
}

/** More new messages of one room than this are not counted in one go. */
const mostCounted = 500;
