import { Global, Module } from '@nestjs/common';
import { InternalEvents } from './internal-events.js';

/** Global: every feature may tell and listen. */
@Global()
@Module({ providers: [InternalEvents], exports: [InternalEvents] })
export class EventsModule {}
