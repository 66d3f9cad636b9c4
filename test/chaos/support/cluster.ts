import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Schema } from '../../support/database-templates.js';
import { RestClient } from '../../support/rest-client.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { type RunningPostgres, startPostgres } from '../../support/postgres.js';
import { type RunningRedis, startRedis } from '../../support/redis.js';
import { runCommand, type ServerProcess, startServer } from '../../support/server-process.js';
import { freePort, temporaryFolder } from '../../support/settings.js';
import type { Place } from './load.js';
import { type RunningNginx, startNginx } from './nginx.js';
import { storedInDatabase } from './truth.js';

/** One of the people who are there from the start. */
export interface SeededPerson {
  id: string;
  username: string;
  token: string;
}

/** Nodes of one installation as plain processes, with a PostgreSQL and a Redis of their own. */
export interface Cluster extends Place {
  readonly postgres: RunningPostgres;
  readonly redis: RunningRedis;
  readonly databaseUrl: string;
  /** What every node is started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** By number; one that was killed stays in its place until `revive`. */
  readonly nodes: readonly ServerProcess[];
  /** The proxy in front; null unless asked for. */
  readonly proxy: RunningNginx | null;
  /** Those that `seed` asked for; all of them are members of the public rooms `r1…`. */
  readonly seeded: readonly SeededPerson[];
  newPerson(name?: string): Promise<TestPerson>;
  /** Starts a node again on its port. */
  revive(index: number, environment?: Record<string, string>, nodeOptions?: readonly string[]): Promise<void>;
  /** Ends a node as an operator does, and starts it again on its port. @returns how the old one ended */
  replace(index: number, environment?: Record<string, string>, nodeOptions?: readonly string[]): Promise<number | string>;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  nodes?: number;
  /** Whether there is one, or what differs from deploy/nginx/nginx.conf. */
  proxy?: boolean | ((configuration: string) => string);
  environment?: Record<string, string>;
  /** What is in the database before the first node starts. */
  schema?: Schema;
  /** People and rooms that are there from the start. */
  seed?: { users: number; rooms: number };
  /** Where the first nodes' program is: another version than this one's. */
  folder?: string;
}

/** Starts everything, side by side. A start that fails leaves nothing running. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  try {
    return await startNodes(postgres, redis, options);
  } catch (error) {
    await Promise.all([postgres.stop(), redis.stop()]);
    throw error;
  }
}

async function startNodes(
  postgres: RunningPostgres,
  redis: RunningRedis,
  { nodes: count = 3, proxy = false, environment = {}, schema = 'current', seed, folder }: ClusterOptions,
): Promise<Cluster> {
  const databaseUrl = await postgres.createDatabase(schema);
  const ports: number[] = [];
  while (ports.length < count) {
    const port = await freePort();
    if (!ports.includes(port)) ports.push(port);
  }
  const proxyPort = proxy === false ? null : await freePort();
  const common = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    JWT_ACCESS_SECRET: 'q7Zt0mXv9RkPw2LfYc5HdJs8BnGa3UeE6iOxTl1VrKy4',
    // The cases of a file share their people, and last longer together than the usual life of a token.
    ACCESS_TOKEN_TTL: '4h',
    ...(proxyPort === null ? {} : { TRUST_PROXY: '1', PUBLIC_URL: `http://127.0.0.1:${proxyPort}` }),
    ...environment,
  };
  const seeded = seed ? await plant(seed, common) : [];
  const start = async (port: number, more: Record<string, string> = {}, nodeOptions: readonly string[] = [], from?: string) =>
    startServer({ ...common, PORT: String(port), ...more }, nodeOptions, from);
  const nodes = await Promise.all(ports.map(async (port) => start(port, {}, [], folder)));
  const nginx = proxyPort === null ? null : await startNginx(proxyPort, ports, typeof proxy === 'function' ? proxy : undefined);
  const revive = async (index: number, more?: Record<string, string>, nodeOptions?: readonly string[]): Promise<void> => {
    rmSync(nodes[index]!.dataDir, { recursive: true, force: true });
    nodes[index] = await start(ports[index]!, more, nodeOptions);
  };
  return {
    postgres,
    redis,
    databaseUrl,
    environment: common,
    nodes,
    proxy: nginx,
    seeded,
    urls: ports.map((port) => `http://127.0.0.1:${port}`),
    stored: async (roomId) => storedInDatabase(databaseUrl, roomId),
    newPerson: async (name) => newPerson({ anonymous: new RestClient(`http://127.0.0.1:${ports[0]!}`) }, name),
    revive,
    replace: async (index, more, nodeOptions) => {
      const ended = await nodes[index]!.end('SIGTERM');
      await revive(index, more, nodeOptions);
      return ended;
    },
    stop: async () => {
      await nginx?.stop();
      await Promise.all(
        nodes.map(async (node) => {
          if (node.child.exitCode === null && node.child.signalCode === null) {
            node.child.kill('SIGCONT');
            await node.end('SIGKILL');
          }
          rmSync(node.dataDir, { recursive: true, force: true });
        }),
      );
      await Promise.all([redis.stop(), postgres.stop()]);
    },
  };
}

async function plant({ users, rooms }: { users: number; rooms: number }, environment: Record<string, string>): Promise<SeededPerson[]> {
  const folder = temporaryFolder();
  try {
    const tokens = join(folder, 'tokens.json');
    const { code, output } = await runCommand(
      'seed',
      ['--users', String(users), '--rooms', String(rooms), '--messages', String(rooms), '--tokens', tokens],
      { ...environment, DATA_DIR: folder },
    );
    if (code !== 0) throw new Error(`seed: ${output}`);
    return JSON.parse(readFileSync(tokens, 'utf8')) as SeededPerson[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
