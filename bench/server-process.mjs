import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const collectOnSignal = fileURLToPath(new URL('./collect-on-signal.mjs', import.meta.url));
/** Linux counts CPU time in ticks of 10 ms. */
const microsecondsPerTick = 10_000;

/** A free port of the loopback. */
export async function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Microseconds of CPU that a process has used; with `family` also its children, those that are gone too. */
export function cpuOf(pid, { family = false } = {}) {
  const own = times(pid);
  if (!own) return 0;
  let ticks = own.used;
  if (family) {
    ticks += own.waited;
    for (const entry of readdirSync('/proc')) {
      const other = /^\d+$/.test(entry) ? times(entry) : null;
      if (other?.parent === pid) ticks += other.used + other.waited;
    }
  }
  return ticks * microsecondsPerTick;
}

function times(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), used: Number(fields[11]) + Number(fields[12]), waited: Number(fields[13]) + Number(fields[14]) };
  } catch {
    return null;
  }
}

/** Memory that a process holds, in kB. */
export function residentOf(pid) {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
}

/** The most memory that a process held since `forgetPeak`, in kB. */
export function peakOf(pid) {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
}

/**
 * Starts a server as a process of its own and waits until its port takes connections.
 * @param script the file to run; it is told its port by `PORT`
 */
export async function startServer(name, script, { env = {}, flags = [] } = {}) {
  const port = await freePort();
  const child = spawn(process.execPath, ['--expose-gc', '--import', collectOnSignal, ...flags, script], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-4_000)));
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const deadline = Date.now() + 60_000;
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${name} does not start: ${said}`);
    await sleep(50);
  }
  return {
    name,
    port,
    pid: child.pid,
    /** Microseconds of CPU used so far. */
    cpu: () => cpuOf(child.pid),
    /** Resident memory in kB, after a garbage collection. */
    async resident() {
      for (let round = 0; round < 2; round++) {
        child.kill('SIGUSR2');
        await sleep(400);
      }
      return residentOf(child.pid);
    },
    /** Begins to look anew for the most memory that it holds. */
    forgetPeak: () => writeFileSync(`/proc/${child.pid}/clear_refs`, '5'),
    /** The most memory that it held since then, in kB. */
    peak: () => peakOf(child.pid),
    said: () => said,
    async stop() {
      process.off('exit', killWithUs);
      if (child.exitCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(late);
    },
  };
}

async function answers(port) {
  try {
    await fetch(`http://127.0.0.1:${port}/health/live`, { signal: AbortSignal.timeout(1_000) });
    return true;
  } catch {
    return false;
  }
}
