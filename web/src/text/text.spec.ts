import { describe, expect, it } from '@jest/globals';
import { postIdsIn, splitLinks } from './links.js';
import { colourOf, initials } from './names.js';
import { isEmail, isRoomName, isUsername, passwordStrength, toRoomName } from './rules.js';
import { readTyped } from './slash.js';

const links = (text: string) => splitLinks(text).flatMap((piece) => (piece.href === undefined ? [] : [piece.text]));

describe('posts in a text', () => {
  const id = '019a8f3e-7c41-7d02-9b5a-3f6c2e81d7aa';
  it.each([
    [`look: https://here.example/posts/${id}.`, [id]],
    [`https://here.example/posts/${id.toUpperCase()}/#comments https://here.example/posts/${id}`, [id]],
    [`https://elsewhere.example/posts/${id}`, []],
    [`https://here.example.evil.example/posts/${id}`, []],
    [`http://here.example/posts/${id}`, []],
    ['https://here.example/posts/new', []],
    [`https://here.example/posts/${id}/edit`, []],
    [[1, 2, 3, 4].map((n) => `https://here.example/posts/${id.slice(0, -1)}${n}`).join(' '), [1, 2, 3].map((n) => id.slice(0, -1) + n)],
  ])('are those of this site, three at most: %s', (text, found) => {
    expect(postIdsIn(text, 'https://here.example')).toEqual(found);
  });
});

describe('links in a text', () => {
  it.each([
    ['see https://example.org/a.', ['https://example.org/a']],
    ['(https://example.org/a_(b))', ['https://example.org/a_(b)']],
    ['HTTP://EXAMPLE.ORG and https://b.example?q=1#x!', ['HTTP://EXAMPLE.ORG', 'https://b.example?q=1#x']],
    ['<https://example.org> "https://b.example"', ['https://example.org', 'https://b.example']],
    ['https://bücher.example/ß', ['https://bücher.example/ß']],
  ])('finds them in %s', (text, found) => {
    expect(links(text)).toEqual(found);
    expect(
      splitLinks(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });

  it.each([
    'javascript:alert(1)',
    'javascript://example.org/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    '//example.org',
    'https://',
    'xhttps://example.org',
    'https://bank.example@evil.example/',
    'https:\nexample.org',
  ])('makes none of %s', (text) => {
    expect(links(text)).toEqual([]);
    expect(
      splitLinks(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });

  it('is linear', () => {
    const hostile = [
      '://'.repeat(30_000),
      'http://'.repeat(15_000),
      'https://a'.repeat(10_000),
      '('.repeat(90_000),
      `https://a.example/${')'.repeat(90_000)}`,
    ];
    const started = Date.now();
    for (const text of hostile)
      expect(
        splitLinks(text)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text);
    expect(Date.now() - started).toBeLessThan(5_000);
  });
});

describe('what was typed', () => {
  it('is a message, a private one, or a half-written command', () => {
    expect(readTyped(' hello ')).toEqual({ kind: 'message', content: 'hello' });
    expect(readTyped('/pm ann see you  there')).toEqual({ kind: 'private', to: 'ann', content: 'see you  there' });
    expect(readTyped('/pm @ann\nhi')).toEqual({ kind: 'private', to: 'ann', content: 'hi' });
    expect(readTyped('/pm ann')).toEqual({ kind: 'usage' });
    expect(readTyped('/pmx')).toEqual({ kind: 'message', content: '/pmx' });
    expect(readTyped('  ')).toEqual({ kind: 'nothing' });
  });
});

describe('the rules of the fields', () => {
  it('know addresses and names', () => {
    expect(['a@b.c', 'ann+x@mail.example.org'].every(isEmail)).toBe(true);
    expect(['', 'a', 'a@', 'a@b', 'a@b.', 'a@.b', 'a b@c.d', 'a@b@c.d', 'a@b..c'].some(isEmail)).toBe(false);
    expect(['ann', 'Зоя', 'a-b.c_1'].every(isUsername)).toBe(true);
    expect(['a', '-ann', 'ann lee', 'x'.repeat(33)].some(isUsername)).toBe(false);
    expect(isRoomName(toRoomName('  book club '))).toBe(true);
    expect(['', '..', 'a/b', '01a1fcc5-fb74-7f01-8af9-93bf6c616faa'].some(isRoomName)).toBe(false);
  });

  it('say how well a password would hold', () => {
    expect(passwordStrength('', [])).toBe('empty');
    expect(passwordStrength('abc', [])).toBe('short');
    expect(passwordStrength('password1', [])).toBe('guessable');
    expect(passwordStrength('annlindqvist1', ['annlindqvist@example.org'])).toBe('guessable');
    expect(passwordStrength('aaaaaaaaaa', [])).toBe('guessable');
    expect(passwordStrength('correct horse battery', [])).toBe('strong');
  });
});

describe('names', () => {
  it('have letters and a colour of their own', () => {
    expect([initials('Ann Lindqvist'), initials('mira.k'), initials('😀 x'), initials('')]).toEqual(['AL', 'MK', '😀X', '?']);
    expect(colourOf('ann')).toBe(colourOf('ann'));
  });
});
