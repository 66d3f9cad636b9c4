import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';

/** Somebody with notifications that no mail has told of. */
export interface DigestCandidate {
  user_id: string;
  /** When the first of them came. */
  since: Date;
  seen_at: Date | null;
  mailed_at: Date | null;
}

/** The SQL of the mails that gather what somebody has not read. */
@Injectable()
export class DigestRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** People with something to be mailed, in the order of their ids, after one of them. */
  async candidates(after: string | null, limit: number): Promise<DigestCandidate[]> {
    return this.dataSource.query<DigestCandidate[]>(
      `SELECT p.user_id, p.since, h.seen_at, h.mailed_at FROM (
         SELECT user_id, min(updated_at) AS since FROM notifications
         WHERE mail_pending AND ($1::uuid IS NULL OR user_id > $1::uuid) GROUP BY user_id ORDER BY user_id LIMIT $2
       ) p LEFT JOIN notification_reach h ON h.user_id = p.user_id ORDER BY p.user_id`,
      [after, limit],
    );
  }

  /** What waits to be mailed to a person, the newest first. */
  async pending(manager: EntityManager, userId: string): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>(
      'SELECT id FROM notifications WHERE user_id = $1 AND mail_pending ORDER BY updated_at DESC, id DESC',
      [userId],
    );
    return rows.map((row) => row.id);
  }

  /** Nothing waits any more; what comes from now on waits for the next mail. */
  async clearPending(manager: EntityManager, userId: string): Promise<void> {
    await manager.query('UPDATE notifications SET mail_pending = false WHERE user_id = $1 AND mail_pending', [userId]);
  }

  /** When a person was here and was mailed last, locked until the transaction ends. */
  async lockReach(manager: EntityManager, userId: string): Promise<Pick<DigestCandidate, 'seen_at' | 'mailed_at'>> {
    const rows = await manager.query<Pick<DigestCandidate, 'seen_at' | 'mailed_at'>[]>(
      `INSERT INTO notification_reach (user_id) VALUES ($1)
       ON CONFLICT (user_id) DO UPDATE SET seen_at = notification_reach.seen_at RETURNING seen_at, mailed_at`,
      [userId],
    );
    return rows[0]!;
  }

  async noteMailed(manager: EntityManager, userId: string, at: Date): Promise<void> {
    await manager.query('UPDATE notification_reach SET mailed_at = $2 WHERE user_id = $1', [userId, at]);
  }
}
