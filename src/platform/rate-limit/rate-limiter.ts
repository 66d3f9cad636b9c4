import { createHash } from 'node:crypto';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../../common/app-error.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { NodeBus } from '../nodes/index.js';
import { RedisLink } from '../redis/index.js';
import { type LimitName, limits } from './limits.js';

type Limiter = Pick<RateLimiterMemory, 'consume'>;

/** How long a call waits for the count in Redis before it is counted here, in ms. */
const patience = 300;

/**
 * The limits by name: counted together by all nodes while Redis answers, otherwise by each node for itself, where each that lives grants its
 * share: of 30 tries one of three nodes grants ten, and one at least. RATE_LIMIT_SCALE multiplies all of them, RATE_LIMITS=off lets everything through. A key costs memory until its window ends; keys of callers' choosing are only counted behind a
 * limit on the caller's address, which bounds them.
 */
@Injectable()
export class RateLimiter {
  private readonly here: ReadonlyMap<LimitName, Limiter>;
  private readonly shared = new Map<LimitName, Limiter>();

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Optional() private readonly redis?: RedisLink,
    @Optional() private readonly bus?: NodeBus,
  ) {
    this.here = new Map(
      (Object.keys(limits) as LimitName[]).map((name) => [name, new RateLimiterMemory({ keyPrefix: '', ...this.bounds(name) })]),
    );
  }

  /**
   * Counts one use.
   * @throws AppError `rate.limited` with the seconds to wait
   */
  async consume(limit: LimitName, key: string): Promise<void> {
    if (!this.settings.rateLimits) return;
    const bounded = boundedKey(key);
    const together = await this.redis?.ask(async (client) => count(this.sharedLimiter(limit, client), bounded, 1), patience);
    const wait = together ?? (await count(this.here.get(limit)!, bounded, this.share(limit)));
    if (wait > 0) throw new AppError('rate.limited', { retryAfter: wait });
  }

  /** What one use counts where only this node counts. */
  private share(name: LimitName): number {
    return Math.min(1 + (this.bus?.others ?? 0), this.bounds(name).points);
  }

  private bounds(name: LimitName): { points: number; duration: number } {
    const { points, duration } = limits[name];
    return { points: Math.max(1, Math.round(points * this.settings.rateLimitScale)), duration };
  }

  private sharedLimiter(name: LimitName, storeClient: object): Limiter {
    let limiter = this.shared.get(name);
    if (!limiter) {
      const keyPrefix = `${this.redis!.prefix}limit:${name}`;
      limiter = new RateLimiterRedis({ storeClient, useRedisPackage: true, keyPrefix, ...this.bounds(name) });
      this.shared.set(name, limiter);
    }
    return limiter;
  }
}

/** @returns 0, or the seconds to wait @throws what is no refusal */
async function count(limiter: Limiter, key: string, points: number): Promise<number> {
  return limiter.consume(key, points).then(() => 0, refused);
}

function refused(refusal: unknown): number {
  if (!(refusal instanceof RateLimiterRes)) throw refusal;
  return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
}

/** Long keys, and what people typed, are kept as digests: bounded, and a heap dump shows no addresses. */
function boundedKey(key: string): string {
  return key.length <= 40 && !key.includes('@') ? key : createHash('sha256').update(key, 'utf8').digest('base64url');
}
