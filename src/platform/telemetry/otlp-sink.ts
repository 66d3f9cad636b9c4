import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { defaultTextMapGetter, ROOT_CONTEXT, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode, setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { SpanRecord, SpanSink } from './span.js';

/** How long a stopping server waits for the collector, in ms. */
const stopPatience = 2_000;

const kinds = { server: SpanKind.SERVER, internal: SpanKind.INTERNAL } as const;

/** Says once that spans are thrown away, and once that they are taken again. */
class TellingExporter implements SpanExporter {
  private readonly logger = new Logger('telemetry');
  private isLost = false;

  constructor(private readonly inner: SpanExporter) {}

  export(spans: ReadableSpan[], told: (result: ExportResult) => void): void {
    this.inner.export(spans, (result) => {
      this.note(result);
      told(result);
    });
  }

  async forceFlush(): Promise<void> {
    await this.inner.forceFlush?.();
  }

  async shutdown(): Promise<void> {
    await this.inner.shutdown();
  }

  private note({ code, error }: ExportResult): void {
    const isLost = code !== ExportResultCode.SUCCESS;
    if (isLost === this.isLost) return;
    this.isLost = isLost;
    if (isLost) this.logger.warn({ error }, 'the collector of traces does not take them; they are thrown away until it does');
    else this.logger.log('The collector takes traces again.');
  }
}

/**
 * Sends spans by OTLP over HTTP, as JSON, at most 512 at once and every five seconds; while the collector is away 2,048 wait and further ones
 * are dropped. Sampling, limits, the service's name and the headers for the collector come from the standard variables.
 * @param url the whole address
 */
export function openOtlpSink(url: string): SpanSink {
  // A failed export is told by the exporter; the libraries would print it each time.
  setGlobalErrorHandler(() => undefined);
  const resource = resourceFromAttributes({ 'service.name': 'parley', 'service.instance.id': randomUUID() }).merge(
    detectResources({ detectors: [envDetector] }),
  );
  const processor = new BatchSpanProcessor(new TellingExporter(new OTLPTraceExporter({ url })));
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
  const tracer = provider.getTracer('parley');
  const propagator = new W3CTraceContextPropagator();

  return {
    record({ name, kind, ms, attributes, failed, headers }: SpanRecord): string | null {
      const end = Date.now();
      const parent = headers ? propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter) : ROOT_CONTEXT;
      const span = tracer.startSpan(name, { kind: kinds[kind], startTime: end - ms, attributes }, parent);
      if (!span.isRecording()) return null;
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(end);
      return span.spanContext().traceId;
    },
    async stop(): Promise<void> {
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<void>((resolve) => (timer = setTimeout(resolve, stopPatience)));
      await Promise.race([provider.shutdown().catch(() => undefined), tooLate]);
      clearTimeout(timer);
    },
  };
}
