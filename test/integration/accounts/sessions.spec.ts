import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InternalEvents } from '../../../src/platform/events/index.js';
import { RevokedSessions } from '../../../src/modules/auth/sessions/revoked-sessions.js';
import { Housekeeping } from '../../../src/modules/auth/housekeeping.js';
import { SOCKET_AUTHENTICATOR, type SocketAuthenticator } from '../../../src/realtime/ports.js';
import { freshDataFolder } from '../../support/database-templates.js';
import { describeWithPostgres, type RunningPostgres, startPostgres } from '../../support/postgres.js';
import { describeOnBoth } from '../database/support/databases.js';
import {
  type AccountsApp,
  activePerson,
  claimsOf,
  logIn,
  mailsTo,
  newcomer,
  newestMail,
  person,
  problemOf,
  register,
  startAccounts,
  tokenOf,
} from './support/accounts-app.js';

const ownOrigin = (accounts: AccountsApp) => ({ origin: accounts.settings.publicUrl });
const cookieOf = (answer: { headers: Headers }) => answer.headers.get('set-cookie')?.split(';')[0] ?? '';

describeOnBoth('sessions', (fresh) => {
  let accounts: AccountsApp;
  beforeAll(async () => {
    accounts = await startAccounts(await fresh());
  });
  afterAll(async () => accounts.close());

  const sql = (text: string, parameters: unknown[] = []) => accounts.dataSource.query<Record<string, unknown>[]>(text, parameters);
  const as = (token: unknown) => accounts.rest.as(String(token));
  const refresh = async (token: unknown) => accounts.rest.post('/auth/refresh', { refresh: token });
  const isAlive = async (access: unknown) => (await as(access).get('/users/me')).status === 200;
  const endedSessions = () => {
    const ended: string[] = [];
    const off = accounts.app.get(InternalEvents).on('session.ended', ({ sessionIds }) => ended.push(...sessionIds));
    return { ended, off };
  };

  describe('a log-in', () => {
    it('takes the email or the username, in any case, under `login` or `email`', async () => {
      const who = await activePerson(accounts);
      for (const body of [{ login: who.email }, { login: who.username.toUpperCase() }, { email: who.email.toUpperCase() }]) {
        const answer = await accounts.rest.post('/auth/login', { ...body, password: who.password });
        expect(answer.status).toBe(200);
        expect(answer.body).toMatchObject({
          expiresIn: 900,
          user: { email: who.email, username: who.username, role: 'user', displayName: who.username },
        });
        expect(answer.headers.get('set-cookie')).toBeNull();
      }
    });

    it('refuses a wrong password and an unknown person with the same words', async () => {
      const who = await activePerson(accounts);
      const answers = [
        await accounts.rest.post('/auth/login', { login: who.email, password: 'wrong password' }),
        await accounts.rest.post('/auth/login', { login: newcomer().email, password: 'wrong password' }),
        await accounts.rest.post('/auth/login', { login: newcomer().username, password: who.password }),
      ];
      for (const answer of answers) {
        expect(problemOf(answer)).toEqual({ status: 401, code: 'auth.credentials-invalid' });
        expect({ ...answer.body, requestId: '' }).toEqual({ ...answers[0]!.body, requestId: '' });
      }
    });

    it('brings an old hash up to date, also when several do it at once', async () => {
      const who = await activePerson(accounts);
      const { hash } = await import('@node-rs/argon2');
      await sql('UPDATE users SET password_hash = $1 WHERE email = $2', [
        await hash(who.password, { memoryCost: 4096, timeCost: 1, parallelism: 1 }),
        who.email,
      ]);
      await Promise.all(Array.from({ length: 5 }, async () => logIn(accounts, who)));
      const [row] = await sql('SELECT password_hash FROM users WHERE email = $1', [who.email]);
      expect(row!['password_hash']).toContain('m=19456,t=2,p=1');
    });

    it('asks for a cookie only from an allowed page', async () => {
      const who = await activePerson(accounts);
      const body = { login: who.email, password: who.password, cookie: true };
      const foreign = await accounts.rest.post('/auth/login', body, { headers: { origin: 'https://evil.example' } });
      expect(problemOf(foreign)).toEqual({ status: 403, code: 'auth.origin-refused' });
      const own = await accounts.rest.post('/auth/login', body, { headers: ownOrigin(accounts) });
      expect(own.status).toBe(200);
      expect(own.headers.get('set-cookie')).toMatch(/^parley_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
    });
  });

  describe('a refresh', () => {
    it('gives one and the same successor to fifty at once, and stores one row', async () => {
      const who = await person(accounts);
      const answers = await Promise.all(Array.from({ length: 50 }, async () => refresh(who.refresh)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      const successors = new Set(answers.map(({ body }) => body.refresh as string));
      expect(successors.size).toBe(1);
      const { sid } = claimsOf(who.access);
      expect(await sql('SELECT hash FROM refresh_tokens WHERE session_id = $1', [sid])).toHaveLength(2);
      for (const { body } of answers) expect(claimsOf(body.access)['sid']).toBe(sid);
      const [successor] = successors;
      expect((await refresh(successor!)).status).toBe(200);
    });

    it('ends the session when a used token comes after the grace: tokens dead, sockets told, owner told', async () => {
      const who = await person(accounts);
      const next = await refresh(who.refresh);
      await sql(`UPDATE refresh_tokens SET used_at = used_at - interval '11 seconds' WHERE used_at IS NOT NULL`);
      const { ended, off } = endedSessions();
      const replay = await refresh(who.refresh);
      off();
      expect(problemOf(replay)).toEqual({ status: 401, code: 'auth.refresh-reused' });
      expect(ended).toEqual([claimsOf(who.access)['sid']]);
      expect(problemOf(await as(who.access).get('/users/me')).code).toBe('auth.revoked');
      expect(problemOf(await as(next.body.access).get('/users/me')).code).toBe('auth.revoked');
      expect(problemOf(await refresh(next.body.refresh)).code).toBe('auth.refresh-invalid');
      expect(problemOf(await refresh(who.refresh)).code).toBe('auth.refresh-invalid');
      const [theft] = (await mailsTo(accounts, who.email)).filter(({ subject }) => subject.includes('Security'));
      expect(theft).toBeDefined();
      expect(theft!.text).toContain('node');
    });

    it('ends the session at once when the successor has been used already', async () => {
      const who = await person(accounts);
      const second = await refresh(who.refresh);
      await refresh(second.body.refresh);
      expect(problemOf(await refresh(who.refresh)).code).toBe('auth.refresh-reused');
    });

    it('tells the theft once when many replay at once', async () => {
      const who = await person(accounts);
      await refresh(who.refresh);
      await sql(`UPDATE refresh_tokens SET used_at = used_at - interval '11 seconds' WHERE used_at IS NOT NULL`);
      const answers = await Promise.all(Array.from({ length: 20 }, async () => refresh(who.refresh)));
      expect(answers.filter(({ body }) => body.code === 'auth.refresh-reused')).toHaveLength(1);
      expect((await mailsTo(accounts, who.email)).filter(({ subject }) => subject.includes('Security'))).toHaveLength(1);
    });

    it('leaves other sessions of the person alone', async () => {
      const who = await person(accounts);
      const other = await logIn(accounts, who);
      await refresh(who.refresh);
      await sql(`UPDATE refresh_tokens SET used_at = used_at - interval '11 seconds' WHERE used_at IS NOT NULL`);
      await refresh(who.refresh);
      expect(await isAlive(other.access)).toBe(true);
      expect((await refresh(other.refresh)).status).toBe(200);
    });

    it('refuses expired, unknown and foreign tokens, and one of an account that ended', async () => {
      const who = await person(accounts);
      expect(problemOf(await refresh('nonsense')).code).toBe('auth.refresh-invalid');
      expect(problemOf(await refresh(who.access)).code).toBe('auth.refresh-invalid');
      expect(problemOf(await accounts.rest.post('/auth/refresh')).code).toBe('auth.required');
      await sql(`UPDATE users SET status = 'deactivated' WHERE email = $1`, [who.email]);
      expect(problemOf(await refresh(who.refresh)).code).toBe('auth.refresh-invalid');
      await sql(`UPDATE users SET status = 'active' WHERE email = $1`, [who.email]);
      await sql(`UPDATE refresh_tokens SET expires_at = now() - interval '1 second' WHERE session_id = $1`, [claimsOf(who.access)['sid']]);
      expect(problemOf(await refresh(who.refresh)).code).toBe('auth.refresh-invalid');
    });

    it('works by the cookie alone, from an allowed page, as a further chain of the same session', async () => {
      const who = await activePerson(accounts);
      const login = await accounts.rest.post('/auth/login', { login: who.email, password: who.password, cookie: true });
      const cookie = cookieOf(login);
      expect(problemOf(await accounts.rest.post('/auth/refresh', undefined, { headers: { cookie } })).code).toBe('auth.origin-refused');
      const byCookie = await accounts.rest.post('/auth/refresh', undefined, { headers: { cookie, ...ownOrigin(accounts) } });
      expect(byCookie.status).toBe(200);
      expect(cookieOf(byCookie)).toBe(cookie);
      expect(claimsOf(byCookie.body.access)['sid']).toBe(claimsOf(login.body.access)['sid']);
      expect((await refresh(byCookie.body.refresh)).status).toBe(200);
      expect((await refresh(login.body.refresh)).status).toBe(200);
    });
  });

  describe('a log-out', () => {
    it('ends the session of the refresh token: both tokens are dead at once', async () => {
      const who = await person(accounts);
      const { ended, off } = endedSessions();
      expect((await accounts.rest.post('/auth/logout', { refresh: who.refresh })).status).toBe(204);
      off();
      expect(ended).toEqual([claimsOf(who.access)['sid']]);
      expect(problemOf(await who.rest.get('/users/me'))).toEqual({ status: 401, code: 'auth.revoked' });
      expect(problemOf(await refresh(who.refresh)).code).toBe('auth.refresh-invalid');
    });

    it('works by the bearer token, twice, and by an unknown refresh token', async () => {
      const who = await person(accounts);
      expect((await who.rest.post('/auth/logout')).status).toBe(204);
      expect((await who.rest.post('/auth/logout')).status).toBe(204);
      expect((await accounts.rest.post('/auth/logout', { refresh: 'unknown' })).status).toBe(204);
      expect(problemOf(await accounts.rest.post('/auth/logout'))).toEqual({ status: 401, code: 'auth.required' });
      expect(problemOf(await accounts.rest.as('broken').post('/auth/logout')).code).toBe('auth.required');
    });

    it('ends everything that came along: another session by its refresh token, this one by bearer', async () => {
      const who = await person(accounts);
      const other = await logIn(accounts, who);
      await who.rest.post('/auth/logout', { refresh: other.refresh });
      expect(await isAlive(who.access)).toBe(false);
      expect(await isAlive(other.access)).toBe(false);
    });

    it('by the cookie needs an allowed page, and clears the cookie', async () => {
      const who = await activePerson(accounts);
      const login = await accounts.rest.post('/auth/login', { login: who.email, password: who.password, cookie: true });
      const cookie = cookieOf(login);
      expect(problemOf(await accounts.rest.post('/auth/logout', undefined, { headers: { cookie } })).code).toBe('auth.origin-refused');
      const foreign = await accounts.rest.post('/auth/logout', undefined, { headers: { cookie, origin: 'https://evil.example' } });
      expect(problemOf(foreign).code).toBe('auth.origin-refused');
      const out = await accounts.rest.post('/auth/logout', undefined, { headers: { cookie, ...ownOrigin(accounts) } });
      expect(out.status).toBe(204);
      expect(out.headers.get('set-cookie')).toMatch(/^parley_session=; Max-Age=0;/);
      expect(await isAlive(login.body.access)).toBe(false);
      expect(problemOf(await accounts.rest.get('/users/me', { headers: { cookie } })).status).toBe(401);
    });

    it('everywhere ends all sessions, this one too', async () => {
      const who = await person(accounts);
      const other = await logIn(accounts, who);
      const bystander = await person(accounts);
      expect((await who.rest.post('/auth/logout-all')).status).toBe(204);
      expect([await isAlive(who.access), await isAlive(other.access), await isAlive(bystander.access)]).toEqual([false, false, true]);
      expect((await refresh(other.refresh)).status).toBe(401);
    });

    it('everywhere also by a refresh token alone, but not by a dead one or by nothing', async () => {
      const who = await person(accounts);
      const other = await logIn(accounts, who);
      const everywhere = async (body?: object) => accounts.rest.post('/auth/logout-all', body);
      expect(problemOf(await everywhere())).toEqual({ status: 401, code: 'auth.required' });
      expect((await everywhere({ refresh: other.refresh })).status).toBe(204);
      expect([await isAlive(who.access), await isAlive(other.access)]).toEqual([false, false]);
      expect(problemOf(await everywhere({ refresh: other.refresh }))).toEqual({ status: 401, code: 'auth.refresh-invalid' });
    });
  });

  describe('devices', () => {
    it('are listed with the current one marked, and revoked one by one', async () => {
      const who = await person(accounts);
      const agent = 'x'.repeat(300);
      const second = await accounts.rest.post(
        '/auth/login',
        { login: who.email, password: who.password },
        { headers: { 'user-agent': agent } },
      );
      const { body } = await who.rest.get('/auth/sessions');
      expect(body.items).toHaveLength(2);
      expect(body.items[0]).toMatchObject({ current: false, userAgent: 'x'.repeat(256), ip: '127.0.0.1' });
      expect(body.items[1]).toMatchObject({ current: true, id: claimsOf(who.access)['sid'] });
      expect((await who.rest.delete(`/auth/sessions/${body.items[0].id}`)).status).toBe(204);
      expect(await isAlive(second.body.access)).toBe(false);
      expect(await isAlive(who.access)).toBe(true);
      expect(problemOf(await who.rest.delete(`/auth/sessions/${body.items[0].id}`))).toEqual({
        status: 404,
        code: 'auth.session-not-found',
      });
    });

    it('are listed page by page, the last used first', async () => {
      const who = await person(accounts);
      for (let more = 0; more < 4; more++) await accounts.rest.post('/auth/login', { login: who.email, password: who.password });
      const { body: whole } = await who.rest.get('/auth/sessions');
      expect([whole.items.length, whole.nextCursor]).toEqual([5, null]);
      const seen: unknown[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const { body } = await who.rest.get(`/auth/sessions?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
        seen.push(...body.items);
        cursor = body.nextCursor;
      }
      expect(seen).toEqual(whole.items);
      expect(problemOf(await who.rest.get('/auth/sessions?cursor=nonsense'))).toEqual({ status: 422, code: 'request.cursor-invalid' });
    });

    it('of somebody else are not there', async () => {
      const [one, other] = [await person(accounts), await person(accounts)];
      const answer = await one.rest.delete(`/auth/sessions/${String(claimsOf(other.access)['sid'])}`);
      expect(problemOf(answer)).toEqual({ status: 404, code: 'auth.session-not-found' });
      expect(await isAlive(other.access)).toBe(true);
    });
  });

  describe('the cookie', () => {
    it('reads from anywhere a browser lets it, changes only from an allowed page; the bearer token wins', async () => {
      const who = await activePerson(accounts);
      const login = await accounts.rest.post('/auth/login', { login: who.email, password: who.password, cookie: true });
      const cookie = `theme=dark; ${cookieOf(login)}; x=y`;
      expect((await accounts.rest.get('/users/me', { headers: { cookie } })).body.username).toBe(who.username);
      for (const origin of [
        undefined,
        'null',
        'https://evil.example',
        `${accounts.settings.publicUrl}.evil.example`,
        'https://127.0.0.1',
      ]) {
        const headers = { cookie, ...(origin === undefined ? {} : { origin }) };
        expect(problemOf(await accounts.rest.post('/auth/socket-ticket', undefined, { headers }))).toEqual({
          status: 403,
          code: 'auth.origin-refused',
        });
      }
      expect((await accounts.rest.post('/auth/socket-ticket', undefined, { headers: { cookie, ...ownOrigin(accounts) } })).status).toBe(
        200,
      );
      const other = await person(accounts);
      expect((await other.rest.get('/users/me', { headers: { cookie } })).body.username).toBe(other.username);
      expect(problemOf(await accounts.rest.as('broken').get('/users/me', { headers: { cookie } })).code).toBe('auth.token-invalid');
      expect(problemOf(await accounts.rest.get('/users/me', { headers: { cookie: 'parley_session=unknown' } })).code).toBe(
        'auth.token-invalid',
      );
    });

    it('is stored as a hash, and costs no query while it is remembered', async () => {
      const who = await activePerson(accounts);
      const login = await accounts.rest.post('/auth/login', { login: who.email, password: who.password, cookie: true });
      const value = cookieOf(login).split('=')[1]!;
      expect(JSON.stringify(await sql(`SELECT encode(cookie_hash, 'escape'), user_agent FROM sessions`))).not.toContain(value);
    });
  });

  describe('socket credentials', () => {
    const door = () => accounts.app.get<SocketAuthenticator>(SOCKET_AUTHENTICATOR);
    const codeOf = async (attempt: Promise<unknown>) =>
      attempt.then(
        () => 'accepted',
        (error: { code: string }) => error.code,
      );

    it('accept a token, a cookie and a ticket alike, and a ticket once', async () => {
      const who = await activePerson(accounts);
      const login = await accounts.rest.post('/auth/login', { login: who.email, password: who.password, cookie: true });
      const { body } = await as(login.body.access).post('/auth/socket-ticket');
      expect(body.expiresIn).toBe(30);
      const sessionId = claimsOf(login.body.access)['sid'];
      const byToken = await door().authenticate({ kind: 'token', value: login.body.access });
      expect(byToken).toMatchObject({
        kind: 'person',
        username: who.username,
        sessionId,
        role: 'user',
        expiresAt: claimsOf(login.body.access)['exp'],
      });
      const byTicket = await door().authenticate({ kind: 'ticket', value: body.ticket });
      expect(byTicket).toEqual(byToken);
      expect(await codeOf(door().authenticate({ kind: 'ticket', value: body.ticket }))).toBe('auth.token-invalid');
      // Together with others, too: each ticket has one holder.
      const tickets = await Promise.all(Array.from({ length: 5 }, async () => as(login.body.access).post('/auth/socket-ticket')));
      const shown = tickets.flatMap(({ body: { ticket } }) => [ticket as string, ticket as string]);
      const holders = await Promise.allSettled(shown.map(async (value) => door().authenticate({ kind: 'ticket', value })));
      expect(holders.map(({ status }) => status)).toEqual(tickets.flatMap(() => ['fulfilled', 'rejected']));
      const byCookie = await door().authenticate({ kind: 'cookie', value: cookieOf(login).split('=')[1]! });
      expect(byCookie).toMatchObject({ userId: byToken.userId, sessionId });
      expect(byCookie.expiresAt).toBeGreaterThan(Date.now() / 1000 + 29 * 86_400);
    });

    it('refuse what has ended, in every form', async () => {
      const who = await activePerson(accounts);
      const login = await accounts.rest.post('/auth/login', { login: who.email, password: who.password, cookie: true });
      const { body } = await as(login.body.access).post('/auth/socket-ticket');
      const cookie = cookieOf(login).split('=')[1]!;
      await door().authenticate({ kind: 'cookie', value: cookie });
      await as(login.body.access).post('/auth/logout');
      expect(await codeOf(door().authenticate({ kind: 'token', value: login.body.access }))).toBe('auth.revoked');
      expect(await codeOf(door().authenticate({ kind: 'ticket', value: body.ticket }))).toBe('auth.revoked');
      expect(await codeOf(door().authenticate({ kind: 'cookie', value: cookie }))).toBe('auth.token-invalid');
      expect(await codeOf(door().authenticate({ kind: 'token', value: login.body.refresh }))).toBe('auth.token-invalid');
      expect(await codeOf(door().authenticate({ kind: 'token', value: '' }))).toBe('auth.token-invalid');
    });

    it('renew with a newer token of the same session alone', async () => {
      const who = await person(accounts);
      const current = await door().authenticate({ kind: 'token', value: who.access });
      const { body } = await refresh(who.refresh);
      expect((await door().renew(current, String(body.access))).sessionId).toBe(current.sessionId);
      expect(await codeOf(door().renew(current, (await logIn(accounts, who)).access))).toBe('auth.other-person');
      expect(await codeOf(door().renew(current, (await person(accounts)).access))).toBe('auth.other-person');
      expect(await codeOf(door().renew(current, 'nonsense'))).toBe('auth.token-invalid');
    });

    it('refuse a person who was deactivated, and one who is gone', async () => {
      const [one, other] = [await person(accounts), await person(accounts)];
      await sql(`UPDATE users SET status = 'deactivated' WHERE id = $1`, [one.id]);
      await sql('DELETE FROM users WHERE id = $1', [other.id]);
      for (const { id } of [one, other]) accounts.app.get(InternalEvents).emit('user.changed', { userId: id });
      expect(await codeOf(door().authenticate({ kind: 'token', value: one.access }))).toBe('auth.inactive');
      expect(await codeOf(door().authenticate({ kind: 'token', value: other.access }))).toBe('auth.token-invalid');
      expect(problemOf(await one.rest.get('/users/me'))).toEqual({ status: 403, code: 'auth.inactive' });
      expect(problemOf(await accounts.rest.post('/auth/login', { login: one.email, password: one.password })).code).toBe('auth.inactive');
    });
  });

  describe('a password reset', () => {
    const request = async (email: string) => accounts.rest.post('/auth/password-reset/request', { email });
    const confirm = async (token: string, password: string, passwordConfirmation = password) =>
      accounts.rest.post('/auth/password-reset/confirm', { token, password, passwordConfirmation });
    const next = 'a lighthouse made of paper';

    it('answers known and unknown addresses alike, and writes to the known one', async () => {
      const who = await activePerson(accounts);
      const [known, unknown] = [await request(who.email.toUpperCase()), await request(newcomer().email)];
      expect([known.status, unknown.status]).toEqual([202, 202]);
      expect(known.body).toEqual(unknown.body);
      const mail = await newestMail(accounts, who.email);
      expect(mail.links.some((link) => link.startsWith(`${accounts.settings.frontendUrl}/reset-password?token=`))).toBe(true);
    });

    it('sets the password once, ends every session and tells the owner', async () => {
      const who = await person(accounts);
      await request(who.email);
      const token = tokenOf(await newestMail(accounts, who.email));
      const validated = await accounts.rest.post('/auth/password-reset/validate', { token });
      expect(validated.body.valid).toBe(true);
      expect(validated.body.expiresIn).toBeGreaterThan(1700);
      const { ended, off } = endedSessions();
      expect((await confirm(token, next)).status).toBe(204);
      off();
      expect(ended).toEqual([claimsOf(who.access)['sid']]);
      expect(problemOf(await who.rest.get('/users/me')).code).toBe('auth.revoked');
      expect((await refresh(who.refresh)).status).toBe(401);
      expect((await accounts.rest.post('/auth/login', { login: who.email, password: who.password })).status).toBe(401);
      await logIn(accounts, { ...who, password: next });
      expect(problemOf(await confirm(token, 'yet another paper moon')).code).toBe('auth.code-invalid');
      expect(problemOf(await accounts.rest.post('/auth/password-reset/validate', { token })).code).toBe('auth.code-invalid');
      expect((await newestMail(accounts, who.email)).subject).toContain('password was changed');
    });

    it('lets one of several confirmations win', async () => {
      const who = await activePerson(accounts);
      await request(who.email);
      const token = tokenOf(await newestMail(accounts, who.email));
      const answers = await Promise.all(Array.from({ length: 5 }, async (_, index) => confirm(token, `${next} number ${index}`)));
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 422, 422, 422, 422]);
    });

    it('ends the older link, and every link after 30 minutes', async () => {
      const who = await activePerson(accounts);
      await request(who.email);
      const first = tokenOf(await newestMail(accounts, who.email));
      await request(who.email);
      const second = tokenOf(await newestMail(accounts, who.email));
      expect(problemOf(await confirm(first, next)).code).toBe('auth.code-invalid');
      await sql(`UPDATE account_codes SET link_expires_at = link_expires_at - interval '30 minutes' WHERE purpose = 'password-reset'`);
      expect(problemOf(await confirm(second, next)).code).toBe('auth.code-invalid');
    });

    it('checks the new password with all rules, and the link stays good', async () => {
      const who = await activePerson(accounts);
      await request(who.email);
      const token = tokenOf(await newestMail(accounts, who.email));
      const both = await confirm(token, 'short', 'shorter');
      expect(both.body.errors).toMatchObject([
        { field: 'password', code: 'too-short' },
        { field: 'passwordConfirmation', code: 'mismatch' },
      ]);
      expect((await confirm(token, `${who.username}1`)).body.errors[0]).toMatchObject({ field: 'password', code: 'too-similar' });
      expect((await confirm(token, 'Password123!')).body.errors[0]).toMatchObject({ field: 'password', code: 'too-common' });
      expect((await confirm(token, next)).status).toBe(204);
    });

    it('activates nothing, and is no activation link', async () => {
      const who = await register(accounts);
      const activation = tokenOf(await newestMail(accounts, who.email));
      expect(problemOf(await confirm(activation, next)).code).toBe('auth.code-invalid');
      await request(who.email);
      const token = tokenOf(await newestMail(accounts, who.email));
      expect((await accounts.rest.post('/auth/activate', { token })).status).toBe(422);
      expect((await confirm(token, next)).status).toBe(204);
      expect(problemOf(await accounts.rest.post('/auth/login', { login: who.email, password: next })).code).toBe('auth.inactive');
    });

    it('leads to the configured address, whatever the request calls the host', async () => {
      const who = await activePerson(accounts);
      await accounts.rest.post(
        '/auth/password-reset/request',
        { email: who.email },
        { headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example' } },
      );
      const mail = await newestMail(accounts, who.email);
      expect(mail.text + mail.html).not.toContain('evil.example');
    });

    it('leaves no session to a log-in that checked the old password meanwhile', async () => {
      const who = await activePerson(accounts);
      await request(who.email);
      const token = tokenOf(await newestMail(accounts, who.email));
      const logins = Promise.all(
        Array.from({ length: 20 }, async () => accounts.rest.post('/auth/login', { login: who.email, password: who.password })),
      );
      const confirmed = await confirm(token, next);
      expect(confirmed.status).toBe(204);
      for (const { status, body } of await logins) if (status === 200) expect(await isAlive(body.access)).toBe(false);
      expect(await sql('SELECT id FROM sessions s WHERE user_id = (SELECT id FROM users WHERE email = $1)', [who.email])).toEqual([]);
    });
  });

  it('tidies away what is over, and nothing else', async () => {
    const who = await person(accounts);
    const waiting = await register(accounts);
    await sql(`UPDATE users SET created_at = now() - interval '25 hours' WHERE email = $1`, [waiting.email]);
    await accounts.app.get(Housekeeping).tidy();
    expect(await sql('SELECT id FROM users WHERE email = $1', [waiting.email])).toEqual([]);
    expect(await isAlive(who.access)).toBe(true);
    expect((await refresh(who.refresh)).status).toBe(200);
  });
});

describeOnBoth('ended sessions', (fresh) => {
  it('are remembered over a restart, without a query per request', async () => {
    const database = await fresh();
    const first = await startAccounts(database);
    const who = await person(first);
    await who.rest.post('/auth/logout');
    await first.close();
    const second = await startAccounts(database, { PUBLIC_URL: first.settings.publicUrl });
    try {
      expect(second.app.get(RevokedSessions).has(String(claimsOf(who.access)['sid']))).toBe(true);
      expect(problemOf(await second.rest.as(who.access).get('/users/me')).code).toBe('auth.revoked');
      const alive = await logIn(second, who);
      await alive.rest.post('/auth/socket-ticket');
      const queries: string[] = [];
      const original = second.dataSource.query.bind(second.dataSource);
      second.dataSource.query = (async (text: string, ...rest: unknown[]) => {
        queries.push(text);
        return original(text, ...(rest as []));
      }) as typeof second.dataSource.query;
      for (let i = 0; i < 20; i++) expect((await alive.rest.post('/auth/socket-ticket')).status).toBe(200);
      expect(
        queries.filter((text) => !text.includes('revoked_at >') && !text.includes('mails') && !text.includes('socket_tickets')),
      ).toEqual([]);
    } finally {
      await second.close();
    }
  });
});

describeWithPostgres('two nodes', () => {
  let postgres: RunningPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(async () => postgres.stop());

  it('give one successor to fifty refreshes spread over them, and hear of ended sessions within the polling time', async () => {
    const databaseUrl = await postgres.createDatabase();
    const first = await startAccounts({ databaseUrl, dataDir: '/nonexistent' });
    const second = await startAccounts({ databaseUrl, dataDir: '/nonexistent' }, { PUBLIC_URL: first.settings.publicUrl });
    try {
      const who = await person(first);
      const nodes = [first, second];
      const answers = await Promise.all(
        Array.from({ length: 50 }, async (_, index) => nodes[index % 2]!.rest.post('/auth/refresh', { refresh: who.refresh })),
      );
      expect(new Set(answers.map(({ body }) => body.refresh as string)).size).toBe(1);
      expect((await second.rest.as(who.access).get('/users/me')).status).toBe(200);

      const heard: string[] = [];
      second.app.get(InternalEvents).on('session.ended', ({ sessionIds, reason }) => heard.push(...sessionIds, reason));
      await who.rest.post('/auth/logout');
      for (let i = 0; i < 300 && heard.length === 0; i++) await sleep(100);
      expect(heard).toEqual([claimsOf(who.access)['sid'], 'logout']);
      expect(problemOf(await second.rest.as(who.access).get('/users/me')).code).toBe('auth.revoked');
      await sleep(2_500);
      expect(heard).toHaveLength(2);
    } finally {
      await first.close();
      await second.close();
    }
  });
});

describe('the session cookie', () => {
  it('is Secure, strict and for a domain where the settings say so', async () => {
    const { rm } = await import('node:fs/promises');
    const dataDir = await freshDataFolder();
    const accounts = await startAccounts(
      { dataDir },
      { PUBLIC_URL: 'https://chat.example.org', COOKIE_SAMESITE: 'strict', COOKIE_DOMAIN: 'example.org' },
    );
    try {
      const who = await activePerson(accounts);
      const { headers } = await accounts.rest.post('/auth/login', { login: who.email, password: who.password, cookie: true });
      expect(headers.get('set-cookie')).toMatch(/; Domain=example\.org; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    } finally {
      await accounts.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
