import { formats, number } from './words.js';

export const app = {
  name: 'Parley',
  skip: 'Skip to the content',
  loading: 'One moment…',
  pageTitle: (page: string, unread: number) => `${unread > 0 ? `(${number.format(unread)}) ` : ''}${page} · Parley`,
  unreachable: 'Parley cannot be reached',
  unreachableText: 'The server does not answer. Check your connection; this page tries again by itself.',
  tryAgain: 'Try again',
  dismiss: 'Dismiss',
  close: 'Close',
  cancel: 'Cancel',
  notFound: 'Nothing here',
  notFoundText: 'This address leads nowhere. The way back is below.',
  home: 'To the rooms',
  loadFailed: 'A part of the page could not be loaded. Reload to get it.',
  reload: 'Reload',
  more: 'More',
  language: 'Language',
  languageFailed: 'This language could not be loaded. Check your connection and try again.',
};

export const connection = {
  waiting: 'The connection is gone. Trying to get it back; what you write is kept.',
  offline: 'You are offline. What you write is sent when you are back.',
  back: 'Connected again.',
  now: 'Try now',
  refused: 'Live messages are for people who are logged in.',
};

export const time = {
  now: 'just now',
  minutes: (n: number) => `${n} min ago`,
  clock: (iso: string) => formats.clock.format(new Date(iso)),
  yesterday: 'Yesterday',
  today: 'Today',
  day: (iso: string) => formats.weekday.format(new Date(iso)),
  date: (iso: string) => formats.dated.format(new Date(iso)),
  shortDay: (iso: string) => formats.short.format(new Date(iso)),
  full: (iso: string) => formats.full.format(new Date(iso)),
  clockOf: (day: string, time: string) => `${day}, ${time}`,
};
