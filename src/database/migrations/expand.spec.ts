import { describe, expect, it } from '@jest/globals';
import type { QueryRunner } from 'typeorm';
import { migrations } from './index.js';

/** Migrations up to here were made before several nodes could run side by side. */
const first = 1763700000020;

/** What would break the statements of a node of the version before, while the new one is up already. */
const breaking: [string, RegExp][] = [
  ['drops a table or a column', /\bDROP\s+(?:TABLE|COLUMN)\b/i],
  ['renames something', /\bRENAME\b/i],
  ['changes the type of a column', /\bALTER\s+(?:COLUMN\s+)?\w+\s+(?:SET\s+DATA\s+)?TYPE\b/i],
  ['demands a value that old nodes do not write', /\bSET\s+NOT\s+NULL\b/i],
  [
    'adds a column that old nodes do not write',
    /\bADD\s+(?:COLUMN\s+)?(?!CONSTRAINT)\w+\s+[^,;]*\bNOT\s+NULL\b(?![^,;]*\b(?:DEFAULT|GENERATED)\b)/i,
  ],
];

async function statementsOf(Migration: (typeof migrations)[number]): Promise<{ name: string; statements: string[] }> {
  const statements: string[] = [];
  const migration = new Migration();
  const runner = { query: async (sql: string) => void statements.push(sql) } as unknown as QueryRunner;
  await migration.up(runner);
  return { name: migration.name ?? '', statements };
}

/** What a statement with a default after NOT NULL or before it looks like to the patterns. */
function faultsIn(sql: string): string[] {
  const withDefault = /\bDEFAULT\b[^,;]*\bNOT\s+NULL\b/gi;
  return breaking.filter(([, pattern]) => pattern.test(sql.replace(withDefault, 'DEFAULT'))).map(([words]) => words);
}

describe('migrations', () => {
  it('only add, so that nodes of the version before go on working beside the new ones', async () => {
    const later = migrations.filter((Migration) => Number(/\d+$/.exec(new Migration().name ?? '')![0]) >= first);
    for (const Migration of later) {
      const { name, statements } = await statementsOf(Migration);
      expect([name, statements.flatMap(faultsIn)]).toEqual([name, []]);
    }
  });

  it.each([
    'ALTER TABLE rooms DROP COLUMN title',
    'DROP TABLE rooms',
    'ALTER TABLE rooms RENAME COLUMN title TO name',
    'ALTER TABLE rooms ALTER COLUMN title TYPE integer',
    'ALTER TABLE rooms ALTER COLUMN title SET NOT NULL',
    'ALTER TABLE rooms ADD COLUMN topic text NOT NULL',
  ])('%s would be found', (sql) => expect(faultsIn(sql)).not.toEqual([]));

  it.each([
    'ALTER TABLE rooms ADD COLUMN topic text',
    "ALTER TABLE rooms ADD COLUMN topic text NOT NULL DEFAULT ''",
    "ALTER TABLE rooms ADD COLUMN topic text DEFAULT '' NOT NULL",
    'ALTER TABLE rooms ADD CONSTRAINT ck_topic CHECK (topic IS NOT NULL) NOT VALID',
    'CREATE TABLE topics (id uuid NOT NULL)',
    'DROP INDEX ix_rooms_old',
  ])('%s is no fault', (sql) => expect(faultsIn(sql)).toEqual([]));
});
