import { Injectable } from '@nestjs/common';
import { Metrics } from '../../platform/metrics/index.js';
import { type SpanRecord, Tracing } from '../../platform/telemetry/index.js';
import { type BatchSample, MessageWriter } from './message-writer.js';

const seconds = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What the message writer does, for whoever watches: a few observations per batch and a span where traces are wanted, none per message. */
@Injectable()
export class WriterMetrics {
  constructor(metrics: Metrics, tracing: Tracing, writer: MessageWriter) {
    const sizes = metrics.histogram('parley_writer_batch_size', 'Messages written by one statement', [1, 2, 5, 10, 25, 50, 100, 250, 500]);
    const waits = metrics.histogram('parley_writer_wait_seconds', 'How long the first message of a batch waited for its turn', seconds);
    const writes = metrics.histogram('parley_writer_write_seconds', 'How long a batch took, commit included', seconds);
    let stored = 0;
    writer.afterBatch((batch) => {
      stored += batch.stored;
      sizes.observe(batch.size);
      waits.observe(batch.waitedMs / 1_000);
      writes.observe(batch.tookMs / 1_000);
      if (tracing.isOn) tracing.record(batchSpan(batch));
    });
    metrics.tally('parley_messages_stored_total', 'Messages stored by this node', () => stored);
    metrics.gauge('parley_writer_queue', 'Messages taken and not answered yet', () => writer.queued);
    metrics.gauge('parley_writer_locked_rooms', 'Rooms whose messages wait for a lock', () => writer.lockedRooms);
  }
}

function batchSpan({ size, stored, waitedMs, tookMs }: BatchSample): SpanRecord {
  return {
    name: 'write messages',
    kind: 'internal',
    ms: tookMs,
    attributes: { 'parley.batch.size': size, 'parley.batch.stored': stored, 'parley.batch.waited_ms': Math.round(waitedMs * 10) / 10 },
    failed: false,
  };
}
