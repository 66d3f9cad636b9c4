import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { transformFileSync } from '@swc/core';

const root = process.cwd();

export interface Child {
  readonly process: ChildProcess;
  /** Lines of standard output so far. */
  readonly lines: string[];
  /** Standard error so far. */
  errors(): string;
  /** Waits for a line that begins with `start`, at most 2 minutes. */
  line(start: string): Promise<string>;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** The database's source as JavaScript in a throw-away folder, so that real processes can run it and be killed. */
export class CompiledDatabase {
  readonly folder = mkdtempSync(join(tmpdir(), 'parley-compiled-'));

  constructor() {
    for (const part of ['contracts', 'common', 'config', 'database', 'cli']) this.#compile(join(root, 'src', part));
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }');
  }

  /** Runs a script that imports from './src/database/…'. */
  run(script: string, args: readonly string[] = [], env: Record<string, string> = {}): Child {
    const file = join(this.folder, `script-${Math.random().toString(36).slice(2)}.js`);
    writeFileSync(file, script);
    const child = spawn(process.execPath, [file, ...args], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', ...env },
    });
    const lines: string[] = [];
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const reader = createInterface(child.stdout);
    reader.on('line', (line) => lines.push(line));
    const ended = new Promise<number | NodeJS.Signals>((resolve) => child.once('close', (code, signal) => resolve(code ?? signal ?? 0)));
    const line = async (start: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find((candidate) => candidate.startsWith(start));
          if (found === undefined) return;
          stop();
          resolve(found);
        };
        const timer = setTimeout(() => give(`no "${start}" within 2 minutes`), 120_000);
        const stop = (): void => {
          clearTimeout(timer);
          reader.off('line', look);
        };
        const give = (why: string): void => {
          stop();
          reject(new Error(`${why}: ${errors}`));
        };
        reader.on('line', look);
        ended.then((how) => give(`ended (${how}) before "${start}"`), reject);
        look();
      });
    return { process: child, lines, errors: () => errors, line, ended };
  }

  /** Adds a module, for example `src/entities.ts`, and compiles it. */
  add(path: string, typescript: string): void {
    const target = join(this.folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, typescript);
    this.#transform(target, target.replace(/\.ts$/, '.js'));
  }

  /** Compiles what a program has written as TypeScript below `path`. */
  compileWritten(path: string): void {
    for (const name of readdirSync(join(this.folder, path))) {
      if (name.endsWith('.ts')) this.#transform(join(this.folder, path, name), join(this.folder, path, name.replace(/\.ts$/, '.js')));
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #compile(folder: string): void {
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.ts') || entry.name.endsWith('.spec.ts')) continue;
      const source = join(entry.parentPath, entry.name);
      this.#transform(source, join(this.folder, relative(root, source)).replace(/\.ts$/, '.js'));
    }
  }

  #transform(source: string, target: string): void {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, transformFileSync(source, { configFile: join(root, '.swcrc'), cwd: root }).code);
  }
}
