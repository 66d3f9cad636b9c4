import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ErasureWorker, ExportWorker, findResidue, findStrayObjects } from '../../../src/modules/privacy/index.js';
import { FILE_STORAGE, type FileStorage } from '../../../src/platform/storage/index.js';
import { Indexer } from '../../../src/modules/search/index.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import type { TestApp } from '../../support/create-app.js';
import { describeEachServer } from '../../support/each-server.js';
import { mailTo, newPerson, type TestPerson } from '../../support/people.js';
import { form, picture } from '../../support/pictures.js';
import { readZip } from '../../support/read-zip.js';

describeEachServer('privacy', (start) => {
  let app: TestApp;
  let root: TestPerson;
  let bob: TestPerson;
  let image: Buffer;

  beforeAll(async () => {
    app = await start({ SYSTEM_MESSAGES: 'on' });
    [root, bob] = [await newPerson(app, 'root'), await newPerson(app, 'bob')];
    await app.dataSource.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [root.id]);
    app = await app.restart();
    for (const who of [root, bob]) who.rest = app.anonymous.as(who.access);
    image = await picture('png', { width: 48, height: 32 });
  }, 120_000);
  afterAll(async () => app.close());

  const storage = () => app.app.get<FileStorage>(FILE_STORAGE);
  const socket = async (who: TestPerson) => SocketIoClient.connect(app.url, { auth: { token: who.access } });
  const say = async (who: TestPerson, room: string, content: string): Promise<string> =>
    (await who.rest.post(`/rooms/${room}/messages`, { content })).body.message.id;
  const upload = async (who: TestPerson): Promise<string> =>
    (await who.rest.post('/files', undefined, { form: form('file', image) })).body.id;
  const befriend = async (one: TestPerson, other: TestPerson) => {
    const { body } = await one.rest.post('/friends/requests', { username: other.username });
    expect((await other.rest.post(`/friends/requests/${String(body.request.id)}/accept`)).status).toBe(200);
  };
  const strays = async () => findStrayObjects(app.dataSource, storage());
  /** Signals between nodes are gone after a minute by themselves, and not before. */
  const leftOf = async (who: TestPerson) =>
    (await findResidue(app.dataSource, { id: who.id, emails: [who.email], usernames: [who.username] })).found.filter(
      (line) => !line.startsWith('node_signals.'),
    );
  const archiveOf = async (who: TestPerson) => {
    const client = await socket(who);
    expect((await who.rest.post('/users/me/export')).status).toBe(202);
    await client.event('export.updated', (data) => data.export?.status === 'ready');
    await client.close();
    const { url } = (await who.rest.post('/users/me/export/url')).body as { url: string };
    const response = await fetch(app.url + url.slice(url.indexOf('/api/')));
    return { response, files: readZip(Buffer.from(await response.arrayBuffer())) };
  };
  /** Makes the time of a deletion be over and waits until the account is gone. */
  const erase = async (who: TestPerson, messages?: 'keep' | 'erase') => {
    const asked = await who.rest.post('/users/me/deletion', { password: who.password, ...(messages ? { messages } : {}) });
    expect(asked.status).toBe(202);
    await app.dataSource.query('UPDATE account_deletions SET erase_after = now() WHERE user_id = $1', [who.id]);
    for (;;) {
      await app.app.get(ErasureWorker).round();
      const rows = await app.dataSource.query<unknown[]>('SELECT 1 FROM users WHERE id = $1', [who.id]);
      if (rows.length === 0) return;
      await app.dataSource.query('UPDATE account_deletions SET locked_until = NULL WHERE user_id = $1', [who.id]);
    }
  };

  it('hands out everything that is kept of a person, as one archive with their files', async () => {
    const ann = await newPerson(app);
    const room = (await ann.rest.post('/rooms', { name: 'reading', kind: 'private', members: ['bob'] })).body.room.id as string;
    await say(ann, room, 'my own words');
    await say(bob, room, 'the words of somebody else');
    const fileId = await upload(ann);
    await ann.rest.post('/posts', { title: 'Sea', content: 'Waves', tags: ['nature'], imageIds: [fileId] });
    await befriend(ann, bob);

    const { response, files } = await archiveOf(ann);
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="parley-\d{4}-\d\d-\d\d\.zip"/);
    const read = (name: string) => JSON.parse(files.get(`${name}.json`)!.toString()) as Record<string, unknown>[];
    expect(read('account')).toMatchObject([{ id: ann.id, email: ann.email, username: ann.username }]);
    expect(read('messages')).toMatchObject([{ room, content: 'my own words' }]);
    expect(read('posts')).toMatchObject([{ title: 'Sea', tags: ['nature'], images: [fileId] }]);
    expect(read('friends')).toMatchObject([{ friend: { id: bob.id, username: 'bob' } }]);
    expect(
      read('rooms')
        .map((one) => one['role'])
        .sort(),
    ).toContain('owner');
    expect(files.get([...files.keys()].find((name) => name.startsWith(`files/${fileId}-`))!)!.length).toBeGreaterThan(100);
    const all = [...files.values()].map((bytes) => bytes.toString('latin1')).join('\n');
    expect(all).not.toContain('the words of somebody else');
    expect(all).not.toContain('argon2');

    const { subject } = await mailTo(app, ann.email);
    expect(subject).toBe('The archive of your Parley data is ready');
    expect((await ann.rest.get('/notifications')).body.items).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'export.ready' })]),
    );
    expect((await bob.rest.post('/users/me/export/url')).body.code).toBe('export.not-ready');
    const { id } = (await ann.rest.get('/users/me/export')).body.export as { id: string };
    const { url } = (await ann.rest.post('/users/me/export/url')).body as { url: string };
    expect((await fetch(`${app.url}/api/v1/exports/${id}/archive?expires=9999999999&signature=${'A'.repeat(43)}`)).status).toBe(403);
    expect((await ann.rest.delete('/users/me/export')).status).toBe(204);
    expect((await fetch(app.url + url.slice(url.indexOf('/api/')))).status).toBe(404);
    expect((await ann.rest.get('/users/me/export')).body.export).toBeNull();
  });

  it('has one export of twenty that are asked for at once, and makes a new one in place of the last', async () => {
    const ann = await newPerson(app);
    const answers = await Promise.all(Array.from({ length: 20 }, async () => ann.rest.post('/users/me/export')));
    const begun = answers.filter(({ status }) => status === 202);
    // The first may be ready before the last asks.
    expect(answers.filter(({ status }) => status === 409).length + begun.length).toBe(20);
    const rows = await app.dataSource.query<unknown[]>(`SELECT 1 FROM data_exports WHERE user_id = $1 AND status <> 'removing'`, [ann.id]);
    expect(rows).toHaveLength(1);
  });

  it('stops when the person is suspended, and leaves nothing of it', async () => {
    const ann = await newPerson(app);
    const real = storage().put.bind(storage());
    let reached: () => void = () => undefined;
    let goOn: () => void = () => undefined;
    const atStorage = new Promise<void>((resolve) => (reached = resolve));
    const suspended = new Promise<void>((resolve) => (goOn = resolve));
    storage().put = async (key, content) => {
      if (key.startsWith('exports/')) {
        reached();
        await suspended;
      }
      return real(key, content);
    };
    try {
      const id = (await ann.rest.post('/users/me/export')).body.export.id as string;
      await atStorage;
      expect((await root.rest.post(`/admin/users/${ann.id}/sanctions`, { kind: 'suspend', reason: 'test' })).status).toBe(201);
      goOn();
      for (;;) {
        const rows = await app.dataSource.query<{ status: string }[]>('SELECT status FROM data_exports WHERE id = $1', [id]);
        if (rows.length === 0) break;
        // It may have been ready at that very moment: then its download is refused.
        if (rows[0]!.status === 'ready') await app.dataSource.query('UPDATE data_exports SET expires_at = now() WHERE id = $1', [id]);
        await bob.rest.get('/users/me');
      }
    } finally {
      storage().put = real;
      goOn();
    }
    expect(await strays()).toEqual([]);
  });

  it('takes an export up again that a crash cut off, and deletes an archive whose time is over', async () => {
    const ann = await newPerson(app);
    const id = '019a8f3e-7c41-7d02-9b5a-3f6c2e81d7aa';
    await app.dataSource.query(
      `INSERT INTO data_exports (id, user_id, status, attempts, parts, locked_until, created_at) VALUES ($1, $2, 'running', 1, 1, now() - interval '1 s', now())`,
      [id, ann.id],
    );
    await storage().put(`exports/${id}-1-1`, Buffer.from('half an archive'));
    app = await app.restart();
    for (const who of [root, bob, ann]) who.rest = app.anonymous.as(who.access);
    const client = await socket(ann);
    if ((await ann.rest.get('/users/me/export')).body.export.status !== 'ready')
      await client.event('export.updated', (data) => data.export?.status === 'ready');
    expect((await ann.rest.get('/users/me/export')).body.export).toMatchObject({ id, status: 'ready', progress: 100 });
    await app.dataSource.query('UPDATE data_exports SET expires_at = now() WHERE id = $1', [id]);
    app.app.get(ExportWorker).kick();
    await client.event('export.updated', (data) => data.export === null);
    expect((await ann.rest.get('/users/me/export')).body.export).toBeNull();
    await client.close();
  });

  it('asks for the password before it deletes an account, logs the other devices out, and takes it back at the next log-in', async () => {
    const ann = await newPerson(app);
    const second = (await app.anonymous.post('/auth/login', { login: ann.email, password: ann.password })).body.access as string;
    expect((await ann.rest.post('/users/me/deletion', { password: 'not my password' })).body.code).toBe('auth.password-wrong');
    expect((await ann.rest.post('/users/me/deletion', {})).status).toBe(422);
    const watching = await PlainClient.connect(`${app.wsUrl}/ws/?token=${ann.access}`);
    const { deletion } = (await ann.rest.post('/users/me/deletion', { password: ann.password })).body as {
      deletion: { requestedAt: string; eraseAfter: string };
    };
    expect(Date.parse(deletion.eraseAfter) - Date.parse(deletion.requestedAt)).toBe(14 * 86_400_000);
    await watching.event('account.deletion', (data) => data.deletion?.eraseAfter === deletion.eraseAfter);
    expect((await app.anonymous.as(second).get('/users/me')).body.code).toBe('auth.revoked');
    expect((await mailTo(app, ann.email)).subject).toBe('Your Parley account will be deleted');

    const again = await ann.rest.post('/users/me/deletion', { password: ann.password, messages: 'erase' });
    expect(again.body.deletion).toEqual({ ...deletion, messages: 'erase' });
    await app.dataSource.query(
      `UPDATE account_deletions SET requested_at = now() - interval '13 days', erase_after = now() + interval '1 day' WHERE user_id = $1`,
      [ann.id],
    );
    await app.app.get(ErasureWorker).round();
    expect((await mailTo(app, ann.email)).subject).toBe('Your Parley account is about to be deleted');

    expect((await app.anonymous.post('/auth/login', { login: ann.email, password: ann.password })).status).toBe(200);
    await watching.event('account.deletion', (data) => data.deletion === null);
    expect((await ann.rest.get('/users/me/deletion')).body.deletion).toBeNull();
    expect((await mailTo(app, ann.email)).subject).toBe('Your Parley account stays');
    await ann.rest.post('/users/me/deletion', { password: ann.password });
    expect((await ann.rest.delete('/users/me/deletion')).status).toBe(204);
    expect((await ann.rest.delete('/users/me/deletion')).status).toBe(204);
    await watching.close();
  });

  it('never lets the last admin go', async () => {
    expect((await root.rest.post('/users/me/deletion', { password: root.password })).body.code).toBe('moderation.last-admin');
  });

  it.each(['keep', 'erase'] as const)(
    'erases a whole life and leaves no trace of it, with messages: %s',
    async (choice) => {
      const eve = await newPerson(app, `eve${choice}`);
      const cat = await newPerson(app, `cat${choice}`);
      // Rooms, messages, edits, reactions, mentions, files.
      const room = (await eve.rest.post('/rooms', { name: `den-${choice}`, kind: 'private', members: ['bob', cat.username] })).body.room
        .id as string;
      const direct = (await eve.rest.post('/rooms/direct', { username: 'bob' })).body.room.id as string;
      const first = await say(eve, room, 'hello to all');
      await eve.rest.patch(`/messages/${first}`, { content: 'hello to everybody' });
      await say(eve, room, `write to ${eve.email.toUpperCase()}`);
      await say(eve, direct, 'only for you');
      const picture = await eve.rest.post(`/rooms/${room}/messages`, undefined, { form: form('image', image) });
      expect(picture.status).toBe(201);
      const bobs = await say(bob, room, `@${eve.username} and @${cat.username}, look`);
      await eve.rest.put(`/messages/${bobs}/reactions/${encodeURIComponent('👍')}`);
      await bob.rest.put(`/messages/${first}/reactions/${encodeURIComponent('🎉')}`);
      await eve.rest.post(`/rooms/${room}/read`, { seq: 1 });
      await bob.rest.put(`/rooms/${room}/notifications`, { level: 'all' });
      // Posts, comments, likes, views.
      const own = (await eve.rest.post('/posts', { title: 'Mine', content: 'My days', tags: ['nature'], imageIds: [await upload(eve)] }))
        .body.post.id as string;
      const bobsPost = (await bob.rest.post('/posts', { title: 'Bob', content: 'His days', tags: [] })).body.post.id as string;
      const comment = (await eve.rest.post(`/posts/${bobsPost}/comments`, { content: 'well said' })).body.comment.id as string;
      await bob.rest.post(`/posts/${bobsPost}/comments`, { content: 'thanks', parentId: comment });
      await bob.rest.post(`/posts/${own}/comments`, { content: 'nice' });
      await eve.rest.put(`/posts/${bobsPost}/like`);
      await eve.rest.put(`/posts/${bobsPost}/reactions/${encodeURIComponent('👍')}`);
      await eve.rest.get(`/posts/${bobsPost}`);
      // Pictures and files.
      expect((await eve.rest.post('/users/me/avatar', undefined, { form: form('image', image) })).status).toBeLessThan(300);
      await eve.rest.post('/users/me/signature', undefined, { form: form('image', image) });
      const album = (await eve.rest.post('/albums', { name: 'Sea' })).body.album.id as string;
      await eve.rest.post(`/albums/${album}/photos`, { fileIds: [await upload(eve)] });
      await upload(eve);
      // People.
      await befriend(eve, bob);
      await cat.rest.post('/friends/requests', { username: eve.username });
      await root.rest.put(`/blocks/${eve.username}`);
      await eve.rest.post('/reports', { kind: 'person', id: bob.id, reason: 'test' });
      await bob.rest.post('/reports', { kind: 'message', id: first, reason: 'test' });
      await bob.rest.post('/reports', { kind: 'person', id: eve.id, reason: 'test' });
      await root.rest.post(`/admin/users/${eve.id}/sanctions`, { kind: 'warn', reason: 'test' });
      await eve.rest.post(`/rooms/${room}/invitations`, {});
      await root.rest.post('/admin/announcements', { message: 'Welcome, all' });
      await eve.rest.post('/auth/password-reset/request', { email: eve.email });
      await app.app.get(Indexer).catchUp();
      await archiveOf(eve);
      const bobsSocket = await socket(bob);
      await bobsSocket.command('room.join', { room });
      const position = (await bob.rest.get('/users/me/changes')).body.position as number;
      expect((await leftOf(eve)).length).toBeGreaterThan(20);

      await erase(eve, choice);
      await app.app.get(Indexer).catchUp();
      expect(await leftOf(eve)).toEqual([]);
      expect(await strays()).toEqual([]);

      // The thread can be read, and says no more whose it was.
      const { items } = (await bob.rest.get(`/rooms/${room}/messages`)).body as {
        items: { id: string; kind: string; author: { id: string } | null; content: string; deletedAt?: string }[];
      };
      const said = items.filter((one) => one.kind === 'text' && one.author?.id !== bob.id);
      expect(said.map((one) => [one.content, one.author, one.deletedAt !== undefined])).toEqual([
        choice === 'keep' ? ['hello to everybody', null, false] : ['', null, true],
        ['', null, true],
        ['', null, true],
      ]);
      expect(items.find((one) => one.id === bobs)).toMatchObject({ reactions: [] });
      await bobsSocket.event(choice === 'keep' ? 'message.updated' : 'message.deleted', (data) => data.message.id === first);
      await bobsSocket.event('friend.removed', (data) => data.userId === eve.id);
      expect((await bob.rest.get(`/users/me/changes?since=${position}`)).body.gap).toBe(true);
      const members = (await bob.rest.get(`/rooms/${room}/members`)).body.items as { role: string }[];
      expect(members.map(({ role }) => role).sort()).toEqual(['member', 'owner']);
      expect((await bob.rest.get('/rooms?kind=direct')).status).toBe(200);
      expect((await bob.rest.get(`/rooms/${direct}/messages`)).body.items).toMatchObject([
        { author: null, content: choice === 'keep' ? 'only for you' : '' },
      ]);
      expect((await bob.rest.post(`/rooms/${direct}/messages`, { content: 'anybody there?' })).status).toBeLessThan(500);
      const post = (await bob.rest.get(`/posts/${bobsPost}`)).body.post;
      expect(post).toMatchObject({ likeCount: 0, reactions: [], commentCount: choice === 'keep' ? 2 : 1 });
      expect((await bob.rest.get(`/posts/${bobsPost}/comments`)).body.items[0]).toMatchObject({
        author: null,
        content: choice === 'keep' ? 'well said' : '',
      });
      expect((await bob.rest.get(`/posts/${own}`)).status).toBe(404);
      expect((await root.rest.get('/admin/audit')).status).toBe(200);
      expect((await root.rest.get('/admin/reports?status=open')).status).toBe(200);
      expect((await bob.rest.get('/notifications')).status).toBe(200);
      expect((await app.anonymous.post('/auth/login', { login: eve.email, password: eve.password })).body.code).toBe(
        'auth.credentials-invalid',
      );
      expect((await eve.rest.get('/users/me')).status).toBe(401);
      // The address and the name are free.
      const { status } = await app.anonymous.post('/auth/register', {
        email: eve.email,
        username: eve.username,
        password: eve.password,
        passwordConfirmation: eve.password,
      });
      expect(status).toBe(201);
      await app.dataSource.query('DELETE FROM users WHERE email_key = $1', [eve.email]);
      await bobsSocket.close();
    },
    120_000,
  );

  it('finds what an erasure would have left, in any table and in the storage', async () => {
    const gone = { id: '019a8f3e-7c41-7d02-9b5a-3f6c2e81d7bb', emails: ['gone@example.org'], usernames: ['Goner'] };
    const look = async () => (await findResidue(app.dataSource, gone)).found;
    expect(await look()).toEqual([]);
    await app.dataSource.query(`CREATE TABLE planted (a uuid[], b jsonb, c text, d varchar(40), e bytea, f text[])`);
    try {
      await app.dataSource.query(`INSERT INTO planted VALUES (ARRAY[$1::uuid], $2::jsonb, $3, $4, $5, $6)`, [
        gone.id,
        JSON.stringify({ by: { username: 'goner' } }),
        `from <GONE@example.org>`,
        'GONER',
        Buffer.from(gone.id.replaceAll('-', ''), 'hex'),
        ['goner', 'x'],
      ]);
      expect(await look()).toEqual([
        'planted.a: id, 1 row',
        'planted.b: username, 1 row',
        'planted.c: email, 1 row',
        'planted.d: username, 1 row',
        'planted.e: id, 1 row',
        'planted.f: username, 1 row',
      ]);
      await app.dataSource.query('DELETE FROM planted');
      // In words of others a name is no residue; a new table's words are nobody's yet.
      await say(bob, 'lobby', 'goner').catch(() => undefined);
      expect(await look()).toEqual([]);
    } finally {
      await app.dataSource.query('DROP TABLE planted');
    }
    const key = `bb/${gone.id}-full`;
    await storage().put(key, Buffer.from('left behind'));
    expect(await strays()).toEqual([key]);
    await storage().remove(key);
  });

  it('knows of every table with something of a person whether it is part of the archive', async () => {
    const { exportSections } = await import('../../../src/modules/privacy/exports/export-sections.js');
    const known = new Set([...exportSections.flatMap(({ tables }) => tables), 'messages', 'message_edits']);
    /** Tied to a person, and nothing that they could want to read: proofs, queues, counters, positions, what others did. */
    const internal = [
      'account_codes',
      'account_deletions',
      'data_exports',
      'idempotency_keys',
      'mentions',
      'personal_changes',
      'personal_heads',
      'reply_notices',
      'socket_tickets',
    ];
    const rows = await app.dataSource.query<{ name: string }[]>(
      `SELECT DISTINCT conrelid::regclass::text AS name FROM pg_constraint
       WHERE contype = 'f' AND confrelid IN ('users'::regclass, 'personal_heads'::regclass) ORDER BY 1`,
    );
    expect(rows.map(({ name }) => name).filter((name) => !known.has(name))).toEqual(internal);
  });
});
