import { describe, expect, it } from '@jest/globals';
import { AppError } from '../../common/app-error.js';
import type { Settings } from '../../config/settings.js';
import type { NodeBus } from '../nodes/index.js';
import { addressKey } from './address-key.js';
import { RateLimiter } from './rate-limiter.js';
import { TokenBucket } from './token-bucket.js';

const limiterWith = (settings: Partial<Settings>) => new RateLimiter({ rateLimits: true, rateLimitScale: 1, ...settings } as Settings);

async function usesUntilRefused(limiter: RateLimiter, key: string, most = 100): Promise<number> {
  for (let uses = 0; uses < most; uses++) {
    try {
      await limiter.consume('login:account-and-address', key);
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      expect((error as AppError).code).toBe('rate.limited');
      expect((error as AppError).retryAfter).toBeGreaterThanOrEqual(1);
      expect((error as AppError).retryAfter).toBeLessThanOrEqual(60);
      return uses;
    }
  }
  return most;
}

describe('named limits', () => {
  it('refuse what is above the limit with the seconds to wait, each key for itself', async () => {
    const limiter = limiterWith({});
    expect(await usesUntilRefused(limiter, 'a')).toBe(10);
    expect(await usesUntilRefused(limiter, 'b'.repeat(5000))).toBe(10);
  });

  it('grow with RATE_LIMIT_SCALE', async () => {
    expect(await usesUntilRefused(limiterWith({ rateLimitScale: 3 }), 'a')).toBe(30);
  });

  it('do not exist with RATE_LIMITS=off', async () => {
    const limiter = limiterWith({ rateLimits: false });
    expect(await usesUntilRefused(limiter, 'a')).toBe(100);
  });
});

describe('without Redis, on one of several nodes', () => {
  const oneOf = (nodes: number) =>
    new RateLimiter({ rateLimits: true, rateLimitScale: 1 } as Settings, undefined, { others: nodes - 1 } as NodeBus);

  it.each([
    [1, 10],
    [3, 3],
    [10, 1],
    [40, 1],
  ])('of %i nodes each grants its share of ten tries: %i', async (nodes, tries) => {
    expect(await usesUntilRefused(oneOf(nodes), 'a')).toBe(tries);
  });
});

describe('a token bucket', () => {
  it('gives its share where others have one for the same key, and one token at least', () => {
    const uses = (shares: number, burst: number) => {
      const bucket = new TokenBucket({ ratePerSecond: 30, burst });
      let passed = 0;
      for (let i = 0; i < 200; i++) if (bucket.take('a', 0, shares) === 0) passed++;
      for (let now = 0; now <= 10_000; now++) if (bucket.take('a', now, shares) === 0) passed++;
      return passed;
    };
    expect(uses(1, 90)).toBe(90 + 300);
    // One less: parts of tokens are left over.
    expect(Math.abs(uses(3, 90) - 130)).toBeLessThanOrEqual(1);
    expect(uses(50, 1)).toBeGreaterThan(1);
  });

  it('lets a burst through, then the rate, and says how long to wait', () => {
    const bucket = new TokenBucket({ ratePerSecond: 20, burst: 100 });
    for (let i = 0; i < 100; i++) expect(bucket.take('a', 0)).toBe(0);
    expect(bucket.take('a', 0)).toBeCloseTo(0.05);
    expect(bucket.take('b', 0)).toBe(0);
    expect(bucket.take('a', 49)).toBeGreaterThan(0);
    expect(bucket.take('a', 51)).toBe(0);
    expect(bucket.take('a', 51)).toBeGreaterThan(0);
    let passed = 0;
    for (let now = 51; now <= 10_051; now++) if (bucket.take('a', now) === 0) passed++;
    expect(passed).toBe(200);
  });

  it('never holds more than the burst, however long nobody took', () => {
    const bucket = new TokenBucket({ ratePerSecond: 20, burst: 5 });
    bucket.take('a', 0);
    let passed = 0;
    for (let i = 0; i < 50; i++) if (bucket.take('a', 1e9) === 0) passed++;
    expect(passed).toBe(5);
  });

  it('remembers a bounded number of keys, the emptied ones longest', () => {
    const bucket = new TokenBucket({ ratePerSecond: 1, burst: 2, maxKeys: 100 });
    for (let i = 0; i < 10_000; i++) bucket.take(`key ${i}`, i);
    expect(bucket.size).toBeLessThanOrEqual(100);
    bucket.take('flooder', 10_000);
    bucket.take('flooder', 10_000);
    for (let i = 0; i < 80; i++) bucket.take(`later ${i}`, 10_500);
    expect(bucket.take('flooder', 10_600)).toBeGreaterThan(0);
  });
});

describe('the key of an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['nonsense', 'unknown'],
    ['', 'unknown'],
  ])('%s is %s', (address, key) => expect(addressKey(address)).toBe(key));
});
