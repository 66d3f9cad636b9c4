import type { en } from '../en/index.js';
import { count } from './words.js';

export const search: typeof en.search = {
  title: 'Пошук',
  field: 'Шукати повідомлення, дописи, людей, кімнати',
  hint: 'Кожне слово — за його початком; дрібні помилки пробачаються. Стрілки ведуть по знайденому.',
  kinds: {
    all: 'Усе',
    messages: 'Повідомлення',
    posts: 'Дописи',
    comments: 'Коментарі',
    people: 'Люди',
    rooms: 'Кімнати',
    tags: 'Теги',
  },
  inRoom: (room) => `Лише в «${room}»`,
  everywhere: 'Шукати всюди',
  thisRoom: 'Шукати в цій кімнаті',
  none: 'Нічого не знайдено',
  noneText: 'Спробуйте менше слів або інші. Щойно написане знаходиться за мить.',
  begin: 'Що ви шукаєте?',
  beginText: 'Введіть слово чи два. Знаходиться лише те, що вам можна читати.',
  found: (n) => count(n, { one: 'результат', few: 'результати', many: 'результатів' }),
  someone: 'Хтось',
  inTheRoom: (name) => `у «${name}»`,
  posts: (n) => count(n, { one: 'допис', few: 'дописи', many: 'дописів' }),
  commented: 'коментар',
};

export const media: typeof en.media = {
  tab: 'Медіа',
  images: 'Зображення',
  files: 'Файли',
  noImages: 'Зображень ще немає',
  noFiles: 'Файлів ще немає',
  show: 'Показати повідомлення',
  notify: 'Для вас',
  picture: 'Зображення кімнати',
};
