import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import type { SpanRecord, SpanSink } from './span.js';

/** How a job in the background ended: `postponed` is tried again, `stopped` because the server stops or nobody wants it any more. */
export type JobOutcome = 'done' | 'postponed' | 'stopped' | 'failed';

/**
 * Traces for OpenTelemetry, by OTEL_EXPORTER_OTLP_ENDPOINT. Without it no library is loaded and nothing is recorded. Spans are told when they
 * are over: a request, a batch of messages, a job. None per message and none per delivery.
 */
@Injectable()
export class Tracing implements OnModuleInit, OnApplicationShutdown {
  private sink: SpanSink | null = null;

  constructor(@Inject(SETTINGS) private readonly settings: Pick<Settings, 'tracesUrl'>) {}

  /** Whether anybody wants spans: ask before making one. */
  get isOn(): boolean {
    return this.sink !== null;
  }

  async onModuleInit(): Promise<void> {
    const { tracesUrl } = this.settings;
    if (tracesUrl === undefined) return;
    const { openOtlpSink } = await import('./otlp-sink.js');
    this.sink = openOtlpSink(tracesUrl);
  }

  /** After everything else: what was done while stopping is told, too. */
  async onApplicationShutdown(): Promise<void> {
    const { sink } = this;
    this.sink = null;
    await sink?.stop();
  }

  /** Never waits and never throws. @returns the id of the trace; null when it is off or the sampler left it out */
  record(span: SpanRecord): string | null {
    return this.sink?.record(span) ?? null;
  }

  /** Does a job of the background and records how it ended. @throws what `work` throws */
  async job(name: string, attributes: SpanRecord['attributes'], work: () => Promise<JobOutcome>): Promise<void> {
    const start = performance.now();
    let outcome: JobOutcome = 'failed';
    try {
      outcome = await work();
    } finally {
      if (this.isOn) {
        this.record({
          name,
          kind: 'internal',
          ms: performance.now() - start,
          attributes: { ...attributes, 'parley.job.outcome': outcome },
          failed: outcome === 'failed',
        });
      }
    }
  }
}
