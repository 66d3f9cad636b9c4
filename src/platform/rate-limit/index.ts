export { addressKey } from './address-key.js';
export { CallerAddress } from './caller-address.js';
export { type LimitName } from './limits.js';
export { RateLimitModule } from './rate-limit.module.js';
export { RateLimiter } from './rate-limiter.js';
export { TokenBucket, type TokenBucketOptions } from './token-bucket.js';
