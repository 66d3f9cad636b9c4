import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DatabaseSettings } from '../../../src/database/data-source.js';
import { CompiledDatabase } from './support/child.js';
import { describeOnBoth } from './support/databases.js';

const cli = `await import('./src/cli/migration.js');`;
const folder = 'src/database/migrations';

const entities = (columns: string): string => `
import { Column, Entity, PrimaryColumn } from 'typeorm';
@Entity('cli_things')
class Thing {
  @PrimaryColumn('int') id!: number;
  ${columns}
}
export const entities = [Thing];`;

describeOnBoth('the migration command', (fresh) => {
  let settings: DatabaseSettings;
  let compiled: CompiledDatabase;

  beforeAll(async () => {
    settings = await fresh('empty');
    compiled = new CompiledDatabase();
    compiled.add(`${folder}/index.ts`, 'export const migrations = [];');
  });
  afterAll(() => compiled.remove());

  const run = async (...args: string[]): Promise<{ code: number | string; said: string }> => {
    const env = { DATA_DIR: settings.dataDir, DATABASE_URL: settings.databaseUrl ?? '', JWT_ACCESS_SECRET: 'k3'.repeat(24) };
    const child = compiled.run(cli, args, env);
    const code = await child.ended;
    compiled.compileWritten(folder);
    return { code, said: child.lines.join('\n') + child.errors() };
  };

  it('explains itself when it is called wrongly', async () => {
    expect(await run()).toEqual({ code: 1, said: expect.stringContaining('npm run migration:generate') });
    expect((await run('generate', '../Evil')).said).toContain('needs a name');
  });

  it('writes what differs, runs it, finds nothing more, and takes it back', async () => {
    compiled.add(
      'src/entities.ts',
      entities(`@Column('text', { default: "a \`tick\` and \${process.exit(9)} and a \\\\\\\\ slash" }) name!: string;`),
    );
    expect((await run('generate', 'add-things')).said).toMatch(/Written: src\/database\/migrations\/\d+-add-things\.ts/);
    const file = readdirSync(join(compiled.folder, folder)).find((name) => name.endsWith('-add-things.ts'))!;
    expect(readFileSync(join(compiled.folder, folder, file), 'utf8')).toContain('\\${process.exit(9)}');

    expect((await run('generate', 'too-early')).said).toContain('migration:run first');
    expect(await run('run')).toEqual({ code: 0, said: expect.stringMatching(/^Done: AddThings\d+\.$/) });
    expect((await run('run')).said).toBe('The database is up to date.');
    expect((await run('generate', 'again')).said).toContain('nothing to write');

    expect((await run('revert')).code).toBe(0);
    expect((await run('run')).said).toMatch(/^Done: AddThings/);
  });
});
