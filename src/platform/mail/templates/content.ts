/** The languages mails are written in. */
export type MailLocale = 'en' | 'uk' | 'ru';

/** One text per language: a language or a key that is missing is a type error. */
export type Localised<Words> = Record<MailLocale, Words>;

/** One piece of a mail. The text and the HTML are made from the same pieces, so they cannot say different things. */
export type MailBlock =
  | { kind: 'paragraph'; text: string }
  | { kind: 'note'; text: string }
  | { kind: 'code'; label: string; code: string }
  /** The one thing to do: a button, with its address in plain sight below. */
  | { kind: 'action'; label: string; href: string }
  | { kind: 'link'; label: string; href: string }
  /** Lines in which others may have written something. */
  | { kind: 'list'; items: string[] }
  | { kind: 'facts'; facts: { label: string; value: string }[] };

/** What a mail says, before it is text or HTML. The subject never carries anything that a person typed. */
export interface MailContent {
  subject: string;
  heading: string;
  blocks: MailBlock[];
  /** Where mails of this kind are ended by one POST without a log-in (RFC 8058). */
  unsubscribe?: string;
}

/** The language of a mail for an account's locale; English for any that mails are not written in. */
export function mailLocale(locale: string | null | undefined): MailLocale {
  return locale === 'uk' || locale === 'ru' ? locale : 'en';
}
