import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { freePort } from './server-process.mjs';

/** The middle one of some numbers. */
export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** A server of one's own with a room `r1` of so many messages, a browser, and somebody who reads. Linux, Chromium on the PATH or in `CHROMIUM`. */
export async function openStage(messages) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-web-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const environment = {
    ...process.env,
    PORT: String(port),
    PUBLIC_URL: url,
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'warn',
    RATE_LIMIT_SCALE: '1000',
  };
  const reader = {
    login: 'reader@example.org',
    password: /password[^:]*: (\S+)/i.exec(await run('cli/admin', '--email', 'reader@example.org', '--username', 'reader'))[1],
  };
  await run('cli/seed', '--users', '10', '--rooms', '1', '--messages', String(messages), '--tokens', join(folder, 'tokens.json'));
  const [{ token }] = JSON.parse(readFileSync(join(folder, 'tokens.json'), 'utf8'));
  const server = spawn(process.execPath, ['dist/server/main.js'], { env: environment, stdio: 'ignore' });
  const killWithUs = () => server.kill('SIGKILL');
  process.once('exit', killWithUs);
  await ready();
  await signIn().then(({ access }) => call('PATCH', '/users/me', access, { profileCompleted: true }));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });

  /** Runs a command of the server to its end. @returns what it printed */
  async function run(script, ...args) {
    const child = spawn(process.execPath, [`dist/server/${script}.js`, ...args], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', (part) => (printed += part));
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`${script} ended with ${code}: ${printed}`);
    return printed;
  }

  async function ready() {
    const deadline = Date.now() + 60_000;
    while (
      !(await fetch(`${url}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      ))
    ) {
      if (Date.now() > deadline) throw new Error('The server was not ready in a minute.');
      await sleep(100);
    }
  }

  async function call(method, path, access, body) {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${access}`, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
    return answer.json();
  }

  async function signIn() {
    const answer = await fetch(`${url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(reader),
    });
    return answer.json();
  }

  return {
    url,
    browser,
    /** The room `r1`, as REST answers it to one of its members. */
    room: async () => (await call('GET', '/rooms/r1', token)).room,
    /** A browser of one's own; with `member`, one in which the reader logged in before. @returns its empty page, and the wire to its engine */
    async visit(options, { member = true } = {}) {
      const context = await browser.newContext(options);
      if (member) {
        const login = await context.request.post(`${url}/api/v1/auth/login`, {
          data: { ...reader, cookie: true },
          headers: { origin: url },
        });
        if (!login.ok()) throw new Error(`login: ${login.status()}`);
      }
      const page = await context.newPage();
      return { page, wire: await context.newCDPSession(page), leave: () => context.close() };
    },
    async stop() {
      await browser.close();
      process.off('exit', killWithUs);
      const ended = new Promise((resolve) => server.once('close', resolve));
      server.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
