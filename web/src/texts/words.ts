/** Forms of a word for a number: which ones a language has is the language's own business. */
export type Forms<F extends string> = Readonly<Record<F, string>>;

/** Counting and dates as one language has them. `F` names the plural forms that it tells apart for whole numbers. */
export function wordsOf<F extends Intl.LDMLPluralRule>(locale: string) {
  const plural = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale);
  return {
    number,
    /** `1 person`, `3 people`. */
    count: (n: number, forms: Forms<F>): string => `${number.format(n)} ${formOf(forms, plural.select(n))}`,
    /** The word alone. */
    form: (n: number, forms: Forms<F>): string => formOf(forms, plural.select(n)),
    formats: {
      clock: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
      weekday: new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' }),
      dated: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' }),
      short: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' }),
      month: new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' }),
      full: new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }),
    },
  };
}

function formOf<F extends string>(forms: Forms<F>, rule: string): string {
  const known: Readonly<Record<string, string | undefined>> = forms;
  return known[rule] ?? known['other'] ?? '';
}
