import type { Localised } from '../templates/content.js';

/** What stands around every mail. */
export const frameWords: Localised<Record<'linkBelow' | 'footer', string>> = {
  en: {
    linkBelow: 'If the button does not work, open this address:',
    footer: 'Parley sent this mail by itself; nobody reads replies to it.',
  },
  uk: {
    linkBelow: 'Якщо кнопка не працює, відкрийте цю адресу:',
    footer: 'Parley надіслав цей лист автоматично; відповіді на нього ніхто не читає.',
  },
  ru: {
    linkBelow: 'Если кнопка не работает, откройте этот адрес:',
    footer: 'Parley отправил это письмо автоматически; ответы на него никто не читает.',
  },
};
