export { RedisLink, type RedisState } from './redis-link.js';
export { RedisModule } from './redis.module.js';
