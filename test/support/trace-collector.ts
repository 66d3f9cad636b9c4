import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from './until.js';

/** A span as a collector of OpenTelemetry gets it. */
export interface TakenSpan {
  name: string;
  traceId: string;
  parentSpanId: string | undefined;
  /** 1: of our own, 2: somebody waited for an answer. */
  kind: number;
  ms: number;
  failed: boolean;
  attributes: Record<string, string | number>;
  /** Of the server that sent it. */
  resource: Record<string, string | number>;
}

interface Value {
  stringValue?: string;
  intValue?: number | string;
  doubleValue?: number;
}

interface Sent {
  resourceSpans: {
    resource: { attributes: { key: string; value: Value }[] };
    scopeSpans: {
      spans: {
        name: string;
        traceId: string;
        parentSpanId?: string;
        kind: number;
        startTimeUnixNano: string;
        endTimeUnixNano: string;
        status: { code: number };
        attributes: { key: string; value: Value }[];
      }[];
    }[];
  }[];
}

const plain = (attributes: { key: string; value: Value }[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue ?? value.doubleValue)]));

/** A collector of traces: OTLP over HTTP, as JSON. */
export class TraceCollector {
  readonly spans: TakenSpan[] = [];
  /** Everything that came, as text. */
  text = '';
  readonly faults: string[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      request.on('end', () => {
        if (request.method !== 'POST' || request.url !== '/v1/traces' || request.headers['content-type'] !== 'application/json')
          this.faults.push(`${request.method} ${request.url} ${request.headers['content-type']}`);
        else this.take(body);
        response.setHeader('content-type', 'application/json').end('{}');
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The first span that matches. */
  async span(what: string, matches: (span: TakenSpan) => boolean): Promise<TakenSpan> {
    await until(`a span of ${what}`, () => this.spans.some(matches));
    return this.spans.find(matches)!;
  }

  private take(body: string): void {
    this.text += body;
    for (const { resource, scopeSpans } of (JSON.parse(body) as Sent).resourceSpans)
      for (const { spans } of scopeSpans)
        for (const span of spans)
          this.spans.push({
            name: span.name,
            traceId: span.traceId,
            parentSpanId: span.parentSpanId,
            kind: span.kind,
            ms: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6,
            failed: span.status.code === 2,
            attributes: plain(span.attributes),
            resource: plain(resource.attributes),
          });
  }
}
