import { describe, expect, it } from '@jest/globals';
import { username } from '../../contracts/index.js';
import { cyrillicRules, transliterated } from './transliteration.js';
import { type NamedPerson, usernameCandidates } from './username-suggestions.js';

const smallest = (min: number) => min;
const candidates = (person: Partial<NamedPerson>) =>
  usernameCandidates({ firstName: '', lastName: '', locale: 'en', username: 'somebody', ...person }, smallest);

describe('names in Latin letters', () => {
  it.each([
    ['Щербина', 'uk', 'shcherbyna'],
    ['Згурський', 'uk', 'zghurskyi'],
    ['Єгор', 'en', 'yehor'],
    ['Мар’яна', 'uk', 'mar’iana'],
    ['Юлія', 'ru', 'yuliia'],
    ['Григорий', 'ru', 'grigoriy'],
    ['Пётр', 'uk', 'pyotr'],
    ['Ирина', 'ru', 'irina'],
    ['Ирина', 'uk', 'yryna'],
    ['José', 'en', 'jose'],
    ['Łukasz Żółć', 'en', 'lukasz zolc'],
    ['Straße', 'en', 'strasse'],
    ['Søren', 'en', 'soren'],
    ['小明', 'en', '小明'],
    ['محمد', 'en', 'محمد'],
    ['デイヴィッド', 'en', 'デイヴィッド'],
  ] as const)('%s (%s) is %s', (name, locale, plain) => expect(transliterated(name, cyrillicRules(name, locale))).toBe(plain));
});

describe('suggested usernames', () => {
  it('begin with the nicest, and go on with numbers', () => {
    const names = candidates({ firstName: 'Ada', lastName: 'Lovelace' });
    expect(names.slice(0, 6)).toEqual(['ada.lovelace', 'adalovelace', 'alovelace', 'ada_lovelace', 'adal', 'lovelace.ada']);
    expect(names).toContain('ada.lovelace2');
    expect(names).toContain('adalovelace1000');
  });

  it('are in Latin letters first and in the own script after that', () => {
    const names = candidates({ firstName: 'Леся', lastName: 'Українка' });
    expect(names[0]).toBe('lesia.ukrainka');
    expect(names).toContain('леся.українка');
    expect(candidates({ firstName: '小明', lastName: '王' })[0]).toBe('小明.王');
  });

  it.each<Partial<NamedPerson>>([
    { firstName: 'Ada' },
    { lastName: 'Lovelace' },
    { firstName: 'X' },
    { firstName: 'Me' },
    { firstName: 'Admin' },
    { firstName: '😀', lastName: '🎉' },
    { firstName: "O'Neill-Smith", lastName: 'van der Berg' },
    { firstName: 'N'.repeat(30), lastName: 'M'.repeat(30) },
    { firstName: 'ﷺ'.repeat(30), lastName: '🤷🏽' },
    { firstName: 'İ'.repeat(30) },
    { firstName: 'e\u0301'.repeat(15), lastName: '\u0301x' },
    { username: 'x'.repeat(32) },
    {},
  ])('are allowed names, each once, for %j', (person) => {
    const names = candidates(person);
    expect(names.length).toBeGreaterThanOrEqual(4);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(username.parse(name)).toBe(name);
  });
});
