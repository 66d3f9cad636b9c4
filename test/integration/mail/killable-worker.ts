import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { transformFile } from '@swc/core';
import type { WorkerOptions } from './worker.js';

const root = resolve(import.meta.dirname, '../../..');
const parts = [
  'src/common',
  'src/config',
  'src/contracts',
  'src/database',
  'src/platform/mail',
  'src/platform/telemetry',
  'test/integration/mail',
];

/** Translates what a mail worker consists of, so that it can run in a process that really gets killed. */
export async function translateWorker(): Promise<{ run(options: WorkerOptions): Promise<ChildProcess>; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-mail-worker-'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const part of parts) {
    for (const name of await readdir(join(root, part), { recursive: true })) {
      if (!name.endsWith('.ts') || name.endsWith('.spec.ts')) continue;
      const { code } = await transformFile(join(root, part, name), { configFile: join(root, '.swcrc'), cwd: root, sourceMaps: false });
      const target = join(folder, part, name.replace(/\.ts$/, '.js'));
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, code);
    }
  }
  return {
    async run(options) {
      const child = spawn(process.execPath, [join(folder, 'test/integration/mail/run-worker.js'), JSON.stringify(options)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      return child;
    },
    async remove() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** kill -9, and the process is really gone. */
export async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
