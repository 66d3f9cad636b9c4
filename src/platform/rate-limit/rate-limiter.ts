import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../../common/app-error.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { type LimitName, limits } from './limits.js';

/**
 * The limits of this node, by name. RATE_LIMIT_SCALE multiplies all of them, RATE_LIMITS=off lets everything through. A key costs memory
 * until its window ends; keys of callers' choosing are only counted behind a limit on the caller's address, which bounds them.
 */
@Injectable()
export class RateLimiter {
  private readonly limiters: ReadonlyMap<LimitName, RateLimiterMemory>;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {
    this.limiters = new Map(
      (Object.keys(limits) as LimitName[]).map((name) => {
        const { points, duration } = limits[name];
        return [
          name,
          new RateLimiterMemory({ keyPrefix: '', points: Math.max(1, Math.round(points * settings.rateLimitScale)), duration }),
        ];
      }),
    );
  }

  /**
   * Counts one use.
   * @throws AppError `rate.limited` with the seconds to wait
   */
  async consume(limit: LimitName, key: string): Promise<void> {
    if (!this.settings.rateLimits) return;
    try {
      await this.limiters.get(limit)!.consume(boundedKey(key));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new AppError('rate.limited', { retryAfter: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)) });
    }
  }
}

/** Long keys, and what people typed, are kept as digests: bounded, and a heap dump shows no addresses. */
function boundedKey(key: string): string {
  return key.length <= 40 && !key.includes('@') ? key : createHash('sha256').update(key, 'utf8').digest('base64url');
}
