import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freshDataFolder } from './database-templates.js';
import { RestClient } from './rest-client.js';
import { freePort, temporaryFolder } from './settings.js';

/** A server in a process of its own, as `npm start` runs it: it can be killed. */
export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly rest: RestClient;
  readonly child: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  /** Ends it by a signal and waits. @returns exit code, or the signal's name */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | string>;
}

const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Ends whatever a failed test has left running. For `afterAll`. */
export function endLeftovers(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** What a program printed, and how it ended. */
export interface Ended {
  code: number | string;
  output: string;
}

function run(
  script: string,
  args: readonly string[],
  nodeOptions: readonly string[],
  environment: Record<string, string>,
  folder = process.cwd(),
): { child: ChildProcess; output: () => string; ended: Promise<Ended> } {
  if (!existsSync(join(folder, 'dist/server/main.js')))
    throw new Error('The server is not built: run "npm test", or "npm run build" first.');
  const { NODE_OPTIONS: _options, ...rest } = process.env;
  const child = spawn(process.execPath, [...nodeOptions, script, ...args], {
    cwd: folder,
    env: { ...rest, NODE_ENV: 'test', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code, signal) => resolve({ code: code ?? signal ?? 'unknown', output: printed })),
  );
  return { child, output: () => printed, ended };
}

/** Runs one of the commands of src/cli to its end. */
export async function runCommand(name: string, args: readonly string[], environment: Record<string, string>): Promise<Ended> {
  return run(`dist/server/cli/${name}.js`, args, [], environment).ended;
}

/** Runs the server and gives how it ended: for starts that must fail. */
export async function failedStart(environment: Record<string, string>, nodeOptions: readonly string[] = []): Promise<Ended> {
  const { child, ended } = run('dist/server/main.js', [], nodeOptions, environment);
  const timer = setTimeout(() => child.kill('SIGKILL'), 120_000);
  const result = await ended;
  clearTimeout(timer);
  return result;
}

/**
 * Starts a server and waits until it is ready.
 * @param nodeOptions for example `--import` of something from test/support/preload
 * @param folder where its program is, if it is another version's
 */
export async function startServer(
  environment: Record<string, string> = {},
  nodeOptions: readonly string[] = [],
  folder?: string,
): Promise<ServerProcess> {
  const port = Number(environment['PORT'] ?? (await freePort()));
  const dataDir = environment['DATA_DIR'] ?? (environment['DATABASE_URL'] ? temporaryFolder() : await freshDataFolder());
  const url = `http://127.0.0.1:${port}`;
  const settings = { PORT: String(port), PUBLIC_URL: url, DATA_DIR: dataDir, LOG_LEVEL: 'warn', RATE_LIMIT_SCALE: '1000', ...environment };
  const { child, output, ended } = run('dist/server/main.js', [], nodeOptions, settings, folder);
  const deadline = Date.now() + 120_000;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The server ended:\n${output()}`);
    const ready = await fetch(`${url}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
    // Its own words too: somebody else may have taken the free port in the meantime, and be ready.
    if (ready && output().includes('is running at')) break;
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`The server was not ready in time:\n${output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    port,
    dataDir,
    rest: new RestClient(url),
    child,
    output,
    end: async (signal) => {
      child.kill(signal);
      return (await ended).code;
    },
  };
}
