import { Logger } from '@nestjs/common';
import {
  type DataSource,
  type EntityManager,
  type QueryRunner,
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
} from 'typeorm';
import { DatabaseConnectionLostError, driverError, TransactionAbortedError } from './database-errors.js';

type Hook = () => unknown;

const logger = new Logger('Transaction');
const hooksOf = new WeakMap<QueryRunner, Hook[]>();

/**
 * Runs `work` in one transaction and gives its result once COMMIT has succeeded; then the hooks of `afterCommit` have run, too.
 * With a manager that is inside of a transaction already, a savepoint: its hooks wait for the outer COMMIT and are forgotten when it is rolled back.
 * Inside, await nothing but SQL: the embedded database serves one transaction at a time.
 * @throws whatever `work` throws, after the rollback; TransactionAbortedError when `work` swallowed the error of a statement;
 *   DatabaseConnectionLostError.
 *   After a connection lost at COMMIT (`isDatabaseUnavailable`) it is open whether the transaction took effect.
 */
export async function inTransaction<T>(on: DataSource | EntityManager, work: (manager: EntityManager) => Promise<T>): Promise<T> {
  const outer = 'queryRunner' in on && on.queryRunner ? hooksOf.get(on.queryRunner) : undefined;
  if (outer) {
    const before = outer.length;
    try {
      return await (on as EntityManager).transaction(work);
    } catch (error) {
      outer.length = before;
      throw error;
    }
  }

  const hooks: Hook[] = [];
  const result = await on
    .transaction(async (manager) => collecting(hooks, manager, work))
    .catch((error: unknown) => {
      throw named(error);
    });
  for (const hook of hooks) await runHook(hook);
  return result;
}

/** Two failures that TypeORM hides behind errors of its own. */
function named(error: unknown): unknown {
  const cause = driverError(error);
  if (cause instanceof TransactionAbortedError) return cause;
  // TypeORM releases a runner by itself when its connection is lost between two statements.
  const lost = error instanceof QueryRunnerAlreadyReleasedError || error instanceof QueryRunnerProviderAlreadyReleasedError;
  if (lost) return new DatabaseConnectionLostError({ cause: error });
  return error;
}

async function collecting<T>(hooks: Hook[], manager: EntityManager, work: (manager: EntityManager) => Promise<T>): Promise<T> {
  const runner = manager.queryRunner!;
  hooksOf.set(runner, hooks);
  try {
    return await work(manager);
  } finally {
    hooksOf.delete(runner);
  }
}

/**
 * Has `hook` run once the transaction of `manager` is committed, in the order of the calls, and never after a rollback.
 * The one way for a feature to publish what it wrote. A hook that fails is logged and changes nothing: the commit has happened.
 * @throws Error outside of `inTransaction`
 */
export function afterCommit(manager: EntityManager, hook: Hook): void {
  const hooks = manager.queryRunner && hooksOf.get(manager.queryRunner);
  if (!hooks) throw new Error('afterCommit belongs inside of inTransaction, with the manager that it hands over.');
  hooks.push(hook);
}

async function runHook(hook: Hook): Promise<void> {
  try {
    await hook();
  } catch (error) {
    logger.error('A hook after a commit failed.', error instanceof Error ? error.stack : String(error));
  }
}
