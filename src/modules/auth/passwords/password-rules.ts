import { caseKey } from '../../../common/case-key.js';
import type { FieldError } from '../../../contracts/index.js';
import { isCommonPassword } from './common-passwords.js';

/** What a password is compared with: whatever of it is known. */
export interface PasswordOwner {
  username?: string | undefined;
  email?: string | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
}

const product = 'parley';

/** Shorter names are part of too many words. */
const shortestName = 3;

/** A name that makes up this share of a password leaves too little of its own. */
const namesShare = 0.6;

/**
 * What is wrong with a new password beyond its length, which its schema checks.
 * Sources: NIST SP 800-63B 5.1.1.2 (common passwords, names of the service and the person), ASVS 6.2.4, 6.2.11.
 */
export function passwordFaults(password: string, owner: PasswordOwner): FieldError[] {
  const field = 'password';
  const like = namesOf(owner).find(({ name }) => isNearly(password, name));
  if (like) return [{ field, code: 'too-similar', message: `is too much like ${like.words}; choose another one` }];
  if (!isCommonPassword(password)) return [];
  return [{ field, code: 'too-common', message: 'is one of the passwords that are guessed first; choose another one' }];
}

function namesOf(owner: PasswordOwner): { name: string; words: string }[] {
  return [
    { name: owner.username, words: 'your username' },
    { name: owner.email?.split('@', 1)[0], words: 'your email address' },
    { name: owner.email, words: 'your email address' },
    { name: owner.firstName, words: 'your name' },
    { name: owner.lastName, words: 'your name' },
    { name: owner.firstName && owner.lastName && owner.firstName + owner.lastName, words: 'your name' },
    { name: product, words: 'the name of this product' },
  ].flatMap(({ name, words }) => (name ? [{ name, words }] : []));
}

function isNearly(password: string, name: string): boolean {
  const wanted = skeleton(name);
  if (wanted.length < shortestName) return false;
  const whole = skeleton(password);
  const stem = skeleton(caseKey(password).replace(/^[^\p{L}]+|[^\p{L}]+$/gu, ''));
  return [whole, stem].some(
    (text) => text.length >= shortestName && (isMostly(text, wanted) || isMostly([...text].reverse().join(''), wanted)),
  );
}

/** Whether a text is hardly more than a name, or a few letters away from it. */
function isMostly(text: string, name: string): boolean {
  if (text.includes(name)) return name.length >= text.length * namesShare;
  if (name.includes(text)) return text.length >= name.length * namesShare;
  const longer = Math.max(text.length, name.length);
  // The distance is at least the difference in length: names of another length cost nothing.
  if (Math.abs(text.length - name.length) > longer * 0.25) return false;
  return editDistance(text, name) <= longer * 0.25;
}

const lookAlikes: Record<string, string> = { '0': 'o', '1': 'l', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' };

/** Letters and digits alone, without case, with the usual substitutes put back. */
function skeleton(text: string): string {
  return caseKey(text)
    .replace(/[013457@$!]/g, (sign) => lookAlikes[sign]!)
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}

/** Levenshtein's distance, by rows. Both texts are bounded by their schemas (256 and 254 characters). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(previous[j]! + 1, row[j - 1]! + 1, substitution));
    }
    previous = row;
  }
  return previous[b.length]!;
}
