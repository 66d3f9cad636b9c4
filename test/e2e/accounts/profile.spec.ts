import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import { type TestApp, startApp } from '../../support/create-app.js';
import { mailTo, newPerson, type TestPerson } from '../../support/people.js';

describe('one’s own profile', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  }, 60_000);
  afterAll(async () => app.close());

  const sql = async (text: string, parameters: unknown[] = []) => app.dataSource.query<Record<string, unknown>[]>(text, parameters);
  const letRename = async (who: TestPerson) =>
    sql(`UPDATE users SET username_changed_at = now() - interval '31 days' WHERE id = $1 AND username_changed_at IS NOT NULL`, [who.id]);
  const rename = async (who: TestPerson, username: string) => who.rest.post('/users/me/username', { username });

  /** Somebody with an account of a business type. */
  async function business(accountType: 'startup' | 'investor', profile: object): Promise<TestPerson> {
    const email = `${accountType}${Date.now().toString(36)}@example.org`;
    const username = email.split('@')[0]!;
    const password = 'correct horse battery staple';
    const body = { email, username, password, passwordConfirmation: password, accountType, profile };
    expect((await app.anonymous.post('/auth/register', body)).status).toBe(201);
    await app.anonymous.post('/auth/activate', { email, code: (await mailTo(app, email)).code });
    const { body: session } = await app.anonymous.post('/auth/login', { email, password });
    return { ...session.user, email, username, password, ...session, rest: app.anonymous.as(String(session.access)) } as TestPerson;
  }

  describe('a change of it', () => {
    it('leaves alone what it does not name, and null clears', async () => {
      const { rest } = await newPerson(app);
      const full = {
        firstName: 'Ada',
        lastName: 'Lovelace',
        about: 'Numbers.\nAnd engines.',
        birthDate: '1990-12-10',
        birthDateVisible: true,
        locale: 'uk',
        timeZone: 'Europe/Kyiv',
      };
      const first = await rest.patch('/users/me', full);
      expect(first.status).toBe(200);
      expect(first.body).toMatchObject({ ...full, displayName: 'Ada Lovelace', signature: 'name', signatureUrl: null });
      expect((await rest.patch('/users/me', {})).body).toEqual(first.body);
      const second = await rest.patch('/users/me', { lastName: 'Byron' });
      expect(second.body).toEqual({ ...first.body, lastName: 'Byron', displayName: 'Ada Byron' });
      const cleared = await rest.patch('/users/me', { firstName: null, lastName: null, about: null, birthDate: null, timeZone: null });
      expect(cleared.body).toMatchObject({ firstName: '', lastName: '', about: null, birthDate: null, timeZone: null, locale: 'uk' });
      expect(cleared.body.displayName).toBe(cleared.body.username);
      expect((await rest.get('/users/me')).body).toEqual(cleared.body);
    });

    it.each<[string, object]>([
      ['firstName', { firstName: 'x'.repeat(31) }],
      ['firstName', { firstName: ' ' }],
      ['firstName', { firstName: 'a\nb' }],
      ['about', { about: 'x'.repeat(501) }],
      ['about', { about: 'a\0b' }],
      ['birthDate', { birthDate: '2023-02-29' }],
      ['birthDate', { birthDate: '1899-12-31' }],
      ['birthDate', { birthDate: '2999-01-01' }],
      ['birthDate', { birthDate: new Date().toISOString().slice(0, 10) }],
      ['birthDate', { birthDate: '10.12.1990' }],
      ['birthDate', { birthDate: '1990-12-10T00:00:00Z' }],
      ['timeZone', { timeZone: 'Europe/Atlantis' }],
      ['timeZone', { timeZone: '+02:00' }],
      ['locale', { locale: 'de' }],
      ['locale', { locale: null }],
      ['signature', { signature: 'cross' }],
      ['birthDateVisible', { birthDateVisible: 'yes' }],
      ['profileCompleted', { profileCompleted: false }],
      ['username', { username: 'other' }],
      ['email', { email: 'other@example.org' }],
      ['role', { role: 'admin' }],
      ['avatarUrl', { avatarUrl: 'https://evil.example/x.png' }],
      ['startup', { startup: { companyName: 'x' } }],
      ['investor', { investor: {} }],
    ])('refuses a wrong %s: %j', async (field, body) => {
      const { rest } = await somebody();
      const before = (await rest.get('/users/me')).body as unknown;
      const { status, body: problem } = await rest.patch('/users/me', { lastName: 'Changed', ...body });
      expect({ status, code: problem.code, field: problem.errors[0].field }).toEqual({ status: 422, code: 'request.invalid', field });
      expect((await rest.get('/users/me')).body).toEqual(before);
    });

    it('takes the last day of February in a leap year, names of any script and 500 signs of text', async () => {
      const { rest } = await somebody();
      const body = { birthDate: '2024-02-29', firstName: 'محمد', lastName: '王', about: '😀'.repeat(500) };
      expect((await rest.patch('/users/me', body)).body).toMatchObject(body);
    });

    it('keeps the signature by name until there is a picture', async () => {
      const { rest } = await somebody();
      expect((await rest.patch('/users/me', { signature: 'image' })).body.code).toBe('user.signature-missing');
    });

    it('changes the record of the account’s type field by field', async () => {
      const startup = await business('startup', { companyName: 'Compilers', stage: 'idea' });
      const changed = await startup.rest.patch('/users/me', { startup: { stage: 'launched', pitch: 'Machines that think.' } });
      expect(changed.body.startup).toEqual({
        companyName: 'Compilers',
        industry: null,
        stage: 'launched',
        website: null,
        pitch: 'Machines that think.',
      });
      expect((await startup.rest.patch('/users/me', { startup: { companyName: null } })).body.startup.companyName).toBeNull();
      for (const wrong of [{ stage: 'bankrupt' }, { website: 'javascript:alert(1)' }, { role: 'admin' }]) {
        expect((await startup.rest.patch('/users/me', { startup: wrong })).status).toBe(422);
      }

      const investor = await business('investor', { ticketMin: 100, ticketMax: 500 });
      const { body } = await investor.rest.patch('/users/me', { investor: { interests: ['AI', 'Sea'], ticketMax: 900 } });
      expect(body.investor).toEqual({ organization: null, interests: ['AI', 'Sea'], ticketMin: 100, ticketMax: 900, website: null });
      const contradiction = await investor.rest.patch('/users/me', { firstName: 'Not', investor: { ticketMin: 901 } });
      expect(contradiction.body.errors).toEqual([expect.objectContaining({ field: 'investor.ticketMax' })]);
      const cleared = await investor.rest.patch('/users/me', { investor: { ticketMin: 901, ticketMax: null, interests: null } });
      expect(cleared.body).toMatchObject({ firstName: '', investor: { ticketMin: 901, ticketMax: null, interests: [] } });
      expect((await investor.rest.patch('/users/me', { startup: {} })).body.errors[0].field).toBe('startup');
    });

    it('loses nothing when many change different things at once', async () => {
      const { rest } = await newPerson(app);
      const all = {
        firstName: 'A',
        lastName: 'B',
        about: 'c',
        birthDate: '2000-01-01',
        timeZone: 'UTC',
        locale: 'ru',
        birthDateVisible: true,
      };
      const answers = await Promise.all(Object.entries(all).map(async ([field, value]) => rest.patch('/users/me', { [field]: value })));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      expect((await rest.get('/users/me')).body).toMatchObject(all);
    });

    it('tells whether the first-visit dialog is done with', async () => {
      const [named, dismissed, kept] = [await newPerson(app), await newPerson(app), await newPerson(app)];
      for (const { rest } of [named, dismissed, kept]) expect((await rest.get('/users/me')).body.profileCompleted).toBe(false);
      expect((await named.rest.patch('/users/me', { firstName: 'Zoe' })).body.profileCompleted).toBe(true);
      expect((await dismissed.rest.patch('/users/me', { profileCompleted: true })).body.profileCompleted).toBe(true);
      const { body } = await rename(kept, kept.username);
      expect(body).toMatchObject({ profileCompleted: true, usernameChangeableAt: null });
    });
  });

  describe('another name or picture', () => {
    it('reaches one’s own sockets and everybody in a joined room, once each, over both protocols', async () => {
      const [ann, bob, eve] = [await newPerson(app), await newPerson(app), await newPerson(app)];
      const rooms = ['one', 'two'].map((name) => `${name}${Date.now()}`);
      const annSocket = await SocketIoClient.connect(app.url, { auth: { token: ann.access } });
      const bobSocket = await SocketIoClient.connect(app.url, { auth: { token: bob.access } });
      const bobPlain = await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`);
      const eveSocket = await PlainClient.connect(`${app.wsUrl}/ws/?token=${eve.access}`);
      for (const room of rooms) {
        expect((await ann.rest.post('/rooms', { name: room, kind: 'public' })).status).toBe(201);
        await bobSocket.command('room.join', { room });
        await bobPlain.command('room.join', { room });
      }
      await ann.rest.patch('/users/me', { firstName: 'Ann', lastName: 'Lee' });
      const user = { id: ann.id, username: ann.username, displayName: 'Ann Lee', avatarUrl: null };
      for (const socket of [annSocket, bobSocket, bobPlain]) expect(await socket.event('user.updated')).toEqual({ user });

      // What others do not see is told to nobody; the next visible change comes after it.
      await ann.rest.patch('/users/me', { about: 'quiet', locale: 'uk' });
      await ann.rest.patch('/users/me', { lastName: null });
      for (const socket of [annSocket, bobSocket, bobPlain]) {
        expect((await socket.event('user.updated')).user.displayName).toBe('Ann');
      }
      expect(bobSocket.inbox.all.filter(({ event }) => event === 'user.updated')).toHaveLength(2);
      expect(bobPlain.frames.filter(({ event }) => event === 'user.updated')).toHaveLength(2);
      expect(eveSocket.frames.filter(({ event }) => event === 'user.updated')).toEqual([]);
      await Promise.all([annSocket, bobSocket, bobPlain, eveSocket].map(async (socket) => socket.close()));
    });

    it('reaches friends wherever they are, also in the same room once, and nobody who blocks the person', async () => {
      const [ann, bob, eve] = [await newPerson(app), await newPerson(app), await newPerson(app)];
      const { body } = await ann.rest.post('/friends/requests', { username: bob.username });
      await bob.rest.post(`/friends/requests/${String(body.request.id)}/accept`);
      await eve.rest.put(`/blocks/${ann.username}`);
      const room = (await ann.rest.post('/rooms', { name: `friends${Date.now()}`, kind: 'public' })).body.room.id as string;
      const away = await PlainClient.connect(`${app.wsUrl}/ws/?token=${bob.access}`);
      const inRoom = await SocketIoClient.connect(app.url, { auth: { token: bob.access } });
      const blocker = await PlainClient.connect(`${app.wsUrl}/ws/?token=${eve.access}`);
      await inRoom.command('room.join', { room });
      await blocker.command('room.join', { room });
      await ann.rest.patch('/users/me', { firstName: 'Ann' });
      for (const socket of [away, inRoom]) expect((await socket.event('user.updated')).user.displayName).toBe('Ann');
      await ann.rest.post(`/rooms/${room}/messages`, { content: 'after it' });
      await inRoom.event('message.created');
      expect(inRoom.inbox.all.filter(({ event }) => event === 'user.updated')).toHaveLength(1);
      expect(blocker.frames.filter(({ event }) => event === 'user.updated')).toEqual([]);
      await Promise.all([away, inRoom, blocker].map(async (socket) => socket.close()));
    });

    it('is the one that messages carry, and a new username that open sockets go on under', async () => {
      const [ann, bob] = [await newPerson(app), await newPerson(app)];
      const room = (await ann.rest.post('/rooms', { name: `names${Date.now()}`, kind: 'public' })).body.room.id as string;
      const annSocket = await PlainClient.connect(`${app.wsUrl}/ws/?token=${ann.access}`);
      const oldPage = await PlainClient.connect(`${app.wsUrl}/ws/chat/${room}/?token=${bob.access}`);
      await annSocket.command('room.join', { room });
      await oldPage.legacy('user_join', ({ user }) => user === bob.username);
      const former = ann.username;
      const renamed = `${former}-new`;
      expect((await rename(ann, renamed)).body).toMatchObject({ username: renamed, displayName: renamed });
      await oldPage.legacy('user_leave', ({ user }) => user === former);
      await oldPage.legacy('user_join', ({ user }) => user === renamed);
      await annSocket.command('message.send', { room, content: 'who am I?' });
      await oldPage.legacy('chat_message', ({ user, message }) => user === renamed && message === 'who am I?');
      await annSocket.command('room.typing', { room, typing: true });
      await annSocket.close();
      await oldPage.legacy('user_leave', ({ user }) => user === renamed);
      await oldPage.close();
    });
  });

  describe('another username', () => {
    it('comes at once, once in 30 days, and tells how long to wait', async () => {
      const ann = await newPerson(app);
      const name = `Різдво.${ann.username}`;
      const { body } = await rename(ann, name);
      expect(body.username).toBe(name);
      expect(Date.parse(String(body.usernameChangeableAt)) - Date.now()).toBeGreaterThan(29.9 * 86_400_000);
      const again = await rename(ann, `${ann.username}2`);
      expect(again.body.code).toBe('user.username-changed-recently');
      expect(again.status).toBe(409);
      expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(29 * 86_400);
      expect((await app.anonymous.post('/auth/login', { login: name.toUpperCase(), password: ann.password })).status).toBe(200);
      expect((await app.anonymous.post('/auth/login', { login: ann.username, password: ann.password })).status).toBe(401);
      await letRename(ann);
      expect((await rename(ann, `${ann.username}2`)).status).toBe(200);
    });

    it('leaves the old one reserved for its former owner, for a year', async () => {
      const [ann, bob] = [await newPerson(app), await newPerson(app)];
      const former = ann.username;
      await rename(ann, `${former}.b`);
      expect((await rename(bob, former.toUpperCase())).body.code).toBe('user.username-taken');
      const password = 'correct horse battery staple';
      const email = `late${Date.now()}@example.org`;
      const registration = { email, username: former, password, passwordConfirmation: password };
      expect((await app.anonymous.post('/auth/register', registration)).body.code).toBe('user.username-taken');

      await letRename(ann);
      expect((await rename(ann, former)).body.username).toBe(former);
      expect((await rename(bob, `${former}.b`)).body.code).toBe('user.username-taken');
      await sql(`UPDATE username_reservations SET reserved_until = now() WHERE username_key = $1`, [`${former}.b`]);
      expect((await rename(bob, `${former}.b`)).body.username).toBe(`${former}.b`);
    });

    it('refuses names that somebody has, asked for at registration, or that no one may have', async () => {
      const [ann, bob] = [await newPerson(app), await newPerson(app)];
      expect((await rename(ann, bob.username.toUpperCase())).body).toMatchObject({
        code: 'user.username-taken',
        errors: [{ field: 'username', code: 'taken' }],
      });
      const password = 'correct horse battery staple';
      const waiting = `waiting${Date.now()}`;
      const registration = { email: `${waiting}@example.org`, username: waiting, password, passwordConfirmation: password };
      await app.anonymous.post('/auth/register', registration);
      expect((await rename(ann, waiting)).body.code).toBe('user.username-taken');
      await sql(`UPDATE users SET created_at = now() - interval '25 hours' WHERE username = $1`, [waiting]);
      await sql(`UPDATE username_reservations SET reserved_until = now() WHERE username_key = $1`, [waiting]);
      expect((await rename(ann, waiting)).body.username).toBe(waiting);
      for (const wrong of ['a', 'admin', 'Me', 'username-suggestions', '.dot', 'with space', 'x'.repeat(33), 'a<b']) {
        expect((await rename(bob, wrong)).status).toBe(422);
      }
    });

    it('may change its case alone', async () => {
      const ann = await newPerson(app);
      expect((await rename(ann, ann.username.toUpperCase())).body.username).toBe(ann.username.toUpperCase());
      const rows = await sql('SELECT * FROM username_reservations WHERE user_id = $1', [ann.id]);
      expect(rows).toEqual([]);
    });

    it('goes to one of many who want it at the same moment, and a swap ends for both', async () => {
      const people = await Promise.all(Array.from({ length: 8 }, async () => newPerson(app)));
      const wanted = `wanted${Date.now()}`;
      const answers = await Promise.all(people.flatMap((who) => [rename(who, wanted), rename(who, wanted)]));
      const winners = new Set(answers.filter(({ status }) => status === 200).map(({ body }) => String(body.id)));
      expect(winners.size).toBe(1);
      for (const { status, body } of answers) if (status !== 200) expect(body.code).toBe('user.username-taken');
      const [a, b] = people.filter(({ id }) => !winners.has(id));
      const swap = await Promise.all([rename(a!, b!.username), rename(b!, a!.username)]);
      expect(swap.map(({ body }) => body.code as unknown)).toEqual(['user.username-taken', 'user.username-taken']);
    });
  });

  describe('suggested usernames', () => {
    it('are free, fit the names and can be taken', async () => {
      const [ann, bob] = [await newPerson(app), await newPerson(app)];
      const path = `/users/username-suggestions?firstName=${encodeURIComponent('Леся')}&lastName=${encodeURIComponent('Українка')}`;
      const first = (await ann.rest.get(path)).body.items as string[];
      expect(first).toHaveLength(5);
      expect(first[0]).toBe('lesia.ukrainka');
      expect((await rename(ann, first[0]!)).status).toBe(200);
      const second = (await bob.rest.get(path)).body.items as string[];
      expect(second).not.toContain(first[0]);
      expect(second).toHaveLength(5);
    });

    it('go by one’s own names when none are given, and always give something', async () => {
      const ann = await newPerson(app);
      expect((await ann.rest.get('/users/username-suggestions')).body.items.length).toBeGreaterThan(2);
      await ann.rest.patch('/users/me', { firstName: 'Katharina', lastName: 'Wunderlich' });
      expect((await ann.rest.get('/users/username-suggestions')).body.items[0]).toBe('katharina.wunderlich');
      for (const query of ['?firstName=', '?firstName=%00', `?lastName=${'x'.repeat(31)}`, '?name=x', '?firstName=a&firstName=b']) {
        expect((await ann.rest.get(`/users/username-suggestions${query}`)).status).toBe(422);
      }
      expect((await app.anonymous.get('/users/username-suggestions')).status).toBe(401);
    });
  });

  let shared: TestPerson | undefined;
  async function somebody(): Promise<TestPerson> {
    shared ??= await newPerson(app);
    return shared;
  }
});
