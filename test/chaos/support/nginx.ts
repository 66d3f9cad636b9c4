import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** nginx with the house's own configuration, in front of some nodes. */
export interface RunningNginx {
  readonly url: string;
  /** What its access log says so far. */
  log(): string;
  /** Ends it at once, as a crash or a restart of the proxy does, and starts it again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Whether nginx is installed. It is never needed by the default suite. */
export function nginxAvailable(): boolean {
  return spawnSync('nginx', ['-v']).error === undefined;
}

/** @param change what differs from deploy/nginx/nginx.conf */
export async function startNginx(
  port: number,
  nodePorts: readonly number[],
  change: (configuration: string) => string = (text) => text,
): Promise<RunningNginx> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-nginx-'));
  // Its workers run as somebody else.
  chmodSync(folder, 0o777);
  const servers = nodePorts.map((nodePort) => `server 127.0.0.1:${nodePort} max_fails=1 fail_timeout=2s;`).join('\n');
  const text = readFileSync('deploy/nginx/nginx.conf', 'utf8')
    .replaceAll(/server parley-1:3000[^;]*;\s*server parley-2:3000[^;]*;/g, servers)
    .replace('listen 8080;', `listen 127.0.0.1:${port};`)
    .replaceAll(/\/tmp\/|\/dev\//g, `${folder}/`)
    .replaceAll(/limit_(?:conn|req) (?:zone=)?(?:sockets|accounts)[^;]*;/g, '');
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, change(text));
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    child = spawn('nginx', ['-c', file, '-p', folder, '-g', 'daemon off;'], { stdio: 'ignore' });
    for (let tries = 0; tries < 600; tries++) {
      if (await accepts(port)) return;
      await sleep(50);
    }
    throw new Error('nginx does not start.');
  };
  const halt = async (): Promise<void> => {
    const gone = new Promise((resolve) => child!.once('exit', resolve));
    child!.kill('SIGTERM');
    await gone;
  };
  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    log: () => readFileSync(join(folder, 'stdout'), 'utf8'),
    restart: async () => {
      await halt();
      await start();
    },
    stop: async () => {
      await halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
