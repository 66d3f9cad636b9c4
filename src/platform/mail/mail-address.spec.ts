import { describe, expect, it } from '@jest/globals';
import { parseMailAddress, parseSender } from './mail-address.js';

describe('an address', () => {
  it.each([
    ['ann@example.org', 'ann@example.org'],
    ["o'neil+tag@mail.example.org", "o'neil+tag@mail.example.org"],
    ['Ann@EXAMPLE.org', 'Ann@example.org'],
    ['parley@localhost', 'parley@localhost'],
    ['олена@приклад.укр', 'олена@xn--80aikifvh.xn--j1amh'],
    ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
    ['ann@Bücher.example', 'ann@xn--bcher-kva.example'],
    ['ann@xn--bcher-kva.example', 'ann@xn--bcher-kva.example'],
  ])('%s is one', (text, parsed) => {
    expect(parseMailAddress(text)).toBe(parsed);
  });

  it.each([
    ['a header of the sender’s own', 'ann@example.org\r\nBcc: eve@evil.example'],
    ['a lone line feed', 'ann@example.org\nBcc: eve@evil.example'],
    ['a lone carriage return', 'ann@example.org\rX: y'],
    ['a line break in front', '\r\nann@example.org'],
    ['a line break at the end', 'ann@example.org\n'],
    ['a line separator', 'ann@example.org\u2028Bcc: eve@evil.example'],
    ['NUL', 'ann\0@example.org'],
    ['a comment', 'ann(eve@evil.example)@example.org'],
    ['a comment in the domain', 'ann@example.org(comment)'],
    ['a group', 'friends: ann@example.org, eve@evil.example;'],
    ['an empty group', 'undisclosed-recipients:;'],
    ['a list', 'ann@example.org,eve@evil.example'],
    ['a list with a semicolon', 'ann@example.org;eve@evil.example'],
    ['two at signs', 'eve@evil.example@example.org'],
    ['a quoted local part', '"eve@evil.example x"@example.org'],
    ['a quoted local part with CR/LF', '"eve\r\n"@example.org'],
    ['a display name', 'Ann <ann@example.org>'],
    ['an address in brackets', '<ann@example.org>'],
    ['a route', '<@evil.example:ann@example.org>'],
    ['a domain literal', 'ann@[127.0.0.1]'],
    ['an IPv4 number', 'ann@127.0.0.1'],
    ['a percent sign in the domain', 'ann@evil.example%2e.org'],
    ['white space', 'ann @example.org'],
    ['a tab', 'ann\t@example.org'],
    ['a zero-width space in the domain', 'ann@exam\u200bple.org'],
    ['a soft hyphen in the domain', 'ann@exam\u00adple.org'],
    ['a word joiner in the local part', 'an\u2060n@example.org'],
    ['a right-to-left override', 'ann@\u202eexample.org'],
    ['a Hangul filler', 'ann@exam\u3164ple.org'],
    ['a variation selector', 'ann@exam\ufe0fple.org'],
    ['a full-width at sign', 'ann\uff20example.org'],
    ['full-width letters', 'ann@\uff45xample.org'],
    ['an ideographic full stop', 'ann@example\u3002org'],
    ['a full-width full stop', 'ann@example\uff0eorg'],
    ['a lone surrogate', 'ann\ud800@example.org'],
    ['two dots', 'ann..lee@example.org'],
    ['a dot in front', '.ann@example.org'],
    ['an empty label', 'ann@example..org'],
    ['a hyphen in front of a label', 'ann@-example.org'],
    ['no local part', '@example.org'],
    ['no domain', 'ann@'],
    ['no at sign', 'ann'],
    ['nothing', ''],
    ['a local part of 65 bytes', `${'a'.repeat(65)}@example.org`],
    ['255 characters', `ann@${'a.'.repeat(124)}org`],
  ])('with %s is refused', (_, text) => {
    expect(parseMailAddress(text)).toBeNull();
  });

  it('is decided at once, however long and odd the text is', () => {
    const started = performance.now();
    for (const part of ['a.', 'a@', '(', 'ё', '\u200b', '"\\']) parseMailAddress(`${part.repeat(100_000)}@example.org`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('MAIL_FROM', () => {
  it.each([
    ['Parley <parley@example.org>', { name: 'Parley', address: 'parley@example.org' }],
    ['"Parley, the chat" <parley@example.org>', { name: 'Parley, the chat', address: 'parley@example.org' }],
    ['Чат Парле <parley@приклад.укр>', { name: 'Чат Парле', address: 'parley@xn--80aikifvh.xn--j1amh' }],
    ['  parley@localhost ', { name: '', address: 'parley@localhost' }],
    ['<parley@localhost>', { name: '', address: 'parley@localhost' }],
  ])('%s is understood', (setting, sender) => {
    expect(parseSender(setting)).toEqual(sender);
  });

  it.each([
    'Parley <parley@example.org>\r\nBcc: eve@evil.example',
    'Parley\r\nBcc: eve@evil.example <parley@example.org>',
    'Parley <parley@example.org>, Eve <eve@evil.example>',
    'eve@evil.example <parley@example.org>',
    'Parley\u202e <parley@example.org>',
    'Parley\u200b <parley@example.org>',
    'Par"ley <parley@example.org>',
    'Parley: parley@example.org;',
    'Parley <parley@example.org> (comment)',
    'Parley <parley>',
    '',
  ])('%j stops the start in words', (setting) => {
    expect(() => parseSender(setting)).toThrow('MAIL_FROM is not right');
  });
});
