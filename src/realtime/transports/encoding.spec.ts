import type { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import * as ws from 'ws';
import { textFrame } from './encoding.js';
import { privateMessageOf } from './plain-ws/private-message.js';
import { routeOf } from './plain-ws/route.js';

// Exported by the library, but not described by its types.
const { Receiver } = ws as unknown as { Receiver: new (options: { isServer: boolean }) => Writable };

/** What a client's WebSocket reads in some bytes, cut anywhere. */
function read(bytes: Buffer, piece: number): string[] {
  const texts: string[] = [];
  const receiver = new Receiver({ isServer: false });
  receiver.on('message', (data: Buffer) => texts.push(data.toString()));
  for (let at = 0; at < bytes.length; at += piece) receiver.write(bytes.subarray(at, at + piece));
  return texts;
}

describe('a frame made once for all sockets', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])('of %i bytes is what a client reads', async (length) => {
    const text = 'a'.repeat(length);
    const texts = read(Buffer.concat([textFrame(text), textFrame('є'), textFrame(text)]), 1 + Math.ceil(length / 7));
    await new Promise((resolve) => setImmediate(resolve));
    expect(texts.map((one) => one.length)).toEqual([length, 1, length]);
  });
});

describe('the line of an old client', () => {
  it.each([
    ['hello', null],
    ['/pmx hello', null],
    [' /pm bob hi', null],
    ['/pm', 'incomplete'],
    ['/pm ', 'incomplete'],
    ['/pm bob', 'incomplete'],
    ['/pm bob   ', 'incomplete'],
    ['/pm bob hi', { to: 'bob', content: 'hi' }],
    ['/pm  Оля\tдва  слова\nі рядок', { to: 'Оля', content: 'два  слова\nі рядок' }],
  ])('%j is read as %j', (line, expected) => expect(privateMessageOf(line)).toEqual(expected));

  it('is read in no time, however it is made', () => {
    const started = performance.now();
    for (const line of [`/pm${' '.repeat(60_000)}`, `/pm ${'a'.repeat(60_000)}`, `/pm a${' '.repeat(60_000)}`]) privateMessageOf(line);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('the address of a plain socket', () => {
  const kindOf = (url: string) => {
    const route = routeOf(url);
    return route?.kind === 'chat' ? `chat ${String(route.room)}` : (route?.kind ?? null);
  };

  it.each([
    ['/ws', 'commands'],
    ['/ws/?token=a/b', 'commands'],
    ['/ws/chat', 'chat lobby'],
    ['/ws/chat/?x', 'chat lobby'],
    ['/ws/chat/a%2Fb/', 'chat a/b'],
    ['/ws/chat/%D1%97', 'chat ї'],
    ['/ws/chat/%zz', 'chat null'],
    ['/ws/online/', 'online'],
    ['/ws/notifications', 'notifications'],
    ['/ws//', null],
    ['/ws/chat//', null],
    ['/ws/chat/a/b', null],
    ['/ws/online/a', null],
    ['/WS/', null],
    ['ws/', null],
    ['', null],
    ['http://host/ws/', null],
  ])('%s leads to %s', (url, expected) => expect(kindOf(url)).toBe(expected));
});
