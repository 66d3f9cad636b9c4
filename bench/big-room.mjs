/**
 * A room with many messages, as a person at a browser has it: how long until one can write and what the page holds, at the end of the room,
 * after reading a long way up, and after a jump to its first message.
 *
 *     npm run build && node bench/big-room.mjs [messages, 100000 without it]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const messages = Number(process.argv[2] ?? 100_000);
const repetitions = 5;
const folder = mkdtempSync(join(tmpdir(), 'parley-big-room-'));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const environment = { ...process.env, PORT: String(port), PUBLIC_URL: url, DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'warn' };

async function freePort() {
  const server = createServer();
  const free = await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
  await new Promise((resolve) => server.close(resolve));
  return free;
}

/** Runs a command of the server to its end. @returns what it printed */
async function run(script, ...args) {
  const child = spawn(process.execPath, [`dist/server/${script}.js`, ...args], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (part) => (printed += part));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${printed}`);
  return printed;
}

async function ready() {
  for (let tries = 0; tries < 600; tries++) {
    if (await fetch(`${url}/health/ready`).then(({ ok }) => ok, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The server was not ready in a minute.');
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const megabytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

const appointed = await run('cli/admin', '--email', 'reader@example.org', '--username', 'reader');
const password = /password[^:]*: (\S+)/i.exec(appointed)[1];
await run('cli/seed', '--users', '10', '--rooms', '1', '--messages', String(messages), '--tokens', join(folder, 'tokens.json'));
const server = spawn(process.execPath, ['dist/server/main.js'], { env: environment, stdio: 'ignore' });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  await ready();
  const { token } = JSON.parse(readFileSync(join(folder, 'tokens.json'), 'utf8'))[0];
  const { room } = await (await fetch(`${url}/api/v1/rooms/r1`, { headers: { authorization: `Bearer ${token}` } })).json();
  const rows = { opened: [], heap: [], nodes: [], read: [], readHeap: [], readNodes: [], jumped: [] };
  for (let turn = 0; turn < repetitions; turn++) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const login = await context.request.post(`${url}/api/v1/auth/login`, {
      data: { login: 'reader@example.org', password, cookie: true },
      headers: { origin: url },
    });
    if (!login.ok()) throw new Error(`login: ${login.status()}`);
    const page = await context.newPage();
    const wire = await context.newCDPSession(page);
    await wire.send('Performance.enable');
    const held = async () => {
      await wire.send('HeapProfiler.collectGarbage');
      const { metrics } = await wire.send('Performance.getMetrics');
      const of = (name) => metrics.find((metric) => metric.name === name).value;
      return { heap: of('JSHeapUsedSize'), nodes: of('Nodes') };
    };
    const began = performance.now();
    await page.goto(`${url}/rooms/r1`);
    await page.locator('.message').last().waitFor();
    // What is typed now stands there: the page answers.
    await page.fill('.composer textarea', 'x');
    rows.opened.push(performance.now() - began);
    const atEnd = await held();
    rows.heap.push(atEnd.heap);
    rows.nodes.push(atEnd.nodes);

    // Forty pages up, each as soon as the one before is there.
    const readingBegan = performance.now();
    let first = await page.locator('.message').first().getAttribute('data-seq');
    for (let step = 0; step < 40; step++) {
      await page.evaluate(`document.querySelector('.messages').scrollTop = 0`);
      await page.waitForFunction((seq) => document.querySelector('.message')?.getAttribute('data-seq') !== seq, first, { timeout: 30_000 });
      first = await page.locator('.message').first().getAttribute('data-seq');
    }
    rows.read.push((performance.now() - readingBegan) / 40);
    const far = await held();
    rows.readHeap.push(far.heap);
    rows.readNodes.push(far.nodes);

    // And to the very first message, the way a search hit leads there.
    const jumpBegan = performance.now();
    await page.evaluate((id) => {
      history.pushState({ seq: 1 }, '', `/rooms/${id}`);
      dispatchEvent(new PopStateEvent('popstate'));
    }, room.id);
    await page.locator('.message.found').waitFor();
    rows.jumped.push(performance.now() - jumpBegan);
    await context.close();
  }
  console.log(`A room with ${messages.toLocaleString('en')} messages, median of ${repetitions}, Chromium ${browser.version()}:`);
  console.log(`- from the address to a page one can write on: ${median(rows.opened).toFixed(0)} ms`);
  console.log(`- memory of its scripts then: ${megabytes(median(rows.heap))}, ${median(rows.nodes)} nodes`);
  console.log(`- one page further up: ${median(rows.read).toFixed(0)} ms; after forty of them ${megabytes(median(rows.readHeap))}, ${median(rows.readNodes)} nodes`);
  console.log(`- jump to the first message: ${median(rows.jumped).toFixed(0)} ms`);
} finally {
  await browser.close();
  const ended = new Promise((resolve) => server.once('close', resolve));
  server.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
