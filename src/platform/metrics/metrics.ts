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
  private forAll: ((own: string) => Promise<string>) | null = null;

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

  /** A number that only grows and is kept elsewhere, in a plain field: counting costs an addition, and it is read when somebody looks. */
  tally(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  /** As `tally`, one number for each value of a label; the values must be few and known. */
  tallies(name: string, help: string, label: string, read: () => Iterable<readonly [string, number]>): void {
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [value, count] of read()) this.inc({ [label]: value }, count);
      },
    });
  }

  /** As `gauge`, one number for each value of a label; the values must be few and known. */
  gauges(name: string, help: string, label: string, collect: () => Iterable<readonly [string, number]>): void {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [value, count] of collect()) this.set({ [label]: value }, count);
      },
    });
  }

  /**
   * Some numbers that must be asked for, for example of the database: all with one question per look, and absent when there is no answer within
   * two seconds, so that a lost database does not hide everything else.
   */
  asked<N extends string>(helps: Readonly<Record<N, string>>, ask: () => Promise<Readonly<Record<N, number>>>): void {
    let asking: Promise<Readonly<Record<N, number>> | null> | null = null;
    for (const name of Object.keys(helps) as N[]) {
      new Gauge({
        name,
        help: helps[name],
        registers: [this.registry],
        async collect() {
          asking ??= inTime(ask()).finally(() => (asking = null));
          const answer = await asking;
          if (answer) this.set(answer[name]);
          else this.remove();
        },
      });
    }
  }

  /** A distribution; `observe` takes well below a microsecond. */
  histogram(name: string, help: string, buckets: readonly number[]): Histogram {
    return new Histogram({ name, help, buckets: [...buckets], registers: [this.registry] });
  }

  /** Counts an answered request. */
  request({ method, route, status, seconds }: RequestSample): void {
    this.requests.inc({ method, route, status: String(status) });
    this.durations.observe({ method, route }, seconds);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Everything counted so far, as text: by all processes of this server, where there are several. */
  async text(): Promise<string> {
    const own = await this.ownText();
    return this.forAll ? this.forAll(own) : own;
  }

  /** As `text`, of this process alone. */
  async ownText(): Promise<string> {
    return this.registry.metrics();
  }

  /** This is one of several processes. @param forAll makes the text of all processes from its own */
  share(place: string, forAll: (own: string) => Promise<string>): void {
    this.registry.setDefaultLabels({ process: place });
    this.forAll = forAll;
  }
}

/** @returns null for what fails or takes too long */
async function inTime<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), 2_000);
  });
  try {
    return await Promise.race([work, tooLate]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
