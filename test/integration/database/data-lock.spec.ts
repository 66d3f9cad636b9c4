import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataFolderInUseError } from '../../../src/database/database-errors.js';
import { lockDataFolder } from '../../../src/database/embedded/data-lock.js';
import { type Child, CompiledDatabase } from './support/child.js';

const holder = `
import { lockDataFolder } from './src/database/embedded/data-lock.js';
try {
  const lock = await lockDataFolder(process.argv[2]);
  console.log('held');
  setInterval(() => {}, 1000);
  process.on('SIGTERM', async () => { await lock.release(); process.exit(0); });
} catch (error) {
  console.log('refused ' + error.name + ': ' + error.message);
}`;

describe('the lock of the data folder', () => {
  let compiled: CompiledDatabase;
  let folder: string;
  let children: Child[];
  const start = (where = folder): Child => {
    const child = compiled.run(holder, [where]);
    children.push(child);
    return child;
  };

  beforeAll(() => {
    compiled = new CompiledDatabase();
  });
  afterAll(() => compiled.remove());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-lock-'));
    children = [];
  });
  afterEach(async () => {
    for (const child of children) child.process.kill('SIGKILL');
    await Promise.all(children.map(async (child) => child.ended));
    await rm(folder, { recursive: true, force: true });
  });

  it('refuses a second process and says who holds it, since when, which folder, and what to do', async () => {
    const first = start();
    await first.line('held');
    const refusal = await start().line('refused');
    expect(refusal).toMatch(new RegExp(`process ${first.process.pid} on .+, since 20\\d\\d-.+Z`));
    expect(refusal).toContain(folder);
    expect(refusal).toContain('DATABASE_URL');
    await expect(lockDataFolder(folder)).rejects.toThrow(DataFolderInUseError);
  });

  it('is free at once after the holder was killed, and leaves nothing behind', async () => {
    for (let round = 0; round < 3; round += 1) {
      const child = start();
      await child.line('held');
      child.process.kill('SIGKILL');
      await child.ended;
    }
    const lock = await lockDataFolder(folder);
    expect(await readdir(join(folder, 'pg.lock'))).toHaveLength(1);
    await lock.release();
    expect(await readdir(join(folder, 'pg.lock'))).toEqual([]);
  });

  it('is free after it was released', async () => {
    const first = await lockDataFolder(folder);
    await expect(lockDataFolder(folder)).rejects.toThrow(DataFolderInUseError);
    await first.release();
    await (await lockDataFolder(folder)).release();
  });

  it('counts a frozen holder as alive', async () => {
    const first = start();
    await first.line('held');
    first.process.kill('SIGSTOP');
    await expect(lockDataFolder(folder)).rejects.toThrow('does not answer');
    first.process.kill('SIGCONT');
  });

  it.each([1, 2, 3])('of 10 processes that start at once over a dead one, exactly one gets it (%i)', async () => {
    const dead = start();
    await dead.line('held');
    dead.process.kill('SIGKILL');
    await dead.ended;
    const starters = Array.from({ length: 10 }, () => start());
    const answers = await Promise.all(starters.map(async (child) => Promise.race([child.line('held'), child.line('refused')])));
    expect(answers.filter((answer) => answer === 'held')).toHaveLength(1);
    expect(answers.filter((answer) => answer.startsWith('refused DataFolderInUseError'))).toHaveLength(9);
  });

  it('of 40 attempts at once in a row of rounds, exactly one gets it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const attempts = await Promise.allSettled(Array.from({ length: 40 }, async () => lockDataFolder(folder)));
      const won = attempts.filter((attempt) => attempt.status === 'fulfilled');
      expect(won).toHaveLength(1);
      await won[0]!.value.release();
    }
  });

  it('works in a folder whose path is longer than a socket address may be', async () => {
    const deep = join(folder, 'x'.repeat(60), 'y'.repeat(60));
    await mkdir(deep, { recursive: true });
    const first = start(deep);
    await first.line('held');
    await expect(lockDataFolder(deep)).rejects.toThrow(`process ${first.process.pid} `);
    first.process.kill('SIGKILL');
    await first.ended;
    await (await lockDataFolder(deep)).release();
    expect(await readdir(join(deep, 'pg.lock'))).toEqual([]);
  });

  it('is the same through a symbolic link', async () => {
    const { symlink } = await import('node:fs/promises');
    const lock = await lockDataFolder(folder);
    await symlink(folder, join(folder, 'alias'));
    await expect(lockDataFolder(join(folder, 'alias'))).rejects.toThrow(DataFolderInUseError);
    await lock.release();
  });
});
