import type { Localised, MailContent, MailLocale } from './content.js';
import { momentText } from './formats.js';

export interface ExportReadyParams {
  /** The page where the archive is downloaded by whoever is logged in; carries no token. */
  link: string;
  /** When the archive is deleted, ISO 8601. */
  until: string;
}

const words: Localised<Record<'subject' | 'heading' | 'intro' | 'until' | 'button' | 'not-you', string>> = {
  en: {
    subject: 'The archive of your Parley data is ready',
    heading: 'Your archive is ready',
    intro: 'You asked for an archive of everything that is kept of you. It can be downloaded now, where you are logged in.',
    until: 'Kept until',
    button: 'Go to the download',
    'not-you': 'It was not you who asked? Then somebody else is logged in to your account: change your password.',
  },
  uk: {
    subject: 'Архів ваших даних Parley готовий',
    heading: 'Ваш архів готовий',
    intro: 'Ви просили архів усього, що про вас зберігається. Тепер його можна завантажити там, де ви ввійшли.',
    until: 'Зберігається до',
    button: 'Перейти до завантаження',
    'not-you': 'Ви про це не просили? Тоді хтось інший увійшов до вашого облікового запису: змініть пароль.',
  },
  ru: {
    subject: 'Архив ваших данных Parley готов',
    heading: 'Ваш архив готов',
    intro: 'Вы просили архив всего, что о вас хранится. Теперь его можно скачать там, где вы вошли.',
    until: 'Хранится до',
    button: 'Перейти к скачиванию',
    'not-you': 'Вы об этом не просили? Тогда кто-то другой вошёл в вашу учётную запись: смените пароль.',
  },
};

export function exportReady(locale: MailLocale, { link, until }: ExportReadyParams): MailContent {
  const say = words[locale];
  return {
    subject: say.subject,
    heading: say.heading,
    blocks: [
      { kind: 'paragraph', text: say.intro },
      { kind: 'facts', facts: [{ label: say.until, value: momentText(locale, until) }] },
      { kind: 'action', label: say.button, href: link },
      { kind: 'note', text: say['not-you'] },
    ],
  };
}
