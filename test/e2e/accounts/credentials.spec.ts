import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InternalEvents } from '../../../src/platform/events/index.js';
import { PlainClient } from '../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../support/connect-socket-io.js';
import { type TestApp, startApp } from '../../support/create-app.js';
import { mailTo, newPerson, type TestPerson } from '../../support/people.js';
import type { RestClient } from '../../support/rest-client.js';

describe('what an account is entered by', () => {
  let app: TestApp;
  const told: { userId: string; what: string }[] = [];
  beforeAll(async () => {
    app = await startApp();
    app.app.get(InternalEvents).onWithin('account.security', async (_manager, notice) => void told.push(notice));
  }, 60_000);
  afterAll(async () => app.close());

  const sql = async (text: string, parameters: unknown[] = []) => app.dataSource.query<Record<string, unknown>[]>(text, parameters);
  /** The cool-down of a minute is over. */
  const aMinuteLater = async () => sql(`UPDATE mail_quotas SET last_resend_at = last_resend_at - interval '61 seconds'`);
  const noticesOf = (who: TestPerson) => told.filter(({ userId }) => userId === who.id).map(({ what }) => what);
  const tokenOf = (mail: { links: string[] }) => new URL(mail.links[0]!).searchParams.get('token');
  const logIn = async (login: string, password: string) => app.anonymous.post('/auth/login', { login, password });
  const mailsTo = async (address: string) =>
    (await app.anonymous.get(`!/dev/mail.json?to=${encodeURIComponent(address)}`)).body as { subject: string; text: string }[];
  let counter = 0;
  const newAddress = () => `new${++counter}x${Date.now().toString(36)}@example.net`;
  const other = (code: string) => (code === '000000' ? '000001' : '000000');
  const problem = (answer: { status: number; body?: { code?: unknown } | undefined }) => [answer.status, answer.body?.code];

  describe('another email address', () => {
    const ask = async (who: { rest: RestClient; password: string }, email: string, password = who.password) =>
      who.rest.post('/users/me/email', { email, password });
    const confirm = async (who: { rest: RestClient }, proof: object) => who.rest.post('/users/me/email/confirm', proof);

    it('counts when the code that was mailed to it comes back; the old one is told and opens nothing any more', async () => {
      const ann = await newPerson(app);
      await app.anonymous.post('/auth/password-reset/request', { email: ann.email });
      const reset = tokenOf(await mailTo(app, ann.email));
      const email = newAddress();
      expect((await ask(ann, email)).status).toBe(202);
      expect((await ann.rest.get('/users/me')).body.email).toBe(ann.email);
      const mail = await mailTo(app, email);
      expect(mail.text).toContain(ann.username);
      expect(mail.links[0]).toContain(`${app.settings.frontendUrl}/confirm-email?token=`);

      expect((await confirm(ann, { code: mail.code })).body.email).toBe(email);
      const notice = await mailTo(app, ann.email);
      expect(notice.subject).toContain('another address');
      expect(notice.text).toContain('n…@example.net');
      expect(notice.text).not.toContain(email);
      expect(noticesOf(ann)).toEqual(['email-changed']);
      expect(problem(await app.anonymous.post('/auth/password-reset/validate', { token: reset }))).toEqual([422, 'auth.code-invalid']);
      expect((await logIn(ann.email, ann.password)).status).toBe(401);
      expect((await logIn(email, ann.password)).status).toBe(200);
      expect(problem(await confirm(ann, { code: mail.code }))).toEqual([422, 'auth.code-invalid']);
    });

    it('counts by the link too, once, and for the person alone who asked', async () => {
      const [ann, eve] = [await newPerson(app), await newPerson(app)];
      const email = newAddress();
      await ask(ann, email);
      const token = tokenOf(await mailTo(app, email));
      expect(problem(await confirm(eve, { token }))).toEqual([422, 'auth.code-invalid']);
      expect((await app.anonymous.post('/users/me/email/confirm', { token })).status).toBe(401);
      const answers = await Promise.all(Array.from({ length: 20 }, async () => confirm(ann, { token })));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect((await ann.rest.get('/users/me')).body.email).toBe(email);
    });

    it('asks for the password again', async () => {
      const ann = await newPerson(app);
      const email = newAddress();
      const answer = await ask(ann, email, 'not my password');
      expect(problem(answer)).toEqual([403, 'auth.password-wrong']);
      expect(answer.body.errors[0].field).toBe('password');
      expect(await mailsTo(email)).toEqual([]);
      expect((await ann.rest.post('/users/me/email', { email })).status).toBe(422);
      expect((await ann.rest.get('/users/me')).status).toBe(200);
    });

    it('answers alike for an address that has an account, whose owner gets a mail and keeps it', async () => {
      const [ann, bob] = [await newPerson(app), await newPerson(app)];
      const free = newAddress();
      const answers = [await ask(ann, free), await ask(ann, bob.email.toUpperCase())];
      expect(answers.map(({ status, body }) => [status, body as unknown])).toEqual([
        [202, undefined],
        [202, undefined],
      ]);
      const notice = await mailTo(app, bob.email);
      expect(notice.subject).toContain('already has');
      expect(notice.code).toBeNull();
      expect(notice.text).not.toContain(ann.email);
      // The later request ended the earlier one, whoever its address belongs to.
      const { code } = await mailTo(app, free);
      expect(problem(await confirm(ann, { code }))).toEqual([422, 'auth.code-invalid']);
      expect((await ann.rest.get('/users/me')).body.email).toBe(ann.email);
    });

    it('belongs to one of two who confirm it at the same moment, and takes the place of a registration that waits', async () => {
      const [ann, bob] = [await newPerson(app), await newPerson(app)];
      const email = newAddress();
      const password = 'correct horse battery staple';
      const waiting = { email, username: `waiting${Date.now()}`, password, passwordConfirmation: password };
      await ask(ann, email);
      const first = await mailTo(app, email);
      await aMinuteLater();
      await ask(bob, email);
      const second = await mailTo(app, email);
      expect((await app.anonymous.post('/auth/register', waiting)).status).toBe(201);
      const answers = await Promise.all([confirm(ann, { code: first.code }), confirm(bob, { code: second.code })]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
      const rows = await sql('SELECT status FROM users WHERE email = $1', [email]);
      expect(rows).toEqual([{ status: 'active' }]);
    });

    it('is guessed five times at most, also by many at once', async () => {
      const ann = await newPerson(app);
      const email = newAddress();
      await ask(ann, email);
      const { code } = await mailTo(app, email);
      await Promise.all(Array.from({ length: 12 }, async () => confirm(ann, { code: other(code!) })));
      expect(problem(await confirm(ann, { code }))).toEqual([422, 'auth.code-invalid']);
      await aMinuteLater();
      await ask(ann, email);
      const renewed = await mailTo(app, email);
      await sql(`UPDATE account_codes SET code_expires_at = now() WHERE user_id = $1`, [ann.id]);
      expect(problem(await confirm(ann, { code: renewed.code }))).toEqual([422, 'auth.code-invalid']);
      expect((await confirm(ann, { token: tokenOf(renewed) })).status).toBe(200);
    });

    it('is asked for once a minute per address and ten times a day', async () => {
      const ann = await newPerson(app);
      const email = newAddress();
      await ask(ann, email);
      const soon = await ask(ann, email);
      expect(problem(soon)).toEqual([429, 'rate.limited']);
      expect(Number(soon.headers.get('retry-after'))).toBeLessThanOrEqual(60);
      for (let n = 0; n < 9; n++) expect((await ask(ann, newAddress())).status).toBe(202);
      const late = await ask(ann, newAddress());
      expect(problem(late)).toEqual([429, 'rate.limited']);
      expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(3600);
    });

    it.each([
      'nobody',
      'a@b',
      'a@example.org\r\nBcc: x@example.org',
      'Ann <a@example.org>',
      'a@example.org,b@example.org',
      'a\u200bb@example.org',
    ])('refuses %j', async (email) => {
      const ann = await newPerson(app);
      const { status, body } = await ask(ann, email);
      expect([status, body.errors[0].field]).toEqual([422, 'email']);
      expect((await ask(ann, ann.email)).body.errors[0]).toMatchObject({ field: 'email', code: 'same' });
    });
  });

  describe('another password', () => {
    const next = 'a lighthouse made of paper';
    const ask = async (who: TestPerson, password = next, currentPassword = who.password, passwordConfirmation = password) =>
      who.rest.post('/users/me/password', { currentPassword, password, passwordConfirmation });
    const confirm = async (who: TestPerson, code: unknown) => who.rest.post('/users/me/password/confirm', { code });

    it('counts when the mailed code comes back; this session stays and all others end at once, with their sockets', async () => {
      const ann = await newPerson(app);
      const elsewhere = (await logIn(ann.email, ann.password)).body as { access: string; refresh: string };
      const here = await PlainClient.connect(`${app.wsUrl}/ws/?token=${ann.access}`);
      const there = await PlainClient.connect(`${app.wsUrl}/ws/?token=${elsewhere.access}`);
      const thereToo = await SocketIoClient.connect(app.url, { auth: { token: elsewhere.access } });

      expect((await ask(ann)).status).toBe(202);
      expect((await logIn(ann.email, ann.password)).status).toBe(200);
      expect((await logIn(ann.email, next)).status).toBe(401);
      const { code } = await mailTo(app, ann.email);
      const confirmed = Date.now();
      expect((await confirm(ann, code)).status).toBe(204);
      expect((await there.closed).code).toBe(4410);
      await thereToo.closed;
      expect(Date.now() - confirmed).toBeLessThan(1_000);

      expect((await app.anonymous.as(elsewhere.access).get('/users/me')).body.code).toBe('auth.revoked');
      expect((await app.anonymous.post('/auth/refresh', { refresh: elsewhere.refresh })).status).toBe(401);
      expect((await ann.rest.get('/users/me')).status).toBe(200);
      expect((await ann.rest.get('/auth/sessions')).body.items).toHaveLength(1);
      expect((await app.anonymous.post('/auth/refresh', { refresh: ann.refresh })).status).toBe(200);
      expect(here.socket.readyState).toBe(here.socket.OPEN);
      expect((await logIn(ann.email, ann.password)).status).toBe(401);
      expect((await logIn(ann.email, next)).status).toBe(200);
      const notice = await mailTo(app, ann.email);
      expect(notice.subject).toContain('was changed');
      expect(notice.text).toContain('All your other devices');
      expect(noticesOf(ann)).toEqual(['password-changed']);
      expect(problem(await confirm(ann, code))).toEqual([422, 'auth.code-invalid']);
      await here.close();
    });

    it('stores of the new password the hash alone', async () => {
      const ann = await newPerson(app);
      await ask(ann);
      const rows = await sql('SELECT * FROM account_codes WHERE user_id = $1', [ann.id]);
      expect(JSON.stringify(rows)).not.toContain(next);
      expect(rows[0]!['new_password_hash']).toMatch(/^\$argon2id\$/);
      const key = { headers: { 'idempotency-key': 'my-key' } };
      await ann.rest.post('/users/me/password', { currentPassword: 'x', password: next, passwordConfirmation: next }, key);
      expect(await sql('SELECT count(*)::int AS kept FROM idempotency_keys')).toEqual([{ kept: 0 }]);
    });

    it('keeps the rules of registration, and tells everything that is wrong at once', async () => {
      const ann = await newPerson(app);
      const fieldsOf = async (answer: Promise<{ status: number; body?: unknown }>) => {
        const { status, body } = await answer;
        const { errors = [] } = body as { errors?: { field: string; code: string }[] };
        return [status, ...errors.map(({ field, code }) => `${field} ${code}`).sort()];
      };
      expect(await fieldsOf(ask(ann, 'short'))).toEqual([422, 'password too-short']);
      expect(await fieldsOf(ask(ann, 'password1'))).toEqual([422, 'password too-common']);
      expect(await fieldsOf(ask(ann, `${ann.username}99`))).toEqual([422, 'password too-similar']);
      expect(await fieldsOf(ask(ann, ann.password))).toEqual([422, 'password same']);
      expect(await fieldsOf(ask(ann, next, ann.password, 'something else'))).toEqual([422, 'passwordConfirmation mismatch']);
      expect(await fieldsOf(ask(ann, next, 'wrong'))).toEqual([403, 'currentPassword wrong']);
      const both = ann.rest.post('/users/me/password', { password: 'short', passwordConfirmation: 'other', extra: 1 });
      expect(await fieldsOf(both)).toEqual([
        422,
        'currentPassword required',
        'extra unknown',
        'password too-short',
        'passwordConfirmation mismatch',
      ]);
      expect((await mailTo(app, ann.email)).subject).toContain('Activate');
    });

    it('is guessed five times at most, asked for once a minute, and dies with a newer request', async () => {
      const ann = await newPerson(app);
      await ask(ann);
      const first = await mailTo(app, ann.email);
      expect(problem(await ask(ann))).toEqual([429, 'rate.limited']);
      await aMinuteLater();
      await ask(ann, 'another lighthouse of sand');
      const { code } = await mailTo(app, ann.email);
      if (first.code !== code) expect(problem(await confirm(ann, first.code))).toEqual([422, 'auth.code-invalid']);
      await Promise.all(Array.from({ length: 12 }, async () => confirm(ann, other(code!))));
      expect(problem(await confirm(ann, code))).toEqual([422, 'auth.code-invalid']);
      expect((await logIn(ann.email, ann.password)).status).toBe(200);
    });

    it('that waits for its code is gone after a reset, and so is an address that waits', async () => {
      const ann = await newPerson(app);
      const email = newAddress();
      await ask(ann);
      const { code } = await mailTo(app, ann.email);
      await ann.rest.post('/users/me/email', { email, password: ann.password });
      await app.anonymous.post('/auth/password-reset/request', { email: ann.email });
      const token = tokenOf(await mailTo(app, ann.email));
      const reset = 'three grey herons at dawn';
      await app.anonymous.post('/auth/password-reset/confirm', { token, password: reset, passwordConfirmation: reset });
      expect(noticesOf(ann)).toEqual(['password-reset']);
      const { body } = await logIn(ann.email, reset);
      const again = { ...ann, rest: app.anonymous.as(String(body.access)) };
      expect(problem(await confirm(again, code))).toEqual([422, 'auth.code-invalid']);
      const proof = { code: (await mailTo(app, email)).code };
      expect(problem(await again.rest.post('/users/me/email/confirm', proof))).toEqual([422, 'auth.code-invalid']);
      expect((await logIn(ann.email, reset)).status).toBe(200);
    });
  });

  it('tells of a stolen session and of another username too', async () => {
    const ann = await newPerson(app);
    expect((await ann.rest.post('/users/me/username', { username: `${ann.username}-2` })).status).toBe(200);
    await app.anonymous.post('/auth/refresh', { refresh: ann.refresh });
    await sql(`UPDATE refresh_tokens SET used_at = used_at - interval '1 minute' WHERE used_at IS NOT NULL`);
    expect(problem(await app.anonymous.post('/auth/refresh', { refresh: ann.refresh }))).toEqual([401, 'auth.refresh-reused']);
    expect(noticesOf(ann)).toEqual(['username-changed', 'session-theft']);
  });

  it('is checked against the password ten times in ten minutes at most', async () => {
    const limited = await startApp({ RATE_LIMIT_SCALE: '1' });
    try {
      const ann = await newPerson(limited);
      for (let n = 0; n < 10; n++) {
        const answer = await ann.rest.post('/users/me/email', { email: newAddress(), password: 'wrong' });
        expect(answer.body.code).toBe('auth.password-wrong');
      }
      const answer = await ann.rest.post('/users/me/email', { email: newAddress(), password: ann.password });
      expect(answer.body.code).toBe('rate.limited');
    } finally {
      await limited.close();
    }
  });
});
