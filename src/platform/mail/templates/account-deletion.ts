import type { Localised, MailContent, MailLocale } from './content.js';
import { momentText } from './formats.js';

export interface AccountDeletionParams {
  /** `requested` at once, `soon` before the end, `cancelled` when it was taken back. */
  stage: 'requested' | 'soon' | 'cancelled';
  /** When everything is erased, ISO 8601. */
  at: string;
  loginLink: string;
  /** Where a forgotten password is replaced; carries no token. */
  resetLink: string;
}

type Stage = AccountDeletionParams['stage'];

const words: Localised<
  Record<'time' | 'keep' | 'not-you' | 'button' | 'reset', string> & Record<Stage, { subject: string; heading: string; intro: string }>
> = {
  en: {
    requested: {
      subject: 'Your Parley account will be deleted',
      heading: 'Your account will be deleted',
      intro:
        'You asked for your account to be deleted. Your other devices were logged out. At the time below everything is erased for good.',
    },
    soon: {
      subject: 'Your Parley account is about to be deleted',
      heading: 'Your account is about to be deleted',
      intro: 'You asked for your account to be deleted, and the time to change your mind is nearly over.',
    },
    cancelled: {
      subject: 'Your Parley account stays',
      heading: 'Your account stays',
      intro: 'The deletion of your account was taken back. Nothing was erased.',
    },
    time: 'Erased at',
    keep: 'Do you want to keep it? Then log in before that time: this alone takes the deletion back.',
    'not-you': 'It was not you? Choose a new password right away; that logs everybody else out.',
    button: 'Log in and keep the account',
    reset: 'Choose a new password',
  },
  uk: {
    requested: {
      subject: 'Ваш обліковий запис Parley буде видалено',
      heading: 'Ваш обліковий запис буде видалено',
      intro: 'Ви просили видалити обліковий запис. На інших ваших пристроях виконано вихід. У вказаний час усе буде стерто назавжди.',
    },
    soon: {
      subject: 'Ваш обліковий запис Parley невдовзі буде видалено',
      heading: 'Ваш обліковий запис невдовзі буде видалено',
      intro: 'Ви просили видалити обліковий запис, і час, коли можна передумати, майже минув.',
    },
    cancelled: {
      subject: 'Ваш обліковий запис Parley залишається',
      heading: 'Ваш обліковий запис залишається',
      intro: 'Видалення вашого облікового запису скасовано. Нічого не стерто.',
    },
    time: 'Буде стерто',
    keep: 'Хочете його зберегти? Тоді ввійдіть до цього часу: цього досить, щоб скасувати видалення.',
    'not-you': 'Це були не ви? Негайно оберіть новий пароль: усі інші втратять доступ.',
    button: 'Увійти й зберегти запис',
    reset: 'Обрати новий пароль',
  },
  ru: {
    requested: {
      subject: 'Ваша учётная запись Parley будет удалена',
      heading: 'Ваша учётная запись будет удалена',
      intro: 'Вы просили удалить учётную запись. На других ваших устройствах выполнен выход. В указанное время всё будет стёрто навсегда.',
    },
    soon: {
      subject: 'Ваша учётная запись Parley скоро будет удалена',
      heading: 'Ваша учётная запись скоро будет удалена',
      intro: 'Вы просили удалить учётную запись, и время, когда можно передумать, почти вышло.',
    },
    cancelled: {
      subject: 'Ваша учётная запись Parley остаётся',
      heading: 'Ваша учётная запись остаётся',
      intro: 'Удаление вашей учётной записи отменено. Ничего не стёрто.',
    },
    time: 'Будет стёрто',
    keep: 'Хотите её сохранить? Тогда войдите до этого времени: этого достаточно, чтобы отменить удаление.',
    'not-you': 'Это были не вы? Немедленно выберите новый пароль: все остальные потеряют доступ.',
    button: 'Войти и сохранить запись',
    reset: 'Выбрать новый пароль',
  },
};

export function accountDeletion(locale: MailLocale, { stage, at, loginLink, resetLink }: AccountDeletionParams): MailContent {
  const say = words[locale];
  const { subject, heading, intro } = say[stage];
  const notYou = [
    { kind: 'note', text: say['not-you'] },
    { kind: 'link', label: say.reset, href: resetLink },
  ] as const;
  if (stage === 'cancelled') return { subject, heading, blocks: [{ kind: 'paragraph', text: intro }, ...notYou] };
  return {
    subject,
    heading,
    blocks: [
      { kind: 'paragraph', text: intro },
      { kind: 'facts', facts: [{ label: say.time, value: momentText(locale, at) }] },
      { kind: 'paragraph', text: say.keep },
      { kind: 'action', label: say.button, href: loginLink },
      ...notYou,
    ],
  };
}
