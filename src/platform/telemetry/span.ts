/** Something that took time, told when it is over. */
export interface SpanRecord {
  /** One of few: a method and a route, or the kind of a job. */
  name: string;
  /** `server`: somebody outside waited for it. */
  kind: 'server' | 'internal';
  /** How long it took until now, in ms. */
  ms: number;
  /** Never a person's id or name, an address, a text, a token or what stands behind a question mark. */
  attributes: Readonly<Record<string, string | number>>;
  /** Whether a fault of ours ended it. */
  failed: boolean;
  /** The headers of whoever asked: `traceparent` and `tracestate` are read. */
  headers?: Readonly<Record<string, string | string[] | undefined>>;
}

/** Where spans go. */
export interface SpanSink {
  /** Never waits and never throws. @returns the id of the trace; null when the sampler left it out */
  record(span: SpanRecord): string | null;
  /** Sends what waits, for two seconds at most. Never rejects. */
  stop(): Promise<void>;
}
