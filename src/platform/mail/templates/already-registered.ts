import type { Localised, MailContent, MailLocale } from './content.js';

/** Somebody registered with the address of an account that exists; the caller was told nothing of it. */
export interface AlreadyRegisteredParams {
  loginLink: string;
  /** Where a forgotten password is replaced; carries no token. */
  resetLink: string;
}

const words: Localised<Record<'subject' | 'heading' | 'intro' | 'button' | 'reset' | 'ignore', string>> = {
  en: {
    subject: 'You already have a Parley account',
    heading: 'You are already with us',
    intro: 'Somebody, perhaps you, has just tried to register with this address. It already belongs to your account, so just log in.',
    button: 'Log in',
    reset: 'Forgot your password? Choose a new one here:',
    ignore: 'It was not you? There is nothing to do: your account was not changed, and nobody got into it.',
  },
  uk: {
    subject: 'У вас уже є обліковий запис Parley',
    heading: 'Ви вже з нами',
    intro:
      'Хтось, можливо ви, щойно спробував зареєструватися з цією адресою. Вона вже належить вашому обліковому запису, тож просто увійдіть.',
    button: 'Увійти',
    reset: 'Забули пароль? Оберіть новий тут:',
    ignore: 'Це були не ви? Нічого робити не потрібно: ваш обліковий запис не змінився, і ніхто не отримав до нього доступу.',
  },
  ru: {
    subject: 'У вас уже есть учётная запись Parley',
    heading: 'Вы уже с нами',
    intro:
      'Кто-то, возможно вы, только что попытался зарегистрироваться с этим адресом. Он уже принадлежит вашей учётной записи, поэтому просто войдите.',
    button: 'Войти',
    reset: 'Забыли пароль? Выберите новый здесь:',
    ignore: 'Это были не вы? Ничего делать не нужно: ваша учётная запись не изменилась, и никто не получил к ней доступа.',
  },
};

export function alreadyRegistered(locale: MailLocale, { loginLink, resetLink }: AlreadyRegisteredParams): MailContent {
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
