import type * as en from '../en/profiles.js';
import { number } from './words.js';

export const people: typeof en.people = {
  noneTitle: 'Здесь никого нет',
  about: 'Об этом человеке',
  parts: 'Что показывает этот человек',
  tabs: { posts: 'Записи', albums: 'Альбомы', photos: 'Фото' },
  counters: { friends: 'Друзья', posts: 'Записи', albums: 'Альбомы' },
  types: { startup: 'Стартап', investor: 'Инвестор' },
  since: (date) => `Здесь с ${date}`,
  born: (date) => `Дата рождения: ${date}`,
  signatureOf: (name) => `Подпись: ${name}`,
  withdraw: 'Отозвать запрос',
  blockedTitle: 'Вы заблокировали этого человека',
  blockedText: 'Разблокируйте, чтобы увидеть его страницу.',
  noOwnPosts: 'Здесь будет то, что вы публикуете.',
};

export const business: typeof en.business = {
  title: { startup: 'Ваш стартап', investor: 'Вы как инвестор' },
  lead: 'Это может прочитать каждый.',
  companyName: 'Компания',
  industry: 'Отрасль',
  stage: 'Стадия',
  stages: { idea: 'Идея', prototype: 'Прототип', launched: 'Запущен', growing: 'Рост' },
  noStage: 'Не указано',
  website: 'Сайт',
  pitch: 'Коротко о деле',
  organization: 'Организация',
  interests: 'Интересы',
  interestsHint: 'Не больше десяти, через запятую.',
  ticket: 'Размер инвестиции',
  ticketMin: 'От, в долларах США',
  ticketMax: 'До, в долларах США',
  amountInvalid: 'Введите целую сумму или ничего.',
  orderInvalid: 'Это не может быть меньше первой суммы.',
  ticketRange: (min, max) =>
    min === null && max === null
      ? ''
      : min === null
        ? `до $${number.format(max!)}`
        : max === null
          ? `от $${number.format(min)}`
          : `от $${number.format(min)} до $${number.format(max)}`,
};

export const albums: typeof en.albums = {
  one: 'Альбом',
  none: 'Альбомов пока нет',
  noneText: 'Соберите свои фото в альбом.',
  make: 'Создать альбом',
  edit: 'Изменить альбом',
  name: 'Название',
  nameNeeded: 'Альбому нужно название.',
  theme: 'Тема',
  year: 'Год',
  yearInvalid: 'Введите год от 1800 до 2100 или ничего.',
  visibility: 'Кому видно',
  visibilities: { everyone: 'Всем, кто вошёл', friends: 'Друзьям', me: 'Только вам' },
  seenBy: { friends: 'для друзей', me: 'только для вас' },
  photos: (n) => `${number.format(n)} фото`,
  addPhotos: 'Добавить фото',
  adding: 'Фото добавляются',
  noPhotos: 'Фото пока нет',
  noPhotosText: 'Добавьте: JPEG, PNG или WebP, каждое до 10 МБ.',
  cover: 'Обложка',
  coverOf: (n) => `Фото ${n} — обложка`,
  deletePhoto: (n) => `Удалить фото ${n}`,
  deletePhotoTitle: 'Удалить это фото?',
  deletePhotoText: 'Оно исчезнет навсегда.',
  deleteTitle: (name) => `Удалить альбом «${name}»?`,
  deleteText: 'Он исчезнет навсегда вместе со всеми фото.',
  deleted: 'Альбом удалён.',
  goneTitle: 'Этого альбома здесь нет',
};

export const pictures: typeof en.pictures = {
  history: 'Прежние картинки',
  show: (n) => `Показывать картинку ${n}`,
  remove: (n) => `Удалить картинку ${n}`,
  removeTitle: 'Удалить эту картинку?',
  removeText: 'Она исчезнет навсегда.',
  signature: 'Подпись',
  signatureHint: 'Изображение вашей подписи на светлом фоне.',
  signatureChoose: 'Выбрать подпись',
  signatureRemove: 'Удалить подпись',
  signatureYours: 'Ваша подпись',
  signBy: 'Как вы подписываетесь',
  signByName: 'Именем',
  signByImage: 'Этой картинкой',
};
