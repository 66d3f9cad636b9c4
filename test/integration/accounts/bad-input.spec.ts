import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { type Endpoint, endpoints } from '../../../src/contracts/index.js';
import { freshDataFolder } from '../../support/database-templates.js';
import type { RestClient } from '../../support/rest-client.js';
import { type AccountsApp, goodPassword, newcomer, person, startAccounts } from './support/accounts-app.js';

const calls = Object.entries(endpoints as Record<string, Endpoint>).filter(
  ([name]) => name.startsWith('auth.') || name.startsWith('users.'),
);

/** What nobody should send, whatever the field. */
const badValues: Record<string, unknown> = {
  null: null,
  number: 42,
  'huge number': 1e308,
  'negative number': -1,
  boolean: true,
  'empty object': {},
  'empty list': [],
  'list of texts': ['a', 'b'],
  operator: { $ne: null },
  'empty text': '',
  blanks: '   ',
  NUL: 'abc\0def',
  'lone surrogate': 'abc\ud800def',
  'long text': 'x'.repeat(100_000),
  'line break': 'a@example.org\r\nx: y',
  SQL: `' OR 1=1 --`,
};

const valid: Record<string, () => Record<string, unknown>> = {
  'auth.register': () => ({
    ...newcomer(),
    passwordConfirmation: goodPassword,
    firstName: 'Zoe',
    lastName: 'Lantern',
    locale: 'en',
    accountType: 'startup',
    profile: { companyName: 'x' },
  }),
  'auth.login': () => ({ login: newcomer().email, password: goodPassword, cookie: false }),
  'auth.refresh': () => ({ refresh: 'unknown' }),
  'auth.logout': () => ({ refresh: 'unknown' }),
  'auth.logout-all': () => ({ refresh: 'unknown' }),
  'auth.password-reset.confirm': () => ({ token: 'unknown', password: goodPassword, passwordConfirmation: goodPassword }),
};

interface Shaped {
  shape?: Record<string, z.ZodType>;
  options?: z.ZodType[];
}

/** The objects that a body may be. */
function shapesOf(schema: z.ZodType): Record<string, z.ZodType>[] {
  const { shape, options } = schema as unknown as Shaped;
  if (shape) return [shape];
  return (options ?? []).flatMap(shapesOf);
}

describe('bad input to the accounts', () => {
  let accounts: AccountsApp;
  let signedIn: RestClient;
  let folder: string;
  beforeAll(async () => {
    folder = await freshDataFolder();
    accounts = await startAccounts({ dataDir: folder });
    signedIn = (await person(accounts)).rest;
  });
  afterAll(async () => {
    await accounts.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const clientFor = (call: Endpoint) => (call.access === 'user' ? signedIn : accounts.rest);
  const pathOf = (call: Endpoint) => call.path.replace(':id', '0190163d-8694-739b-aea5-966c26f8ad91');

  /** A refusal in words: never a 5xx, and 422 wherever the schema says no. */
  async function expectRefusal(name: string, call: Endpoint, what: string, body: unknown): Promise<void> {
    const accepted = call.body!.safeParse(call.bodyOptional && body === null ? {} : body).success;
    const answer = await clientFor(call).call(call.method, pathOf(call), body);
    expect([name, what, answer.status < 500, accepted || answer.status === 422]).toEqual([name, what, true, true]);
    if (answer.status < 400) return;
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    if (!accepted) expect([name, what, answer.body.code, answer.body.errors.length > 0]).toEqual([name, what, 'request.invalid', true]);
  }

  const withBody = calls.filter(([, call]) => call.body);

  it('knows every call that takes a body', () => expect(withBody.length).toBeGreaterThanOrEqual(9));

  it.each(withBody)('%s refuses every bad value in every field', async (name, call) => {
    for (const shape of shapesOf(call.body!)) {
      const filler = Object.fromEntries(
        Object.keys(shape).map((field) => [field, field === 'email' ? newcomer().email : field === 'code' ? '123456' : 'unknown']),
      );
      for (const field of Object.keys(shape)) {
        for (const [what, value] of Object.entries(badValues)) {
          await expectRefusal(name, call, `${field}: ${what}`, { ...(valid[name]?.() ?? filler), [field]: value });
        }
        const { [field]: _left, ...without } = valid[name]?.() ?? filler;
        await expectRefusal(name, call, `${field}: missing`, without);
      }
    }
  });

  it.each(withBody)('%s refuses unknown keys, and what is no object', async (name, call) => {
    const base = valid[name]?.() ?? Object.fromEntries(Object.keys(shapesOf(call.body!)[0] ?? {}).map((field) => [field, 'unknown']));
    for (const key of [
      'role',
      'isAdmin',
      'emailVerified',
      'id',
      'status',
      'createdAt',
      'constructor',
      'toString',
      'hasOwnProperty',
      'x'.repeat(10_000),
    ]) {
      await expectRefusal(name, call, `key ${key.slice(0, 20)}`, { ...base, [key]: 'admin' });
    }
    for (const body of [[], 'text', 7, true, null, [base]]) await expectRefusal(name, call, JSON.stringify(body).slice(0, 20), body);
  });

  it.each(calls.filter(([, call]) => call.method !== 'GET'))(
    '%s refuses broken JSON, other media types and reaches for prototypes',
    async (_name, call) => {
      const client = clientFor(call);
      const path = pathOf(call);
      for (const raw of [
        '{',
        '{"a":1',
        'nonsense',
        '{"__proto__":{"role":"admin"}}',
        '{"constructor":{"prototype":{"role":"admin"}}}',
        '['.repeat(10_000) + ']'.repeat(10_000),
        new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
      ]) {
        const answer = await client.call(call.method, path, undefined, { raw, headers: { 'content-type': 'application/json' } });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
      }
      const form = await client.call(call.method, path, undefined, {
        raw: 'a=1',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(form.status).toBe(415);
      expect(({} as { role?: string }).role).toBeUndefined();
    },
  );

  it('refuses ids that are none', async () => {
    for (const id of ['x', '%00', '..%2f..', '1%20OR%201=1', 'x'.repeat(250), '0190163d-8694-739b-aea5-966c26f8ad91%00', '%ff']) {
      const { status } = await signedIn.delete(`/auth/sessions/${id}`);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
  });

  it('takes nothing but its own fields: nobody registers as admin', async () => {
    const answer = await accounts.rest.post('/auth/register', {
      ...newcomer(),
      passwordConfirmation: goodPassword,
      role: 'admin',
      status: 'active',
    });
    expect(answer.status).toBe(422);
    const [{ admins }] = await accounts.dataSource.query(`SELECT count(*)::int AS admins FROM users WHERE role <> 'user'`);
    expect(admins).toBe(0);
  });

  it('shows no hash, secret or foreign address in any answer', async () => {
    const someone = await person(accounts);
    const other = await person(accounts);
    const answers = [
      await someone.rest.get('/users/me'),
      await someone.rest.get('/auth/sessions'),
      await someone.rest.post('/auth/socket-ticket'),
      await accounts.rest.post('/auth/login', { login: someone.email, password: someone.password }),
    ];
    const keys = new Set<string>();
    JSON.stringify(
      answers.map(({ body }) => body as unknown),
      (key, value: unknown) => {
        keys.add(key);
        return value;
      },
    );
    for (const key of keys) expect(key).not.toMatch(/password|hash|secret|key$/i);
    expect(JSON.stringify(answers.map(({ body }) => body as unknown))).not.toContain(other.email);
  });
});
