import { readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDataFolder } from '../../support/database-templates.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { form, picture } from '../../support/pictures.js';
import { readZip } from '../../support/read-zip.js';
import { endLeftovers, failedStart, runCommand, type ServerProcess, startServer } from '../../support/server-process.js';
import { freePort } from '../../support/settings.js';

const preload = pathToFileURL(resolve('test/support/preload/kill-privacy-work.mjs')).href;

/** Waits for something that happens soon, without saying when. */
async function eventually(check: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error('It did not happen.');
    await new Promise((done) => setTimeout(done, 50));
  }
}

describe('kill -9 in the middle', () => {
  let environment: Record<string, string>;
  const start = async (more: Record<string, string> = {}) => startServer({ ...environment, ...more });
  /** Starts a server that dies at a point, and waits until it is dead. */
  const dies = async (at: Record<string, string>) =>
    expect((await failedStart({ ...environment, ...at, NODE_OPTIONS: `--import ${preload}` })).code).toBe('SIGKILL');
  const objects = () =>
    readdirSync(join(environment['DATA_DIR']!, 'files'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const at = (server: ServerProcess, who: TestPerson) => server.rest.as(who.access);

  beforeAll(async () => {
    const port = String(await freePort());
    environment = {
      DATA_DIR: await freshDataFolder(),
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      DELETION_GRACE: '1s',
      LOG_LEVEL: 'info',
      RATE_LIMIT_SCALE: '1000',
    };
  });
  afterAll(() => {
    endLeftovers();
    rmSync(environment['DATA_DIR']!, { recursive: true, force: true });
  });

  it('an erasure goes on at the next start wherever it was, until the verifier finds nothing', async () => {
    let server = await start();
    const host = { anonymous: server.rest };
    const [eve, bob] = [await newPerson(host, 'evening'), await newPerson(host, 'bob')];
    const room = (await eve.rest.post('/rooms', { name: 'den', kind: 'private', members: ['bob'] })).body.room.id as string;
    const said = (await eve.rest.post(`/rooms/${room}/messages`, { content: 'goodbye' })).body.message.id as string;
    const image = await picture('png', { width: 48, height: 32 });
    await eve.rest.post(`/rooms/${room}/messages`, undefined, { form: form('image', image) });
    await eve.rest.post('/users/me/avatar', undefined, { form: form('image', image) });
    const file = (await eve.rest.post('/files', undefined, { form: form('file', image) })).body.id as string;
    const post = (await eve.rest.post('/posts', { title: 'Mine', content: 'My days', imageIds: [file] })).body.post.id as string;
    await bob.rest.post(`/posts/${post}/comments`, { content: 'nice' });
    await eve.rest.post('/friends/requests', { username: 'bob' });
    await bob.rest.post('/friends/requests', { username: 'evening' });
    expect((await eve.rest.post('/users/me/deletion', { password: eve.password, messages: 'keep' })).status).toBe(202);
    await server.end('SIGKILL');

    for (const step of [1, 3, 6, 9, 12]) await dies({ DIES_AT_STEP: String(step) });
    server = await start();
    await eventually(() => server.output().includes('an account was erased'));
    // What others have of it stays readable, and says nothing of the person.
    const kept = await at(server, bob).get(`/messages/${said}`);
    expect(kept.body.message).toMatchObject({ content: 'goodbye', author: null });
    expect((await at(server, bob).get(`/posts/${post}`)).status).toBe(404);
    expect(await server.end('SIGTERM')).toBe(0);
    const verified = await runCommand(
      'admin',
      ['--verify-erasure', '--id', eve.id, '--email', eve.email, '--username', 'evening'],
      environment,
    );
    expect(verified).toMatchObject({ code: 0, output: expect.stringContaining('Nothing is left.') });
  }, 300_000);

  it('an export is made anew at the next start, and nothing of the first attempt stays', async () => {
    let server = await start();
    const ann = await newPerson({ anonymous: server.rest }, 'ann');
    await ann.rest.post('/rooms/lobby/join');
    await ann.rest.post('/rooms/lobby/messages', { content: 'to be kept' });
    const before = objects().length;
    await server.end('SIGTERM');
    server = await startServer({ ...environment, DIES_AT_PART: '1' }, ['--import', preload]);
    const dead = new Promise<string | null>((done) => server.child.once('close', (_code, signal) => done(signal)));
    expect((await at(server, ann).post('/users/me/export')).status).toBe(202);
    expect(await dead).toBe('SIGKILL');
    expect(objects().length).toBe(before + 1);

    server = await start();
    await eventually(async () => (await at(server, ann).get('/users/me/export')).body.export.status === 'ready');
    const { url } = (await at(server, ann).post('/users/me/export/url')).body as { url: string };
    const files = readZip(Buffer.from(await (await fetch(url)).arrayBuffer()));
    expect(JSON.parse(files.get('messages.json')!.toString())).toMatchObject([{ content: 'to be kept' }]);
    expect((await at(server, ann).delete('/users/me/export')).status).toBe(204);
    await eventually(() => objects().length === before);
    expect(await server.end('SIGTERM')).toBe(0);
  }, 300_000);
});
