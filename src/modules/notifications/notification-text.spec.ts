import { describe, expect, it } from '@jest/globals';
import { notificationKind } from '../../contracts/index.js';
import { notificationText, type TextFacts } from './notification-text.js';

const room = { id: 'r', name: 'talk', title: 'Café', kind: 'private' as const };
const facts = (more: Partial<TextFacts>): TextFacts => ({
  kind: 'message.mention',
  count: 1,
  actorCount: 1,
  names: ['Ada'],
  room,
  ...more,
});

describe('the sentence of a notification', () => {
  it('names one, two, or one and how many others', () => {
    const who = (actorCount: number) => notificationText('en', facts({ actorCount, names: ['Ada', 'Bob', 'Cid'].slice(0, actorCount) }));
    expect([1, 2, 3].map(who)).toEqual([
      'Ada mentioned you in Café',
      'Ada and Bob mentioned you in Café',
      'Ada and 2 others mentioned you in Café',
    ]);
    expect(notificationText('en', facts({ actorCount: 0, names: [] }))).toBe('Somebody mentioned you in Café');
  });

  it('counts by the grammar of each language', () => {
    const posted = (locale: 'uk' | 'ru', count: number) => notificationText(locale, facts({ kind: 'message.posted', count }));
    expect([1, 2, 5, 21].map((n) => posted('uk', n))).toEqual([
      '1 нове повідомлення в «Café»',
      '2 нові повідомлення в «Café»',
      '5 нових повідомлень в «Café»',
      '21 нове повідомлення в «Café»',
    ]);
    expect([1, 2, 5, 21].map((n) => posted('ru', n))).toEqual([
      '1 новое сообщение в «Café»',
      '2 новых сообщения в «Café»',
      '5 новых сообщений в «Café»',
      '21 новое сообщение в «Café»',
    ]);
    expect(notificationText('ru', facts({ count: 3, actorCount: 5 }))).toBe('Вас упомянули в «Café»: Ada и ещё 4 человека (3 раза)');
    expect(notificationText('uk', facts({ kind: 'message.reply', count: 5 }))).toBe('Вам відповіли в «Café»: Ada (5 разів)');
  });

  it('says where, also where there is no title or the reader may not know it', () => {
    expect(notificationText('en', facts({ room: { ...room, kind: 'direct', title: '' } }))).toBe('Ada mentioned you in your conversation');
    expect(notificationText('uk', facts({ room: null }))).toBe('Вас згадали в одній із кімнат: Ada');
  });

  it('is there for every kind in every language, in its letters', () => {
    for (const locale of ['en', 'uk', 'ru'] as const) {
      for (const kind of notificationKind.options) {
        const text = notificationText(locale, facts({ kind, announcement: locale === 'en' ? 'News' : 'Новини' }));
        expect(text).toMatch(locale === 'en' ? /^[^\p{Script=Cyrillic}]+$/u : /\p{Script=Cyrillic}/u);
        expect(text).not.toMatch(/undefined|#|\[object/);
      }
    }
  });
});
