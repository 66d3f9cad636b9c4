/** Rules of the fields as a person types; the server decides, these only say it earlier. */

const usernamePattern = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_.-]{1,31}$/u;
const roomNamePattern = /^[\p{L}\p{M}\p{N}_.-]{1,128}$/u;
const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isEmail(text: string): boolean {
  const [name, host, more] = text.trim().split('@');
  return more === undefined && !!name && !!host && !/\s/.test(name + host) && /^[^.].*\.[^.]+$/.test(host) && !host.includes('..');
}

export function isUsername(text: string): boolean {
  return usernamePattern.test(text.normalize('NFC'));
}

export function isRoomName(text: string): boolean {
  return roomNamePattern.test(text.normalize('NFC')) && !uuidShape.test(text) && text !== '.' && text !== '..';
}

/** Whether a text has the shape of an id. */
export function isId(text: string): boolean {
  return uuidShape.test(text);
}

/** A room's name out of what somebody typed: spaces become dashes. */
export function toRoomName(text: string): string {
  return text.trim().normalize('NFC').replace(/\s+/g, '-');
}

const common = [
  'password',
  'passwort',
  'qwerty',
  'qwertz',
  'azerty',
  'letmein',
  'welcome',
  'iloveyou',
  'admin',
  'monkey',
  'dragon',
  'football',
  'baseball',
  'sunshine',
  'princess',
  'abc123',
  '123456',
  '654321',
  '111111',
  '000000',
  'parley',
];

export type Strength = 'empty' | 'short' | 'guessable' | 'weak' | 'fair' | 'strong';

/** How hard a password is to guess, roughly, knowing what else the person typed. */
export function passwordStrength(password: string, others: readonly string[]): Strength {
  if (password === '') return 'empty';
  if (Array.from(password).length < 8) return 'short';
  const lower = password.toLowerCase();
  const bare = lower.replace(/[^\p{L}]/gu, '');
  const own = others.flatMap((text) => text.toLowerCase().split(/[@.\s]/)).filter((part) => part.length >= 4);
  const rest = [...common, ...own].reduce((text, word) => text.replaceAll(word, ''), lower);
  if (rest.length < 4 || common.some((word) => bare === word) || new Set(lower).size < 4) return 'guessable';
  const alphabet =
    (/\p{Ll}/u.test(rest) ? 26 : 0) +
    (/\p{Lu}/u.test(password) ? 26 : 0) +
    (/\d/.test(rest) ? 10 : 0) +
    (/[^\p{L}\d]/u.test(rest) ? 24 : 0);
  const bits = new Set(rest).size * 0.4 * Math.log2(Math.max(alphabet, 10)) + rest.length * 0.6 * Math.log2(Math.max(alphabet, 10));
  if (bits < 42) return 'weak';
  return bits < 62 ? 'fair' : 'strong';
}
