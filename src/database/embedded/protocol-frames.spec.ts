import { describe, expect, it } from '@jest/globals';
import { simpleQuery, startupLength, wholeRequests } from './protocol-frames.js';

const message = (kind: string, body = ''): Buffer => {
  const head = Buffer.alloc(5);
  head.write(kind);
  head.writeUInt32BE(4 + body.length, 1);
  return Buffer.concat([head, Buffer.from(body)]);
};

describe('requests of the wire protocol', () => {
  it('are whole only when they end with a message that asks for the whole answer', () => {
    const parse = message('P', 'select');
    const sync = message('S');
    expect(wholeRequests(Buffer.alloc(0))).toBe(0);
    expect(wholeRequests(parse)).toBe(0);
    expect(wholeRequests(Buffer.concat([parse, sync]))).toBe(parse.length + sync.length);
    expect(wholeRequests(Buffer.concat([parse, sync, parse]))).toBe(parse.length + sync.length);
  });

  it('may arrive cut anywhere', () => {
    const query = simpleQuery('select 1');
    for (let cut = 0; cut < query.length; cut += 1) expect(wholeRequests(query.subarray(0, cut))).toBe(0);
    expect(wholeRequests(query)).toBe(query.length);
  });

  it('begin with a message that has a length and no letter', () => {
    const startup = Buffer.from([0, 0, 0, 9, 0, 3, 0, 0, 0]);
    expect(startupLength(startup.subarray(0, 3))).toBeUndefined();
    expect(startupLength(startup.subarray(0, 8))).toBeUndefined();
    expect(startupLength(startup)).toBe(9);
  });
});
