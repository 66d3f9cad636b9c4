import type { Localised, MailContent, MailLocale } from './content.js';
import { durationText } from './formats.js';

export interface PasswordResetParams {
  /** Works once. */
  link: string;
  /** How long the link works, in minutes from the request. */
  validMinutes: number;
}

const words: Localised<Record<'subject' | 'heading' | 'intro' | 'button' | 'ignore', string> & { validity: (duration: string) => string }> =
  {
    en: {
      subject: 'Choose a new Parley password',
      heading: 'A new password',
      intro: 'You asked for a new password. You can choose it on this page:',
      button: 'Choose a new password',
      validity: (duration) => `The link works once, and only for ${duration}.`,
      ignore: 'You did not ask for it? Then just ignore this mail: your password stays as it is.',
    },
    uk: {
      subject: 'Оберіть новий пароль Parley',
      heading: 'Новий пароль',
      intro: 'Ви попросили про новий пароль. Обрати його можна на цій сторінці:',
      button: 'Обрати новий пароль',
      validity: (duration) => `Посилання спрацює один раз. Термін його дії: ${duration}.`,
      ignore: 'Ви про це не просили? Тоді просто не зважайте на цей лист: ваш пароль залишиться без змін.',
    },
    ru: {
      subject: 'Выберите новый пароль Parley',
      heading: 'Новый пароль',
      intro: 'Вы попросили о новом пароле. Выбрать его можно на этой странице:',
      button: 'Выбрать новый пароль',
      validity: (duration) => `Ссылка сработает один раз. Срок её действия: ${duration}.`,
      ignore: 'Вы об этом не просили? Тогда просто не обращайте внимания на это письмо: ваш пароль останется прежним.',
    },
  };

export function passwordReset(locale: MailLocale, { link, validMinutes }: PasswordResetParams): MailContent {
  const say = words[locale];
  return {
    subject: say.subject,
    heading: say.heading,
    blocks: [
      { kind: 'paragraph', text: say.intro },
      { kind: 'action', label: say.button, href: link },
      { kind: 'paragraph', text: say.validity(durationText(locale, validMinutes)) },
      { kind: 'note', text: say.ignore },
    ],
  };
}
