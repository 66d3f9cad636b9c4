import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate, openDataSource } from '../../src/database/index.js';

/** What is in a database that a test gets: today's schema, or nothing. */
export type Schema = 'current' | 'empty';

/** Making a database takes seconds, copying one a tenth of a second. What is made once is kept here, beside the other tools' caches. */
const shelf = resolve('node_modules/.cache/parley-tests');

/** Whoever makes a template has died when it takes longer than this, in ms. */
const longestMaking = 120_000;
/** Templates of another state of the code that nobody has used for so long, in ms, are removed. */
const keptFor = 3_600_000;

/** Everything that a finished database depends on: the code that makes it, the migrations, the libraries. */
function stateOfTheCode(): string {
  const hash = createHash('sha256').update(process.version).update(readFileSync('package-lock.json'));
  const files = readdirSync('src/database', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  for (const name of files.sort()) hash.update(`${name}\n`).update(readFileSync(join('src/database', name)));
  return hash.digest('hex').slice(0, 16);
}

/**
 * The folder of a template, which is made by the first who asks for it, also of several processes.
 * @param make fills the folder that it is given, and is called by one process at a time
 */
export async function template(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const home = join(shelf, stateOfTheCode());
  const finished = join(home, name);
  const turn = `${finished}.turn`;
  mkdirSync(home, { recursive: true });
  while (!existsSync(finished)) {
    if (!takeTurn(turn)) {
      await sleep(50);
      continue;
    }
    const draft = mkdtempSync(`${finished}.draft-`);
    try {
      if (existsSync(finished)) break;
      await make(draft);
      putIn(draft, finished);
      tidy(home);
    } finally {
      rmSync(draft, { recursive: true, force: true });
      rmSync(turn, { recursive: true, force: true });
    }
  }
  utimesSync(home, new Date(), new Date());
  return finished;
}

/** Whoever took longer than `longestMaking` may find that somebody else has made it meanwhile: theirs is as good. */
function putIn(draft: string, finished: string): void {
  try {
    renameSync(draft, finished);
  } catch (error) {
    if (!existsSync(finished)) throw error;
  }
}

function takeTurn(turn: string): boolean {
  try {
    mkdirSync(turn);
    return true;
  } catch {
    const since = statSync(turn, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > longestMaking) rmdirSync(turn);
    return false;
  }
}

function tidy(current: string): void {
  for (const name of readdirSync(shelf)) {
    const path = join(shelf, name);
    const used = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (path !== current && Date.now() - used > keptFor) rmSync(path, { recursive: true, force: true });
  }
}

/** Copies a folder with owners and rights. The program of the system takes half of the time that Node does. */
export function copyFolder(from: string, to: string): void {
  const { status, stderr, error } = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cp: ${error?.message ?? stderr}`);
}

/** A throw-away data folder with an embedded database that only has to be opened. */
export async function freshDataFolder(schema: Schema = 'current'): Promise<string> {
  const source = await template(`embedded-${schema}`, async (folder) => {
    const dataSource = await openDataSource({ dataDir: folder });
    if (schema === 'current') await migrate(dataSource);
    await dataSource.query('CHECKPOINT');
    await dataSource.destroy();
  });
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-test-'));
  copyFolder(join(source, 'pg'), join(dataDir, 'pg'));
  return dataDir;
}
