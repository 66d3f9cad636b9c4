import type { Localised, MailContent, MailLocale } from './content.js';
import { momentText } from './formats.js';

export interface PasswordChangedParams {
  /** When it happened, ISO 8601. */
  at: string;
  /** Whose sessions ended: all of them (after a reset), or all but the one that made the change. */
  signedOut: 'all' | 'others';
  /** Where a forgotten password is replaced; carries no token. */
  resetLink: string;
}

const words: Localised<Record<'subject' | 'heading' | 'all' | 'others' | 'time' | 'not-you' | 'button', string>> = {
  en: {
    subject: 'Your Parley password was changed',
    heading: 'Your password was changed',
    all: 'The password of your account is now a new one. All devices were signed out; log in again with the new password.',
    others: 'The password of your account is now a new one. All your other devices were signed out; log in there with the new password.',
    time: 'Time',
    'not-you': 'It was you? Then all is well. It was not you? Choose a new password right away; that signs everybody else out.',
    button: 'Choose a new password',
  },
  uk: {
    subject: 'Ваш пароль Parley змінено',
    heading: 'Ваш пароль змінено',
    all: 'Ваш обліковий запис тепер має новий пароль. На всіх пристроях виконано вихід; увійдіть знову з новим паролем.',
    others: 'Ваш обліковий запис тепер має новий пароль. На всіх інших пристроях виконано вихід; увійдіть там з новим паролем.',
    time: 'Час',
    'not-you': 'Це були ви? Тоді все гаразд. Це були не ви? Негайно оберіть новий пароль: усі інші втратять доступ.',
    button: 'Обрати новий пароль',
  },
  ru: {
    subject: 'Ваш пароль Parley изменён',
    heading: 'Ваш пароль изменён',
    all: 'У вашей учётной записи теперь новый пароль. На всех устройствах выполнен выход; войдите снова с новым паролем.',
    others: 'У вашей учётной записи теперь новый пароль. На всех других устройствах выполнен выход; войдите там с новым паролем.',
    time: 'Время',
    'not-you': 'Это были вы? Тогда всё в порядке. Это были не вы? Немедленно выберите новый пароль: все остальные потеряют доступ.',
    button: 'Выбрать новый пароль',
  },
};

export function passwordChanged(locale: MailLocale, { at, signedOut, resetLink }: PasswordChangedParams): MailContent {
  const say = words[locale];
  return {
    subject: say.subject,
    heading: say.heading,
    blocks: [
      { kind: 'paragraph', text: say[signedOut] },
      { kind: 'facts', facts: [{ label: say.time, value: momentText(locale, at) }] },
      { kind: 'paragraph', text: say['not-you'] },
      { kind: 'action', label: say.button, href: resetLink },
    ],
  };
}
