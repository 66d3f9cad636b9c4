import { dictionary } from '@zxcvbn-ts/language-common';
import { caseKey } from '../../../common/case-key.js';

/** Shorter stems are part of half of all words and say nothing. */
const shortestStem = 4;

// Some 49,000 passwords from published leaks, the most frequent first; MIT, see the package. Kept for the life of the process: about 3 MB.
const common: ReadonlySet<string> = new Set(dictionary.passwords.map((entry) => caseKey(entry)));

/** Whether a password, or what is left of it without the digits and signs at its end, stands in the list of common ones, in any case. */
export function isCommonPassword(password: string): boolean {
  const key = caseKey(password);
  if (common.has(key)) return true;
  const stem = key.replace(/[^\p{L}]+$/u, '');
  return stem.length >= shortestStem && common.has(stem);
}
