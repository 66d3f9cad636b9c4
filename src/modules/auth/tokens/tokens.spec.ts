import { createHmac, createSecretKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { JwtService } from '@nestjs/jwt';
import { newId } from '../../../common/ids.js';
import type { Settings } from '../../../config/settings.js';
import { AccessTokens, tokenKey } from './access-tokens.js';
import { TicketMemory } from './socket-tickets.js';

const settings = {
  jwtAccessSecret: 'a-root-key-of-the-tests-0123456789',
  publicUrl: 'https://chat.example.org',
  accessTokenTtl: 900,
} as Settings;
const tokens = new AccessTokens(new JwtService({ secret: tokenKey(settings) }), settings);
const now = () => Math.floor(Date.now() / 1000);
const claims = () => ({
  sub: newId(),
  sid: newId(),
  typ: 'access',
  iss: 'parley',
  aud: 'parley',
  iat: now(),
  exp: now() + 60,
});
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token by hand, so that every trick can be written. */
function forge(
  payload: object,
  header: object = { alg: 'HS256', typ: 'JWT' },
  hash = 'sha256',
  key: string | Buffer = settings.jwtAccessSecret,
): string {
  const signed = `${part(header)}.${part(payload)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

function fate(token: string): string {
  try {
    tokens.verify(token);
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('access tokens', () => {
  it('name the person, the session and their end', async () => {
    const [userId, sessionId] = [newId(), newId()];
    const token = await tokens.sign({ userId, sessionId, ttlSeconds: 86_400 });
    expect(tokens.verify(token)).toMatchObject({ userId, sessionId });
    expect(tokens.verify(token).expiresAt).toBeGreaterThan(now() + 86_000);
    expect(JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString())).toEqual({ alg: 'HS256', typ: 'JWT' });
  });

  it('by hand are accepted when everything is right, and with a kid, jku or jwk that nobody reads', () => {
    expect(fate(forge(claims()))).toBe('accepted');
    expect(
      fate(forge(claims(), { alg: 'HS256', kid: '../../dev/null', jku: 'https://evil.example', jwk: { kty: 'oct', k: 'AA' }, x5u: 'x' })),
    ).toBe('accepted');
  });

  it('signed with the key that their header names are refused', () => {
    expect(fate(forge(claims(), { alg: 'HS256', kid: '../../dev/null' }, 'sha256', ''))).toBe('auth.token-invalid');
    expect(fate(forge(claims(), { alg: 'HS256', jwk: { kty: 'oct', k: 'AAAA' } }, 'sha256', Buffer.from('AAAA', 'base64url')))).toBe(
      'auth.token-invalid',
    );
  });

  it.each(['none', 'None', 'NONE', 'nOnE', '', 'HS1', 'HS384', 'HS512', 'RS256', 'ES256', 'PS256', 'EdDSA'])(
    'with alg %s are refused',
    (alg) => {
      const unsigned = `${part({ alg, typ: 'JWT' })}.${part(claims())}.`;
      expect(fate(unsigned)).toBe('auth.token-invalid');
      const hash = { HS384: 'sha384', HS512: 'sha512' }[alg] ?? 'sha256';
      expect(fate(forge(claims(), { alg, typ: 'JWT' }, hash))).toBe('auth.token-invalid');
    },
  );

  it('of a foreign key are refused, whichever algorithm signed them', async () => {
    expect(fate(forge(claims(), { alg: 'HS256' }, 'sha256', 'another deployment'))).toBe('auth.token-invalid');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const rsa = await new JwtService().signAsync(claims(), { algorithm: 'RS256', privateKey });
    expect(fate(rsa)).toBe('auth.token-invalid');
    const other = new JwtService({ secret: createSecretKey(Buffer.alloc(32, 7)) });
    expect(fate(await other.signAsync(claims()))).toBe('auth.token-invalid');
  });

  it.each([
    ['another issuer', { iss: 'https://other.example.org' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'other' }],
    ['no audience', { aud: undefined }],
    ['another type', { typ: 'refresh' }],
    ['no type', { typ: undefined }],
    ['no session', { sid: undefined }],
    ['a session that is no id', { sid: 'x' }],
    ['a person that is no id', { sub: '1 OR 1=1' }],
    ['an object for a person', { sub: { $ne: null } }],
    ['no end', { exp: undefined }],
    ['an end in words', { exp: 'never' }],
    ['a beginning in the future', { nbf: now() + 60 }],
  ])('with %s are refused', (_, change) => expect(fate(forge({ ...claims(), ...change }))).toBe('auth.token-invalid'));

  it('that have expired say so, past five seconds for clocks', () => {
    expect(fate(forge({ ...claims(), exp: now() - 2 }))).toBe('accepted');
    expect(fate(forge({ ...claims(), exp: now() - 10 }))).toBe('auth.token-expired');
    expect(fate(forge({ ...claims(), exp: now() - 10 }, { alg: 'HS256' }, 'sha256', 'another key'))).toBe('auth.token-invalid');
  });

  it('that are none at all are refused', () => {
    const good = forge(claims());
    for (const token of [
      '',
      '.',
      '..',
      'a.b.c',
      'null',
      good.slice(0, -1),
      `${good}x`,
      `${good}.x`,
      good.split('.').slice(0, 2).join('.'),
      `${good}.`,
      'x'.repeat(100_000),
      '\0',
      '{}',
    ]) {
      expect(fate(token)).toBe('auth.token-invalid');
    }
  });
});

describe('socket tickets', () => {
  const holder = { userId: newId(), sessionId: newId(), expiresAt: now() + 900 };

  it('are good once, for thirty seconds', () => {
    const tickets = new TicketMemory();
    tickets.put('ticket', holder, 0);
    expect(tickets.take('other', 1)).toBeNull();
    expect(tickets.take('ticket', 29_999)).toEqual(holder);
    expect(tickets.take('ticket', 29_999)).toBeNull();
    tickets.put('another', holder, 0);
    expect(tickets.take('another', 30_000)).toBeNull();
  });
});
