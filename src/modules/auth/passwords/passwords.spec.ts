import { describe, expect, it } from '@jest/globals';
import { AppError } from '../../../common/app-error.js';
import { isCommonPassword } from './common-passwords.js';
import { Gate } from '../../../common/gate.js';
import { PasswordHasher } from './password-hasher.js';
import { passwordFaults } from './password-rules.js';

const owner = { username: 'johnsmith', email: 'j.smithson@example.org', firstName: 'Jonathan', lastName: 'Smith-Öztürk' };
const codes = (password: string) => passwordFaults(password, owner).map((fault) => fault.code);

describe('common passwords', () => {
  it.each([
    'password',
    'Password123!',
    'PASSWORD',
    'qwertyuiop',
    '12345678',
    'letmein2024!!',
    'iloveyou',
    'Dragon1234',
    'ｐａｓｓｗｏｒｄ',
  ])('%s is refused', (password) => expect(isCommonPassword(password)).toBe(true));

  it.each(['correct horse battery staple', 'Tr1cky-Lantern-88', 'ab1234567890', 'Süßes-Öl-42', 'пароль-з-трьох-слів', ' leading blanks'])(
    '%s is accepted',
    (password) => expect(isCommonPassword(password)).toBe(false),
  );
});

describe('passwords like a name', () => {
  it.each([
    'johnsmith1',
    'JohnSmith!!',
    'j0hnsm1th',
    'htimsnhoj',
    '1johnsmith1999',
    'johnsmitt',
    'j.smithson@example.org',
    'jsmithson77',
    'J.Smithson!',
    'Jonathan1990',
    'jonathansmithöztürk',
    'Parley2026',
    'p@rley!!!',
    'yelrap-2026',
  ])('%s is refused', (password) => expect(codes(password)).toEqual(['too-similar']));

  it.each([
    'smith-of-the-river-77',
    'johnsmith goes fishing on sunday',
    'quiet-lantern-9',
    'parley under the old lighthouse',
    'x'.repeat(256),
  ])('%s is accepted', (password) => expect(codes(password)).toEqual([]));

  it('says what it is like', () => {
    expect(passwordFaults('johnsmith99', owner)[0]?.message).toContain('username');
    expect(passwordFaults('parley-2026', owner)[0]?.message).toContain('product');
  });

  it('answers quickly for the longest names and passwords', () => {
    const long = { username: 'a'.repeat(32), email: `${'a'.repeat(64)}@${'b'.repeat(180)}.example` };
    const started = performance.now();
    passwordFaults(`${'b'.repeat(120)}${'a'.repeat(120)}`, long);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('password hashes', () => {
  const hasher = new PasswordHasher();

  it('are argon2id with 19 MiB, two passes and one lane, and right for one password alone', async () => {
    const made = await hasher.hash('correct horse battery staple');
    expect(made).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hasher.verify(made, 'correct horse battery staple')).toBe(true);
    expect(await hasher.verify(made, 'correct horse battery staplf')).toBe(false);
    expect(hasher.isOutdated(made)).toBe(false);
    expect(hasher.isOutdated('$argon2id$v=19$m=4096,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$iWh06vD8Fy27wf9npn6FXWiCX4K6pW6Ue1Bnzz07Z8A')).toBe(
      true,
    );
  });

  it('see every byte: 200 characters that differ at the end, blanks in front, composed letters', async () => {
    const made = await hasher.hash(`${'ж'.repeat(199)}a`);
    expect(await hasher.verify(made, `${'ж'.repeat(199)}b`)).toBe(false);
    expect(await hasher.verify(await hasher.hash('  blanks'), 'blanks')).toBe(false);
    expect(await hasher.verify(await hasher.hash('caf\u00e9-latte'), 'cafe\u0301-latte')).toBe(true);
  });

  it('are never right for nobody', async () => expect(await hasher.verifyNobody('')).toBe(false));
});

describe('the gate before the hashes', () => {
  it('lets only so many in at once, in order, and refuses what does not fit into the queue', async () => {
    const gate = new Gate(2, 3, () => new AppError('server.busy', { retryAfter: 2 }));
    let inside = 0;
    let most = 0;
    const order: number[] = [];
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, async (_, index) =>
        gate.run(async () => {
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setTimeout(resolve, 5));
          inside--;
          order.push(index);
        }),
      ),
    );
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4]);
    const refused = results.slice(5).map((result) => (result.status === 'rejected' ? (result.reason as AppError).code : ''));
    expect(refused).toEqual(['server.busy', 'server.busy', 'server.busy']);
    await expect(gate.run(async () => 'free again')).resolves.toBe('free again');
  });

  it('gives the place back when the work fails', async () => {
    const gate = new Gate(1, 0, () => new Error('full'));
    await expect(gate.run(async () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(gate.run(async () => 1)).resolves.toBe(1);
  });
});
