import type * as en from '../en/messages.js';
import { count } from './words.js';

export const message: typeof en.message = {
  actions: (name, time) => `Действия с сообщением: ${name}, ${time}`,
  menu: 'Что сделать с сообщением',
  reactions: 'Реакции',
  react: (emoji) => `Ответить ${emoji}`,
  takeBack: (emoji) => `Забрать ${emoji}`,
  reacted: (emoji, n, mine) => `${emoji} ${count(n, { one: 'человек', few: 'человека', many: 'человек' })}${mine ? ', и вы тоже' : ''}`,
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
