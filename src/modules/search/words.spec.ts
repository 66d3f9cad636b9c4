import { describe, expect, it } from '@jest/globals';
import { excerptOf } from './excerpt.js';
import { distinctWords, terms, typos } from './words.js';

describe('words of a text', () => {
  it.each([
    ['Hello, wörld! v2.0', ['hello', 'world', 'v2', '0']],
    ['Привіт, Їжачку — ходімо', ['привіт', 'іжачку', 'ходімо'].map((word) => word.normalize('NFD').replace(/[\u0300-\u036f]/g, ''))],
    ['Ёлка и ёж', ['елка', 'и', 'еж']],
    ['東京都に行く', ['東京', '京都', '都に', 'に行', '行く', 'く']],
    ['ＦＵＬＬ iPhone用', ['full', 'iphone', '用']],
    ['👍 🎉', []],
  ])('of %s', (text, expected) => {
    expect(distinctWords(text)).toEqual(expected);
  });

  it('are found by the beginning, and in scripts without spaces by neighbours', () => {
    expect(terms('hel wor')).toEqual([
      { word: 'hel', prefix: true, forgiving: false },
      { word: 'wor', prefix: true, forgiving: false },
    ]);
    expect(terms('京都')).toEqual([{ word: '京都', prefix: false, forgiving: false }]);
    expect(terms('行')).toEqual([{ word: '行', prefix: true, forgiving: false }]);
    expect(terms(`'; DROP TABLE (&|!:*)`).map((term) => term.word)).toEqual(['drop', 'table']);
  });

  it('stay linear for long input', () => {
    expect(distinctWords('a'.repeat(100_000))).toEqual(['a'.repeat(64)]);
    expect(distinctWords('あ'.repeat(20_000))).toEqual(['ああ', 'あ']);
  });
});

describe('typos', () => {
  it.each([
    ['mesage', 'message', 1],
    ['freind', 'friend', 1],
    ['привт', 'привіт', 1],
    ['cat', 'dog', 3],
    ['same', 'same', 0],
    ['short', 'muchlonger', 3],
  ])('between %s and %s', (a, b, expected) => {
    expect(typos(a, b, 2)).toBe(expected);
  });
});

describe('an excerpt', () => {
  it('shows what was found with its places', () => {
    const text = `${'word '.repeat(60)}needle in the hay`;
    const { excerpt, highlights } = excerptOf(text, (word) => word === 'needle');
    expect(highlights.map(({ from, to }) => excerpt.slice(from, to))).toEqual(['needle']);
    expect(excerpt.startsWith('…')).toBe(true);
  });

  it('joins neighbours of scripts without spaces and cuts no emoji', () => {
    const { excerpt, highlights } = excerptOf(`${'😀'.repeat(100)}東京都`, (word) => ['東京', '京都'].includes(word));
    expect(highlights.map(({ from, to }) => excerpt.slice(from, to))).toEqual(['東京都']);
    expect(excerpt.isWellFormed()).toBe(true);
  });
});
