import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { newId } from '../../common/ids.js';
import { mostFriends, mostWaitingRequests } from './friends.policy.js';

/** A place in a list by time and id: the time as the database writes it. */
export type After = readonly [time: string, id: string] | null;

/** A row of a list of people. */
export interface PersonRow {
  userId: string;
  at: Date;
  cursorAt: string;
}

export interface RequestRow extends PersonRow {
  id: string;
}

export interface StoredRequest {
  id: string;
  from_id: string;
  to_id: string;
  created_at: Date;
}

const listedBy = { in: { own: 'to_id', other: 'from_id' }, out: { own: 'from_id', other: 'to_id' } } as const;

/** The SQL of friendships and requests. What takes a manager expects the pair to be locked. */
@Injectable()
export class FriendsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Locks two accounts, always in the order of their ids: everything that happens between the two happens one after the other.
   * @returns whether both exist and are active
   */
  async lockPair(manager: EntityManager, a: string, b: string): Promise<boolean> {
    const rows = await manager.query<{ status: string }[]>(
      'SELECT status FROM users WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE',
      [[a, b]],
    );
    return rows.length === 2 && rows.every(({ status }) => status === 'active');
  }

  async areFriends(manager: EntityManager, a: string, b: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>('SELECT 1 FROM friendships WHERE user_id = $1 AND friend_id = $2', [a, b]);
    return rows.length > 0;
  }

  async requestBetween(manager: EntityManager, a: string, b: string): Promise<StoredRequest | undefined> {
    const rows = await manager.query<StoredRequest[]>(
      `SELECT id, from_id, to_id, created_at FROM friend_requests
       WHERE LEAST(from_id, to_id) = LEAST($1::uuid, $2::uuid) AND GREATEST(from_id, to_id) = GREATEST($1::uuid, $2::uuid)`,
      [a, b],
    );
    return rows[0];
  }

  async request(id: string, manager: EntityManager = this.dataSource.manager): Promise<StoredRequest | undefined> {
    const rows = await manager.query<StoredRequest[]>('SELECT id, from_id, to_id, created_at FROM friend_requests WHERE id = $1', [id]);
    return rows[0];
  }

  async insertRequest(manager: EntityManager, fromId: string, toId: string): Promise<StoredRequest> {
    const request: StoredRequest = { id: newId(), from_id: fromId, to_id: toId, created_at: new Date() };
    await manager.query('INSERT INTO friend_requests (id, from_id, to_id, created_at) VALUES ($1, $2, $3, $4)', [
      request.id,
      fromId,
      toId,
      request.created_at,
    ]);
    return request;
  }

  /** Every request to and by a person. */
  async requestsOf(userId: string): Promise<{ id: string; otherId: string }[]> {
    return this.dataSource.query<{ id: string; otherId: string }[]>(
      `SELECT id, CASE WHEN from_id = $1 THEN to_id ELSE from_id END AS "otherId" FROM friend_requests WHERE from_id = $1 OR to_id = $1`,
      [userId],
    );
  }

  async deleteRequest(manager: EntityManager, id: string): Promise<void> {
    await manager.query('DELETE FROM friend_requests WHERE id = $1', [id]);
  }

  /** @returns since when */
  async befriend(manager: EntityManager, a: string, b: string): Promise<Date> {
    const since = new Date();
    await manager.query('INSERT INTO friendships (user_id, friend_id, since) VALUES ($1, $2, $3), ($2, $1, $3)', [a, b, since]);
    return since;
  }

  /** @returns whether they were friends */
  async unfriend(manager: EntityManager, a: string, b: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `WITH ended AS (DELETE FROM friendships WHERE (user_id = $1 AND friend_id = $2) OR (user_id = $2 AND friend_id = $1) RETURNING 1)
       SELECT * FROM ended`,
      [a, b],
    );
    return rows.length > 0;
  }

  async countFriends(manager: EntityManager, userId: string): Promise<number> {
    return countOf(await manager.query('SELECT count(*) AS n FROM friendships WHERE user_id = $1', [userId]));
  }

  async countWaiting(manager: EntityManager, userId: string): Promise<number> {
    return countOf(await manager.query('SELECT count(*) AS n FROM friend_requests WHERE from_id = $1', [userId]));
  }

  /** Friends and requests; of requests to a person who is asked by very many, ten thousand are counted at most. */
  async counters(userId: string): Promise<{ friends: number; incoming: number; outgoing: number }> {
    const rows = await this.dataSource.query<{ friends: string; incoming: string; outgoing: string }[]>(
      `SELECT (SELECT count(*) FROM (SELECT 1 FROM friendships WHERE user_id = $1 LIMIT ${mostFriends}) f) AS friends,
         (SELECT count(*) FROM (SELECT 1 FROM friend_requests WHERE to_id = $1 LIMIT 10000) i) AS incoming,
         (SELECT count(*) FROM (SELECT 1 FROM friend_requests WHERE from_id = $1 LIMIT ${mostWaitingRequests}) o) AS outgoing`,
      [userId],
    );
    const row = rows[0]!;
    return { friends: Number(row.friends), incoming: Number(row.incoming), outgoing: Number(row.outgoing) };
  }

  /** Friends, the newest first. */
  async friends(userId: string, limit: number, after: After): Promise<PersonRow[]> {
    const rows = await this.dataSource.query<{ friend_id: string; since: Date; cursor_at: string }[]>(
      `SELECT friend_id, since, since::text AS cursor_at FROM friendships
       WHERE user_id = $1 AND ($2::timestamptz IS NULL OR (since, friend_id) < ($2::timestamptz, $3::uuid))
       ORDER BY since DESC, friend_id DESC LIMIT $4`,
      [userId, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
    return rows.map((row) => ({ userId: row.friend_id, at: row.since, cursorAt: row.cursor_at }));
  }

  /** Requests to or by a person, the newest first. */
  async requests(userId: string, direction: 'in' | 'out', limit: number, after: After): Promise<RequestRow[]> {
    const { own, other } = listedBy[direction];
    const rows = await this.dataSource.query<{ id: string; other_id: string; created_at: Date; cursor_at: string }[]>(
      `SELECT id, ${other} AS other_id, created_at, created_at::text AS cursor_at FROM friend_requests
       WHERE ${own} = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2::timestamptz, $3::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $4`,
      [userId, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
    return rows.map((row) => ({ id: row.id, userId: row.other_id, at: row.created_at, cursorAt: row.cursor_at }));
  }

  /** Of some people those who are friends. */
  async friendsAmong(userId: string, ids: readonly string[]): Promise<Omit<PersonRow, 'cursorAt'>[]> {
    const rows = await this.dataSource.query<{ friend_id: string; since: Date }[]>(
      'SELECT friend_id, since FROM friendships WHERE user_id = $1 AND friend_id = ANY($2::uuid[])',
      [userId, ids],
    );
    return rows.map((row) => ({ userId: row.friend_id, at: row.since }));
  }

  /** The requests between a person and some others. */
  async requestsWith(userId: string, direction: 'in' | 'out', ids: readonly string[]): Promise<Omit<RequestRow, 'cursorAt'>[]> {
    const { own, other } = listedBy[direction];
    const rows = await this.dataSource.query<{ id: string; other_id: string; created_at: Date }[]>(
      `SELECT id, ${other} AS other_id, created_at FROM friend_requests WHERE ${own} = $1 AND ${other} = ANY($2::uuid[])`,
      [userId, ids],
    );
    return rows.map((row) => ({ id: row.id, userId: row.other_id, at: row.created_at }));
  }

  /** The friends of a person, all of them. */
  async friendIds(userId: string): Promise<string[]> {
    const rows = await this.dataSource.query<{ friend_id: string }[]>('SELECT friend_id FROM friendships WHERE user_id = $1', [userId]);
    return rows.map((row) => row.friend_id);
  }
}

function countOf(rows: { n: string }[]): number {
  return Number(rows[0]?.n ?? 0);
}
