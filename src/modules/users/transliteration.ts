import type { UserLocale } from './user-card.js';

// Ukrainian: resolution 55 of the Cabinet of Ministers, 2010. Russian: the usual English spelling, without signs.
const shared: Record<string, string> = {
  а: 'a', б: 'b', в: 'v', д: 'd', е: 'e', ж: 'zh', з: 'z', к: 'k', л: 'l', м: 'm', н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u',
  ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch', ъ: '', ы: 'y', ь: '', э: 'e', ё: 'yo', ў: 'u', ґ: 'g', і: 'i', ї: 'i', є: 'ie',
}; // prettier-ignore
const ukrainian: Record<string, string> = { ...shared, г: 'h', и: 'y', й: 'i', ю: 'iu', я: 'ia' };
const ukrainianFirst: Record<string, string> = { є: 'ye', ї: 'yi', й: 'y', ю: 'yu', я: 'ya' };
const russian: Record<string, string> = { ...shared, г: 'g', и: 'i', й: 'y', ю: 'yu', я: 'ya' };

/** Letters that are no base letter with a mark. */
const latin: Record<string, string> = { ß: 'ss', ł: 'l', ø: 'o', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe', ı: 'i', ħ: 'h' };

/** Whose rules names in Cyrillic follow: their letters say, or else their owner's language. */
export function cyrillicRules(names: string, locale: UserLocale): 'uk' | 'ru' {
  const lower = names.toLowerCase();
  if (/[іїєґ]/.test(lower)) return 'uk';
  return locale === 'uk' && !/[ыэёъ]/.test(lower) ? 'uk' : 'ru';
}

/**
 * A name in plain Latin letters, in lower case: Cyrillic by the rules of its language, Latin letters without their marks. Other scripts stay
 * as they are, because a guess would be somebody else's name.
 */
export function transliterated(name: string, rules: 'uk' | 'ru'): string {
  const lower = name.normalize('NFC').toLowerCase();
  return (rules === 'uk' ? fromUkrainian(lower) : fromRussian(lower))
    .replace(/[^\u0000-\u007f]/gu, (letter) => latin[letter] ?? letter)
    .normalize('NFKD')
    .replace(/(?<=[a-z])\p{M}+/gu, '')
    .normalize('NFC');
}

function fromRussian(name: string): string {
  return name.replace(/\p{Script=Cyrillic}/gu, (letter) => russian[letter] ?? letter);
}

function fromUkrainian(name: string): string {
  return name
    .replaceAll('зг', 'zgh')
    .replace(/(?<![\p{L}'’])[єїйюя]/gu, (letter) => ukrainianFirst[letter]!)
    .replace(/\p{Script=Cyrillic}/gu, (letter) => ukrainian[letter] ?? letter);
}
