import { describe, expect, it } from '@jest/globals';
import { envExample } from './env-example.js';
import { variables } from './schema.js';
import { readSettings, SettingsError } from './settings.js';

const strong = 'q7Zt0mXv9RkPw2LfYc5HdJs8BnGa3UeE6iOxTl1VrKy4';
const read = (env: Record<string, string | undefined>) => readSettings(env, () => 'made-under-the-data-folder');

function faults(env: Record<string, string | undefined>): readonly string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  throw new Error('The settings were taken.');
}

const production = { NODE_ENV: 'production', SMTP_URL: 'smtp://mail.example.org', JWT_ACCESS_SECRET: strong };

describe('settings', () => {
  it('development works with none', () => {
    expect(read({})).toEqual({
      nodeEnv: 'development',
      host: '127.0.0.1',
      port: 3000,
      processes: 1,
      publicUrl: 'http://localhost:3000',
      frontendUrl: 'http://localhost:3000',
      databasePoolSize: 10,
      dataDir: './data',
      mailFrom: 'Parley <parley@localhost>',
      jwtAccessSecret: 'made-under-the-data-folder',
      accessTokenTtl: 900,
      refreshTokenTtl: 2_592_000,
      allowedOrigins: new Set(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000']),
      cookieSameSite: 'lax',
      trustProxy: false,
      drainTime: 5,
      pingInterval: 25,
      logLevel: 'info',
      registration: 'open',
      guests: true,
      roomAutocreate: true,
      systemMessages: false,
      docs: true,
      exportLife: 604_800,
      deletionGrace: 1_209_600,
      filesQuota: 1_073_741_824,
      rateLimits: true,
      rateLimitScale: 1,
    });
  });

  it('an empty variable counts as absent', () => {
    const empty = Object.fromEntries(Object.keys(variables).map((name, index) => [name, index % 2 === 0 ? '' : '  ']));
    expect(read(empty)).toEqual(read({}));
  });

  it('every fault is told at once, by the name of its variable', () => {
    const env = {
      NODE_ENV: 'prod',
      PORT: '70000',
      PUBLIC_URL: 'ftp://x',
      DATABASE_URL: 'mysql://x',
      ACCESS_TOKEN_TTL: 'soon',
      ALLOWED_ORIGINS: 'nonsense',
      TRUST_PROXY: 'yes!',
      GUESTS: 'true',
      RATE_LIMIT_SCALE: '0',
      MAIL_FROM: 'a\r\nBcc: b@c.d',
      METRICS_TOKEN: 'short',
    };
    const told = faults(env);
    for (const name of Object.keys(env)) expect(told.filter((fault) => fault.startsWith(`${name} `))).toHaveLength(1);
    expect(() => read(env)).toThrow(/^Parley cannot start: 11 settings are not right\.\n {2}- NODE_ENV/);
  });

  it('secrets are never repeated in a fault', () => {
    const canary = 'C4nary';
    const env = {
      NODE_ENV: 'production',
      DATABASE_URL: `mysql://parley:${canary}@db`,
      REDIS_URL: `http://:${canary}@redis`,
      SMTP_URL: `http://u:${canary}@mail`,
      STORAGE_URL: `ftp://u:${canary}@store`,
      JWT_ACCESS_SECRET: canary,
      METRICS_TOKEN: canary,
    };
    expect(faults(env).join('\n')).not.toContain(canary);
  });

  it('production refuses to start without mail, with a weak secret, and without limits', () => {
    expect(faults({ NODE_ENV: 'production' })).toEqual([
      expect.stringMatching(/^SMTP_URL is missing/),
      expect.stringMatching(/^JWT_ACCESS_SECRET is missing/),
    ]);
    for (const secret of ['short', 'a'.repeat(64), 'change-me-change-me-change-me-change-me-1', 'your-secret-key-0123456789-0123456789']) {
      expect(faults({ ...production, JWT_ACCESS_SECRET: secret })).toEqual([expect.stringMatching(/^JWT_ACCESS_SECRET is weak/)]);
    }
    expect(faults({ ...production, RATE_LIMITS: 'off' })).toEqual([expect.stringMatching(/^RATE_LIMITS=off/)]);
    expect(read(production)).toMatchObject({ nodeEnv: 'production', jwtAccessSecret: strong, docs: false });
  });

  it('production allows exactly its own origins, development the names of loopback too', () => {
    const addresses = { PUBLIC_URL: 'https://chat.example.org/', FRONTEND_URL: 'https://app.example.org' };
    expect([...read({ ...production, ...addresses }).allowedOrigins]).toEqual(['https://chat.example.org', 'https://app.example.org']);
    expect([...read({ ALLOWED_ORIGINS: 'https://A.example.org:443/, http://b.example.org' }).allowedOrigins]).toEqual([
      'https://a.example.org',
      'http://b.example.org',
    ]);
  });

  it('addresses lose their last slash, durations become seconds, words become switches', () => {
    expect(read({ PUBLIC_URL: 'http://localhost:3000/' }).publicUrl).toBe('http://localhost:3000');
    expect(read({ ACCESS_TOKEN_TTL: '90s', REFRESH_TOKEN_TTL: '12h' })).toMatchObject({ accessTokenTtl: 90, refreshTokenTtl: 43_200 });
    expect(read({ GUESTS: 'off', DOCS: 'off', SYSTEM_MESSAGES: 'on' })).toMatchObject({ guests: false, docs: false, systemMessages: true });
    expect(read({ TRUST_PROXY: '2' }).trustProxy).toBe(2);
    expect(read({ TRUST_PROXY: '10.0.0.0/8, ::1' }).trustProxy).toBe('10.0.0.0/8, ::1');
  });

  it('a cookie for other sites needs https', () => {
    expect(faults({ COOKIE_SAMESITE: 'none' })).toEqual([expect.stringMatching(/^COOKIE_SAMESITE=none needs an https/)]);
    expect(read({ COOKIE_SAMESITE: 'none', PUBLIC_URL: 'https://chat.example.org' }).cookieSameSite).toBe('none');
  });
});

describe('.env.example', () => {
  it('names every variable once, commented out, with what it is for', () => {
    const lines = envExample().split('\n');
    for (const [name, { about }] of Object.entries(variables)) {
      expect(lines.filter((line) => line.startsWith(`#${name}=`))).toHaveLength(1);
      expect(lines).toContain(`# ${about}`);
    }
    expect(lines.every((line) => line === '' || line.startsWith('#'))).toBe(true);
  });

  it('holds defaults that are taken', () => {
    const env = Object.fromEntries(
      envExample()
        .split('\n')
        .flatMap((line) => {
          const match = /^#([A-Z_]+)=(.+)$/.exec(line);
          return match ? [[match[1]!, match[2]!]] : [];
        }),
    );
    expect(() => read(env)).not.toThrow();
  });
});
