import { describe, expect, it } from '@jest/globals';
import { commands } from './commands.js';
import { isPlainMessage } from './plain-message.js';

const room = '01900000-0000-7000-8000-000000000001';
const schema = commands['message.send'].data;

const rooms: unknown[] = [room, room.toUpperCase(), 'lobby', '', `${room} `, `${room}\n`, 7, null, undefined, [room]];
const contents: unknown[] = [
  'Hello',
  'Привіт',
  '漢字',
  ' hello',
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'a\udc00',
  '\u3164',
  '\ufeff',
  '\u0483',
  '\u{1f994}',
  'a'.repeat(4_096),
  'a'.repeat(4_097),
  '\u{1f994}'.repeat(4_096),
  `a${'\u{1f994}'.repeat(4_096)}`,
  5,
  null,
  undefined,
  ['a'],
];
const clientIds: unknown[] = ['c-1', '', ' ', 'x'.repeat(64), 'x'.repeat(65), 'a\n', 'ї', 3, null, undefined];
const extras: object[] = [{}, { replyTo: room }, { attachments: [] }, { unknown: 1 }, JSON.parse('{"__proto__": {}}') as object];

describe('the quick look at a plain message', () => {
  it('says yes to nothing that the schema refuses or changes', () => {
    let yes = 0;
    for (const oneRoom of rooms)
      for (const content of contents)
        for (const clientId of clientIds)
          for (const extra of extras) {
            const data: unknown = Object.assign(Object.create(Object.prototype), { room: oneRoom, content, clientId });
            Object.defineProperties(data, Object.getOwnPropertyDescriptors(extra));
            const sent = [data];
            if (clientId === undefined) sent.push({ room: oneRoom, content, ...extra });
            for (const value of sent) {
              if (!isPlainMessage(value)) continue;
              yes++;
              const parsed = schema.safeParse(value);
              if (!parsed.success) throw new Error(`The schema refuses ${JSON.stringify(value)}.`);
              expect(parsed.data).toEqual(value);
            }
          }
    expect(yes).toBeGreaterThan(10);
  });

  it('says no to what is no object of a message', () => {
    for (const value of [null, undefined, 'text', 1, [], [room, 'Hello'], {}, { room }, { content: 'Hello' }])
      expect(isPlainMessage(value)).toBe(false);
  });

  it('says yes to what clients send all day', () => {
    expect(isPlainMessage({ room, content: 'Hello' })).toBe(true);
    expect(isPlainMessage({ room, content: 'Доброго дня!', clientId: 'a1' })).toBe(true);
  });
});
