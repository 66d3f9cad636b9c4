import { Global, Module } from '@nestjs/common';
import { Tracing } from './tracing.js';

/** Global: whoever does something that takes time may record it. */
@Global()
@Module({ providers: [Tracing], exports: [Tracing] })
export class TelemetryModule {}
