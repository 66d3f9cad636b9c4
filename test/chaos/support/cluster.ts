import { rmSync } from 'node:fs';
import { RestClient } from '../../support/rest-client.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { type RunningPostgres, startPostgres } from '../../support/postgres.js';
import { type RunningRedis, startRedis } from '../../support/redis.js';
import { type ServerProcess, startServer } from '../../support/server-process.js';
import { freePort } from '../../support/settings.js';
import { type RunningNginx, startNginx } from './nginx.js';

/** Nodes of one installation as plain processes, with a PostgreSQL and a Redis of their own. */
export interface Cluster {
  readonly postgres: RunningPostgres;
  readonly redis: RunningRedis;
  readonly databaseUrl: string;
  /** What every node is started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** By number; one that was killed stays in its place until `revive`. */
  readonly nodes: readonly ServerProcess[];
  /** The proxy in front; null unless asked for. */
  readonly proxy: RunningNginx | null;
  /** The addresses of the nodes, also of one that is down. */
  readonly urls: readonly string[];
  newPerson(name?: string): Promise<TestPerson>;
  /** Starts a node again on its port. */
  revive(index: number, environment?: Record<string, string>, nodeOptions?: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  nodes?: number;
  proxy?: boolean;
  environment?: Record<string, string>;
}

/** Starts everything, side by side. */
export async function startCluster({ nodes: count = 3, proxy = false, environment = {} }: ClusterOptions = {}): Promise<Cluster> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const databaseUrl = await postgres.createDatabase();
  const ports: number[] = [];
  while (ports.length < count) {
    const port = await freePort();
    if (!ports.includes(port)) ports.push(port);
  }
  const proxyPort = proxy ? await freePort() : null;
  const common = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    JWT_ACCESS_SECRET: 'q7Zt0mXv9RkPw2LfYc5HdJs8BnGa3UeE6iOxTl1VrKy4',
    ...(proxyPort === null ? {} : { TRUST_PROXY: '1', PUBLIC_URL: `http://127.0.0.1:${proxyPort}` }),
    ...environment,
  };
  const start = async (port: number, more: Record<string, string> = {}, nodeOptions: readonly string[] = []) =>
    startServer({ ...common, PORT: String(port), ...more }, nodeOptions);
  const nodes = await Promise.all(ports.map(async (port) => start(port)));
  const nginx = proxyPort === null ? null : await startNginx(proxyPort, ports);
  return {
    postgres,
    redis,
    databaseUrl,
    environment: common,
    nodes,
    proxy: nginx,
    urls: ports.map((port) => `http://127.0.0.1:${port}`),
    newPerson: async (name) => newPerson({ anonymous: new RestClient(`http://127.0.0.1:${ports[0]!}`) }, name),
    revive: async (index, more, nodeOptions) => {
      rmSync(nodes[index]!.dataDir, { recursive: true, force: true });
      nodes[index] = await start(ports[index]!, more, nodeOptions);
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
