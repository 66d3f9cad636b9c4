import { caseKey } from '../../common/case-key.js';
import { username as usernameField } from '../../contracts/index.js';
import { cyrillicRules, transliterated } from './transliteration.js';
import type { UserLocale } from './user-card.js';

export interface NamedPerson {
  firstName: string;
  lastName: string;
  /** Which language's rules a name in Cyrillic follows, where its letters do not say. */
  locale: UserLocale;
  /** The name they have: what suggestions are made of when the others give nothing. */
  username: string;
}

/** Letters that each part of a name brings at most, so that two of them, a sign and a number fit into 32. */
const longestPart = 13;

/**
 * Usernames that fit a person's name, the nicest first, each of them allowed, none twice; the last ones carry numbers, so that something is
 * free even for the most common name.
 * @param random a whole number from `min` on and below `max`
 */
export function usernameCandidates(person: NamedPerson, random: (min: number, max: number) => number): string[] {
  const written = parts(person.firstName, person.lastName);
  const rules = cyrillicRules(person.firstName + person.lastName, person.locale);
  const plain = parts(transliterated(person.firstName, rules), transliterated(person.lastName, rules));
  const bases = [combinations(plain), combinations(written)];
  const [first, second] = bases[0]!.length > 0 ? bases[0]! : [lettersOf(person.username), 'friend'];
  const numbered = [first, second ?? first].flatMap((base) => [
    `${base}${random(2, 10)}`,
    `${base}${random(10, 100)}`,
    `${base}${random(100, 1000)}`,
    `${base}${random(1000, 10_000)}`,
  ]);
  const allowed = [...bases.flat(), ...numbered].map(caseKey).filter((name) => usernameField.safeParse(name).success);
  return [...new Set(allowed)];
}

function parts(firstName: string, lastName: string): { first: string; last: string } {
  return { first: lettersOf(firstName), last: lettersOf(lastName) };
}

function combinations({ first, last }: { first: string; last: string }): string[] {
  if (first === '' || last === '') return [first + last].filter((name) => name !== '');
  return [
    `${first}.${last}`,
    `${first}${last}`,
    `${initial(first)}${last}`,
    `${first}_${last}`,
    `${first}${initial(last)}`,
    `${last}.${first}`,
  ];
}

function lettersOf(name: string): string {
  return [
    ...name
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}]/gu, ''),
  ]
    .slice(0, longestPart)
    .join('');
}

function initial(name: string): string {
  return /^.\p{M}*/u.exec(name)?.[0] ?? '';
}
