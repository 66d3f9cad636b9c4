import type { Localised, MailContent, MailLocale } from './content.js';
import { momentText } from './formats.js';

/** The account has another address now: goes to the old one. */
export interface EmailChangedParams {
  /** When it happened, ISO 8601. */
  at: string;
  /** Masked: enough for its owner to know it. */
  newAddress: string;
  loginLink: string;
}

const words: Localised<Record<'subject' | 'heading' | 'intro' | 'address' | 'time' | 'not-you' | 'button', string>> = {
  en: {
    subject: 'Your Parley account has another address now',
    heading: 'Your address was changed',
    intro: 'Your account now belongs to another email address. From now on its mails go there, and links in older mails no longer work.',
    address: 'New address',
    time: 'Time',
    'not-you':
      'It was you? Then all is well. It was not you? Log in by your username right away and choose a new password; if that fails, write to the people who run this server.',
    button: 'Log in',
  },
  uk: {
    subject: 'Ваш обліковий запис Parley тепер має іншу адресу',
    heading: 'Вашу адресу змінено',
    intro:
      'Ваш обліковий запис тепер належить іншій адресі електронної пошти. Відтепер листи надходитимуть туди, а посилання в попередніх листах більше не діють.',
    address: 'Нова адреса',
    time: 'Час',
    'not-you':
      'Це були ви? Тоді все гаразд. Це були не ви? Негайно увійдіть за іменем користувача й оберіть новий пароль; якщо не вдасться, напишіть тим, хто керує цим сервером.',
    button: 'Увійти',
  },
  ru: {
    subject: 'У вашей учётной записи Parley теперь другой адрес',
    heading: 'Ваш адрес изменён',
    intro:
      'Ваша учётная запись теперь принадлежит другому адресу электронной почты. Письма отныне будут приходить туда, а ссылки в прежних письмах больше не действуют.',
    address: 'Новый адрес',
    time: 'Время',
    'not-you':
      'Это были вы? Тогда всё в порядке. Это были не вы? Немедленно войдите по имени пользователя и выберите новый пароль; если не получится, напишите тем, кто управляет этим сервером.',
    button: 'Войти',
  },
};

export function emailChanged(locale: MailLocale, { at, newAddress, loginLink }: EmailChangedParams): MailContent {
  const say = words[locale];
  return {
    subject: say.subject,
    heading: say.heading,
    blocks: [
      { kind: 'paragraph', text: say.intro },
      {
        kind: 'facts',
        facts: [
          { label: say.address, value: newAddress },
          { label: say.time, value: momentText(locale, at) },
        ],
      },
      { kind: 'paragraph', text: say['not-you'] },
      { kind: 'action', label: say.button, href: loginLink },
    ],
  };
}
