import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from '@jest/globals';
import { postgresAvailable } from './postgres.js';
import { freePort } from './settings.js';

/** A Redis server of a test's own. It keeps nothing: after a restart it knows nothing any more. */
export interface RunningRedis {
  readonly url: string;
  readonly pid: number;
  /** Ends it like a crash; the address stays good for `start`. */
  halt(): Promise<void>;
  start(): Promise<void>;
  /** Sends one command and gives the raw answer. */
  command(...words: string[]): Promise<string>;
  /** Ends it for good. */
  stop(): Promise<void>;
}

function program(): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .concat('/usr/bin', '/usr/local/bin')
    .map((folder) => join(folder, 'redis-server'))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * Why there is no Redis to test with, or null when there is one.
 * @throws Error instead where `CI=true`: there the tests must not pass without it
 */
export function redisAvailable(): string | null {
  if (program() !== undefined) return null;
  const reason = 'No redis-server on the PATH; on Debian: apt-get install redis-server.';
  if (process.env['CI'] === 'true') throw new Error(reason);
  return reason;
}

/** `describe` for tests of several nodes, which need PostgreSQL and Redis. Without them a single test says in words what was not tested. */
export function describeWithNodes(name: string, tests: () => void): void {
  const reason = postgresAvailable() ?? redisAvailable();
  if (reason === null) {
    describe(name, tests);
    return;
  }
  describe(name, () => {
    it('is NOT TESTED here: there is no PostgreSQL or no Redis', () => console.warn(`Not tested: ${name}. ${reason}`));
  });
}

class RedisServer implements RunningRedis {
  #child: ChildProcess | undefined;
  readonly #killWithUs = (): void => {
    this.#child?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  };

  constructor(
    readonly path: string,
    readonly folder: string,
    readonly port: number,
  ) {
    process.once('exit', this.#killWithUs);
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error('Redis is not running.');
    return this.#child.pid;
  }

  async start(): Promise<void> {
    if (this.#child) return;
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', this.folder];
    const child = spawn(this.path, settings, { stdio: 'ignore' });
    child.once('exit', () => {
      if (this.#child === child) this.#child = undefined;
    });
    this.#child = child;
    const deadline = Date.now() + 60_000;
    while (!(await this.command('PING').catch(() => '')).includes('PONG')) {
      if (!this.#child || Date.now() > deadline) throw new Error('Redis does not start.');
      await sleep(20);
    }
  }

  async halt(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  async stop(): Promise<void> {
    await this.halt();
    process.off('exit', this.#killWithUs);
    rmSync(this.folder, { recursive: true, force: true });
  }

  async command(...words: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1');
      socket.setTimeout(10_000, () => socket.destroy(new Error('Redis does not answer.')));
      socket.once('error', reject);
      socket.once('data', (data) => {
        socket.destroy();
        resolve(data.toString());
      });
      socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
    });
  }
}

/** Starts a Redis server on a free port of the loopback, without persistence. @throws Error when there is none (`redisAvailable` says why) */
export async function startRedis(): Promise<RunningRedis> {
  const path = program();
  if (path === undefined) throw new Error(redisAvailable() ?? 'No Redis.');
  const server = new RedisServer(path, mkdtempSync(join(tmpdir(), 'parley-redis-')), await freePort());
  await server.start();
  return server;
}
