import { describe, expect, it } from '@jest/globals';
import { migrationsIndex, migrationSource } from './migration-source.js';

/** Runs the statements of a generated migration and gives what they would send. */
async function run(source: string, direction: 'up' | 'down'): Promise<unknown[][]> {
  const body = new RegExp(`async ${direction}\\(runner: QueryRunner\\): Promise<void> \\{\\n([\\s\\S]*?)\\n  \\}\\n`).exec(source)![1]!;
  const sent: unknown[][] = [];
  const AsyncFunction = (async () => undefined).constructor as new (...args: string[]) => (runner: unknown) => Promise<void>;
  await new AsyncFunction('runner', body)({ query: async (...args: unknown[]) => sent.push(args) });
  return sent;
}

describe('a generated migration', () => {
  it('does the statements in order, and undoes them in the opposite order', async () => {
    const source = migrationSource('1763700000000-add-avatar.ts', {
      upQueries: [{ query: 'one' }, { query: 'two', parameters: ['a', 1] }],
      downQueries: [{ query: 'undo one' }, { query: 'undo two' }],
    });
    expect(source).toContain('export class AddAvatar1763700000000 implements MigrationInterface');
    expect(await run(source, 'up')).toEqual([['one'], ['two', ['a', 1]]]);
    expect(await run(source, 'down')).toEqual([['undo two'], ['undo one']]);
  });

  it.each([
    '`); process.exit(1); (`',
    '${process.exit(1)}',
    '\\`); process.exit(1); (`',
    '\\${process.exit(1)}',
    '$\\{x}',
    "E'\\n\\\\' `",
    '\\',
  ])('holds SQL as data, never as code: %s', async (query) => {
    const source = migrationSource('1-x.ts', { upQueries: [{ query }], downQueries: [{ query }] });
    expect(await run(source, 'up')).toEqual([[query]]);
  });

  it('is listed after the older ones', () => {
    const text = (name: string): string => `export class ${name} implements MigrationInterface {}`;
    const index = migrationsIndex(
      new Map([
        ['1763700000010-b.ts', text('B1763700000010')],
        ['1763700000002-a.ts', text('A1763700000002')],
      ]),
    );
    expect(index).toContain(
      "import { A1763700000002 } from './1763700000002-a.js';\nimport { B1763700000010 } from './1763700000010-b.js';",
    );
    expect(index).toContain('= [A1763700000002, B1763700000010];');
    expect(() => migrationsIndex(new Map([['1-x.ts', 'nothing']]))).toThrow('exports no class');
  });
});
