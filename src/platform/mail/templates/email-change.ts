import type { Localised, MailContent, MailLocale } from './content.js';
import { durationText } from './formats.js';

/** Somebody wants this address for their account: goes to the new address. */
export interface EmailChangeParams {
  link: string;
  /** Six digits. */
  code: string;
  username: string;
  codeMinutes: number;
  linkMinutes: number;
}

const words: Localised<
  Record<'subject' | 'heading' | 'intro' | 'account' | 'button' | 'code' | 'ignore', string> & {
    validity: (code: string, link: string) => string;
  }
> = {
  en: {
    subject: 'Confirm your new address for Parley',
    heading: 'Is this address yours?',
    intro: 'This address is to become the one of a Parley account. Open the link where you are logged in, or enter the code there.',
    account: 'Account',
    button: 'Confirm this address',
    code: 'Or enter this code:',
    validity: (code, link) => `The code works once, for ${code}; the link once, for ${link}.`,
    ignore: 'You did not ask for it? Then just ignore this mail: nothing happens without the code or the link.',
  },
  uk: {
    subject: 'Підтвердьте нову адресу для Parley',
    heading: 'Ця адреса ваша?',
    intro: 'Ця адреса має стати адресою облікового запису Parley. Відкрийте посилання там, де ви ввійшли, або введіть там код.',
    account: 'Обліковий запис',
    button: 'Підтвердити адресу',
    code: 'Або введіть цей код:',
    validity: (code, link) => `Код і посилання спрацюють один раз. Термін дії коду: ${code}. Термін дії посилання: ${link}.`,
    ignore: 'Ви про це не просили? Тоді просто не зважайте на цей лист: без коду чи посилання нічого не станеться.',
  },
  ru: {
    subject: 'Подтвердите новый адрес для Parley',
    heading: 'Это ваш адрес?',
    intro: 'Этот адрес должен стать адресом учётной записи Parley. Откройте ссылку там, где вы вошли, или введите там код.',
    account: 'Учётная запись',
    button: 'Подтвердить адрес',
    code: 'Или введите этот код:',
    validity: (code, link) => `Код и ссылка сработают один раз. Срок действия кода: ${code}. Срок действия ссылки: ${link}.`,
    ignore: 'Вы об этом не просили? Тогда просто не обращайте внимания на это письмо: без кода или ссылки ничего не произойдёт.',
  },
};

export function emailChange(locale: MailLocale, params: EmailChangeParams): MailContent {
  const say = words[locale];
  return {
    subject: say.subject,
    heading: say.heading,
    blocks: [
      { kind: 'paragraph', text: say.intro },
      { kind: 'facts', facts: [{ label: say.account, value: params.username }] },
      { kind: 'action', label: say.button, href: params.link },
      { kind: 'code', label: say.code, code: params.code },
      { kind: 'paragraph', text: say.validity(durationText(locale, params.codeMinutes), durationText(locale, params.linkMinutes)) },
      { kind: 'note', text: say.ignore },
    ],
  };
}
