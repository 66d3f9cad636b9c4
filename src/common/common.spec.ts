import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { errorCatalogue, messageContent, text } from '../contracts/index.js';
import { AppError } from './app-error.js';
import { caseKey } from './case-key.js';
import { parseDuration } from './duration.js';
import { newId } from './ids.js';
import { deriveKey, hashToken, newToken, sameBytes } from './keys.js';
import { isAllowedOrigin, normalOrigin } from './origin.js';
import { parseInput } from './parse.js';

describe('names and addresses are compared without case', () => {
  it.each([
    ['ADA', 'ada'],
    ['Straße', 'STRASSE'],
    ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
    ['Їжак', 'їЖАК'],
    ['ﬁn', 'fin'],
    ['Ａｄａ', 'ada'],
    ['e\u0301', '\u00e9'],
  ])('%s and %s are one name', (a, b) => expect(caseKey(a)).toBe(caseKey(b)));

  it('is stable: the key of a key is that key', () => {
    for (const name of ['ADA', 'Straße', 'İstanbul', 'ΣΊΣΥΦΟΣ', 'ǅ', 'ﬃ', 'ᏣᎳᎩ']) expect(caseKey(caseKey(name))).toBe(caseKey(name));
  });

  it('keeps different names apart', () => {
    expect(caseKey('ada')).not.toBe(caseKey('ada1'));
    expect(caseKey('и')).not.toBe(caseKey('й'));
  });
});

describe('durations', () => {
  it.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['15m', 900_000],
    ['12h', 43_200_000],
    ['30d', 2_592_000_000],
  ])('%s', (words, ms) => expect(parseDuration(words)).toBe(ms));
  it.each(['', '15', '15 m', '-1s', '1.5h', '1w', '9999999999s', 'm'])('%j is none', (words) => expect(parseDuration(words)).toBeNull());
});

describe('origins', () => {
  const allowed = new Set(['https://app.example.org', 'http://localhost:3000']);

  it('are taken in any spelling that means the same', () => {
    for (const origin of ['https://app.example.org', 'https://APP.example.org:443', 'http://localhost:3000'])
      expect(isAllowedOrigin(origin, allowed)).toBe(true);
  });

  it.each([
    'null',
    '',
    'https://evil.example',
    'http://app.example.org',
    'https://app.example.org.evil.example',
    'https://x.app.example.org',
    'https://app.example.org:8443',
    'file://',
    'javascript:alert(1)',
  ])('%j is refused', (origin) => expect(isAllowedOrigin(origin, allowed)).toBe(false));

  it('anything but the web has none', () => {
    expect(normalOrigin('ftp://x')).toBeNull();
    expect(normalOrigin('nonsense')).toBeNull();
  });
});

describe('keys and tokens', () => {
  it('each purpose has its own key, the same every time', () => {
    expect(deriveKey('root', 'a')).toEqual(deriveKey('root', 'a'));
    expect(deriveKey('root', 'a')).not.toEqual(deriveKey('root', 'b'));
    expect(deriveKey('root', 'a')).not.toEqual(deriveKey('other', 'a'));
    expect(deriveKey('root', 'a')).toHaveLength(32);
  });

  it('tokens are long, unlike each other, and looked up by their hash', () => {
    const tokens = new Set(Array.from({ length: 1_000 }, newToken));
    expect(tokens.size).toBe(1_000);
    for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
    expect(hashToken('a')).toEqual(hashToken('a'));
    expect(hashToken('a')).not.toEqual(hashToken('b'));
  });

  it('bytes of different lengths are unequal, without an error', () => {
    expect(sameBytes(Buffer.from('ab'), Buffer.from('ab'))).toBe(true);
    expect(sameBytes(Buffer.from('ab'), Buffer.from('ac'))).toBe(false);
    expect(sameBytes(Buffer.from('ab'), Buffer.from('abc'))).toBe(false);
  });

  it('ids are UUIDs of version 7, in the order of time', async () => {
    const first = newId();
    await new Promise((resolve) => setTimeout(resolve, 3));
    const second = newId();
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(first < second).toBe(true);
  });
});

describe('input from outside', () => {
  const schema = z.strictObject({ name: text(5, 1), tags: z.array(z.strictObject({ id: z.int() })).optional() });

  function faults(value: unknown, type: z.ZodType = schema, at?: string): AppError {
    try {
      parseInput(type, value, at);
    } catch (error) {
      if (error instanceof AppError) return error;
    }
    throw new Error('It was taken.');
  }

  it('is given back checked', () => expect(parseInput(schema, { name: 'ada' })).toEqual({ name: 'ada' }));

  it('every field is told, with its path, a word and a sentence', () => {
    expect(faults({ tags: [{ id: 1.5 }, { id: 1, x: 2 }], extra: 1 })).toMatchObject({
      code: 'request.invalid',
      errors: expect.arrayContaining([
        { field: 'name', code: 'required', message: 'is required' },
        expect.objectContaining({ field: 'tags.0.id' }),
        { field: 'tags.1.x', code: 'unknown', message: 'is not a field of this request' },
        { field: 'extra', code: 'unknown', message: 'is not a field of this request' },
      ]),
    });
    expect(faults({ name: 'much too long' }).errors).toEqual([
      { field: 'name', code: 'too-long', message: 'must have at most 5 characters' },
    ]);
    expect(faults({ name: 7 }).errors).toEqual([{ field: 'name', code: 'type', message: 'must be a string' }]);
    expect(faults({ name: 'a\0' }).errors).toEqual([expect.objectContaining({ code: 'text-invalid' })]);
    expect(faults({ name: '\ud800' }).errors).toEqual([expect.objectContaining({ code: 'text-invalid' })]);
  });

  it.each([null, undefined, [], 'text', 7, true])('%j instead of an object is a fault, not a crash', (value) => {
    expect(faults(value)).toMatchObject({ code: 'request.invalid', status: 422 });
  });

  it('names can be told below a prefix', () =>
    expect(faults({}, schema, 'profile').errors).toEqual([expect.objectContaining({ field: 'profile.name' })]));

  it('a rule with a word of its own gives the whole that word', () => {
    const type = z.strictObject({ content: messageContent });
    expect(faults({ content: ' \u200b\u3164' }, type).code).toBe('message.empty');
    expect(faults({ content: 'x'.repeat(4097) }, type).code).toBe('message.too-long');
    expect(parseInput(type, { content: '👍'.repeat(4096) }).content).toHaveLength(8192);
  });

  it('of a union the alternative that comes nearest speaks', () => {
    const type = z.union([z.strictObject({ token: z.string() }), z.strictObject({ email: z.string(), code: z.string() })]);
    expect(faults({ email: 'a@b.c', code: 7 }, type).errors).toEqual([{ field: 'code', code: 'type', message: 'must be a string' }]);
  });

  it('the list of faults is bounded, and so are the names in it', () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`${index}`.padStart(100, 'x'), 1]));
    const { errors } = faults({ name: 'a', ...many });
    expect(errors!.length).toBeLessThanOrEqual(50);
    expect(errors!.every(({ field }) => field.length <= 64)).toBe(true);
  });
});

describe('errors', () => {
  it('say the same at every door', () => {
    const error = new AppError('rate.limited', { retryAfter: 2 });
    expect(error).toMatchObject({ status: 429, closeCode: 4429, message: errorCatalogue['rate.limited'].message });
    expect(error.toSocketError()).toEqual({ code: 'rate.limited', message: error.message, retryAfter: 2 });
    expect(new AppError('room.not-joined').closeCode).toBeUndefined();
  });

  it('every sentence tells a person something', () => {
    for (const [code, { status, message }] of Object.entries(errorCatalogue)) {
      expect(code).toMatch(/^[a-z]+\.[a-z-]+$/);
      expect(message).toMatch(/^[A-Z/].+\.$|^Write a private message as/);
      expect(status).toBeGreaterThanOrEqual(400);
    }
  });
});
