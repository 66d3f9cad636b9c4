import type { EventData, EventName } from '../contracts/index.js';

/**
 * One event on its way out. Each transport encodes it once, however many sockets it goes to: `encoded` keeps the result per key.
 * `data` must not be changed afterwards.
 */
export class Frame<E extends EventName = EventName> {
  private encodings: Map<symbol, unknown> | null = null;

  /** @param text the data as JSON, where it is made already */
  constructor(
    readonly event: E,
    readonly data: EventData<E>,
    private text: string | null = null,
  ) {}

  /** The data as JSON, made once for all transports. */
  get json(): string {
    return (this.text ??= JSON.stringify(this.data));
  }

  /** The frame in a transport's own form, made at the first call. */
  encoded<T>(key: symbol, encode: (frame: this) => T): T {
    this.encodings ??= new Map();
    let encoding = this.encodings.get(key) as T | undefined;
    if (encoding === undefined) {
      encoding = encode(this);
      this.encodings.set(key, encoding);
    }
    return encoding;
  }
}
