import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Who owns a room after its only owner. */
export interface Heir {
  roomId: string;
  userId: string;
}

/** The SQL of rooms whose owner goes. Everything but the locks expects the rooms to be locked. */
@Injectable()
export class OwnershipRepository {
  /** Locks the rooms that a person owns, in the order of their ids. */
  async lockOwned(manager: EntityManager, userId: string): Promise<void> {
    await this.lock(manager, userId, `AND m.role = 'owner'`);
  }

  /** Locks the rooms that a person is a member of, in the order of their ids. */
  async lockJoined(manager: EntityManager, userId: string): Promise<void> {
    await this.lock(manager, userId, '');
  }

  /** For each room that the person alone owns: the active member of the highest role, the eldest first; rooms without one are left out. */
  async heirs(manager: EntityManager, userId: string): Promise<Heir[]> {
    return manager.query<Heir[]>(
      `SELECT o.room_id AS "roomId", h.user_id AS "userId" FROM room_members o CROSS JOIN LATERAL (
         SELECT m.user_id FROM room_members m JOIN users u ON u.id = m.user_id AND u.status = 'active'
         WHERE m.room_id = o.room_id AND m.user_id <> o.user_id
         ORDER BY CASE m.role WHEN 'admin' THEN 0 WHEN 'moderator' THEN 1 ELSE 2 END, m.joined_at, m.user_id LIMIT 1) h
       WHERE o.user_id = $1 AND o.role = 'owner'
         AND NOT EXISTS (SELECT FROM room_members c JOIN users u ON u.id = c.user_id AND u.status = 'active'
           WHERE c.room_id = o.room_id AND c.role = 'owner' AND c.user_id <> o.user_id)
       ORDER BY o.room_id`,
      [userId],
    );
  }

  async crown(manager: EntityManager, heirs: readonly Heir[]): Promise<void> {
    await manager.query(
      `UPDATE room_members m SET role = 'owner' FROM unnest($1::uuid[], $2::uuid[]) AS h(room_id, user_id)
       WHERE m.room_id = h.room_id AND m.user_id = h.user_id`,
      [heirs.map(({ roomId }) => roomId), heirs.map(({ userId }) => userId)],
    );
  }

  /** Makes an owner an admin and raises the access versions. */
  async stepDown(manager: EntityManager, userId: string, roomIds: readonly string[]): Promise<void> {
    await manager.query(`UPDATE room_members SET role = 'admin' WHERE user_id = $1 AND room_id = ANY($2::uuid[])`, [userId, roomIds]);
    await manager.query('UPDATE rooms SET access_version = access_version + 1 WHERE id = ANY($1::uuid[])', [roomIds]);
  }

  /** Ends all memberships of a person. @returns the rooms */
  async leaveAll(manager: EntityManager, userId: string): Promise<string[]> {
    const rows = await manager.query<{ room_id: string }[]>(
      `WITH gone AS (DELETE FROM room_members WHERE user_id = $1 RETURNING room_id), counted AS (
         UPDATE rooms r SET member_count = r.member_count - 1, access_version = r.access_version + 1 FROM gone WHERE r.id = gone.room_id)
       SELECT room_id FROM gone`,
      [userId],
    );
    return rows.map((row) => row.room_id);
  }

  /** Takes a person out of the names and keys of their direct rooms, which stay for the other one. */
  async unpair(manager: EntityManager, userId: string, roomIds: readonly string[]): Promise<void> {
    await manager.query(
      `UPDATE rooms SET pair_key = replace(pair_key, $1::text, id::text), name = replace(name, $1::text, id::text),
         name_key = replace(name_key, $1::text, id::text)
       WHERE id = ANY($2::uuid[]) AND kind = 'direct'`,
      [userId, roomIds],
    );
  }

  /** Those of these rooms that are private or direct and have nobody any more. */
  async empty(manager: EntityManager, roomIds: readonly string[]): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>(
      `SELECT id FROM rooms WHERE id = ANY($1::uuid[]) AND kind <> 'public' AND member_count = 0`,
      [roomIds],
    );
    return rows.map((row) => row.id);
  }

  async delete(manager: EntityManager, roomId: string): Promise<void> {
    await manager.query('DELETE FROM rooms WHERE id = $1', [roomId]);
  }

  private async lock(manager: EntityManager, userId: string, which: string): Promise<void> {
    await manager.query(
      `SELECT r.id FROM rooms r JOIN room_members m ON m.room_id = r.id WHERE m.user_id = $1 ${which} ORDER BY r.id FOR UPDATE OF r`,
      [userId],
    );
  }
}
