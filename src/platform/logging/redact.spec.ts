import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { newToken } from '../../common/keys.js';
import { AppError } from '../../common/app-error.js';
import { PinoLogger } from './pino-logger.js';
import { redact, redactText } from './redact.js';

const canary = 'C4nary-of-the-mine';

function logged(write: (logger: PinoLogger) => void): string {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  write(new PinoLogger({ logLevel: 'trace', nodeEnv: 'production' }, stream));
  return text;
}

describe('nothing secret reaches the log', () => {
  it.each([
    'token',
    'access',
    'refresh',
    'password',
    'passwordConfirmation',
    'code',
    'ticket',
    'authorization',
    'Authorization',
    'cookie',
    'set-cookie',
    'secret',
    'accessToken',
    'jwtAccessSecret',
    'currentPassword',
  ])('the value of the key %s, at any depth', (key) => {
    const line = logged((logger) => logger.warn({ [key]: canary, body: { deep: [{ [key]: { inner: canary } }] } }, 'words', 'test'));
    expect(line).not.toContain(canary);
    expect(line).toContain('[redacted]');
  });

  it.each([
    `GET /ws/chat/?token=${canary}&since=4`,
    `/activate?x=1&token=${canary}`,
    `?ticket=${canary}`,
    `?code=${canary}`,
    `{"password":"${canary}","x":1}`,
    `{ password: '${canary}' }`,
    `Authorization: Bearer ${canary}`,
    `parley, bearer.${canary}`,
    `Cookie: theme=dark; parley_session=${canary}; a=b`,
    `connect ECONNREFUSED postgres://parley:${canary}@db:5432/parley`,
    `redis://:${canary}@127.0.0.1:6379`,
    `redis://default:a/${canary}@127.0.0.1`,
    `smtps://user:pass@word${canary}@mail.example.org`,
    `https://user:${canary}@example.org/x`,
  ])('in a text: %s', (text) => {
    expect(redactText(text)).not.toContain(canary);
    expect(logged((logger) => logger.error(new Error(text), undefined, 'test'))).not.toContain(canary);
    expect(
      logged((logger) => logger.error({ error: new AppError('server.internal', { cause: new Error(text) }) }, 'words', 'test')),
    ).not.toContain(canary);
  });

  it('JSON Web Tokens, our own opaque tokens and mailed codes, wherever they stand', () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
    const token = newToken();
    expect(redactText(`jwt malformed: ${jwt}!`)).toBe('jwt malformed: [redacted]!');
    expect(redactText(`no row for ${token}`)).toBe('no row for [redacted]');
    expect(redactText('your code is 492817.')).toBe('your code is [redacted].');
    expect(redactText('Ваш код: 492817')).toBe('Ваш код: [redacted]');
    expect(redactText('code 23505 at row 1234567')).toBe('code 23505 at row 1234567');
  });

  it('the parameters of a failed query, and the row that PostgreSQL repeats', () => {
    const driverError = Object.assign(new Error('duplicate key value violates unique constraint "users_email"'), {
      code: '23505',
      constraint: 'users_email',
      detail: `Key (email)=(${canary}) already exists.`,
    });
    const line = logged((logger) =>
      logger.error({ error: new QueryFailedError('INSERT INTO users VALUES ($1)', [canary], driverError) }, 'failed', 'db'),
    );
    expect(line).not.toContain(canary);
    expect(line).toContain('users_email');
    expect(line).toContain('23505');
    expect(line).toContain('INSERT INTO users');
  });
});

describe('the log stays readable', () => {
  it('keeps the words of catalogues under the key code', () => {
    for (const code of ['auth.token-invalid', 'ECONNREFUSED', '23505', 'FST_ERR_CTP_INVALID_JSON_BODY', 4401])
      expect(redact({ code })).toEqual({ code });
    expect(redact({ code: '492817' })).toEqual({ code: '[redacted]' });
  });

  it('writes one line per entry, whatever the text says', () => {
    const forged = 'x\r\n{"level":"info","msg":"forged"}\u001b[2J\u009b31m\u2028\u202e';
    const line = logged((logger) => logger.log(forged, 'test'));
    expect(line.trimEnd().split('\n')).toHaveLength(1);
    const { msg } = JSON.parse(line) as { msg: string };
    expect(msg).toMatch(/^[\x20-\x7e]+$/);
  });

  it('takes the calls of Nest and of the house alike', () => {
    const line = (write: (logger: PinoLogger) => void) => JSON.parse(logged(write)) as Record<string, unknown>;
    expect(line((logger) => logger.log('started', 'Nest'))).toMatchObject({ level: 'info', msg: 'started', context: 'Nest' });
    expect(line((logger) => logger.log('Mapped {/x, GET} route', 'RouterExplorer'))).toMatchObject({ level: 'debug' });
    expect(line((logger) => logger.error({ requestId: 'a-1' }, 'request failed', 'http'))).toMatchObject({
      requestId: 'a-1',
      msg: 'request failed',
      context: 'http',
    });
    expect(line((logger) => logger.error('failed', 'Error: failed\n    at place (file.ts:1:1)', 'http'))).toMatchObject({
      msg: 'failed',
      context: 'http',
    });
    expect(line((logger) => logger.error(new Error('boom'), 'http'))).toMatchObject({ context: 'http', error: { message: 'boom' } });
  });

  it('survives circles, depth, width, buffers and odd values', () => {
    const circle: Record<string, unknown> = { bytes: Buffer.alloc(3), when: new Date(0), big: 10n, map: new Map([['password', canary]]) };
    circle['self'] = circle;
    circle['many'] = Array.from({ length: 1000 }, (_, index) => ({ index, list: Array.from({ length: 100 }, () => ({})) }));
    const text = JSON.stringify(redact(circle));
    expect(text.length).toBeLessThan(50_000);
    expect(text).toContain('[3 bytes]');
    expect(text).not.toContain(canary);
  });

  it.each([
    'eyJ'.repeat(40_000),
    'token='.repeat(20_000),
    '://'.repeat(40_000),
    'redis://'.repeat(15_000),
    'code '.repeat(25_000),
    '{"password":"\\'.repeat(9_000),
  ])('is fast on a long hostile text', (text) => {
    const start = performance.now();
    redactText(text);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it('logs a request without its query, and at its level', () => {
    const base = { requestId: 'a-1', method: 'GET', route: '/api/v1/rooms/:room', path: '/api/v1/rooms/lobby', status: 200, ms: 3 };
    expect(JSON.parse(logged((logger) => logger.request(base)))).toMatchObject({ ...base, level: 'info', msg: 'request' });
    expect(JSON.parse(logged((logger) => logger.request({ ...base, status: 503 })))).toMatchObject({ level: 'error' });
    expect(JSON.parse(logged((logger) => logger.request({ ...base, path: '/health/live' })))).toMatchObject({ level: 'debug' });
  });
});
