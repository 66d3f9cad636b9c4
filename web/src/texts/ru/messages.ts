import type * as en from '../en/messages.js';
import { count, number } from './words.js';

export const message: typeof en.message = {
  actions: (name, time) => `Действия с сообщением: ${name}, ${time}`,
  menu: 'Что сделать с сообщением',
  reactions: 'Реакции',
  react: (emoji) => `Ответить ${emoji}`,
  takeBack: (emoji) => `Забрать ${emoji}`,
  reacted: (emoji, n, mine) => `${emoji} ${count(n, { one: 'человек', few: 'человека', many: 'человек' })}${mine ? ', и вы тоже' : ''}`,
  moreEmojis: 'Больше эмодзи',
  reply: 'Ответить',
  showQuoted: (name) => `Показать сообщение, на которое это ответ: ${name}`,
  quoteGone: 'Сообщения, на которое это ответ, больше нет.',
  picture: 'Изображение',
  file: 'Файл',
  enlarge: (name) => `Показать крупно: ${name}`,
  previousPicture: 'Предыдущее изображение',
  nextPicture: 'Следующее изображение',
  pictureOf: (n, all) => `${n} из ${all}`,
  openPicture: 'Открыть в новой вкладке',
  size: (bytes) =>
    bytes < 1024 * 1024
      ? `${number.format(Math.max(1, Math.round(bytes / 1024)))} КБ`
      : `${number.format(Math.round(bytes / 104857.6) / 10)} МБ`,
  edit: 'Изменить',
  copy: 'Скопировать текст',
  copied: 'Скопировано.',
  delete: 'Удалить',
  deleteTitle: 'Удалить это сообщение?',
  deleteText: 'Его текст исчезнет для всех. Место останется.',
};

export const composer: typeof en.composer = {
  editing: 'Изменение вашего сообщения',
  editHint: 'Enter сохраняет, Escape отменяет.',
  save: 'Сохранить',
  typing: (names) =>
    names.length === 1 ? `${names[0]} пишет…` : names.length === 2 ? `${names[0]} и ${names[1]} пишут…` : 'Несколько человек пишут…',
  label: (room) => `Сообщение: ${room}`,
  placeholder: (room) => `Написать: ${room}`,
  emoji: 'Вставить эмодзи',
  attach: 'Добавить изображения или файлы',
  removeFile: (name) => `Убрать ${name}`,
  uploading: (name) => `${name} отправляется`,
  privateNoFiles: 'С /pm нельзя отправлять изображения и файлы. Откройте беседу.',
  replying: (name) => `Ответ: ${name}`,
  endReply: 'Не отвечать',
  suggestionsLabel: 'Подсказки',
  suggestions: (n) => `${count(n, { one: 'подсказка', few: 'подсказки', many: 'подсказок' })}, выбор стрелками`,
  send: 'Отправить',
  left: (n) => `Ещё ${count(n, { one: 'символ', few: 'символа', many: 'символов' })}`,
  tooLong: (n) => `Лишних: ${count(n, { one: 'символ', few: 'символа', many: 'символов' })}`,
  privateHint: 'Это прочитает только тот, чьё имя стоит после /pm.',
  usage: 'Чтобы написать лично, введите: /pm имя текст',
  guest: 'Гости могут читать. Войдите, чтобы писать.',
  logIn: 'Войти',
  register: 'Создать учётную запись',
  readOnly: 'Здесь пишут только администраторы комнаты.',
};

export const emoji: typeof en.emoji = {
  title: 'Эмодзи',
  search: 'Найти эмодзи по названию',
  none: 'Эмодзи с таким названием нет.',
  column: 2,
  groups: {
    faces: 'Лица',
    hands: 'Люди и руки',
    hearts: 'Сердца и знаки',
    nature: 'Природа',
    food: 'Еда и напитки',
    things: 'Вещи и места',
  },
};

export const help: typeof en.help = {
  title: 'Что здесь можно ввести',
  usage: { pm: '/pm имя текст', help: '/help' },
  commands: {
    pm: 'Пишет одному человеку лично.',
    help: 'Показывает этот список.',
  },
  keys: [
    ['@', 'Упоминает человека, и он об этом узнаёт.'],
    ['Enter', 'Отправляет.'],
    ['Shift + Enter', 'Начинает новую строку.'],
    ['↑', 'В пустом поле: меняет ваше последнее сообщение.'],
    ['Esc', 'Завершает ответ или изменение.'],
  ],
};
