/** A socket that has gathered what leaves in this turn of the event loop. */
export interface Outbox {
  /** Writes it. Must not throw. */
  flush(): void;
}

let waiting: Outbox[] = [];

/**
 * Has an outbox flushed when this turn is over, so that acknowledgements and events of one batch leave for a socket in one write: a write per
 * frame is what delivery would cost most of all. One frame alone leaves in the same turn, too. Call when the first frame is put in.
 */
export function flushSoon(outbox: Outbox): void {
  if (waiting.length === 0) setImmediate(flushAll);
  waiting.push(outbox);
}

function flushAll(): void {
  const outboxes = waiting;
  waiting = [];
  for (const outbox of outboxes) outbox.flush();
}
