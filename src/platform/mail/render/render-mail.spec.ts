import { describe, expect, it } from '@jest/globals';
import type { MailLocale } from '../templates/content.js';
import { mailLocale } from '../templates/content.js';
import { mailTemplates, type MailTemplateName, type MailTemplates } from '../templates/index.js';
import { renderMail } from './render-mail.js';

const link = 'https://chat.example.org/activate?token=aB-9_x&next=%2Fhome&a=1';
const resetLink = 'https://chat.example.org/password-reset';
const samples: MailTemplates = {
  activation: { link, code: '048213' },
  'already-registered': { loginLink: 'https://chat.example.org/login', resetLink },
  'email-change': { link, code: '310264', username: 'ada', codeMinutes: 10, linkMinutes: 60 },
  'email-changed': { at: '2026-11-21T09:05:00.000Z', newAddress: 'a…@example.org', loginLink: 'https://chat.example.org/login' },
  'email-in-use': { loginLink: 'https://chat.example.org/login', resetLink },
  'password-change': { code: '904417', validMinutes: 10, resetLink },
  'password-reset': { link, validMinutes: 30 },
  'password-changed': { at: '2026-11-21T09:05:00.000Z', signedOut: 'all', resetLink },
  'session-theft': { device: 'Firefox on Linux', at: '2026-11-21T09:05:00.000Z', resetLink },
  'export-ready': { link: 'https://chat.example.org/settings/privacy', until: '2026-11-28T09:05:00.000Z' },
  'account-deletion': { stage: 'requested', at: '2026-12-05T09:05:00.000Z', loginLink: 'https://chat.example.org/login', resetLink },
  'notification-digest': {
    total: 12,
    lines: ['Ada Lovelace', 'Grace & Linus'],
    openLink: 'https://chat.example.org/',
    unsubscribeLink: 'https://chat.example.org/api/v1/notifications/unsubscribe?token=a.b',
  },
};
const locales: MailLocale[] = ['en', 'uk', 'ru'];
const names = Object.keys(mailTemplates) as MailTemplateName[];
const each = names.flatMap((name) => locales.map((locale) => [name, locale] as const));

const render = (name: MailTemplateName, locale: MailLocale) => renderMail(name, locale, samples[name]);
const unescape = (html: string) =>
  html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

describe.each(each)('the mail %s in %s', (name, locale) => {
  const mail = render(name, locale);

  it('is complete: subject, text and HTML, nothing left open', () => {
    expect(mail.subject.length).toBeGreaterThan(10);
    expect(mail.html).toContain(`<html lang="${locale}">`);
    for (const part of [mail.subject, mail.text, mail.html]) expect(part).not.toMatch(/undefined|null|NaN|\[object|\$\{|\{\{/);
  });

  it('is written in its language', () => {
    const letters = mail.text.replace(/https?:\S+/g, '');
    if (locale === 'en') expect(letters).not.toMatch(/\p{Script=Cyrillic}/u);
    if (locale === 'uk') expect(letters).not.toMatch(/[ыэёъ]/i);
    if (locale === 'ru') expect(letters).not.toMatch(/[іїєґ]/i);
    if (locale !== 'en') expect(letters).toMatch(/\p{Script=Cyrillic}/u);
  });

  it('has the same links whole in the text, in the HTML and in the list', () => {
    const lines = mail.text.split('\n');
    const hrefs = [...mail.html.matchAll(/href="([^"]*)"/g)].map((match) => unescape(match[1]!));
    expect(mail.links.length).toBeGreaterThan(0);
    expect([...new Set(hrefs)]).toEqual(mail.links);
    for (const one of mail.links) expect(lines).toContain(one);
  });

  it('has the same code in the text and in the HTML, and no other six digits', () => {
    const found = (part: string) => part.replace(/https?:[^\s"<]+/g, '').match(/\b\d{6}\b/g) ?? [];
    const expected = mail.code === null ? [] : [mail.code];
    expect(found(mail.text)).toEqual(expected);
    expect(found(mail.html)).toEqual(expected);
  });

  it('loads nothing and runs nothing', () => {
    expect(mail.html).not.toMatch(/<(?:img|script|link|iframe|form|object|svg)\b|\bon\w+=|url\(|javascript:/i);
  });
});

describe('a mail', () => {
  const attack = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;`;

  it('escapes whatever a param holds', () => {
    const mail = renderMail('session-theft', 'en', { ...samples['session-theft'], device: attack });
    expect(mail.html).not.toMatch(/<script|<img|onerror='/);
    expect(mail.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(mail.html).toContain('&amp;amp;');
    expect(renderMail('activation', 'en', { link, code: attack }).html).not.toMatch(/<script|<img/);
  });

  it('keeps what others wrote to one short line, so that it cannot pose as a part of the mail', () => {
    const device = `Phone\r\n\r\nYour account is locked:\nhttps://evil.example/\u202e\0${'x'.repeat(500)}`;
    const { text } = renderMail('session-theft', 'en', { ...samples['session-theft'], device });
    const line = text.split('\n').find((one) => one.startsWith('Device: '))!;
    expect(line).toContain('Phone Your account is locked:');
    expect(line.length).toBeLessThan(140);
    expect(text).not.toMatch(/[\0\u202e]/);
  });

  it('names no device when none is known', () => {
    expect(renderMail('session-theft', 'uk', { ...samples['session-theft'], device: ' ' }).text).toContain('Пристрій: невідомий');
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'java\tscript:alert(1)',
    '//evil.example/x',
    '/activate?token=x',
    'https://chat.example.org/ x',
    'https://chat.example.org/\nhttps://evil.example',
    'https://chat.example.org/">x',
    'https://chat.example.org@evil.example/',
    'ftp://chat.example.org/',
    '',
  ])('refuses the link %j without repeating it', (bad) => {
    expect(() => renderMail('password-reset', 'en', { link: bad, validMinutes: 30 })).toThrow(
      /^A link in a mail must be a plain http or https address\.$/,
    );
  });

  it('says times in UTC and lengths of time in words', () => {
    expect(render('password-changed', 'en').text).toContain('21 November 2026 at 09:05 UTC');
    expect(render('password-changed', 'ru').text).toMatch(/21 ноября 2026\s?г\. в 09:05 UTC/);
    expect(render('password-reset', 'en').text).toContain('only for 30 minutes');
    expect(render('password-reset', 'uk').text).toContain('30 хвилин');
    expect(renderMail('password-reset', 'ru', { link, validMinutes: 60 }).text).toContain('1 час');
  });

  it('counts notifications by the grammar of each language', () => {
    const subject = (locale: MailLocale, total: number) =>
      renderMail('notification-digest', locale, { ...samples['notification-digest'], total }).subject;
    expect([1, 2].map((n) => subject('en', n))).toEqual([
      'You have 1 unread notification on Parley',
      'You have 2 unread notifications on Parley',
    ]);
    expect([1, 3, 11, 21, 25].map((n) => subject('uk', n).split(' ').slice(2, 5).join(' '))).toEqual([
      '1 непрочитане сповіщення',
      '3 непрочитані сповіщення',
      '11 непрочитаних сповіщень',
      '21 непрочитане сповіщення',
      '25 непрочитаних сповіщень',
    ]);
    expect([1, 3, 11, 21, 25].map((n) => subject('ru', n).split(' ').slice(2, 5).join(' '))).toEqual([
      '1 непрочитанное уведомление',
      '3 непрочитанных уведомления',
      '11 непрочитанных уведомлений',
      '21 непрочитанное уведомление',
      '25 непрочитанных уведомлений',
    ]);
    const { text, unsubscribe } = render('notification-digest', 'en');
    expect(text).toContain('- Ada Lovelace\n- Grace & Linus\n\n… and 10 more.');
    expect(unsubscribe).toBe(samples['notification-digest'].unsubscribeLink);
    expect(render('activation', 'en').unsubscribe).toBeNull();
  });

  it('says whose sessions ended', () => {
    expect(renderMail('password-changed', 'en', { ...samples['password-changed'], signedOut: 'others' }).text).toContain(
      'All your other devices',
    );
    expect(render('password-changed', 'en').text).toContain('All devices');
  });

  it('is in English for a locale that mails are not written in', () => {
    expect(['en', 'uk', 'ru', 'de', '', null, undefined].map(mailLocale)).toEqual(['en', 'uk', 'ru', 'en', 'en', 'en', 'en']);
  });
});
