import type * as en from '../en/common.js';
import { formats, number } from './words.js';

export const app: typeof en.app = {
  name: 'Parley',
  skip: 'Перейти до вмісту',
  loading: 'Хвилинку…',
  pageTitle: (page, unread) => `${unread > 0 ? `(${number.format(unread)}) ` : ''}${page} · Parley`,
  unreachable: 'Parley недоступний',
  unreachableText: 'Сервер не відповідає. Перевірте з’єднання; ця сторінка спробує знову сама.',
  tryAgain: 'Спробувати знову',
  dismiss: 'Прибрати',
  close: 'Закрити',
  cancel: 'Скасувати',
  notFound: 'Тут нічого немає',
  notFoundText: 'Ця адреса нікуди не веде. Шлях назад — нижче.',
  home: 'До кімнат',
  loadFailed: 'Частину сторінки не вдалося завантажити. Перезавантажте її.',
  reload: 'Перезавантажити',
  more: 'Більше',
  language: 'Мова',
  languageFailed: 'Цю мову не вдалося завантажити. Перевірте з’єднання і спробуйте знову.',
};

export const connection: typeof en.connection = {
  waiting: 'Зв’язок зник. Відновлюємо його; написане збережено.',
  offline: 'Ви поза мережею. Написане надішлеться, коли ви повернетеся.',
  back: 'Зв’язок відновлено.',
  now: 'Спробувати зараз',
  refused: 'Повідомлення наживо — для тих, хто увійшов.',
};

export const time: typeof en.time = {
  now: 'щойно',
  minutes: (n) => `${n} хв тому`,
  clock: (iso) => formats.clock.format(new Date(iso)),
  yesterday: 'Учора',
  today: 'Сьогодні',
  day: (iso) => formats.weekday.format(new Date(iso)),
  date: (iso) => formats.dated.format(new Date(iso)),
  shortDay: (iso) => formats.short.format(new Date(iso)),
  full: (iso) => formats.full.format(new Date(iso)),
  clockOf: (day, clock) => `${day}, ${clock}`,
};
