import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';

export interface StandingRow {
  room_id: string;
  user_id: string;
  read_seq: string;
  last_seq: string;
  mentions: string;
}

export type MentionsRow = Pick<StandingRow, 'room_id' | 'user_id' | 'mentions'>;

/** The SQL of unread counts. */
@Injectable()
export class UnreadRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** How far people have read, in all rooms of theirs that they may read: rooms for admins alone tell the other members nothing. */
  async standings(userIds: readonly string[]): Promise<StandingRow[]> {
    return this.dataSource.query<StandingRow[]>(
      `SELECT m.room_id, m.user_id, m.read_seq, r.last_seq,
         (SELECT count(*) FROM mentions x WHERE x.room_id = m.room_id AND x.user_id = m.user_id AND x.seq > m.read_seq) AS mentions
       FROM room_members m JOIN rooms r ON r.id = m.room_id
       WHERE m.user_id = ANY($1::uuid[]) AND (r.access = 'everyone' OR m.role IN ('owner', 'admin')
         OR (r.kind = 'public' AND EXISTS (SELECT FROM users u WHERE u.id = m.user_id AND u.role = 'admin')))`,
      [userIds],
    );
  }

  /** Mentions not read yet, by room and member; who has none has no row. */
  async mentionsIn(roomIds: readonly string[]): Promise<MentionsRow[]> {
    return this.dataSource.query<MentionsRow[]>(
      `SELECT x.room_id, x.user_id, count(*) AS mentions FROM mentions x JOIN room_members m ON m.room_id = x.room_id AND m.user_id = x.user_id
       WHERE x.room_id = ANY($1::uuid[]) AND x.seq > m.read_seq GROUP BY x.room_id, x.user_id`,
      [roomIds],
    );
  }
}
