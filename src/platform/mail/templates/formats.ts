import type { MailLocale } from './content.js';

/**
 * A moment in words, in UTC and saying so: a mail does not know its reader's clock.
 * @param at ISO 8601
 * @throws RangeError when it is no time
 */
export function momentText(locale: MailLocale, at: string): string {
  const format = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(new Date(at))} UTC`;
}

/** A number of things in words: a form for each case of the language's grammar, with `#` for the number. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

export function countText(locale: MailLocale, forms: PluralForms, n: number): string {
  return (forms[new Intl.PluralRules(locale).select(n)] ?? forms.other).replace('#', String(n));
}

/** A length of time in words: whole hours as hours, everything else in minutes. */
export function durationText(locale: MailLocale, minutes: number): string {
  const [value, unit] = minutes >= 60 && minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}
