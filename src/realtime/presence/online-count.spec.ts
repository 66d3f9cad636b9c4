import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Connection } from '../connection.js';
import type { Frame } from '../frame.js';
import { Hub } from '../hub.js';
import { OnlineCount } from './online-count.js';

describe('the count of people online', () => {
  let hub: Hub;
  let online: OnlineCount;
  let told: number[];

  beforeEach(() => {
    jest.useFakeTimers();
    hub = new Hub();
    online = new OnlineCount(hub);
    told = [];
  });
  afterEach(() => {
    online.onApplicationShutdown();
    jest.useRealTimers();
  });

  function come(id: string): void {
    const send = (frame: Frame<'presence.online'>) => told.push(frame.data.count);
    hub.add({
      principal: { kind: 'person', userId: id, sessionId: id },
      send: id === 'first' ? send : () => undefined,
    } as unknown as Connection);
    online.changed();
  }
  const pass = (ms: number) => jest.advanceTimersByTime(ms);

  it('is told within a moment after a quiet time, and what came meanwhile with it', () => {
    come('first');
    come('second');
    pass(200);
    expect(told).toEqual([2]);
    pass(10_000);
    come('third');
    pass(200);
    expect(told).toEqual([2, 3]);
  });

  it('is told less and less often while it keeps changing, but every three seconds, and whole in the end', () => {
    come('first');
    for (let n = 0; n < 1_200; n++) {
      come(`n${n}`);
      pass(10);
    }
    expect(told.length).toBeGreaterThanOrEqual(6);
    expect(told.length).toBeLessThanOrEqual(8);
    pass(3_000);
    expect(told.at(-1)).toBe(1_201);
    const before = told.length;
    pass(10_000);
    expect(told).toHaveLength(before);
    come('late');
    pass(700);
    expect(told.at(-1)).toBe(1_202);
  });
});
