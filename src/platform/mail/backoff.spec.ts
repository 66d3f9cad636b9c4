import { describe, expect, it } from '@jest/globals';
import { retryDelayMs } from './backoff.js';

describe('the pause before a mail is tried again', () => {
  it('doubles from 5 seconds to an hour', () => {
    expect([1, 2, 3, 4].map((attempts) => retryDelayMs(attempts, 0))).toEqual([5_000, 10_000, 20_000, 40_000]);
    expect(retryDelayMs(11, 0)).toBe(3_600_000);
    expect(retryDelayMs(1_000, 1)).toBe(3_600_000);
  });

  it('differs by chance, by a quarter at most', () => {
    expect(retryDelayMs(1, 1)).toBe(6_250);
    expect(new Set(Array.from({ length: 20 }, () => retryDelayMs(3))).size).toBeGreaterThan(1);
  });
});
