import type { EventData, EventName } from '../contracts/index.js';

/**
 * One event on its way out. Each transport encodes it once, however many sockets it goes to: `encoded` keeps the result per key.
 * `data` must not be changed afterwards.
 */
export class Frame<E extends EventName = EventName> {
  private readonly encodings = new Map<symbol, unknown>();

  constructor(
    readonly event: E,
    readonly data: EventData<E>,
  ) {}

  /** The frame in a transport's own form, made at the first call. */
  encoded<T>(key: symbol, encode: (frame: this) => T): T {
    let encoding = this.encodings.get(key) as T | undefined;
    if (encoding === undefined) {
      encoding = encode(this);
      this.encodings.set(key, encoding);
    }
    return encoding;
  }
}
