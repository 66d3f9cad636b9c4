import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { openDataSource } from '../../../src/database/data-source.js';
import { isForeignKeyViolation, isUniqueViolation, TransactionAbortedError } from '../../../src/database/database-errors.js';
import { afterCommit, inTransaction } from '../../../src/database/transaction.js';
import { describeOnBoth } from './support/databases.js';

describeOnBoth('a transaction', (fresh) => {
  let source: DataSource;
  let told: string[];
  const rows = async (): Promise<unknown> =>
    (await source.query<{ name: string }[]>('SELECT name FROM things ORDER BY name')).map(({ name }) => name);

  beforeAll(async () => {
    source = await openDataSource(await fresh());
    await source.query(`CREATE TABLE things (
      name text CONSTRAINT uq_thing UNIQUE, parent text CONSTRAINT fk_thing REFERENCES things (name) DEFERRABLE INITIALLY DEFERRED)`);
  });
  afterAll(async () => source.destroy());
  beforeEach(async () => {
    told = [];
    await source.query('DELETE FROM things');
  });

  it('tells its news in order, after the commit and not before', async () => {
    const result = await inTransaction(source, async (manager) => {
      await manager.query(`INSERT INTO things VALUES ('a')`);
      afterCommit(manager, async () => told.push(`first, sees ${String(await rows())}`));
      afterCommit(manager, () => told.push('second'));
      expect(told).toEqual([]);
      return 42;
    });
    expect(result).toBe(42);
    expect(told).toEqual(['first, sees a', 'second']);
  });

  it('tells nothing after a rollback', async () => {
    const attempt = inTransaction(source, async (manager) => {
      await manager.query(`INSERT INTO things VALUES ('a')`);
      afterCommit(manager, () => told.push('never'));
      throw new Error('no');
    });
    await expect(attempt).rejects.toThrow('no');
    expect(told).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  it('tells nothing when the COMMIT itself fails', async () => {
    const attempt = inTransaction(source, async (manager) => {
      await manager.query(`INSERT INTO things VALUES ('a', 'nobody')`);
      afterCommit(manager, () => told.push('never'));
    });
    expect(isForeignKeyViolation(await attempt.catch((error: unknown) => error), 'fk_thing')).toBe(true);
    expect(told).toEqual([]);
  });

  it('fails when a failed statement was swallowed, because then COMMIT rolls back', async () => {
    const attempt = inTransaction(source, async (manager) => {
      afterCommit(manager, () => told.push('never'));
      await manager.query(`INSERT INTO things VALUES ('a')`);
      await manager.query('SELECT 1/0').catch(() => undefined);
    });
    await expect(attempt).rejects.toThrow(TransactionAbortedError);
    expect(told).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  it('nests: what an inner part took back is forgotten, the rest waits for the outer commit', async () => {
    await inTransaction(source, async (manager) => {
      afterCommit(manager, () => told.push('outer'));
      await inTransaction(manager, async (inner) => {
        await inner.query(`INSERT INTO things VALUES ('kept')`);
        afterCommit(inner, () => told.push('kept'));
      });
      await inTransaction(manager, async (inner) => {
        await inner.query(`INSERT INTO things VALUES ('lost')`);
        afterCommit(inner, () => told.push('lost'));
        throw new Error('inner');
      }).catch(() => undefined);
      expect(told).toEqual([]);
    });
    expect(told).toEqual(['outer', 'kept']);
    expect(await rows()).toEqual(['kept']);
  });

  it('a hook that fails is logged, and hinders neither the next hook nor the caller', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    await inTransaction(source, async (manager) => {
      afterCommit(manager, () => Promise.reject(new Error('a hook that fails on purpose')));
      afterCommit(manager, () => told.push('still told'));
    });
    expect(told).toEqual(['still told']);
    expect(logged).toHaveBeenCalledTimes(1);
    logged.mockRestore();
  });

  it('hooks outside of a transaction are a mistake that is told at once', () => {
    expect(() => afterCommit(source.manager, () => undefined)).toThrow('inside of inTransaction');
  });

  it('a unique violation is known by the name of its constraint', async () => {
    await source.query(`INSERT INTO things VALUES ('a')`);
    const fault = await source.query(`INSERT INTO things VALUES ('a')`).catch((error: unknown) => error);
    expect(isUniqueViolation(fault)).toBe(true);
    expect(isUniqueViolation(fault, 'uq_thing')).toBe(true);
    expect(isUniqueViolation(fault, 'fk_thing')).toBe(false);
    expect(isUniqueViolation(new Error('23505'))).toBe(false);
  });
});
