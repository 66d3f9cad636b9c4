import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

const shelf = resolve('node_modules/.cache/parley-versions');

function run(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 });
  if (error || status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? `${stdout}${stderr}`}`);
  return stdout.trim();
}

/** A version of the server as it was. */
export interface EarlierVersion {
  commit: string;
  /** Where its dist/server is. */
  folder: string;
}

/**
 * The version before the newest migration, taken from git and built once.
 * @throws Error where there is no history to take it from
 */
export function versionBeforeTheNewestMigration(): EarlierVersion {
  const added = run('git', ['log', '-1', '--diff-filter=A', '--format=%H', '--', 'src/database/migrations/[0-9]*.ts'], '.');
  if (added === '') throw new Error('There is no history here that has a migration: a whole clone is needed.');
  const commit = run('git', ['rev-parse', `${added}^`], '.');
  const finished = join(shelf, commit);
  if (!existsSync(finished)) {
    mkdirSync(shelf, { recursive: true });
    const draft = mkdtempSync(join(shelf, 'draft-'));
    try {
      run('sh', ['-c', `git archive ${commit} | tar -x -C "${draft}"`], '.');
      symlinkSync(resolve('node_modules'), join(draft, 'node_modules'));
      run(process.execPath, [resolve('node_modules/@nestjs/cli/bin/nest.js'), 'build'], draft);
      renameSync(draft, finished);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }
  return { commit: commit.slice(0, 8), folder: finished };
}
