import type { DataSource } from 'typeorm';
import { inTransaction } from '../database/index.js';

/**
 * Tells clients that the database is an older one. New epochs make them drop what they remember of each room from after the backup; sessions
 * are ended, because some that were ended after the backup would live again; mails that wait are dropped, because they may have been sent.
 * Run it once after a restore and before the first node starts: nodes keep epochs in memory.
 * @returns what was done, in words
 */
export async function afterRestore(source: DataSource): Promise<string> {
  return inTransaction(source, async (manager) => {
    const count = async (sql: string): Promise<number> => {
      const rows = await manager.query<{ count: number }[]>(
        `WITH changed AS (${sql} RETURNING 1) SELECT count(*)::int AS count FROM changed`,
      );
      return rows[0]!.count;
    };
    const rooms = await count('UPDATE rooms SET epoch = gen_random_uuid()::text');
    const sessions = await count('DELETE FROM sessions');
    const mails = await count('UPDATE mails SET payload = NULL WHERE sent_at IS NULL AND payload IS NOT NULL');
    return `${rooms} rooms have a new epoch, ${sessions} sessions are ended, ${mails} waiting mails are dropped. Clients read everything anew and people log in again.`;
  });
}
