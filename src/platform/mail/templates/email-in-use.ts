import type { Localised, MailContent, MailLocale } from './content.js';

/** Somebody wanted the address of an account for another account; the caller was told nothing of it. */
export interface EmailInUseParams {
  loginLink: string;
  /** Where a forgotten password is replaced; carries no token. */
  resetLink: string;
}

const words: Localised<Record<'subject' | 'heading' | 'intro' | 'button' | 'reset' | 'ignore', string>> = {
  en: {
    subject: 'This address already has a Parley account',
    heading: 'This address is in use',
    intro:
      'Somebody, perhaps you, has just tried to make this address the one of another Parley account. It already belongs to your account, and an address can belong to one account only.',
    button: 'Log in',
    reset: 'Forgot the password of that account? Choose a new one here:',
    ignore: 'It was not you? There is nothing to do: neither account was changed.',
  },
  uk: {
    subject: 'Ця адреса вже має обліковий запис Parley',
    heading: 'Ця адреса вже використовується',
    intro:
      'Хтось, можливо ви, щойно спробував зробити цю адресу адресою іншого облікового запису Parley. Вона вже належить вашому обліковому запису, а одна адреса може належати лише одному.',
    button: 'Увійти',
    reset: 'Забули пароль до того облікового запису? Оберіть новий тут:',
    ignore: 'Це були не ви? Нічого робити не потрібно: жоден з облікових записів не змінився.',
  },
  ru: {
    subject: 'У этого адреса уже есть учётная запись Parley',
    heading: 'Этот адрес уже используется',
    intro:
      'Кто-то, возможно вы, только что попытался сделать этот адрес адресом другой учётной записи Parley. Он уже принадлежит вашей учётной записи, а один адрес может принадлежать только одной.',
    button: 'Войти',
    reset: 'Забыли пароль от той учётной записи? Выберите новый здесь:',
    ignore: 'Это были не вы? Ничего делать не нужно: ни одна из учётных записей не изменилась.',
  },
};

export function emailInUse(locale: MailLocale, { loginLink, resetLink }: EmailInUseParams): MailContent {
  const say = words[locale];
  return {
    subject: say.subject,
    heading: say.heading,
    blocks: [
      { kind: 'paragraph', text: say.intro },
      { kind: 'action', label: say.button, href: loginLink },
      { kind: 'link', label: say.reset, href: resetLink },
      { kind: 'note', text: say.ignore },
    ],
  };
}
