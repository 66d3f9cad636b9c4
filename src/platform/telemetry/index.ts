export type { SpanRecord } from './span.js';
export { TelemetryModule } from './telemetry.module.js';
export { type JobOutcome, Tracing } from './tracing.js';
