import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Report } from '../../../src/contracts/index.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import type { TestApp } from '../../support/create-app.js';
import { describeEachServer } from '../../support/each-server.js';
import { newPerson, type TestPerson } from '../../support/people.js';

describeEachServer('moderation', (start) => {
  let app: TestApp;
  let root: TestPerson;
  let mod: TestPerson;
  let ann: TestPerson;
  let room: string;

  beforeAll(async () => {
    app = await start();
    [root, mod, ann] = [await newPerson(app, 'root'), await newPerson(app, 'moddy'), await newPerson(app, 'ann')];
    await app.dataSource.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [root.id]);
    // What the command for the first admin does not tell a running server, a fresh start does.
    app = await app.restart();
    for (const who of [root, mod, ann]) who.rest = app.anonymous.as(who.access);
    expect((await root.rest.patch(`/admin/users/${mod.id}`, { role: 'moderator' })).body.user.role).toBe('moderator');
    room = (await ann.rest.post('/rooms', { name: 'den', kind: 'private', members: ['moddy'] })).body.room.id;
    await mod.rest.post(`/rooms/${room}/leave`);
  });
  afterAll(async () => app.close());

  const say = async (who: TestPerson, content: string, where = room): Promise<string> =>
    (await who.rest.post(`/rooms/${where}/messages`, { content })).body.message.id;
  const report = async (who: TestPerson, kind: string, id: string) => who.rest.post('/reports', { kind, id, reason: 'This is rude' });
  const queue = async (status = 'open'): Promise<Report[]> => (await mod.rest.get(`/admin/reports?status=${status}`)).body.items;
  const audit = async (): Promise<{ action: string; subject: string }[]> => (await root.rest.get('/admin/audit')).body.items;

  it('is closed to everybody else', async () => {
    for (const path of [
      '/admin/reports',
      '/admin/users',
      '/admin/messages',
      '/admin/posts',
      '/admin/audit',
      '/admin/rooms',
      '/admin/invitations',
      '/admin/registration',
    ])
      expect([(await ann.rest.get(path)).status, (await app.anonymous.get(path)).status]).toEqual([403, 401]);
    expect((await mod.rest.get('/admin/audit')).status).toBe(403);
    expect((await mod.rest.patch(`/admin/users/${ann.id}`, { role: 'admin' })).status).toBe(403);
    expect((await ann.rest.post(`/admin/users/${mod.id}/sanctions`, { kind: 'ban', reason: 'x' })).status).toBe(403);
  });

  it('gets one report of fifty of the same thing, keeps what was said, and decides all of them with one', async () => {
    const eve = await newPerson(app);
    const fay = await newPerson(app);
    await ann.rest.post(`/rooms/${room}/members`, { username: eve.username });
    await ann.rest.post(`/rooms/${room}/members`, { username: fay.username });
    const id = await say(eve, 'you are a turnip');
    const answers = await Promise.all(Array.from({ length: 50 }, async () => report(ann, 'message', id)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.report.id}`)).size).toBe(1);
    await report(fay, 'message', id);
    const open = (await queue()).filter((one) => one.subject === id);
    expect(open.map((one) => [one.kind, one.content, one.owner?.id, one.reporter?.id])).toEqual([
      ['message', 'you are a turnip', eve.id, ann.id],
      ['message', 'you are a turnip', eve.id, fay.id],
    ]);
    const socket = await PlainClient.connect(`${app.wsUrl}/ws/?token=${ann.access}`);
    await socket.command('room.join', { room });

    expect((await mod.rest.post(`/admin/reports/${open[0]!.id}/claim`)).body.report).toMatchObject({ status: 'claimed' });
    const decided = await mod.rest.post(`/admin/reports/${open[0]!.id}/decide`, { decision: 'delete', note: 'rude' });
    expect(decided.body.report).toMatchObject({ status: 'resolved', decision: 'delete', claimedBy: { id: mod.id } });
    expect((await socket.event('message.deleted', (data) => data.message.id === id)).message.content).toBe('');
    expect((await queue()).filter((one) => one.subject === id)).toEqual([]);
    expect((await mod.rest.post(`/admin/reports/${open[0]!.id}/decide`, { decision: 'dismiss' })).body.code).toBe('report.decided');
    expect((await audit()).slice(0, 2).map(({ action }) => action)).toEqual(['report.decided', 'message.deleted']);
    expect(JSON.stringify(await audit())).not.toContain('turnip');
    await socket.close();
  });

  it('takes reports only of what the reporter can see', async () => {
    const eve = await newPerson(app);
    const id = await say(ann, 'private words');
    expect((await report(eve, 'message', id)).body.code).toBe('report.subject-not-found');
    expect((await report(eve, 'room', room)).status).toBe(404);
    expect((await report(eve, 'person', ann.id)).status).toBe(201);
    expect((await report(eve, 'post', id)).status).toBe(404);
    expect((await eve.rest.post('/reports', { kind: 'person', id: ann.id, reason: '\u200b' })).status).toBe(422);
  });

  it('lets one moderator decide what another has not claimed', async () => {
    const other = await newPerson(app);
    await root.rest.patch(`/admin/users/${other.id}`, { role: 'moderator' });
    await report(ann, 'person', other.id);
    const [one] = (await queue()).filter((found) => found.subject === other.id);
    await other.rest.post(`/admin/reports/${one!.id}/claim`);
    expect((await mod.rest.post(`/admin/reports/${one!.id}/claim`)).body.code).toBe('report.claimed');
    expect((await mod.rest.post(`/admin/reports/${one!.id}/decide`, { decision: 'dismiss' })).body.code).toBe('report.claimed');
    expect((await other.rest.post(`/admin/reports/${one!.id}/decide`, { decision: 'dismiss' })).body.report.status).toBe('dismissed');
  });

  it('puts a suspended person out of every door at once, and lets them in again when it is lifted', async () => {
    const eve = await newPerson(app);
    const [plain, io] = [
      await PlainClient.connect(`${app.wsUrl}/ws/?token=${eve.access}`),
      await SocketIoClient.connect(app.url, { auth: { token: eve.access } }),
    ];
    const { body } = await mod.rest.post(`/admin/users/${eve.id}/sanctions`, {
      kind: 'suspend',
      reason: 'spam',
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    expect(body.sanction).toMatchObject({ kind: 'suspend', by: { id: mod.id }, liftedAt: null });
    expect((await plain.closed).code).toBe(4410);
    await io.closed;
    expect((await eve.rest.get('/users/me')).body.code).toBe('auth.revoked');
    expect((await app.anonymous.post('/auth/refresh', { refresh: eve.refresh })).status).toBe(401);
    const refused = await app.anonymous.post('/auth/login', { login: eve.email, password: eve.password });
    expect([refused.status, refused.body.code]).toEqual([403, 'auth.suspended']);
    // Until when: a little more or less than the hour, in seconds.
    expect(Math.round(refused.body.retryAfter / 3_600)).toBe(1);
    expect((await app.anonymous.post('/auth/login', { login: eve.email, password: 'wrong' })).body.code).toBe('auth.credentials-invalid');
    expect((await mod.rest.get('/admin/users?sanctioned=suspended')).body.items.map((user: { id: string }) => user.id)).toEqual([eve.id]);

    expect((await mod.rest.delete(`/admin/sanctions/${body.sanction.id}`)).status).toBe(204);
    expect((await app.anonymous.post('/auth/login', { login: eve.email, password: eve.password })).status).toBe(200);
  });

  it('mutes a person at every door of writing, who may go on reading', async () => {
    const eve = await newPerson(app);
    await ann.rest.post(`/rooms/${room}/members`, { username: eve.username });
    const post = (await ann.rest.post('/posts', { title: 'Hello' })).body.post.id;
    const socket = await PlainClient.connect(`${app.wsUrl}/ws/?token=${eve.access}`);
    await mod.rest.post(`/admin/users/${eve.id}/sanctions`, { kind: 'mute', reason: 'shouting' });
    for (const answer of [
      await eve.rest.post(`/rooms/${room}/messages`, { content: 'x' }),
      await eve.rest.post('/posts', { title: 'x' }),
      await eve.rest.post(`/posts/${post}/comments`, { content: 'x' }),
      await eve.rest.put(`/posts/${post}/like`),
    ])
      expect([answer.status, answer.body.code]).toEqual([403, 'user.muted']);
    expect(await socket.command('message.send', { room, content: 'x' })).toMatchObject({ ok: false, error: { code: 'user.muted' } });
    expect((await eve.rest.get(`/rooms/${room}/messages`)).status).toBe(200);
    await mod.rest.post(`/admin/users/${eve.id}/sanctions`, { kind: 'warn', reason: 'Please be kind' });
    expect((await eve.rest.get('/notifications')).body.items.slice(0, 2).map((item: { text: string }) => item.text)).toEqual([
      'A moderator warns you: Please be kind',
      'A moderator muted you, you may only read for now: shouting',
    ]);
    await socket.close();
  });

  it('acts downwards only, bans by admins alone, and keeps the last admin', async () => {
    const eve = await newPerson(app);
    expect((await mod.rest.post(`/admin/users/${root.id}/sanctions`, { kind: 'mute', reason: 'x' })).body.code).toBe(
      'moderation.forbidden',
    );
    expect((await mod.rest.post(`/admin/users/${eve.id}/sanctions`, { kind: 'ban', reason: 'x' })).body.code).toBe('moderation.forbidden');
    expect((await root.rest.post(`/admin/users/${eve.id}/sanctions`, { kind: 'ban', reason: 'x' })).status).toBe(201);
    expect((await root.rest.patch(`/admin/users/${root.id}`, { role: 'user' })).body.code).toBe('moderation.last-admin');
    const second = await newPerson(app);
    await root.rest.patch(`/admin/users/${second.id}`, { role: 'admin' });
    const [one, other] = await Promise.all([
      root.rest.patch(`/admin/users/${second.id}`, { role: 'user' }),
      second.rest.patch(`/admin/users/${root.id}`, { role: 'user' }),
    ]);
    const admins = await app.dataSource.query<{ id: string }[]>(`SELECT id FROM users WHERE role = 'admin'`);
    expect([one.status, other.status].filter((status) => status === 200).length + admins.length).toBe(2);
    if (admins[0]!.id !== root.id) await second.rest.patch(`/admin/users/${root.id}`, { role: 'admin' });
  });

  it('deletes posts, comments and private rooms with a trace, and pages through its lists', async () => {
    const post = (await ann.rest.post('/posts', { title: 'Bad post', tags: ['x'] })).body.post.id;
    const comment = (await ann.rest.post(`/posts/${post}/comments`, { content: 'Bad comment' })).body.comment.id;
    expect((await mod.rest.delete(`/admin/comments/${comment}`, { reason: 'rude' })).status).toBe(204);
    expect((await mod.rest.delete(`/admin/posts/${post}`, { reason: 'rude' })).status).toBe(204);
    expect((await mod.rest.delete(`/admin/posts/${post}`, { reason: 'rude' })).status).toBe(404);
    const den = (await ann.rest.post('/rooms', { name: 'to-be-closed', kind: 'private' })).body.room.id;
    expect((await root.rest.get('/admin/rooms?query=to-be')).body.items.map((found: { id: string }) => found.id)).toEqual([den]);
    expect((await mod.rest.delete(`/admin/rooms/${den}`, { reason: 'x' })).status).toBe(403);
    expect((await root.rest.delete(`/admin/rooms/${den}`, { reason: 'x' })).status).toBe(204);
    expect((await ann.rest.get(`/rooms/${den}`)).status).toBe(404);
    expect((await audit()).slice(0, 3).map(({ action, subject }) => [action, subject])).toEqual([
      ['room.deleted', den],
      ['post.deleted', post],
      ['comment.deleted', comment],
    ]);
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await root.rest.get(`/admin/users?limit=2${cursor}`);
      seen.push(...body.items.map((user: { id: string }) => user.id));
      if (!body.nextCursor) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    expect((await mod.rest.get(`/admin/users?query=${ann.email.slice(0, 4)}`)).body.items[0]).toMatchObject({
      id: ann.id,
      email: ann.email,
    });
  });

  it('invites people where registration is by invitation, as often as it says', async () => {
    const invited = await app.restart({ REGISTRATION: 'invite' });
    const admin = invited.anonymous.as(root.access);
    const password = 'correct horse battery staple';
    const register = async (name: string, invitation?: string) =>
      invited.anonymous.post('/auth/register', {
        email: `${name}@example.org`,
        username: name,
        password,
        passwordConfirmation: password,
        ...(invitation === undefined ? {} : { invitation }),
      });
    expect((await register('uninvited')).body.code).toBe('auth.invitation-required');
    const { body } = await admin.post('/admin/invitations', { maxUses: 2 });
    expect(body.url).toContain(body.code);
    expect((await admin.get('/admin/registration')).body).toEqual({ mode: 'invite' });
    const answers = await Promise.all(['guest1', 'guest2', 'guest3', 'guest4'].map(async (name) => register(name, body.code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 403, 403]);
    const next = (await admin.post('/admin/invitations', {})).body;
    expect((await admin.delete(`/admin/invitations/${next.invitation.id}`)).status).toBe(204);
    expect((await register('late', next.code)).body.code).toBe('auth.invitation-required');
    expect((await admin.get('/admin/invitations')).body.items).toEqual([]);
    app = invited;
  });
});
