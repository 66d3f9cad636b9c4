import type { Localised, MailContent, MailLocale } from './content.js';

/** A fresh account: the link and the code do the same. */
export interface ActivationParams {
  /** Works as long as the account waits: 24 hours. */
  link: string;
  /** Six digits, valid for 15 minutes. */
  code: string;
}

const words: Localised<Record<'subject' | 'heading' | 'intro' | 'button' | 'code' | 'validity' | 'ignore', string>> = {
  en: {
    subject: 'Activate your Parley account',
    heading: 'Welcome to Parley!',
    intro: 'One step is left: please confirm that this address is yours.',
    button: 'Activate my account',
    code: 'Or enter this code:',
    validity: 'The code is valid for 15 minutes and the link for 24 hours. If both have run out, simply register again.',
    ignore: 'You did not register? Then just ignore this mail: without activation the account disappears by itself.',
  },
  uk: {
    subject: 'Активуйте свій обліковий запис Parley',
    heading: 'Вітаємо в Parley!',
    intro: 'Залишився один крок: підтвердьте, будь ласка, що ця адреса належить вам.',
    button: 'Активувати обліковий запис',
    code: 'Або введіть цей код:',
    validity: 'Код дійсний 15 хвилин, а посилання — 24 години. Якщо не встигнете, просто зареєструйтеся ще раз.',
    ignore: 'Ви не реєструвалися? Тоді просто не зважайте на цей лист: без активації обліковий запис зникне сам.',
  },
  ru: {
    subject: 'Активируйте учётную запись Parley',
    heading: 'Добро пожаловать в Parley!',
    intro: 'Остался один шаг: подтвердите, пожалуйста, что этот адрес принадлежит вам.',
    button: 'Активировать учётную запись',
    code: 'Или введите этот код:',
    validity: 'Код действует 15 минут, а ссылка — 24 часа. Если не успеете, просто зарегистрируйтесь ещё раз.',
    ignore: 'Вы не регистрировались? Тогда просто не обращайте внимания на это письмо: без активации учётная запись исчезнет сама.',
  },
};

export function activation(locale: MailLocale, { link, code }: ActivationParams): MailContent {
  const say = words[locale];
  return {
    subject: say.subject,
    heading: say.heading,
    blocks: [
      { kind: 'paragraph', text: say.intro },
      { kind: 'action', label: say.button, href: link },
      { kind: 'code', label: say.code, code },
      { kind: 'paragraph', text: say.validity },
      { kind: 'note', text: say.ignore },
    ],
  };
}
