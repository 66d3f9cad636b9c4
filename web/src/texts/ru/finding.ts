import type { en } from '../en/index.js';
import { count } from './words.js';

export const search: typeof en.search = {
  title: 'Поиск',
  field: 'Искать сообщения, записи, людей, комнаты',
  hint: 'Каждое слово — по его началу; мелкие ошибки прощаются. Стрелки ведут по найденному.',
  kinds: {
    all: 'Всё',
    messages: 'Сообщения',
    posts: 'Записи',
    comments: 'Комментарии',
    people: 'Люди',
    rooms: 'Комнаты',
    tags: 'Теги',
  },
  inRoom: (room) => `Только в «${room}»`,
  everywhere: 'Искать везде',
  thisRoom: 'Искать в этой комнате',
  none: 'Ничего не найдено',
  noneText: 'Попробуйте меньше слов или другие. Только что написанное находится через мгновение.',
  begin: 'Что вы ищете?',
  beginText: 'Введите слово-другое. Находится только то, что вам можно читать.',
  found: (n) => count(n, { one: 'результат', few: 'результата', many: 'результатов' }),
  someone: 'Кто-то',
  inTheRoom: (name) => `в «${name}»`,
  posts: (n) => count(n, { one: 'запись', few: 'записи', many: 'записей' }),
  commented: 'комментарий',
};

export const media: typeof en.media = {
  tab: 'Медиа',
  images: 'Изображения',
  files: 'Файлы',
  noImages: 'Изображений пока нет',
  noFiles: 'Файлов пока нет',
  show: 'Показать сообщение',
  notify: 'Для вас',
  picture: 'Изображение комнаты',
};
