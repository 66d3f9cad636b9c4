import type * as en from '../en/common.js';
import { formats, number } from './words.js';

export const app: typeof en.app = {
  name: 'Parley',
  skip: 'Перейти к содержимому',
  loading: 'Минутку…',
  pageTitle: (page, unread) => `${unread > 0 ? `(${number.format(unread)}) ` : ''}${page} · Parley`,
  unreachable: 'Parley недоступен',
  unreachableText: 'Сервер не отвечает. Проверьте соединение; эта страница попробует снова сама.',
  tryAgain: 'Попробовать снова',
  dismiss: 'Убрать',
  close: 'Закрыть',
  cancel: 'Отмена',
  notFound: 'Здесь ничего нет',
  notFoundText: 'Этот адрес никуда не ведёт. Путь назад — ниже.',
  home: 'К комнатам',
  loadFailed: 'Часть страницы не удалось загрузить. Перезагрузите её.',
  reload: 'Перезагрузить',
  more: 'Больше',
  language: 'Язык',
  languageFailed: 'Этот язык не удалось загрузить. Проверьте соединение и попробуйте снова.',
};

export const connection: typeof en.connection = {
  waiting: 'Связь пропала. Восстанавливаем её; написанное сохранено.',
  offline: 'Вы не в сети. Написанное отправится, когда вы вернётесь.',
  back: 'Связь восстановлена.',
  now: 'Попробовать сейчас',
  refused: 'Сообщения вживую — для тех, кто вошёл.',
};

export const time: typeof en.time = {
  now: 'только что',
  minutes: (n) => `${n} мин назад`,
  clock: (iso) => formats.clock.format(new Date(iso)),
  yesterday: 'Вчера',
  today: 'Сегодня',
  day: (iso) => formats.weekday.format(new Date(iso)),
  date: (iso) => formats.dated.format(new Date(iso)),
  shortDay: (iso) => formats.short.format(new Date(iso)),
  full: (iso) => formats.full.format(new Date(iso)),
  clockOf: (day, clock) => `${day}, ${clock}`,
};
