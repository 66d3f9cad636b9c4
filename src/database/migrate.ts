import { setTimeout as sleep } from 'node:timers/promises';
import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { DatabaseClient } from './connection/database-client.js';
import { sessionSql } from './connection/session.js';
import { isEmbedded } from './data-source.js';

/** Any number will do, so long as every node uses the same: "parley" on a telephone's keys. */
const lockKey = 727539;

export interface MigrateOptions {
  /** How long to wait for another node that migrates, in ms. */
  patienceMs?: number;
}

/**
 * Runs the pending migrations, each in its own transaction, and gives their names. Nodes that start together take turns.
 * @throws Error when another node is still migrating after `patienceMs` (10 minutes)
 */
export async function migrate(dataSource: DataSource, { patienceMs = 600_000 }: MigrateOptions = {}): Promise<string[]> {
  return withMigrationLock(dataSource, patienceMs, async (runner) => {
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = dataSource.options.migrationsTransactionMode ?? 'each';
    return (await executor.executePendingMigrations()).map(({ name }) => name);
  });
}

/**
 * Takes the last migration back.
 * @throws Error when there is none
 */
export async function revert(dataSource: DataSource, { patienceMs = 600_000 }: MigrateOptions = {}): Promise<void> {
  await withMigrationLock(dataSource, patienceMs, async (runner) => {
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = dataSource.options.migrationsTransactionMode ?? 'each';
    await executor.undoLastMigration();
  });
}

async function withMigrationLock<T>(dataSource: DataSource, patienceMs: number, work: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    const client: unknown = await runner.connect();
    // The folder's lock keeps every other process away from the embedded database.
    if (isEmbedded(dataSource)) return await work(runner);
    return await withoutTimeLimit(runner, client, async () => {
      await takeLock(runner, patienceMs);
      try {
        return await work(runner);
      } finally {
        await quietly(runner.query('SELECT pg_advisory_unlock($1)', [lockKey]));
      }
    });
  } finally {
    await runner.release();
  }
}

/** An index on a large table takes longer than any request may. The limit on locks stays: a waiting ALTER TABLE stops every reader behind it. */
async function withoutTimeLimit<T>(runner: QueryRunner, client: unknown, work: () => Promise<T>): Promise<T> {
  const watched = client instanceof DatabaseClient ? client : undefined;
  const answerWithinMs = watched?.answerWithinMs ?? 0;
  if (watched) watched.answerWithinMs = 0;
  await runner.query('SET statement_timeout = 0');
  try {
    return await work();
  } finally {
    if (watched) watched.answerWithinMs = answerWithinMs;
    await quietly(runner.query(sessionSql));
  }
}

/** Asks again and again instead of waiting inside a statement: CREATE INDEX CONCURRENTLY of the node that migrates would wait for that statement. */
async function takeLock(runner: QueryRunner, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const rows = (await runner.query('SELECT pg_try_advisory_lock($1) AS taken', [lockKey])) as { taken: boolean }[];
    if (rows[0]?.taken) return;
    if (Date.now() >= deadline) throw new Error(`Another node has been migrating this database for more than ${patienceMs / 1000} s.`);
    await sleep(200);
  }
}

/** For clean-up on a connection that may be lost: then the server has cleaned up itself, and the first error is the one to tell. */
async function quietly(work: Promise<unknown>): Promise<void> {
  await work.catch(() => undefined);
}
