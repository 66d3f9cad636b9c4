import { Global, Module } from '@nestjs/common';
import { RateLimiter } from './rate-limiter.js';

/** Hands out the one `RateLimiter` of this node. */
@Global()
@Module({ providers: [RateLimiter], exports: [RateLimiter] })
export class RateLimitModule {}
