import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';

export interface SuggestionRow {
  userId: string;
  commonFriends: number;
  sharedRooms: number;
  cursorAt: string;
}

/** Where a page of suggestions goes on: common friends, shared rooms, time and id of the last one. */
export type SuggestionAfter = readonly [common: number, shared: number, time: string, id: string] | null;

/**
 * How many are looked at, so that the cost has a bound whoever asks: of my newest friends their newest friends, of my newest rooms their
 * newest members, and the newest people of all.
 */
const bounds = { friends: 100, friendsOfEach: 30, rooms: 30, membersOfEach: 30, newest: 200 };

export const suggestionsSql = `
  WITH mine AS (
    SELECT friend_id FROM friendships WHERE user_id = $1 ORDER BY since DESC, friend_id DESC LIMIT ${bounds.friends}
  ), my_rooms AS (
    SELECT room_id FROM room_members WHERE user_id = $1 ORDER BY room_id DESC LIMIT ${bounds.rooms}
  ), found AS (
    SELECT f.friend_id AS id, 1 AS common, 0 AS shared FROM mine CROSS JOIN LATERAL (
      SELECT friend_id FROM friendships WHERE user_id = mine.friend_id ORDER BY since DESC, friend_id DESC LIMIT ${bounds.friendsOfEach}) f
    UNION ALL
    SELECT m.user_id, 0, 1 FROM my_rooms CROSS JOIN LATERAL (
      SELECT user_id FROM room_members WHERE room_id = my_rooms.room_id ORDER BY joined_at DESC, user_id DESC LIMIT ${bounds.membersOfEach}) m
    UNION ALL
    SELECT n.id, 0, 0 FROM (
      SELECT id FROM users WHERE status = 'active' ORDER BY activated_at DESC, id DESC LIMIT ${bounds.newest}) n
  ), counted AS MATERIALIZED (
    SELECT id, sum(common)::int AS common, sum(shared)::int AS shared FROM found GROUP BY id
  )
  SELECT c.id, c.common, c.shared, u.activated_at::text AS cursor_at FROM counted c JOIN users u ON u.id = c.id
  WHERE u.status = 'active' AND c.id <> $1
    AND ($2::int IS NULL OR (c.common, c.shared, u.activated_at, c.id) < ($2::int, $3::int, $4::timestamptz, $5::uuid))
    AND NOT EXISTS (SELECT FROM friendships x WHERE x.user_id = $1 AND x.friend_id = c.id)
    AND NOT EXISTS (SELECT FROM suggestion_hides x WHERE x.user_id = $1 AND x.hidden_id = c.id)
    AND NOT EXISTS (SELECT FROM blocks x WHERE x.blocker_id = $1 AND x.blocked_id = c.id)
    AND NOT EXISTS (SELECT FROM blocks x WHERE x.blocker_id = c.id AND x.blocked_id = $1)
    AND NOT EXISTS (SELECT FROM friend_requests x
      WHERE LEAST(x.from_id, x.to_id) = LEAST($1::uuid, c.id) AND GREATEST(x.from_id, x.to_id) = GREATEST($1::uuid, c.id))
  ORDER BY c.common DESC, c.shared DESC, u.activated_at DESC, c.id DESC LIMIT $6`;

/** The SQL of suggestions. */
@Injectable()
export class SuggestionsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async list(userId: string, limit: number, after: SuggestionAfter): Promise<SuggestionRow[]> {
    const [common, shared, time, id] = after ?? [null, null, null, null];
    const rows = await this.dataSource.query<{ id: string; common: number; shared: number; cursor_at: string }[]>(suggestionsSql, [
      userId,
      common,
      shared,
      time,
      id,
      limit,
    ]);
    return rows.map((row) => ({ userId: row.id, commonFriends: row.common, sharedRooms: row.shared, cursorAt: row.cursor_at }));
  }

  /** Remembers that a person does not want another one suggested, once. */
  async hide(userId: string, hiddenId: string): Promise<void> {
    await this.dataSource.query(
      'INSERT INTO suggestion_hides (user_id, hidden_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [userId, hiddenId, new Date()],
    );
  }
}
