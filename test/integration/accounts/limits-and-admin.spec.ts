import { rmSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { DataFolderInUseError, migrate, openDataSource } from '../../../src/database/index.js';
import { appointAdmin, authEntities } from '../../../src/modules/auth/index.js';
import { userEntities } from '../../../src/modules/users/index.js';
import {
  type AccountsApp,
  activePerson,
  goodPassword,
  mailsTo,
  newcomer,
  person,
  problemOf,
  register,
  startAccounts,
} from './support/accounts-app.js';
import { describeOnBoth } from '../database/support/databases.js';
import { freshDataFolder } from '../../support/database-templates.js';

// One folder for all: limits are counted in memory, and making a database takes longer than opening one.
const dataDir = await freshDataFolder();
let running: AccountsApp | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
const start = async (environment: Record<string, string>) => (running = await startAccounts({ dataDir }, environment));
const statuses = async (count: number, call: (index: number) => Promise<{ status: number }>) => {
  const seen: number[] = [];
  for (let i = 0; i < count; i++) seen.push((await call(i)).status);
  return seen;
};

describe('a new installation', () => {
  it('has no admin, and nobody else', async () => {
    const accounts = await start({});
    for (const login of ['admin', 'root', 'administrator', 'parley']) {
      expect((await accounts.rest.post('/auth/login', { login, password: 'admin' })).status).toBe(401);
    }
    expect(await accounts.dataSource.query('SELECT id FROM users')).toEqual([]);
  });
});

describe('limits of the accounts', () => {
  it('let ten log-ins a minute through per account and address; another account is not touched', async () => {
    const accounts = await start({ RATE_LIMIT_SCALE: '1' });
    const [one, other] = [await activePerson(accounts), await activePerson(accounts)];
    const attempt = async (login: string, password = 'wrong password') => accounts.rest.post('/auth/login', { login, password });
    expect(await statuses(10, async () => attempt(one.email))).toEqual(Array<number>(10).fill(401));
    const refused = await attempt(one.email.toUpperCase(), one.password);
    expect(problemOf(refused)).toEqual({ status: 429, code: 'rate.limited' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await attempt(other.email, other.password)).status).toBe(200);
  });

  it('are not evaded by a forged X-Forwarded-For', async () => {
    const accounts = await start({ RATE_LIMIT_SCALE: '0.5' });
    const { email } = newcomer();
    const seen = await statuses(6, async (index) =>
      accounts.rest.post(
        '/auth/login',
        { login: email, password: 'wrong password' },
        { headers: { 'x-forwarded-for': `192.0.2.${index}` } },
      ),
    );
    expect(seen).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('of resets count by email, known or not, alike', async () => {
    const accounts = await start({ RATE_LIMIT_SCALE: '1' });
    const who = await activePerson(accounts);
    for (const email of [who.email, newcomer().email]) {
      const seen = await statuses(6, async () => accounts.rest.post('/auth/password-reset/request', { email }));
      expect(seen).toEqual([202, 202, 202, 202, 202, 429]);
    }
    expect((await mailsTo(accounts, who.email)).filter(({ subject }) => subject.includes('Choose'))).toHaveLength(5);
  });

  it('count any call, per person with a credential and per address without', async () => {
    const accounts = await start({ RATE_LIMIT_SCALE: '0.1' });
    const who = await person(accounts);
    const other = await accounts.rest.post('/auth/login', { login: who.email, password: who.password });
    expect(other.status).toBe(429);
    const seen = await statuses(241, async () => who.rest.get('/users/me'));
    expect(seen.filter((status) => status === 200)).toHaveLength(240);
    expect(seen.at(-1)).toBe(429);
    expect((await accounts.rest.post('/auth/password-reset/validate', { token: 'x' })).status).toBe(422);
  });

  it('do not exist with RATE_LIMITS=off, but codes keep their tries and resends their pause', async () => {
    const accounts = await start({ RATE_LIMITS: 'off', RATE_LIMIT_SCALE: '1' });
    const who = await register(accounts);
    expect(
      new Set(await statuses(30, async () => accounts.rest.post('/auth/login', { login: newcomer().email, password: 'wrong' }))),
    ).toEqual(new Set([401]));
    expect((await accounts.rest.post('/auth/activate/resend', { email: who.email })).status).toBe(202);
    expect((await accounts.rest.post('/auth/activate/resend', { email: who.email })).status).toBe(429);
  });
});

describe('registration by the settings', () => {
  it.each([
    ['closed', 'auth.registration-closed'],
    ['invite', 'auth.invitation-required'],
  ])('%s refuses with its own word', async (registration, code) => {
    const accounts = await start({ REGISTRATION: registration });
    const answer = await accounts.rest.post('/auth/register', { ...newcomer(), passwordConfirmation: goodPassword });
    expect(problemOf(answer)).toEqual({ status: 403, code });
  });
});

describe('the admin command', () => {
  it('makes an active account admin, creates one on request, and says in words what it cannot do', async () => {
    const accounts = await start({});
    const source = accounts.dataSource;
    const [who, waiting] = [await activePerson(accounts), await register(accounts)];
    expect(await appointAdmin(source, { email: who.email.toUpperCase() })).toContain('is admin now');
    expect(await appointAdmin(source, { email: who.email })).toContain('admin already');
    const { body } = await accounts.rest.post('/auth/login', { login: who.email, password: who.password });
    expect(body.user.role).toBe('admin');

    const fresh = newcomer();
    await expect(appointAdmin(source, { email: fresh.email })).rejects.toThrow('--username');
    await expect(appointAdmin(source, { email: waiting.email })).rejects.toThrow('waits for its activation');
    await expect(appointAdmin(source, { email: fresh.email, username: who.username })).rejects.toThrow('taken');
    await expect(appointAdmin(source, { email: 'nonsense', username: 'zoe' })).rejects.toThrow('--email must be an email address');
    await expect(appointAdmin(source, { email: fresh.email, username: 'admin' })).rejects.toThrow('--username is a reserved name');
    const words = await appointAdmin(source, { email: fresh.email, username: fresh.username });
    const password = words.split('told this once: ')[1]!;
    const login = await accounts.rest.post('/auth/login', { login: fresh.username, password });
    expect(login.body.user).toMatchObject({ role: 'admin', email: fresh.email });
  });

  it('is refused in words while a server has the embedded database', async () => {
    const accounts = await start({});
    await expect(openDataSource({ dataDir: accounts.settings.dataDir })).rejects.toThrow(DataFolderInUseError);
  });
});

describeOnBoth('the tables of the accounts', (fresh) => {
  it('are what the entities say, and can be taken back', async () => {
    const source = await openDataSource(await fresh(), { entities: [...userEntities, ...authEntities] });
    try {
      await migrate(source);
      const tables = new Set(source.entityMetadatas.map(({ tableName }) => tableName));
      const difference = (await source.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);
      expect(difference.filter((query) => [...tables].some((table) => query.includes(`"${table}"`)))).toEqual([]);
    } finally {
      await source.destroy();
    }
  });
});
