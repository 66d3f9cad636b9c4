import type { Localised, MailContent, MailLocale } from './content.js';
import { momentText } from './formats.js';

/** A refresh token came a second time, so one of its two holders is a thief. */
export interface SessionTheftParams {
  /** The device as the session list names it. */
  device: string;
  /** When the token came the second time, ISO 8601. */
  at: string;
  /** Where a forgotten password is replaced; carries no token. */
  resetLink: string;
}

const words: Localised<
  Record<'subject' | 'heading' | 'intro' | 'device' | 'unknown-device' | 'time' | 'calm' | 'advice' | 'button', string>
> = {
  en: {
    subject: 'Security notice: a device was signed out of Parley',
    heading: 'We signed a device out',
    intro:
      'The secret key that keeps this device signed in was used twice. Somebody may have copied it, so we signed the device out to be safe.',
    device: 'Device',
    'unknown-device': 'unknown',
    time: 'Time',
    calm: 'Your other devices stay signed in. To go on with this one, simply log in again.',
    advice: 'If you notice anything you cannot explain, choose a new password: that signs out every device.',
    button: 'Choose a new password',
  },
  uk: {
    subject: 'Повідомлення безпеки: на одному з пристроїв виконано вихід із Parley',
    heading: 'Ми завершили сеанс на одному з пристроїв',
    intro:
      'Секретний ключ, який зберігає вхід на цьому пристрої, використали двічі. Можливо, хтось його скопіював, тому заради безпеки ми завершили сеанс.',
    device: 'Пристрій',
    'unknown-device': 'невідомий',
    time: 'Час',
    calm: 'На інших ваших пристроях вхід збережено. Щоб продовжити на цьому, просто увійдіть ще раз.',
    advice: 'Якщо помітите щось незрозуміле, оберіть новий пароль: тоді вихід буде виконано на всіх пристроях.',
    button: 'Обрати новий пароль',
  },
  ru: {
    subject: 'Уведомление безопасности: на одном из устройств выполнен выход из Parley',
    heading: 'Мы завершили сеанс на одном из устройств',
    intro:
      'Секретный ключ, который сохраняет вход на этом устройстве, использовали дважды. Возможно, кто-то его скопировал, поэтому ради безопасности мы завершили сеанс.',
    device: 'Устройство',
    'unknown-device': 'неизвестно',
    time: 'Время',
    calm: 'На других ваших устройствах вход сохранён. Чтобы продолжить на этом, просто войдите ещё раз.',
    advice: 'Если заметите что-то непонятное, выберите новый пароль: тогда выход будет выполнен на всех устройствах.',
    button: 'Выбрать новый пароль',
  },
};

export function sessionTheft(locale: MailLocale, { device, at, resetLink }: SessionTheftParams): MailContent {
  const say = words[locale];
  return {
    subject: say.subject,
    heading: say.heading,
    blocks: [
      { kind: 'paragraph', text: say.intro },
      {
        kind: 'facts',
        facts: [
          { label: say.device, value: device.trim() || say['unknown-device'] },
          { label: say.time, value: momentText(locale, at) },
        ],
      },
      { kind: 'paragraph', text: say.calm },
      { kind: 'paragraph', text: say.advice },
      { kind: 'action', label: say.button, href: resetLink },
    ],
  };
}
