import { describe, expect, it } from '@jest/globals';
import { AppError } from '../common/app-error.js';
import { decodeCursor, encodeCursor } from './keyset.js';

describe('a cursor', () => {
  it('comes back as it was, and is safe in an URL', () => {
    const cursor = encodeCursor(['ї/?&', 42, null, true]);
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    const [text, count, nothing, flag] = decodeCursor(cursor, ['string', 'number', 'string?', 'boolean']);
    const kinds: [string, number, string | null, boolean] = [text, count, nothing, flag];
    expect(kinds).toEqual(['ї/?&', 42, null, true]);
  });

  it.each([
    ['empty', ''],
    ['not base64url', 'a+b/='],
    ['not JSON', Buffer.from('nope').toString('base64url')],
    ['not a list', Buffer.from('{"0":"a","length":1}').toString('base64url')],
    ['too few values', encodeCursor([])],
    ['too many values', encodeCursor(['a', 'b'])],
    ['another kind', encodeCursor([1])],
    ['a null where none may be', encodeCursor([null])],
    ['a zero byte, which PostgreSQL refuses', encodeCursor(['a\0b'])],
    ['too long', encodeCursor(['x'.repeat(2_000)])],
  ])('that is %s is refused', (_why, cursor) => {
    const attempt = (): unknown => decodeCursor(cursor, ['string']);
    expect(attempt).toThrow(AppError);
    expect(attempt).toThrow(expect.objectContaining({ code: 'request.cursor-invalid' }));
  });

  it.each([1.5, 2 ** 53])('with a number that is no safe integer is refused (%d)', (number) => {
    expect(() => decodeCursor(encodeCursor([number]), ['number'])).toThrow(AppError);
  });
});
