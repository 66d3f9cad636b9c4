import type { Localised, MailContent, MailLocale } from './content.js';
import { durationText } from './formats.js';

/** Somebody who is logged in and knows the password wants another one. */
export interface PasswordChangeParams {
  /** Six digits. */
  code: string;
  validMinutes: number;
  /** Where a forgotten password is replaced; carries no token. */
  resetLink: string;
}

const words: Localised<
  Record<'subject' | 'heading' | 'intro' | 'code' | 'not-you' | 'button', string> & { validity: (duration: string) => string }
> = {
  en: {
    subject: 'Your code for a new Parley password',
    heading: 'Confirm your new password',
    intro: 'You asked for another password. It counts as soon as you enter this code where you asked for it.',
    code: 'Your code:',
    validity: (duration) => `The code works once, and only for ${duration}.`,
    'not-you':
      'You did not ask for it? Then somebody is logged in to your account and knows your password. Give the code to nobody and choose a new password here; that signs everybody else out:',
    button: 'Choose a new password',
  },
  uk: {
    subject: 'Ваш код для нового пароля Parley',
    heading: 'Підтвердьте новий пароль',
    intro: 'Ви попросили змінити пароль. Новий пароль діятиме, щойно ви введете цей код там, де про це просили.',
    code: 'Ваш код:',
    validity: (duration) => `Код спрацює один раз. Термін його дії: ${duration}.`,
    'not-you':
      'Ви про це не просили? Отже, хтось увійшов до вашого облікового запису й знає ваш пароль. Нікому не кажіть код і оберіть новий пароль тут: усі інші втратять доступ.',
    button: 'Обрати новий пароль',
  },
  ru: {
    subject: 'Ваш код для нового пароля Parley',
    heading: 'Подтвердите новый пароль',
    intro: 'Вы попросили сменить пароль. Новый пароль начнёт действовать, как только вы введёте этот код там, где об этом просили.',
    code: 'Ваш код:',
    validity: (duration) => `Код сработает один раз. Срок его действия: ${duration}.`,
    'not-you':
      'Вы об этом не просили? Значит, кто-то вошёл в вашу учётную запись и знает ваш пароль. Никому не говорите код и выберите новый пароль здесь: все остальные потеряют доступ.',
    button: 'Выбрать новый пароль',
  },
};

export function passwordChange(locale: MailLocale, { code, validMinutes, resetLink }: PasswordChangeParams): MailContent {
  const say = words[locale];
  return {
    subject: say.subject,
    heading: say.heading,
    blocks: [
      { kind: 'paragraph', text: say.intro },
      { kind: 'code', label: say.code, code },
      { kind: 'paragraph', text: say.validity(durationText(locale, validMinutes)) },
      { kind: 'note', text: say['not-you'] },
      { kind: 'link', label: say.button, href: resetLink },
    ],
  };
}
