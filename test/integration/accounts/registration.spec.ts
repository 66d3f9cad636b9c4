import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeOnBoth } from '../database/support/databases.js';
import {
  type AccountsApp,
  activePerson,
  goodPassword,
  logIn,
  mailsTo,
  newcomer,
  newestMail,
  problemOf,
  register,
  startAccounts,
  tokenOf,
} from './support/accounts-app.js';

describeOnBoth('registration and activation', (fresh) => {
  let accounts: AccountsApp;
  beforeAll(async () => {
    accounts = await startAccounts(await fresh());
  });
  afterAll(async () => accounts.close());

  const fieldsOf = (body: unknown) =>
    Object.fromEntries(((body as { errors?: { field: string; code: string }[] }).errors ?? []).map(({ field, code }) => [field, code]));
  const sql = (text: string, parameters: unknown[] = []) => accounts.dataSource.query<Record<string, unknown>[]>(text, parameters);

  describe('a registration', () => {
    it('answers with email and username alone, and mails a link and a code to that address only', async () => {
      const who = newcomer();
      const { status, body } = await accounts.rest.post('/auth/register', {
        ...who,
        passwordConfirmation: who.password,
        locale: 'uk',
        firstName: 'Зоя',
      });
      expect(status).toBe(201);
      expect(body).toEqual({ user: { email: who.email, username: who.username } });
      const mails = await mailsTo(accounts, who.email);
      expect(mails).toHaveLength(1);
      expect(mails[0]!.code).toMatch(/^\d{6}$/);
      expect(mails[0]!.subject).toContain('Активуйте');
      expect(new URL(mails[0]!.links[0]!).pathname).toBe('/activate');
      expect(new URL(mails[0]!.links[0]!).origin).toBe(accounts.settings.frontendUrl);
    });

    it('stores neither password nor code nor link token', async () => {
      const who = await register(accounts);
      const mail = await newestMail(accounts, who.email);
      const dump = JSON.stringify([
        await sql('SELECT *, encode(code_hash, $1) AS a, encode(link_hash, $1) AS b FROM account_codes', ['escape']),
        await sql('SELECT * FROM users'),
        await sql('SELECT * FROM mails'),
        await sql(`SELECT encode(address_hash, 'escape') FROM mail_quotas`),
      ]);
      expect(dump).not.toContain(tokenOf(mail));
      expect(dump).not.toContain(who.password);
      expect(dump).not.toContain(`"${mail.code}"`);
      const [user] = await sql('SELECT password_hash FROM users WHERE email = $1', [who.email]);
      expect(user!['password_hash']).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    });

    it('tells every fault at once, field by field', async () => {
      const { status, body } = await accounts.rest.post('/auth/register', {
        email: 'nonsense',
        username: 'admin',
        password: 'admin123',
        passwordConfirmation: 'admin124',
        firstName: 'x'.repeat(31),
        locale: 'de',
        accountType: 'investor',
        profile: { ticketMin: 5, ticketMax: 4, surprise: 1 },
        role: 'admin',
      });
      expect(status).toBe(422);
      expect(body.code).toBe('request.invalid');
      expect(fieldsOf(body)).toMatchObject({
        email: 'format',
        username: 'reserved',
        password: 'too-similar',
        passwordConfirmation: 'mismatch',
        firstName: 'too-long',
        locale: 'format',
        role: 'unknown',
        'profile.surprise': 'unknown',
      });
    });

    it.each([
      ['too short', 'short', 'too-short'],
      ['too long', 'x1'.repeat(129), 'too-long'],
      ['common', 'Password123!', 'too-common'],
      ['the product', 'parley2026', 'too-similar'],
    ])('refuses a password that is %s', async (_, password, code) => {
      const { status, body } = await accounts.rest.post('/auth/register', { ...newcomer(), password, passwordConfirmation: password });
      expect(status).toBe(422);
      expect(fieldsOf(body)).toMatchObject({ password: code });
    });

    it('refuses a password like the username, the email or the name', async () => {
      const base = {
        ...newcomer(),
        username: 'bartholomew',
        email: 'cassandra.w@example.org',
        firstName: 'Desdemona',
        lastName: 'Featherstone',
      };
      for (const password of ['bartholomew1', 'Cassandra.W!', 'desdemona99', 'featherst0ne', 'DesdemonaFeatherstone']) {
        const { body } = await accounts.rest.post('/auth/register', { ...base, password, passwordConfirmation: password });
        expect([password, fieldsOf(body)]).toEqual([password, { password: 'too-similar' }]);
      }
    });

    it('takes passwords as they are: 256 characters, any script, blanks in front', async () => {
      for (const password of ['ü'.repeat(255) + '!', '   leading blanks count', 'пароль із трьох слів', '👩‍🚀🚀 to the moon']) {
        const who = { ...newcomer(), password };
        await activePerson(accounts, who);
        await logIn(accounts, who);
        const trimmed = await accounts.rest.post('/auth/login', { login: who.email, password: password.trim().slice(0, -1) });
        expect(problemOf(trimmed)).toEqual({ status: 401, code: 'auth.credentials-invalid' });
      }
    });

    it('makes the profile of a business account', async () => {
      const startup = await activePerson(accounts, newcomer(), {
        accountType: 'startup',
        profile: { companyName: 'Lanterns Ltd', stage: 'launched', website: 'https://lanterns.example' },
      });
      const { body: login } = await accounts.rest.post('/auth/login', { login: startup.username, password: startup.password });
      const { body } = await accounts.rest.as(String(login.access)).get('/users/me');
      expect(body).toMatchObject({ accountType: 'startup', startup: { companyName: 'Lanterns Ltd', stage: 'launched', industry: null } });

      const investor = await activePerson(accounts, newcomer(), {
        accountType: 'investor',
        profile: { organization: 'Fund', interests: ['ships', 'light'], ticketMin: 1000, ticketMax: 1_000_000_000_000 },
      });
      const second = await logIn(accounts, investor);
      expect((await second.rest.get('/users/me')).body.investor).toEqual({
        organization: 'Fund',
        interests: ['ships', 'light'],
        ticketMin: 1000,
        ticketMax: 1_000_000_000_000,
        website: null,
      });
    });

    it('refuses profile fields of another type, and a profile of a plain member', async () => {
      const who = { ...newcomer(), passwordConfirmation: goodPassword };
      const wrong = await accounts.rest.post('/auth/register', { ...who, accountType: 'startup', profile: { ticketMin: 1 } });
      expect(fieldsOf(wrong.body)).toEqual({ 'profile.ticketMin': 'unknown' });
      const member = await accounts.rest.post('/auth/register', { ...who, profile: { companyName: 'x' } });
      expect(fieldsOf(member.body)).toEqual({ profile: 'unknown' });
    });

    it('writes to one plain address: what could be more is refused', async () => {
      for (const email of [
        'a@b.example\r\nBcc: evil@example.org',
        'a@b.example, evil@example.org',
        '"a b"@example.org',
        'a(comment)@example.org',
        'Zoe <zoe@example.org>',
        'group: a@example.org;',
        'a\u200b@example.org',
        'a@exa\u00admple.org',
        'a@example.org\0',
        'a@localhost',
        `${'a'.repeat(65)}@example.org`,
      ]) {
        const { status, body } = await accounts.rest.post('/auth/register', { ...newcomer(), email, passwordConfirmation: goodPassword });
        expect([email, status, body.errors?.[0]?.field]).toEqual([email, 422, 'email']);
      }
    });

    it('works with a name in any script, unique in any case', async () => {
      const who = await activePerson(accounts, { ...newcomer(), username: `Ёжик_в.тумане${Date.now() % 1000}` });
      const again = await accounts.rest.post('/auth/register', {
        ...newcomer(),
        username: who.username.toUpperCase(),
        passwordConfirmation: goodPassword,
      });
      expect(problemOf(again)).toEqual({ status: 409, code: 'user.username-taken' });
      const { status } = await accounts.rest.post('/auth/login', { login: who.username.toLowerCase(), password: who.password });
      expect(status).toBe(200);
    });
  });

  describe('a known address', () => {
    it('gets the same answer; its owner gets a mail, and nothing of the account changes', async () => {
      const owner = await activePerson(accounts);
      const intruder = newcomer();
      const known = await accounts.rest.post('/auth/register', {
        ...intruder,
        email: owner.email.toUpperCase(),
        passwordConfirmation: intruder.password,
      });
      const unknown = await accounts.rest.post('/auth/register', { ...newcomer(), passwordConfirmation: goodPassword });
      expect(known.status).toBe(unknown.status);
      expect(known.body).toEqual({ user: { email: owner.email.toUpperCase(), username: intruder.username } });
      const headerNames = (answer: { headers: Headers }) => [...answer.headers.keys()].sort();
      expect(headerNames(known)).toEqual(headerNames(unknown));
      const mail = await newestMail(accounts, owner.email);
      expect(mail.code).toBeNull();
      expect(mail.subject).toContain('already');
      await logIn(accounts, owner);
    });

    it('tells nothing by asking twice: the username is reserved either way', async () => {
      const owner = await activePerson(accounts);
      const stranger = newcomer();
      for (const email of [owner.email, stranger.email]) {
        const username = newcomer().username;
        const body = { email, username, password: goodPassword, passwordConfirmation: goodPassword };
        expect((await accounts.rest.post('/auth/register', body)).status).toBe(201);
        expect((await accounts.rest.post('/auth/register', body)).status).toBe(201);
        const other = await accounts.rest.post('/auth/register', { ...body, email: newcomer().email, username: username.toUpperCase() });
        expect(problemOf(other)).toEqual({ status: 409, code: 'user.username-taken' });
      }
    });

    it('does not tell its own username', async () => {
      const owner = await activePerson(accounts);
      const own = await accounts.rest.post('/auth/register', { ...owner, passwordConfirmation: owner.password });
      expect(problemOf(own)).toEqual({ status: 409, code: 'user.username-taken' });
    });

    it('frees a reserved name after 24 hours', async () => {
      const owner = await activePerson(accounts);
      const { username } = newcomer();
      await accounts.rest.post('/auth/register', { ...owner, username, passwordConfirmation: owner.password });
      await sql(`UPDATE username_reservations SET reserved_until = now() - interval '1 second' WHERE email_key = $1`, [owner.email]);
      await register(accounts, { ...newcomer(), username });
    });
  });

  describe('an account that waits', () => {
    it('is replaced by registering again, and the old code and link are dead', async () => {
      const who = await register(accounts);
      const first = await newestMail(accounts, who.email);
      const second = { ...who, username: newcomer().username, password: 'another lantern on the hill' };
      await register(accounts, second);
      const mail = await newestMail(accounts, who.email);
      expect(problemOf(await accounts.rest.post('/auth/activate', { token: tokenOf(first) }))).toEqual({
        status: 422,
        code: 'auth.code-invalid',
      });
      const { body } = await accounts.rest.post('/auth/activate', { token: tokenOf(mail) });
      expect(body.user.username).toBe(second.username);
      await logIn(accounts, second);
    });

    it('is gone after 24 hours: no code, link, log-in or resend brings it back, and its names are free', async () => {
      const who = await register(accounts);
      const mail = await newestMail(accounts, who.email);
      await sql(`UPDATE users SET created_at = now() - interval '25 hours' WHERE email = $1`, [who.email]);
      await sql(`UPDATE username_reservations SET reserved_until = now() - interval '1 hour' WHERE email_key = $1`, [who.email]);
      expect((await accounts.rest.post('/auth/activate', { email: who.email, code: mail.code })).status).toBe(422);
      expect((await accounts.rest.post('/auth/activate', { token: tokenOf(mail) })).status).toBe(422);
      expect(problemOf(await accounts.rest.post('/auth/login', { login: who.email, password: who.password })).code).toBe(
        'auth.credentials-invalid',
      );
      expect((await accounts.rest.post('/auth/activate/resend', { email: who.email })).status).toBe(202);
      expect(await mailsTo(accounts, who.email)).toHaveLength(1);
      await register(accounts, { ...newcomer(), username: who.username });
      await register(accounts, { ...who, username: newcomer().username });
    });

    it('is told to be inactive after the right password only', async () => {
      const who = await register(accounts);
      const wrong = await accounts.rest.post('/auth/login', { login: who.email, password: 'wrong password' });
      const unknown = await accounts.rest.post('/auth/login', { login: newcomer().email, password: 'wrong password' });
      expect(problemOf(wrong)).toEqual({ status: 401, code: 'auth.credentials-invalid' });
      expect({ ...wrong.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
      const right = await accounts.rest.post('/auth/login', { login: who.email, password: who.password });
      expect(problemOf(right)).toEqual({ status: 403, code: 'auth.inactive' });
    });
  });

  describe('activation', () => {
    it('works once, by the code or by the link, and either one ends the other', async () => {
      const byCode = await register(accounts);
      const first = await newestMail(accounts, byCode.email);
      const { status, body } = await accounts.rest.post('/auth/activate', { email: byCode.email.toUpperCase(), code: first.code });
      expect(status).toBe(200);
      expect(body.user).toMatchObject({
        email: byCode.email,
        username: byCode.username,
        role: 'user',
        accountType: 'member',
        avatarUrl: null,
      });
      expect((await accounts.rest.post('/auth/activate', { email: byCode.email, code: first.code })).status).toBe(422);
      expect((await accounts.rest.post('/auth/activate', { token: tokenOf(first) })).status).toBe(422);

      const byLink = await register(accounts);
      const second = await newestMail(accounts, byLink.email);
      const answers = await Promise.all(
        Array.from({ length: 8 }, async () => accounts.rest.post('/auth/activate', { token: tokenOf(second) })),
      );
      expect(answers.filter(({ status: code }) => code === 200)).toHaveLength(1);
      expect((await accounts.rest.post('/auth/activate', { email: byLink.email, code: second.code })).status).toBe(422);
    });

    it('takes five tries per code, also in parallel, and then not even the right one', async () => {
      const who = await register(accounts);
      const { code } = await newestMail(accounts, who.email);
      const guesses = Array.from({ length: 60 }, (_, index) => String(index).padStart(6, '0')).filter((guess) => guess !== code);
      const answers = await Promise.all(
        guesses.map(async (guess) => accounts.rest.post('/auth/activate', { email: who.email, code: guess })),
      );
      for (const answer of answers) expect(problemOf(answer)).toEqual({ status: 422, code: 'auth.code-invalid' });
      const [row] = await sql('SELECT attempts FROM account_codes c JOIN users u ON u.id = c.user_id WHERE u.email = $1', [who.email]);
      expect(row!['attempts']).toBe(5);
      expect(problemOf(await accounts.rest.post('/auth/activate', { email: who.email, code }))).toEqual({
        status: 422,
        code: 'auth.code-invalid',
      });
    });

    it('answers an unknown address like a wrong code', async () => {
      const who = await register(accounts);
      const { code } = await newestMail(accounts, who.email);
      const wrong = await accounts.rest.post('/auth/activate', { email: who.email, code: code === '000000' ? '000001' : '000000' });
      const unknown = await accounts.rest.post('/auth/activate', { email: newcomer().email, code: '000000' });
      expect({ ...wrong.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
    });

    it('does not take the code of somebody else', async () => {
      const [one, other] = [await register(accounts), await register(accounts)];
      const mail = await newestMail(accounts, other.email);
      const mine = await newestMail(accounts, one.email);
      if (mail.code !== mine.code) {
        expect((await accounts.rest.post('/auth/activate', { email: one.email, code: mail.code })).status).toBe(422);
      }
    });

    it('refuses a code after 15 minutes, while the link still works', async () => {
      const who = await register(accounts);
      const mail = await newestMail(accounts, who.email);
      await sql(
        `UPDATE account_codes SET code_expires_at = code_expires_at - interval '15 minutes'
        WHERE user_id = (SELECT id FROM users WHERE email = $1)`,
        [who.email],
      );
      expect((await accounts.rest.post('/auth/activate', { email: who.email, code: mail.code })).status).toBe(422);
      expect((await accounts.rest.post('/auth/activate', { token: tokenOf(mail) })).status).toBe(200);
    });
  });

  describe('a resend', () => {
    it('ends the old code, gives five new tries, and comes once a minute', async () => {
      const who = await register(accounts);
      const first = await newestMail(accounts, who.email);
      for (let i = 0; i < 5; i++) await accounts.rest.post('/auth/activate', { email: who.email, code: '999999' });
      expect((await accounts.rest.post('/auth/activate/resend', { email: who.email })).status).toBe(202);
      const second = await newestMail(accounts, who.email);
      expect(await mailsTo(accounts, who.email)).toHaveLength(2);
      const early = await accounts.rest.post('/auth/activate/resend', { email: who.email.toUpperCase() });
      expect(problemOf(early)).toEqual({ status: 429, code: 'rate.limited' });
      expect(early.body.retryAfter).toBeGreaterThan(50);
      expect(early.headers.get('retry-after')).toMatch(/^\d+$/);
      if (first.code !== second.code) {
        expect((await accounts.rest.post('/auth/activate', { email: who.email, code: first.code })).status).toBe(422);
      }
      expect((await accounts.rest.post('/auth/activate', { email: who.email, code: second.code })).status).toBe(200);
    });

    it('answers unknown and active addresses alike, the cool-down too, and writes to neither', async () => {
      const active = await activePerson(accounts);
      for (const email of [active.email, newcomer().email]) {
        const before = (await mailsTo(accounts, email)).length;
        expect((await accounts.rest.post('/auth/activate/resend', { email })).status).toBe(202);
        expect(problemOf(await accounts.rest.post('/auth/activate/resend', { email })).code).toBe('rate.limited');
        expect(await mailsTo(accounts, email)).toHaveLength(before);
      }
    });

    it('lets through one of many in parallel', async () => {
      const who = await register(accounts);
      const answers = await Promise.all(
        Array.from({ length: 12 }, async () => accounts.rest.post('/auth/activate/resend', { email: who.email })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array<number>(11).fill(429)]);
    });

    it('stops at ten codes a day for one address, however they are asked for, known or not', async () => {
      const active = await activePerson(accounts);
      for (const email of [active.email, newcomer().email]) {
        await sql('DELETE FROM mail_quotas');
        const statuses: number[] = [];
        for (let i = 0; i < 11; i++) {
          const { status } = await accounts.rest.post('/auth/register', { ...newcomer(), email, passwordConfirmation: goodPassword });
          statuses.push(status);
        }
        expect(statuses).toEqual([...Array<number>(10).fill(201), 429]);
        expect(problemOf(await accounts.rest.post('/auth/activate/resend', { email })).code).toBe('rate.limited');
        await sql(`UPDATE mail_quotas SET window_started_at = now() - interval '25 hours'`);
        expect((await accounts.rest.post('/auth/activate/resend', { email })).status).toBe(202);
      }
    });
  });

  it('lets one of several win who ask for the same username or address at once', async () => {
    const username = newcomer().username;
    const sameName = await Promise.all(
      Array.from({ length: 6 }, async () =>
        accounts.rest.post('/auth/register', { ...newcomer(), username, passwordConfirmation: goodPassword }),
      ),
    );
    expect(sameName.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    const { email } = newcomer();
    const sameAddress = await Promise.all(
      Array.from({ length: 6 }, async () =>
        accounts.rest.post('/auth/register', { ...newcomer(), email, passwordConfirmation: goodPassword }),
      ),
    );
    expect(sameAddress.map(({ status }) => status)).toEqual(Array<number>(6).fill(201));
    expect(await sql('SELECT id FROM users WHERE email_key = $1', [email])).toHaveLength(1);
  });
});
