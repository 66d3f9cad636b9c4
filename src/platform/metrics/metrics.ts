import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** An answered request, as far as it is counted. */
export interface RequestSample {
  method: string;
  /** The route's pattern, never the path: paths carry names and ids. */
  route: string;
  status: number;
  seconds: number;
}

/** What the server counts, in the form of Prometheus. Labels have few values: never an id, a name or an address. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests: Counter<'method' | 'route' | 'status'>;
  private readonly durations: Histogram<'method' | 'route'>;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.requests = this.counter('parley_http_requests_total', 'Answered HTTP requests', ['method', 'route', 'status'] as const);
    this.durations = new Histogram({
      name: 'parley_http_request_duration_seconds',
      help: 'Time from the first byte of a request to the end of its answer',
      labelNames: ['method', 'route'] as const,
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [this.registry],
    });
  }

  /** A number that only grows. */
  counter<L extends string = never>(name: string, help: string, labels: readonly L[] = []): Counter<L> {
    return new Counter({ name, help, labelNames: [...labels], registers: [this.registry] });
  }

  /** A number that is asked for when somebody looks; `collect` must be quick and must not throw. */
  gauge(name: string, help: string, collect: () => number): Gauge {
    return new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(collect());
      },
    });
  }

  /** Counts an answered request. */
  request({ method, route, status, seconds }: RequestSample): void {
    this.requests.inc({ method, route, status: String(status) });
    this.durations.observe({ method, route }, seconds);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Everything counted so far, as text. */
  async text(): Promise<string> {
    return this.registry.metrics();
  }
}
