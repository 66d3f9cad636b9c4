import { Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, DiscoveryModule } from '@nestjs/core';
import { RouteCompleteness } from './completeness.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { ProblemFilter } from './problem.filter.js';
import { ReplyCheck } from './reply-check.interceptor.js';

/** What every REST call passes: one mapper of errors, kept answers for Idempotency-Key, and in tests a check of every answer. */
@Module({
  imports: [DiscoveryModule],
  providers: [
    RouteCompleteness,
    IdempotencyRepository,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_INTERCEPTOR, useClass: ReplyCheck },
  ],
})
export class HttpModule {}
