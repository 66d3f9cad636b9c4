import { readdirSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../../support/create-app.js';
import { newPerson, type TestPerson } from '../../support/people.js';

describe('an upload that is under way', () => {
  let app: TestApp;
  let root: TestPerson;

  beforeAll(async () => {
    app = await startApp();
    root = await newPerson(app, 'root');
    await app.dataSource.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [root.id]);
    app = await app.restart();
    root.rest = app.anonymous.as(root.access);
  }, 60_000);
  afterAll(async () => app.close());

  const incoming = () =>
    readdirSync(join(app.settings.dataDir, 'incoming'), { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  async function eventually(check: () => boolean): Promise<void> {
    for (let round = 0; !check(); round++) {
      if (round > 500) throw new Error('It did not happen.');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  /** Sends the first half of a form with a file and waits until it arrives. */
  async function begin(
    who: TestPerson,
    path: string,
    part: string,
  ): Promise<{ sending: ClientRequest; answer: Promise<{ status: number; code: string }> }> {
    const sending = request(`${app.url}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${who.access}`, 'content-type': 'multipart/form-data; boundary=xx' },
    });
    const answer = new Promise<IncomingMessage>((resolve, reject) => sending.once('response', resolve).once('error', reject)).then(
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        return { status: response.statusCode!, code: (JSON.parse(Buffer.concat(chunks).toString()) as { code: string }).code };
      },
    );
    sending.write(
      `--xx\r\ncontent-disposition: form-data; name="${part}"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\n${'a'.repeat(200_000)}`,
    );
    await eventually(() => incoming().length === 1);
    return { sending, answer };
  }

  it.each([
    [
      'suspended',
      '/files',
      'file',
      async (who: TestPerson) => root.rest.post(`/admin/users/${who.id}/sanctions`, { kind: 'suspend', reason: 'x' }),
    ],
    [
      'banned',
      '/rooms/lobby/messages',
      'image',
      async (who: TestPerson) => root.rest.post(`/admin/users/${who.id}/sanctions`, { kind: 'ban', reason: 'x' }),
    ],
    ['logged out', '/files', 'file', async (who: TestPerson) => who.rest.post('/auth/logout', { refresh: who.refresh })],
  ] as const)('stops when its person is %s, and leaves nothing', async (_how, path, part, end) => {
    const eve = await newPerson(app);
    await eve.rest.post('/rooms/lobby/join');
    const { sending, answer } = await begin(eve, path, part);
    expect((await end(eve)).status).toBeLessThan(300);
    // Nothing more of it is kept from now on, although the sender goes on.
    await eventually(() => incoming().length === 0);
    sending.end(`${'a'.repeat(200_000)}\r\n--xx--\r\n`);
    expect(await answer).toEqual({ status: 401, code: 'auth.revoked' });
    expect(await app.dataSource.query('SELECT 1 FROM files WHERE owner_id = $1', [eve.id])).toEqual([]);
    expect(await app.dataSource.query('SELECT 1 FROM messages WHERE author_id = $1', [eve.id])).toEqual([]);
  });

  it('goes on when another device of its person is logged out', async () => {
    const eve = await newPerson(app);
    const { body } = await app.anonymous.post('/auth/login', { login: eve.email, password: eve.password });
    const { sending, answer } = await begin(eve, '/files', 'file');
    expect((await app.anonymous.post('/auth/logout', { refresh: body.refresh })).status).toBe(204);
    sending.end('\r\n--xx--\r\n');
    expect((await answer).status).toBe(201);
  });
});
