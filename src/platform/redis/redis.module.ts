import { Global, Module } from '@nestjs/common';
import { RedisLink } from './redis-link.js';

/** Global: whatever may be shared between nodes asks here whether it is. */
@Global()
@Module({ providers: [RedisLink], exports: [RedisLink] })
export class RedisModule {}
