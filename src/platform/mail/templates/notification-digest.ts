import type { Localised, MailContent, MailLocale } from './content.js';
import { countText, type PluralForms } from './formats.js';

/** What somebody has not read, gathered. */
export interface NotificationDigestParams {
  /** How many notifications it is about. */
  total: number;
  /** The newest of them in words. */
  lines: string[];
  openLink: string;
  /** Ends these mails, without a log-in. */
  unsubscribeLink: string;
}

const words: Localised<
  Record<'heading' | 'button' | 'unsubscribe', string> & { subject: PluralForms; intro: PluralForms; more: PluralForms }
> = {
  en: {
    subject: { one: 'You have # unread notification on Parley', other: 'You have # unread notifications on Parley' },
    heading: 'While you were away',
    intro: { one: 'One thing is waiting for you:', other: '# things are waiting for you:' },
    more: { one: '… and one more.', other: '… and # more.' },
    button: 'Open Parley',
    unsubscribe: 'No more mails about notifications:',
  },
  uk: {
    subject: {
      one: 'У вас # непрочитане сповіщення в Parley',
      few: 'У вас # непрочитані сповіщення в Parley',
      other: 'У вас # непрочитаних сповіщень у Parley',
    },
    heading: 'Поки вас не було',
    intro: { one: 'На вас чекає # сповіщення:', few: 'На вас чекають # сповіщення:', other: 'На вас чекають # сповіщень:' },
    more: { one: '… і ще # сповіщення.', few: '… і ще # сповіщення.', other: '… і ще # сповіщень.' },
    button: 'Відкрити Parley',
    unsubscribe: 'Більше не надсилати листів про сповіщення:',
  },
  ru: {
    subject: {
      one: 'У вас # непрочитанное уведомление в Parley',
      few: 'У вас # непрочитанных уведомления в Parley',
      other: 'У вас # непрочитанных уведомлений в Parley',
    },
    heading: 'Пока вас не было',
    intro: { one: 'Вас ждёт # уведомление:', few: 'Вас ждут # уведомления:', other: 'Вас ждут # уведомлений:' },
    more: { one: '… и ещё # уведомление.', few: '… и ещё # уведомления.', other: '… и ещё # уведомлений.' },
    button: 'Открыть Parley',
    unsubscribe: 'Больше не присылать письма об уведомлениях:',
  },
};

export function notificationDigest(locale: MailLocale, { total, lines, openLink, unsubscribeLink }: NotificationDigestParams): MailContent {
  const say = words[locale];
  const more = total - lines.length;
  return {
    subject: countText(locale, say.subject, total),
    heading: say.heading,
    unsubscribe: unsubscribeLink,
    blocks: [
      { kind: 'paragraph', text: countText(locale, say.intro, total) },
      { kind: 'list', items: lines },
      ...(more > 0 && lines.length > 0 ? [{ kind: 'paragraph' as const, text: countText(locale, say.more, more) }] : []),
      { kind: 'action', label: say.button, href: openLink },
      { kind: 'link', label: say.unsubscribe, href: unsubscribeLink },
    ],
  };
}
