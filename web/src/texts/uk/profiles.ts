import type * as en from '../en/profiles.js';
import { number } from './words.js';

export const people: typeof en.people = {
  noneTitle: 'Тут нікого немає',
  about: 'Про цю людину',
  parts: 'Що показує ця людина',
  tabs: { posts: 'Дописи', albums: 'Альбоми', photos: 'Фото' },
  counters: { friends: 'Друзі', posts: 'Дописи', albums: 'Альбоми' },
  types: { startup: 'Стартап', investor: 'Інвестор' },
  since: (date) => `Тут із ${date}`,
  born: (date) => `Дата народження: ${date}`,
  signatureOf: (name) => `Підпис: ${name}`,
  withdraw: 'Відкликати запит',
  blockedTitle: 'Ви заблокували цю людину',
  blockedText: 'Розблокуйте, щоб побачити її сторінку.',
  noOwnPosts: 'Тут буде те, що ви публікуєте.',
};

export const business: typeof en.business = {
  title: { startup: 'Ваш стартап', investor: 'Ви як інвестор' },
  lead: 'Це може прочитати кожен.',
  companyName: 'Компанія',
  industry: 'Галузь',
  stage: 'Стадія',
  stages: { idea: 'Ідея', prototype: 'Прототип', launched: 'Запущено', growing: 'Зростання' },
  noStage: 'Не вказано',
  website: 'Вебсайт',
  pitch: 'Коротко про справу',
  organization: 'Організація',
  interests: 'Інтереси',
  interestsHint: 'Не більше десяти, через кому.',
  ticket: 'Розмір інвестиції',
  ticketMin: 'Від, у доларах США',
  ticketMax: 'До, у доларах США',
  amountInvalid: 'Введіть цілу суму або нічого.',
  orderInvalid: 'Це не може бути менше за першу суму.',
  ticketRange: (min, max) =>
    min === null && max === null
      ? ''
      : min === null
        ? `до $${number.format(max!)}`
        : max === null
          ? `від $${number.format(min)}`
          : `від $${number.format(min)} до $${number.format(max)}`,
};

export const albums: typeof en.albums = {
  one: 'Альбом',
  none: 'Альбомів ще немає',
  noneText: 'Зберіть свої фото в альбом.',
  make: 'Створити альбом',
  edit: 'Редагувати альбом',
  name: 'Назва',
  nameNeeded: 'Альбому потрібна назва.',
  theme: 'Тема',
  year: 'Рік',
  yearInvalid: 'Введіть рік від 1800 до 2100 або нічого.',
  visibility: 'Кому видно',
  visibilities: { everyone: 'Усім, хто увійшов', friends: 'Друзям', me: 'Лише вам' },
  seenBy: { friends: 'для друзів', me: 'лише для вас' },
  photos: (n) => `${number.format(n)} фото`,
  addPhotos: 'Додати фото',
  adding: 'Фото додаються',
  noPhotos: 'Фото ще немає',
  noPhotosText: 'Додайте: JPEG, PNG або WebP, кожне до 10 МБ.',
  cover: 'Обкладинка',
  coverOf: (n) => `Фото ${n} — обкладинка`,
  deletePhoto: (n) => `Видалити фото ${n}`,
  deletePhotoTitle: 'Видалити це фото?',
  deletePhotoText: 'Воно зникне назавжди.',
  deleteTitle: (name) => `Видалити альбом «${name}»?`,
  deleteText: 'Він зникне назавжди разом з усіма фото.',
  deleted: 'Альбом видалено.',
  goneTitle: 'Цього альбому тут немає',
};

export const pictures: typeof en.pictures = {
  history: 'Попередні зображення',
  show: (n) => `Показувати зображення ${n}`,
  remove: (n) => `Видалити зображення ${n}`,
  removeTitle: 'Видалити це зображення?',
  removeText: 'Воно зникне назавжди.',
  signature: 'Підпис',
  signatureHint: 'Зображення вашого підпису на світлому тлі.',
  signatureChoose: 'Вибрати підпис',
  signatureRemove: 'Видалити підпис',
  signatureYours: 'Ваш підпис',
  signBy: 'Як ви підписуєтеся',
  signByName: 'Ім’ям',
  signByImage: 'Цим зображенням',
};
