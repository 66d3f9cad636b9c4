import type * as en from '../en/messages.js';
import { count, number } from './words.js';

export const message: typeof en.message = {
  actions: (name, time) => `Дії з повідомленням: ${name}, ${time}`,
  menu: 'Що зробити з повідомленням',
  reactions: 'Реакції',
  react: (emoji) => `Відповісти ${emoji}`,
  takeBack: (emoji) => `Забрати ${emoji}`,
  reacted: (emoji, n, mine) => `${emoji} ${count(n, { one: 'людина', few: 'людини', many: 'людей' })}${mine ? ', і ви теж' : ''}`,
  moreEmojis: 'Більше емодзі',
  reply: 'Відповісти',
  showQuoted: (name) => `Показати повідомлення, на яке це відповідь: ${name}`,
  quoteGone: 'Повідомлення, на яке це відповідь, більше немає.',
  picture: 'Зображення',
  file: 'Файл',
  enlarge: (name) => `Показати більшим: ${name}`,
  previousPicture: 'Попереднє зображення',
  nextPicture: 'Наступне зображення',
  pictureOf: (n, all) => `${n} із ${all}`,
  openPicture: 'Відкрити в новій вкладці',
  size: (bytes) =>
    bytes < 1024 * 1024
      ? `${number.format(Math.max(1, Math.round(bytes / 1024)))} КБ`
      : `${number.format(Math.round(bytes / 104857.6) / 10)} МБ`,
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
  emoji: 'Вставити емодзі',
  attach: 'Додати зображення або файли',
  removeFile: (name) => `Прибрати ${name}`,
  uploading: (name) => `${name} надсилається`,
  privateNoFiles: 'Із /pm не можна надсилати зображення й файли. Відкрийте розмову.',
  replying: (name) => `Відповідь: ${name}`,
  endReply: 'Не відповідати',
  suggestionsLabel: 'Підказки',
  suggestions: (n) => `${count(n, { one: 'підказка', few: 'підказки', many: 'підказок' })}, вибір стрілками`,
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

export const emoji: typeof en.emoji = {
  title: 'Емодзі',
  search: 'Знайти емодзі за назвою',
  none: 'Емодзі з такою назвою немає.',
  column: 1,
  groups: {
    faces: 'Обличчя',
    hands: 'Люди й руки',
    hearts: 'Серця і знаки',
    nature: 'Природа',
    food: 'Їжа й напої',
    things: 'Речі й місця',
  },
};

export const help: typeof en.help = {
  title: 'Що тут можна ввести',
  usage: { pm: '/pm ім’я текст', help: '/help' },
  commands: {
    pm: 'Пише одній людині особисто.',
    help: 'Показує цей список.',
  },
  keys: [
    ['@', 'Згадує людину, і вона про це дізнається.'],
    ['Enter', 'Надсилає.'],
    ['Shift + Enter', 'Починає новий рядок.'],
    ['↑', 'У порожньому полі: змінює ваше останнє повідомлення.'],
    ['Esc', 'Завершує відповідь або зміну.'],
  ],
};
