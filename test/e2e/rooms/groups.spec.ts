import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId } from '../../../src/common/ids.js';
import type { Person } from '../../../src/common/principal.js';
import { inTransaction } from '../../../src/database/index.js';
import { InvitationsService } from '../../../src/modules/rooms/invitations/invitations.service.js';
import { InternalEvents } from '../../../src/platform/events/index.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import type { TestApp } from '../../support/create-app.js';
import { describeEachServer } from '../../support/each-server.js';
import { newPerson, type TestPerson } from '../../support/people.js';
import { form, picture } from '../../support/pictures.js';
import type { Answer } from '../../support/rest-client.js';

describeEachServer('groups', (start) => {
  let app: TestApp;
  let ann: TestPerson;
  let bob: TestPerson;
  let eve: TestPerson;
  let rooms = 0;

  beforeAll(async () => {
    app = await start({ SYSTEM_MESSAGES: 'on' });
    [ann, bob, eve] = [await newPerson(app, 'ann'), await newPerson(app, 'bob'), await newPerson(app, 'eve')];
  });
  afterAll(async () => app.close());

  /** A private room of ann's. */
  const group = async (members: string[] = [], more: object = {}): Promise<string> => {
    const { status, body } = await ann.rest.post('/rooms', { name: `group-${++rooms}`, kind: 'private', members, ...more });
    expect(status).toBe(201);
    return body.room.id as string;
  };
  const fifty = async (call: (n: number) => Promise<Answer>): Promise<Answer[]> =>
    Promise.all(Array.from({ length: 50 }, async (_, n) => call(n)));
  const codes = (answers: readonly Answer[]) => answers.map(({ status, body }) => (status < 300 ? 'ok' : body.code) as string);
  const rolesIn = async (room: string, who = ann) =>
    (await who.rest.get(`/rooms/${room}/members`)).body.items.map((item: { user: { username: string }; role: string }) => [
      item.user.username,
      item.role,
    ]);

  /** People as the database knows them, for calls that need many at once. */
  async function people(count: number): Promise<Person[]> {
    const made = Array.from({ length: count }, (_, n) => ({ id: newId(), username: `crowd${++rooms}-${n}` }));
    await app.dataSource.query(
      `INSERT INTO users (id, email, email_key, username, username_key, password_hash, status, created_at, activated_at)
       SELECT id, name || '@example.org', name || '@example.org', name, name, 'x', 'active', now(), now() FROM unnest($1::uuid[], $2::text[]) AS p(id, name)`,
      [made.map(({ id }) => id), made.map(({ username }) => username)],
    );
    return made.map(({ id, username }) => ({ kind: 'person', userId: id, username, role: 'user', sessionId: id, expiresAt: 0 }));
  }

  it('appear on every device of whoever is added, on both transports, with the role and the name', async () => {
    const phone = await SocketIoClient.connect(app.url, { auth: { token: bob.access } });
    const laptop = await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`);
    const id = await group(['bob'], { title: 'Trip' });
    for (const device of [phone, laptop])
      expect((await device.event('room.added')).room).toMatchObject({ id, title: 'Trip', myRole: 'member', memberCount: 2 });
    const other = await group();
    await ann.rest.post(`/rooms/${other}/members`, { username: 'BOB' });
    for (const device of [phone, laptop]) await device.event('room.added', ({ room }) => room.id === other);
    const direct = (await eve.rest.post('/rooms/direct', { username: 'bob' })).body.room.id as string;
    for (const device of [phone, laptop]) {
      const { room } = await device.event('room.added', (data) => data.room.id === direct);
      expect(room).toMatchObject({ kind: 'direct', peer: { username: 'eve' } });
    }
    await ann.rest.patch(`/rooms/${id}`, { title: 'Long trip' });
    await ann.rest.patch(`/rooms/${id}/members/${bob.id}`, { role: 'moderator' });
    for (const device of [phone, laptop]) {
      expect((await device.event('room.updated')).room.title).toBe('Long trip');
      expect(await device.event('room.role')).toEqual({ room: id, userId: bob.id, role: 'moderator' });
    }
    // Unread counts of a room that is minutes old reach the devices, too.
    await eve.rest.post(`/rooms/${direct}/messages`, { content: 'psst' });
    for (const device of [phone, laptop]) await device.event('room.unread', (data) => data.room === direct && data.unread === 1);
    const said = (await bob.rest.get(`/rooms/${id}/messages`)).body.items.map((item: { content: string }) => item.content);
    expect(said).toEqual(expect.arrayContaining(['bob joined the room', 'ann named the room “Long trip”', 'bob is a moderator now']));
    await Promise.all([phone.close(), laptop.close()]);
  });

  it('are made whole or not at all', async () => {
    const refused = await ann.rest.post('/rooms', { name: 'half', kind: 'private', members: ['bob', 'nobody-at-all'] });
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([
      404,
      'user.not-found',
      'There is nobody named nobody-at-all.',
    ]);
    expect((await ann.rest.get('/rooms/half')).status).toBe(404);
    const id = await group(['bob', 'BOB', 'ann']);
    expect(await rolesIn(id)).toEqual(
      expect.arrayContaining([
        ['ann', 'owner'],
        ['bob', 'member'],
      ]),
    );
    expect((await ann.rest.get(`/rooms/${id}`)).body.room.memberCount).toBe(2);
  });

  it('have a picture that whoever sees the room sees, the one before gone with the change', async () => {
    const upload = async (who: TestPerson, bytes?: Buffer) =>
      (await who.rest.post('/files', undefined, { form: form('file', bytes ?? (await picture('png', { width: 64, height: 64 }))) })).body
        .id as string;
    const [first, second, third, foreign] = [await upload(ann), await upload(ann), await upload(ann), await upload(bob)];
    const text = (await ann.rest.post('/files', undefined, { form: form('file', Buffer.from('words'), 'a.txt') })).body.id as string;
    const id = await group(['bob'], { avatarFileId: first });
    const shows = async (who: TestPerson | null, file: string) =>
      (await fetch(`${app.url}/api/v1/files/${file}?size=thumbnail`, who ? { headers: { authorization: `Bearer ${who.access}` } } : {}))
        .status;
    const { avatarUrl } = (await bob.rest.get(`/rooms/${id}`)).body.room;
    expect(avatarUrl).toBe(`/api/v1/files/${first}?size=thumbnail`);
    expect([await shows(ann, first), await shows(bob, first), await shows(eve, first), await shows(null, first)]).toEqual([
      200, 200, 404, 404,
    ]);
    const { code } = (await ann.rest.post(`/rooms/${id}/invitations`)).body.invitation;
    const preview = (await app.anonymous.get(`/invitations/${code}`)).body.invitation.room.avatarUrl as string;
    expect((await fetch(preview.replace(app.settings.publicUrl, app.url))).status).toBe(200);

    const device = await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`);
    for (const [file, why] of [
      [foreign, 'file.not-found'],
      [newId(), 'file.not-found'],
      [text, 'file.not-image'],
    ])
      expect((await ann.rest.patch(`/rooms/${id}`, { avatarFileId: file })).body.code).toBe(why);
    expect((await ann.rest.post('/rooms', { name: 'no-picture', kind: 'private', avatarFileId: foreign })).body.code).toBe(
      'file.not-found',
    );
    expect((await ann.rest.get('/rooms/no-picture')).status).toBe(404);
    await ann.rest.patch(`/rooms/${id}`, { avatarFileId: second });
    expect((await device.event('room.updated')).room.avatarUrl).toBe(`/api/v1/files/${second}?size=thumbnail`);
    expect([await shows(bob, first), await shows(bob, second)]).toEqual([404, 200]);
    expect((await ann.rest.patch(`/rooms/${id}`, { avatarFileId: null })).body.room.avatarUrl).toBeNull();
    expect(await shows(ann, second)).toBe(404);
    // One picture for one room, however many ask at once; and it goes with the room.
    const other = await group();
    const racing = await fifty((n) => ann.rest.patch(`/rooms/${n % 2 ? id : other}`, { avatarFileId: third }));
    expect(new Set(codes(racing))).toEqual(new Set(['ok', 'file.not-found']));
    for (const room of [id, other]) await ann.rest.delete(`/rooms/${room}`);
    expect(await shows(ann, third)).toBe(404);
    await device.close();
  });

  it('are made once, however many ask at the same moment', async () => {
    const named = await fifty((n) => (n % 2 ? ann : bob).rest.post('/rooms', { name: n % 3 ? 'ONLY-ONE' : 'only-one', kind: 'public' }));
    expect(codes(named).filter((code) => code === 'ok')).toHaveLength(1);
    expect(new Set(codes(named))).toEqual(new Set(['ok', 'room.name-taken']));
    const pair = await fifty((n) => (n % 2 ? bob : eve).rest.post('/rooms/direct', { username: n % 2 ? 'eve' : 'bob' }));
    expect(new Set(pair.map(({ body }) => body.room.id)).size).toBe(1);
    const id = await group();
    const added = await fifty(() => ann.rest.post(`/rooms/${id}/members`, { username: 'bob' }));
    expect(new Set(codes(added))).toEqual(new Set(['ok']));
    expect((await ann.rest.get(`/rooms/${id}`)).body.room.memberCount).toBe(2);
  });

  it('never lose their last owner: not by leaving, stepping down or all at once', async () => {
    const id = await group(['bob', 'eve']);
    const setRole = async (who: TestPerson, whom: TestPerson, role: string) => who.rest.patch(`/rooms/${id}/members/${whom.id}`, { role });
    expect(codes([await setRole(ann, ann, 'member'), await ann.rest.post(`/rooms/${id}/leave`)])).toEqual([
      'room.last-owner',
      'room.last-owner',
    ]);
    await setRole(ann, bob, 'owner');
    const owners = [ann, bob];
    const leaving = await fifty((n) => owners[n % 2]!.rest.post(`/rooms/${id}/leave`));
    expect(codes(leaving)).toContain('room.last-owner');
    const left = await rolesIn(id, eve);
    expect(left.filter(([, role]: [string, string]) => role === 'owner')).toHaveLength(1);
    const [stays, goes] = left[0][0] === 'bob' || left[1][0] === 'bob' ? [bob, ann] : [ann, bob];
    await stays.rest.post(`/rooms/${id}/members`, { username: goes.username });
    await setRole(stays, goes, 'owner');
    const stepping = await fifty(async (n) => setRole(owners[n % 2]!, owners[n % 2]!, 'admin'));
    expect(codes(stepping)).toContain('room.last-owner');
    expect((await rolesIn(id, eve)).filter(([, role]: [string, string]) => role === 'owner')).toHaveLength(1);
  });

  it('pass to the eldest of the highest role when their only owner’s account goes', async () => {
    const [first, second, third] = (await people(3)) as [Person, Person, Person];
    const events = app.app.get(InternalEvents);
    const going = (await people(1))[0]!;
    const made: Record<string, string> = {};
    for (const [name, others] of Object.entries({
      admins: ['member', 'admin', 'admin'],
      moderators: ['member', 'moderator', 'member'],
      members: ['member', 'member', 'member'],
      owned: ['owner', 'admin', 'member'],
      alone: [],
    })) {
      const id = (made[name] = newId());
      await app.dataSource.query(
        `INSERT INTO rooms (id, name, name_key, title, kind, epoch, last_activity_at, created_at, member_count)
         VALUES ($1::uuid, $2::text, $2::text, $2::text, 'private', 'e', now(), now(), $3::int)`,
        [id, `gone-${name}-${++rooms}`, others.length + 1],
      );
      await app.dataSource.query(
        `INSERT INTO room_members (room_id, user_id, role, joined_at)
         SELECT $1, m.id, m.role, now() + m.ord * interval '1 second' FROM unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS m(id, role, ord)`,
        [id, [going.userId, ...others.map((_, n) => [first, second, third][n]!.userId)], ['owner', ...others]],
      );
    }
    const standing = async (name: string) =>
      Object.fromEntries(
        (
          await app.dataSource.query<{ user_id: string; role: string }[]>('SELECT user_id, role FROM room_members WHERE room_id = $1', [
            made[name],
          ])
        ).map(({ user_id: id, role }) => [id, role]),
      );
    const close = async (how: 'deactivated' | 'deleted') =>
      inTransaction(app.dataSource, async (manager) => events.emitWithin(manager, 'account.closing', { userId: going.userId, how }));

    await app.dataSource.query(`UPDATE users SET status = 'deactivated' WHERE id = $1`, [first.userId]);
    await close('deactivated');
    expect(await standing('admins')).toMatchObject({ [going.userId]: 'admin', [second.userId]: 'owner', [third.userId]: 'admin' });
    expect(await standing('moderators')).toMatchObject({ [going.userId]: 'admin', [second.userId]: 'owner' });
    expect(await standing('members')).toMatchObject({ [second.userId]: 'owner', [third.userId]: 'member' });
    // An owner whose account is not active is none to count on.
    expect(await standing('owned')).toMatchObject({ [first.userId]: 'owner', [second.userId]: 'owner' });
    expect(await standing('alone')).toEqual({ [going.userId]: 'owner' });

    await app.dataSource.query(`UPDATE room_members SET role = 'owner' WHERE user_id = $1`, [going.userId]);
    await app.dataSource.query(`UPDATE room_members SET role = 'member' WHERE user_id = $1`, [second.userId]);
    await close('deleted');
    expect(await standing('members')).toEqual({ [first.userId]: 'member', [second.userId]: 'owner', [third.userId]: 'member' });
    expect(await standing('admins')).toMatchObject({ [third.userId]: 'owner' });
    expect(await standing('alone')).toEqual({});
    const counts = await app.dataSource.query<{ id: string; member_count: number }[]>(
      'SELECT id, member_count FROM rooms WHERE id = ANY($1::uuid[])',
      [Object.values(made)],
    );
    expect(counts.map(({ member_count: count }) => count)).toEqual([3, 3, 3, 3]);
  });

  it('invite by a link that tells its code once, shows where it leads, and lets people in', async () => {
    const id = await group([], { title: 'Book club' });
    const made = await ann.rest.post(`/rooms/${id}/invitations`, { expiresIn: 3600, maxUses: 2 });
    expect(made.status).toBe(201);
    const { code, url, ...shown } = made.body.invitation;
    expect(code).toMatch(/^[\w-]{43}$/);
    expect(url).toBe(`${app.settings.publicUrl}/invite/${code}`);
    expect(shown).toMatchObject({ maxUses: 2, uses: 0, createdBy: { username: 'ann' } });
    expect(Date.parse(shown.expiresAt) - Date.parse(shown.createdAt)).toBe(3_600_000);
    const dump = JSON.stringify(await app.dataSource.query('SELECT * FROM room_invitations'));
    expect(dump).not.toContain(code);
    const preview = await app.anonymous.get(`/invitations/${code}`);
    expect(preview.body.invitation).toMatchObject({ room: { title: 'Book club', memberCount: 1 }, invitedBy: { username: 'ann' } });

    const watching = await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`);
    const accepted = await bob.rest.post(`/invitations/${code}/accept`);
    expect([accepted.status, accepted.body.room.id, accepted.body.room.myRole]).toEqual([200, id, 'member']);
    await watching.event('room.added', ({ room }) => room.id === id);
    await watching.close();
    for (const again of [bob, ann]) expect((await again.rest.post(`/invitations/${code}/accept`)).status).toBe(200);
    expect((await ann.rest.get(`/rooms/${id}/invitations`)).body.items).toEqual([{ ...shown, uses: 1 }]);
    expect((await ann.rest.get(`/rooms/${id}`)).body.room.memberCount).toBe(2);
  });

  it('keep out who is banned, and everybody when the link is unknown, expired, used up or withdrawn', async () => {
    const id = await group();
    const invite = async (body?: object) => (await ann.rest.post(`/rooms/${id}/invitations`, body)).body.invitation;
    const [open, single, withdrawn, expired] = [await invite(), await invite({ maxUses: 1 }), await invite({}), await invite()];
    await ann.rest.put(`/rooms/${id}/bans/${eve.id}`);
    expect((await eve.rest.post(`/invitations/${open.code}/accept`)).body.code).toBe('room.banned');
    expect((await eve.rest.post(`/invitations/${single.code}/accept`)).body.code).toBe('room.banned');
    expect((await bob.rest.post(`/invitations/${single.code}/accept`)).status).toBe(200);
    await ann.rest.delete(`/rooms/${id}/members/${bob.id}`);
    expect((await ann.rest.delete(`/rooms/${id}/invitations/${withdrawn.id}`)).status).toBe(204);
    expect((await ann.rest.delete(`/rooms/${id}/invitations/${withdrawn.id}`)).body.code).toBe('room.invitation-not-found');
    await app.dataSource.query(`UPDATE room_invitations SET expires_at = now() - interval '1 second' WHERE id = $1`, [expired.id]);
    for (const code of [single.code, withdrawn.code, expired.code, 'x', 'x'.repeat(43)]) {
      for (const answer of [await bob.rest.post(`/invitations/${code}/accept`), await app.anonymous.get(`/invitations/${code}`)])
        expect([answer.status, answer.body.code]).toEqual([404, 'invitation.invalid']);
    }
    expect((await app.anonymous.post(`/invitations/${open.code}/accept`)).status).toBe(401);
    for (const body of [{ expiresIn: 31 * 86_400 }, { expiresIn: 0 }, { maxUses: 0 }, { maxUses: 1.5 }, { uses: 3 }, { maxUses: '2' }])
      expect([body, (await ann.rest.post(`/rooms/${id}/invitations`, body)).status]).toEqual([body, 422]);
    await ann.rest.delete(`/rooms/${id}/bans/${eve.id}`);
    await eve.rest.post(`/invitations/${open.code}/accept`);
    for (const [who, code] of [
      [eve, 'room.forbidden'],
      [bob, 'room.not-found'],
    ] as const) {
      for (const [method, path] of [
        ['POST', ''],
        ['GET', ''],
        ['DELETE', `/${open.id}`],
      ] as const)
        expect((await who.rest.call(method, `/rooms/${id}/invitations${path}`)).body.code).toBe(code);
    }
    const first = (await ann.rest.get(`/rooms/${id}/invitations?limit=1`)).body;
    const second = (await ann.rest.get(`/rooms/${id}/invitations?limit=1&cursor=${first.nextCursor}`)).body;
    expect([first.items[0].id, second.items[0].id, second.nextCursor]).toEqual([single.id, open.id, null]);
    expect((await ann.rest.get(`/rooms/${id}/invitations?cursor=eA`)).body.code).toBe('request.cursor-invalid');
  });

  it('let in as many as a link says when fifty come at once, and have a hundred open links at most', async () => {
    const id = await group();
    const { code } = (await ann.rest.post(`/rooms/${id}/invitations`, { maxUses: 7 })).body.invitation;
    const service = app.app.get(InvitationsService, { strict: false });
    const crowd = await people(50);
    const outcomes = await Promise.all(
      crowd.map(async (person) =>
        service.accept(person, code).then(
          () => 'in',
          (error: { code: string }) => error.code,
        ),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'in')).toHaveLength(7);
    expect(outcomes.filter((outcome) => outcome === 'invitation.invalid')).toHaveLength(43);
    expect((await ann.rest.get(`/rooms/${id}`)).body.room.memberCount).toBe(8);
    // One person, fifty times: in once, one use.
    const twice = (await ann.rest.post(`/rooms/${id}/invitations`, { maxUses: 2 })).body.invitation;
    expect(new Set(codes(await fifty(() => bob.rest.post(`/invitations/${twice.code}/accept`))))).toEqual(new Set(['ok']));
    expect((await ann.rest.get(`/rooms/${id}/invitations?limit=1`)).body.items[0].uses).toBe(1);
    await app.dataSource.query(
      `INSERT INTO room_invitations (id, room_id, code_hash, created_at, expires_at)
       SELECT gen_random_uuid(), $1, sha256(n::text::bytea), now(), now() + interval '1 day' FROM generate_series(1, 99) n`,
      [id],
    );
    expect((await ann.rest.post(`/rooms/${id}/invitations`)).body.code).toBe('room.too-many-invitations');
  });

  it('stand on the first page: the three latest chats and requests, and how much is new', async () => {
    const zoe = await newPerson(app, 'zoe');
    expect((await zoe.rest.get('/home')).body).toEqual({
      requests: [],
      chats: [],
      counters: { unreadRooms: 0, friendRequests: 0, notifications: 0 },
    });
    const ids: string[] = [];
    for (let n = 0; n < 4; n++) ids.push(await group(['zoe'], { title: `Chat ${n}` }));
    for (const n of [0, 2, 3]) await ann.rest.post(`/rooms/${ids[n]}/messages`, { content: `hello ${n}` });
    await zoe.rest.post(`/rooms/${ids[2]}/messages`, { content: 'and mine' });
    await ann.rest.patch(`/rooms/${ids[3]}`, { archived: true });
    for (const from of [ann, bob, eve]) await from.rest.post('/friends/requests', { username: 'zoe' });
    await zoe.rest.post(`/rooms/${ids[0]}/read`, { seq: 99 });
    const unread = (await zoe.rest.get('/rooms?mine=true')).body.items.filter((room: { unreadCount: number }) => room.unreadCount > 0);
    const { requests, chats, counters } = (await zoe.rest.get('/home')).body;
    expect(chats.map((room: { title: string; lastMessage: { content: string } }) => [room.title, room.lastMessage.content])).toEqual([
      ['Chat 2', 'and mine'],
      ['Chat 0', 'hello 0'],
      ['Chat 1', expect.any(String)],
    ]);
    expect(requests.map((request: { user: { username: string } }) => request.user.username)).toEqual(['eve', 'bob', 'ann']);
    expect(counters).toEqual({ unreadRooms: unread.length, friendRequests: 3, notifications: 7 });
    expect((await app.anonymous.get('/home')).status).toBe(401);
  });

  it('are read only in the archive, at every door, and out of the list; and come back as they were', async () => {
    const id = await group(['bob'], { title: 'Old days' });
    const { message } = (await bob.rest.post(`/rooms/${id}/messages`, { content: 'still here' })).body;
    const { code } = (await ann.rest.post(`/rooms/${id}/invitations`)).body.invitation;
    const io = await SocketIoClient.connect(app.url, { auth: { token: bob.access } });
    const old = await PlainClient.connect(`${app.wsUrl}/ws/chat/${id}/?token=${bob.access}`);
    await io.command('room.join', { room: id });
    expect((await bob.rest.patch(`/rooms/${id}`, { archived: true })).body.code).toBe('room.forbidden');
    expect((await ann.rest.patch(`/rooms/${id}`, { archived: true })).body.room.archived).toBe(true);
    expect((await io.event('room.updated')).room).toMatchObject({ id, archived: true });

    for (const [who, method, path, body] of [
      [bob, 'POST', `/rooms/${id}/messages`, { content: 'x' }],
      [bob, 'PATCH', `/messages/${message.id}`, { content: 'x' }],
      [bob, 'DELETE', `/messages/${message.id}`, undefined],
      [bob, 'PUT', `/messages/${message.id}/reactions/👍`, undefined],
      [bob, 'DELETE', `/messages/${message.id}/reactions/👍`, undefined],
      [ann, 'POST', `/rooms/${id}/messages`, { content: 'x' }],
      [ann, 'PATCH', `/rooms/${id}`, { title: 'x' }],
      [ann, 'POST', `/rooms/${id}/members`, { username: 'eve' }],
      [ann, 'POST', `/rooms/${id}/invitations`, undefined],
      [eve, 'POST', `/invitations/${code}/accept`, undefined],
    ] as const) {
      const answer = await who.rest.call(method, path, body);
      expect([method, path, answer.status, answer.body.code]).toEqual([method, path, 409, 'room.archived']);
    }
    for (const [command, data] of [
      ['message.send', { room: id, content: 'x' }],
      ['message.edit', { id: message.id, content: 'x' }],
      ['message.delete', { id: message.id }],
      ['message.react', { id: message.id, emoji: '👍' }],
      ['room.typing', { room: id, typing: true }],
    ] as const)
      expect([command, await io.command(command, data)]).toMatchObject([command, { ok: false, error: { code: 'room.archived' } }]);
    old.send({ message: 'x' });
    expect(await old.legacy('error')).toMatchObject({ code: 'room.archived' });

    expect((await bob.rest.post(`/rooms/${id}/read`, { seq: 1 })).status).toBe(200);
    expect((await bob.rest.get(`/rooms/${id}/messages`)).body.items.at(-1).content).toBe('still here');
    const listed = async (query: string) =>
      (await bob.rest.get(`/rooms?${query}`)).body.items.some((room: { id: string }) => room.id === id) as boolean;
    expect([await listed('mine=true'), await listed('query=old days'), await listed('mine=true&archived=true')]).toEqual([
      false,
      false,
      true,
    ]);
    expect((await bob.rest.get(`/rooms/${id}`)).body.room.archived).toBe(true);

    expect((await ann.rest.patch(`/rooms/${id}`, { archived: false, title: 'New days' })).body.room).toMatchObject({
      archived: false,
      title: 'New days',
    });
    expect((await io.command('message.send', { room: id, content: 'back' })).ok).toBe(true);
    expect([await listed('mine=true'), await listed('mine=true&archived=true')]).toEqual([true, false]);
    const direct = (await ann.rest.post('/rooms/direct', { username: 'bob' })).body.room.id as string;
    expect((await ann.rest.patch(`/rooms/${direct}`, { archived: true })).body.code).toBe('room.direct-fixed');
    await Promise.all([io.close(), old.close()]);
  });

  it('take nothing in after they were archived, however many sends are under way', async () => {
    const id = await group(['bob']);
    // Each of ten sends on until it is refused.
    const senders = Array.from({ length: 10 }, async (_, sender) => {
      for (let n = 0; ; n++) {
        const answer = await bob.rest.post(`/rooms/${id}/messages`, { content: `${sender}-${n}` });
        if (answer.status !== 201) return answer.body.code as string;
      }
    });
    await ann.rest.post(`/rooms/${id}/messages`, { content: 'enough' });
    expect((await ann.rest.patch(`/rooms/${id}`, { archived: true })).status).toBe(200);
    const head = (await bob.rest.get(`/rooms/${id}`)).body.room.position as number;
    expect(new Set(await Promise.all(senders))).toEqual(new Set(['room.archived']));
    const after = (await bob.rest.get(`/rooms/${id}`)).body.room.position as number;
    expect(after).toBe(head);
  });

  it('for admins alone tell the others nothing of what is written there, live or asked', async () => {
    const id = await group(['bob', 'eve']);
    await ann.rest.patch(`/rooms/${id}/members/${bob.id}`, { role: 'admin' });
    const io = await SocketIoClient.connect(app.url, { auth: { token: bob.access } });
    const plain = await PlainClient.connect(`${app.wsUrl}/ws/?token=${eve.access}`);
    for (const client of [io, plain]) expect((await client.command('room.join', { room: id })).ok).toBe(true);
    await ann.rest.patch(`/rooms/${id}`, { access: 'admins' });
    expect((await plain.event('room.removed')).reason).toBe('forbidden');
    const { message } = (await bob.rest.post(`/rooms/${id}/messages`, { content: 'for admins, @eve' })).body;
    await io.event('message.created', (data) => data.message.id === message.id);
    for (const [method, path, body] of [
      ['GET', `/rooms/${id}/messages`, undefined],
      ['GET', `/rooms/${id}/changes?since=0`, undefined],
      ['GET', `/rooms/${id}/members`, undefined],
      ['POST', `/rooms/${id}/messages`, { content: 'x' }],
      ['PUT', `/messages/${message.id}/reactions/👍`, undefined],
      ['DELETE', `/messages/${message.id}`, undefined],
    ] as const)
      expect([path, (await eve.rest.call(method, path, body)).body.code]).toEqual([path, 'room.forbidden']);
    for (const [command, data] of [
      ['room.join', { room: id }],
      ['message.send', { room: id, content: 'x' }],
      ['message.react', { id: message.id, emoji: '👍' }],
    ] as const)
      expect((await plain.command(command, data)) as unknown).toMatchObject({ ok: false, error: { code: 'room.forbidden' } });
    expect((await plain.command('sync', { rooms: { [id]: { position: 0, epoch: 'x' } } })) as unknown).toMatchObject({
      data: { rooms: {} },
    });
    const shown = (await eve.rest.get(`/rooms/${id}`)).body.room;
    expect(shown).toMatchObject({ lastMessage: null, unreadCount: 0, mentionCount: 0, myRole: 'member' });
    expect(plain.frames.filter((frame) => frame.event === 'room.unread' && Number(frame.data?.['unread']) > 0)).toEqual([]);
    // An admin who steps down is out at once.
    await ann.rest.patch(`/rooms/${id}/members/${bob.id}`, { role: 'member' });
    expect((await io.event('room.removed')).reason).toBe('forbidden');
    await Promise.all([io.close(), plain.close()]);
  });

  it('for announcements are written to by admins alone, at every door', async () => {
    const id = await group(['bob'], { posting: 'admins' });
    const io = await SocketIoClient.connect(app.url, { auth: { token: bob.access } });
    const old = await PlainClient.connect(`${app.wsUrl}/ws/chat/${id}/?token=${bob.access}`);
    await io.command('room.join', { room: id });
    expect((await bob.rest.post(`/rooms/${id}/messages`, { content: 'x' })).body.code).toBe('room.posting-restricted');
    for (const [command, data] of [
      ['message.send', { room: id, content: 'x' }],
      ['room.typing', { room: id, typing: true }],
    ] as const)
      expect(await io.command(command, data)).toMatchObject({ ok: false, error: { code: 'room.posting-restricted' } });
    old.send({ message: 'x' });
    expect(await old.legacy('error')).toMatchObject({ code: 'room.posting-restricted' });
    const { message } = (await ann.rest.post(`/rooms/${id}/messages`, { content: 'hear ye' })).body;
    await io.event('message.created', (data) => data.message.id === message.id);
    expect((await bob.rest.put(`/messages/${message.id}/reactions/👍`)).status).toBe(200);
    await Promise.all([io.close(), old.close()]);
  });
});
