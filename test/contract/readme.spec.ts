import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { endLeftovers, type ServerProcess, startServer } from '../support/server-process.js';
import { temporaryFolder } from '../support/settings.js';

interface Block {
  language: string;
  /** As README has it, but for the port. */
  text: string;
}

interface Section {
  bash: string[];
  /** Of each `wscat` line: the whole line, and the frames that README tells to type next. */
  wscat: { line: string; frames: string[] }[];
}

const readmePort = 'localhost:3000';

/** The fenced blocks below a heading, up to the next heading of the same rank or above. */
function blocksBelow(readme: string, heading: string): Block[] {
  const start = readme.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`README has no heading "${heading}".`);
  const rank = heading.indexOf(' ');
  const rest = readme.slice(start + heading.length + 2);
  const end = rest.search(new RegExp(`^#{1,${rank}} `, 'm'));
  const part = end < 0 ? rest : rest.slice(0, end);
  return [...part.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => ({ language: match[1]!, text: match[2]! }));
}

/** Takes the lines that start wscat out: it is not installed here, and waits for a keyboard. */
function sectionOf(readme: string, heading: string, host: string): Section {
  const section: Section = { bash: [], wscat: [] };
  for (const { language, text } of blocksBelow(readme, heading)) {
    const here = text.replaceAll(readmePort, host);
    if (language === 'json') section.wscat.at(-1)?.frames.push(...here.trim().split('\n'));
    if (language !== 'bash') continue;
    const lines = here.split('\n');
    section.bash.push(lines.filter((line) => !line.startsWith('npx wscat')).join('\n'));
    for (const line of lines) if (line.startsWith('npx wscat')) section.wscat.push({ line, frames: [] });
  }
  return section;
}

interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

async function bash(script: string): Promise<Ran> {
  // No options of the test runner reach the programs of a stranger's shell.
  const { NODE_OPTIONS: _options, ...env } = process.env;
  const child = spawn('bash', ['-euo', 'pipefail'], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const printed = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  child.stdin.end(script);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...printed };
}

/** What a `wscat` line does: connects and types the frames, each after the answer to the one before. @returns all frames that came until `done` */
async function wscat(line: string, frames: readonly string[], done: (frames: Record<string, unknown>[]) => boolean) {
  const address = /-c "([^"]+)"/.exec(line)![1]!;
  const headers = Object.fromEntries([...line.matchAll(/-H "([^":]+): ([^"]+)"/g)].map((match) => [match[1]!, match[2]!]));
  const socket = new WebSocket(address, { headers });
  const received: Record<string, unknown>[] = [];
  await new Promise<void>((resolve, reject) => {
    const deadline = setTimeout(() => reject(new Error(`Only this came: ${JSON.stringify(received)}`)), 10_000);
    socket.once('error', reject);
    const typed = [...frames];
    const type = () => socket.send(typed.shift()!);
    if (typed.length > 0) socket.once('open', type);
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as Record<string, unknown>;
      received.push(frame);
      if (frame['id'] !== undefined && 'ok' in frame && typed.length > 0) type();
      if (!done(received)) return;
      clearTimeout(deadline);
      resolve();
    });
  });
  socket.close(1000);
  return received;
}

describe('the five minutes of README, word for word', () => {
  const readme = readFileSync('README.md', 'utf8');
  let server: ServerProcess;
  let host: string;
  let curl: Section;
  let token: string;

  // Empty: this is the first start that a newcomer sees.
  const dataDir = temporaryFolder();

  beforeAll(async () => {
    server = await startServer({ NODE_ENV: 'development', RATE_LIMIT_SCALE: '1', DATA_DIR: dataDir });
    host = `localhost:${server.port}`;
    curl = sectionOf(readme, '### With curl', host);
  });

  afterAll(async () => {
    await server?.end('SIGTERM');
    endLeftovers();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** The variables that earlier blocks left in the reader's shell. */
  const prelude = () => `${curl.bash[0]}\nexport TOKEN=${token}\n`;

  it('curl: from nobody to a message in the lobby', async () => {
    const { code, stdout, stderr } = await bash(`${curl.bash.join('\n')}\necho "TOKEN $TOKEN"`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const answers = stdout.replace(/\s+/g, ' ');
    expect(answers).toContain("{ user: { email: 'grace@example.org', username: 'grace' } }");
    expect(answers).toMatch(/\{ user: \{ id: '[^']+', email: 'grace@example\.org', username: 'grace', role: 'user'/);
    expect(answers).toMatch(/room: \{ id: '[^']+', name: 'lobby', .* myRole: 'member' \}/);
    expect(answers).toMatch(/message: \{ .* seq: 1, position: 1, .* content: 'Hello from curl'/);
    expect(stdout).toMatch(/^grace: Hello from curl\nTOKEN eyJ/m);
    token = /TOKEN (\S+)/.exec(stdout)![1]!;
  });

  it('Socket.IO: joins, sends and hears itself', async () => {
    const [script] = sectionOf(readme, '### With Socket.IO', host).bash;
    const { code, stdout, stderr } = await bash(prelude() + script!);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trim().split('\n').sort()).toEqual([
      'In Lobby with 1 earlier messages',
      'Stored as number 2 of the room',
      'grace: Hello from Socket.IO',
    ]);
  });

  it('wscat: one room in the small frames, the full protocol, and a ticket', async () => {
    const { bash: blocks, wscat: lines } = sectionOf(readme, '### With plain WebSocket', host);
    const [room, full, byTicket] = lines;
    expect(lines).toHaveLength(3);
    const filled = (line: string, ticket = '') => line.replace('$TOKEN', token).replace('$TICKET', ticket);

    const small = await wscat(filled(room!.line), room!.frames, (frames) =>
      frames.some((frame) => frame['message'] === 'Hello from wscat'),
    );
    expect(small.map(({ type, message }) => [type, message])).toEqual([
      ['user_list', undefined],
      ['user_join', undefined],
      ['chat_message', 'Hello from curl'],
      ['chat_message', 'Hello from Socket.IO'],
      ['chat_message', 'Hello from wscat'],
    ]);

    const whole = await wscat(
      filled(full!.line),
      full!.frames,
      (frames) => frames.some(({ id }) => id === 2) && frames.some(({ event }) => event === 'message.created'),
    );
    expect(whole.find(({ id }) => id === 1)).toMatchObject({ ok: true, data: { room: { name: 'lobby' } } });
    expect(whole.find(({ id }) => id === 2)).toMatchObject({ ok: true, data: { message: { content: 'Hello from the full protocol' } } });
    expect(whole.map(({ event }) => event)).toContain('message.created');

    const { code, stdout } = await bash(`${prelude()}${blocks.at(-1)}\necho "$TICKET"`);
    expect(code).toBe(0);
    const entered = await wscat(filled(byTicket!.line, stdout.trim()), [], (frames) => frames.some(({ type }) => type === 'chat_message'));
    expect(entered[0]).toMatchObject({ type: 'user_list' });
    const again = await wscat(filled(byTicket!.line, stdout.trim()), [], (frames) => frames.length > 0);
    expect(again[0]).toMatchObject({ type: 'error', code: 'auth.token-invalid' });
  });

  it('Postman: the collection is at the address', async () => {
    const address = /Import `([^`]+)`/.exec(readme)![1]!.replace(readmePort, host);
    const collection = (await (await fetch(address)).json()) as { item: { name: string }[] };
    expect(collection.item[0]!.name).toBe('Sign-up flow');
  });

  it('the example of docs/clients.md: what changed during a cut is there after it', async () => {
    const [example] = [...readFileSync('docs/clients.md', 'utf8').matchAll(/^```js\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);
    const script = `
      import { io } from 'socket.io-client';
      const socket = io(process.env.PARLEY, { auth: { token: process.env.TOKEN }, reconnectionDelay: 300 });
      ${example}
      const headers = { authorization: 'Bearer ' + process.env.TOKEN, 'content-type': 'application/json' };
      const call = async (method, path, body) =>
        (await fetch(process.env.PARLEY + '/api/v1' + path, { method, headers, body: body && JSON.stringify(body) })).json();
      const say = (content) => call('POST', '/rooms/lobby/messages', { content });
      const id = await enter('lobby');
      const { message } = await say('before the cut');
      socket.io.engine.close();
      await call('PATCH', '/messages/' + message.id, { content: 'edited during the cut' });
      await say('during the cut');
      await new Promise((resolve) => socket.once('connect', resolve));
      await say('after the cut');
      await new Promise((resolve) => setTimeout(resolve, 500));
      const { items, position } = await call('GET', '/rooms/lobby/messages?limit=100');
      const known = [...rooms.get(id).messages.values()].sort((a, b) => a.seq - b.seq);
      const plain = (messages) => JSON.stringify(messages.map(({ id, seq, position, content }) => [id, seq, position, content]));
      console.log(known.at(-1).content, known.at(-3).content, plain(known) === plain(items), rooms.get(id).position === position);
      socket.close();`;
    const { code, stdout, stderr } = await bash(`${prelude()}node --input-type=module <<'EOF'\n${script}\nEOF\n`);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'after the cut edited during the cut true true\n', stderr: '' });
  });

  it('names only files that are there, and settings and commands that exist', () => {
    for (const [, path] of readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)) expect(() => readFileSync(path!)).not.toThrow(/ENOENT/);
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    for (const [, name] of readme.matchAll(/npm run ([\w:]+)/g)) expect(scripts).toHaveProperty([name!]);
    const example = readFileSync('.env.example', 'utf8');
    const table = readme.slice(readme.indexOf('\n## Settings'), readme.indexOf('\n## Commands'));
    for (const [, name] of table.matchAll(/`([A-Z][A-Z_]{3,})/g)) expect(example).toContain(`#${name}=`);
  });
});
