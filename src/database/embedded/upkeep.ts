import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type pg from 'pg';

/**
 * What a PostgreSQL server does by itself in the background and PGlite, a single process, never does: checkpoints (without them the
 * write-ahead log grows for ever, and the start after a crash takes as long as the log), VACUUM and ANALYZE. Each step is one statement
 * in the ordinary queue for the database, so that others wait for one step at most.
 */
export interface Upkeep {
  /** Waits for a step under way; none begins after that. */
  stop(): Promise<void>;
}

/** Bytes of write-ahead log since the last checkpoint that make the next one due. */
const walLimit = 64 * 1024 * 1024;
const roundMs = 15_000;
/** Statistics change slowly; look at them less often than at the log. */
const roundsPerVacuum = 4;

const logger = new Logger('Upkeep');

/** Begins the rounds; they do not keep the process alive. */
export function startUpkeep(pool: pg.Pool): Upkeep {
  const ending = new AbortController();
  const done = rounds(pool, ending.signal);
  return {
    stop: async () => {
      ending.abort();
      await done;
    },
  };
}

async function rounds(pool: pg.Pool, ending: AbortSignal): Promise<void> {
  for (let round = 1; ; round += 1) {
    try {
      await sleep(roundMs, undefined, { ref: false, signal: ending });
    } catch {
      return;
    }
    try {
      await checkpointIfDue(pool);
      if (round % roundsPerVacuum === 0) await vacuumDueTables(pool, ending);
    } catch (error) {
      // A busy database now is no harm: the next round finds the same work.
      logger.warn(`Put off: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Writes a checkpoint when the log since the last one is longer than 64 MiB. Gives whether it did. */
export async function checkpointIfDue(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ due: boolean }>(
    'SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn) > $1 AS due FROM pg_control_checkpoint()',
    [walLimit],
  );
  if (!rows[0]?.due) return false;
  await pool.query('CHECKPOINT');
  return true;
}

/**
 * Cleans the tables that need it, by the thresholds of autovacuum:
 * https://www.postgresql.org/docs/current/routine-vacuuming.html#AUTOVACUUM
 * @returns their names
 */
export async function vacuumDueTables(pool: pg.Pool, ending?: AbortSignal): Promise<string[]> {
  const { rows } = await pool.query<{ name: string; vacuum: boolean }>(`
    SELECT format('%I.%I', s.schemaname, s.relname) AS name, d.vacuum
    FROM pg_stat_user_tables s
    JOIN pg_class c ON c.oid = s.relid
    CROSS JOIN LATERAL (SELECT greatest(c.reltuples, 0) AS tuples) t
    CROSS JOIN LATERAL (
      SELECT s.n_dead_tup > 50 + 0.2 * t.tuples OR s.n_ins_since_vacuum > 1000 + 0.2 * t.tuples AS vacuum,
             s.n_mod_since_analyze > 50 + 0.1 * t.tuples AS analyze
    ) d
    WHERE c.relpersistence = 'p' AND (d.vacuum OR d.analyze)`);
  for (const { name, vacuum } of rows) {
    if (ending?.aborted) break;
    await pool.query(`${vacuum ? 'VACUUM (ANALYZE)' : 'ANALYZE'} ${name}`);
  }
  return rows.map(({ name }) => name);
}
