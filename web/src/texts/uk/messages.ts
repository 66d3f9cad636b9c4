import type * as en from '../en/messages.js';
import { count } from './words.js';

export const message: typeof en.message = {
  actions: (name, time) => `Дії з повідомленням: ${name}, ${time}`,
  menu: 'Що зробити з повідомленням',
  reactions: 'Реакції',
  react: (emoji) => `Відповісти ${emoji}`,
  takeBack: (emoji) => `Забрати ${emoji}`,
  reacted: (emoji, n, mine) => `${emoji} ${count(n, { one: 'людина', few: 'людини', many: 'людей' })}${mine ? ', і ви теж' : ''}`,
  edit: 'Змінити',
  copy: 'Скопіювати текст',
  copied: 'Скопійовано.',
  delete: 'Видалити',
  deleteTitle: 'Видалити це повідомлення?',
  deleteText: 'Його текст зникне для всіх. Місце залишиться.',
};

export const composer: typeof en.composer = {
  editing: 'Зміна вашого повідомлення',
  editHint: 'Enter зберігає, Escape скасовує.',
  save: 'Зберегти',
  typing: (names) =>
    names.length === 1 ? `${names[0]} пише…` : names.length === 2 ? `${names[0]} і ${names[1]} пишуть…` : 'Кілька людей пишуть…',
  label: (room) => `Повідомлення: ${room}`,
  placeholder: (room) => `Написати: ${room}`,
  send: 'Надіслати',
  left: (n) => `Ще ${count(n, { one: 'символ', few: 'символи', many: 'символів' })}`,
  tooLong: (n) => `Зайвих: ${count(n, { one: 'символ', few: 'символи', many: 'символів' })}`,
  privateHint: 'Це прочитає лише та людина, чиє ім’я стоїть після /pm.',
  usage: 'Щоб написати особисто, введіть: /pm ім’я текст',
  guest: 'Гості можуть читати. Увійдіть, щоб писати.',
  logIn: 'Увійти',
  register: 'Створити обліковий запис',
  readOnly: 'Тут пишуть лише адміністратори кімнати.',
};
