import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { accessSync, chownSync, constants, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from '@jest/globals';
import pg from 'pg';
import { migrate, openDataSource } from '../../src/database/index.js';
import { copyFolder, type Schema, template } from './database-templates.js';

export interface PostgresOptions {
  /** Safe against a power cut; off makes tests faster. Default off. */
  fsync?: boolean;
  /** Lines for postgresql.conf. */
  configuration?: readonly string[];
}

export interface RunningPostgres {
  /** Of the database that is there from the start. */
  readonly url: string;
  /** Process id of the postmaster. */
  readonly pid: number;
  /** Makes a database, with today's schema unless said otherwise, and gives its address. */
  createDatabase(schema?: Schema): Promise<string>;
  /** Runs a statement in the database that is there from the start. */
  ask(sql: string): Promise<void>;
  /** Stops the server; addresses and data stay good for `start`. `immediate` is a crash: clients are cut off, nothing is written out. */
  halt(how?: 'fast' | 'immediate'): Promise<void>;
  /** Starts a halted server on the same port. */
  start(): Promise<void>;
  /** Halts and starts. */
  restart(how?: 'fast' | 'immediate'): Promise<void>;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

/** The database with today's schema. */
const migrated = 'parley_migrated';

interface Account {
  uid: number;
  gid: number;
}

/** The folder of the newest server programs, or undefined. */
function programs(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.find((folder) => folder !== '' && ['initdb', 'postgres'].every((name) => isExecutable(join(folder, name))));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** PostgreSQL refuses to run as root: then it runs as somebody else. */
function account(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('PostgreSQL refuses to run as root, and there is neither a user "postgres" nor "nobody".');
}

/**
 * Why there is no PostgreSQL to test with, or null when there is one.
 * @throws Error instead where `CI=true`: there the tests must not pass without it
 */
export function postgresAvailable(): string | null {
  if (programs() !== undefined) return null;
  const reason =
    'No PostgreSQL server programs (initdb, postgres) in /usr/lib/postgresql/*/bin or on the PATH; on Debian: apt-get install postgresql.';
  if (process.env['CI'] === 'true') throw new Error(reason);
  return reason;
}

/** `describe` for tests that need PostgreSQL. Without one, a single test takes their place and says in words what was not tested. */
export function describeWithPostgres(name: string, tests: () => void): void {
  const reason = postgresAvailable();
  if (reason === null) {
    describe(name, tests);
    return;
  }
  describe(name, () => {
    it('is NOT TESTED here: there is no PostgreSQL', () => console.warn(`Not tested: ${name}. ${reason}`));
  });
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No free port.'))));
    });
  });
}

class Postmaster implements RunningPostgres {
  #child: ChildProcess | undefined;
  #databases = 0;
  #log = '';
  readonly #killWithUs = (): void => {
    this.#child?.kill('SIGQUIT');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  };

  constructor(
    readonly bin: string,
    readonly folder: string,
    readonly port: number,
    readonly owner: Account | undefined,
  ) {
    process.once('exit', this.#killWithUs);
  }

  get url(): string {
    return this.#address('postgres');
  }

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error('PostgreSQL is not running.');
    return this.#child.pid;
  }

  async start(): Promise<void> {
    if (this.#child) return;
    const child = spawn(join(this.bin, 'postgres'), ['-D', join(this.folder, 'data')], {
      ...this.owner,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#log = (this.#log + text).slice(-4_000)));
    child.once('exit', () => {
      if (this.#child === child) this.#child = undefined;
    });
    this.#child = child;
    await this.#untilReady();
  }

  async halt(how: 'fast' | 'immediate' = 'fast'): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGCONT');
    child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await gone;
  }

  async restart(how: 'fast' | 'immediate' = 'fast'): Promise<void> {
    await this.halt(how);
    await this.start();
  }

  async stop(): Promise<void> {
    await this.halt('immediate');
    process.off('exit', this.#killWithUs);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async createDatabase(schema: Schema = 'current'): Promise<string> {
    const name = `test_${(this.#databases += 1)}`;
    await this.ask(`CREATE DATABASE ${name} TEMPLATE ${schema === 'current' ? migrated : 'template1'}`);
    return this.#address(name);
  }

  /** Makes the database that `createDatabase` copies. */
  async prepare(): Promise<void> {
    await this.ask(`CREATE DATABASE ${migrated}`);
    const source = await openDataSource({ databaseUrl: this.#address(migrated), dataDir: '/nonexistent' });
    try {
      await migrate(source);
    } finally {
      await source.destroy();
    }
  }

  #address(database: string): string {
    return `postgres://postgres@127.0.0.1:${this.port}/${database}`;
  }

  async #untilReady(): Promise<void> {
    const deadline = Date.now() + 120_000;
    for (;;) {
      try {
        await this.ask('SELECT 1');
        return;
      } catch (cause) {
        if (!this.#child || Date.now() > deadline) throw new Error(`PostgreSQL does not start: ${this.#log}`, { cause });
        await sleep(50);
      }
    }
  }

  async ask(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 10_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(sql);
    } finally {
      await client.end();
    }
  }
}

/**
 * Starts a PostgreSQL server of its own on a free port of the loopback, in a throw-away folder.
 * @throws Error when there are no server programs (`postgresAvailable` says why) or it does not start within 2 minutes
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const bin = programs();
  if (bin === undefined) throw new Error(postgresAvailable() ?? 'No PostgreSQL.');
  const made = await template(`server${bin.replaceAll(/[^a-z0-9]+/gi, '-')}`, async (folder) => {
    const first = await startIn(bin, {}, (data, owner) => initialise(bin, data, owner));
    try {
      await first.prepare();
      await first.halt();
      copyFolder(join(first.folder, 'data'), join(folder, 'data'));
    } finally {
      await first.stop();
    }
  });
  return startIn(bin, options, (data) => copyFolder(join(made, 'data'), data));
}

function initialise(bin: string, data: string, owner: Account | undefined): void {
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync', '--no-instructions'],
    { ...owner, cwd: join(data, '..'), encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
}

async function startIn(
  bin: string,
  options: PostgresOptions,
  fill: (data: string, owner: Account | undefined) => void,
): Promise<Postmaster> {
  const owner = account();
  const folder = mkdtempSync(join(tmpdir(), 'parley-pg-'));
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  fill(data, owner);
  const port = await freePort();
  const settings = [
    `listen_addresses = '127.0.0.1'`,
    `port = ${port}`,
    `unix_socket_directories = '${folder}'`,
    `max_connections = 100`,
    `fsync = ${options.fsync ? 'on' : 'off'}`,
    ...(options.configuration ?? []),
  ];
  writeFileSync(join(data, 'postgresql.auto.conf'), `${settings.join('\n')}\n`);
  const postmaster = new Postmaster(bin, folder, port, owner);
  await postmaster.start();
  return postmaster;
}
