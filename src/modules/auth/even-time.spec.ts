import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { inEvenTime } from './even-time.js';

describe('even time', () => {
  it('hands results and faults on, never before the end of the step', async () => {
    const begun = performance.now();
    expect(await inEvenTime(30, async () => 'done')).toBe('done');
    expect(performance.now() - begun).toBeGreaterThanOrEqual(30);
    await expect(inEvenTime(30, async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(performance.now() - begun).toBeGreaterThanOrEqual(60);
  });

  it('takes further whole steps for longer work', async () => {
    const begun = performance.now();
    await inEvenTime(20, async () => sleep(25));
    expect(performance.now() - begun).toBeGreaterThanOrEqual(40);
  });
});
