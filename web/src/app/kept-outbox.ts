import type { Pending } from '../store/outgoing.js';
import { keep, readKept, whenKept } from './storage.js';

/** A message on its way, and the room it was written in. */
export interface KeptMessage {
  room: string;
  pending: Pending;
}

/** What was written longer ago is not sent by itself any more: the person decides. In milliseconds. */
const freshFor = 60 * 60_000;

/**
 * Messages on their way out, kept over a reload and agreed on between tabs. Each goes out under its `clientId`, so that two tabs that send
 * the same one store it once.
 */
export class KeptOutbox {
  private readonly messages = new Map<string, KeptMessage>();
  /** Every id that this tab ever held: what of these is gone is gone by its own doing. */
  private readonly known = new Set<string>();
  private readonly stop: () => void;

  constructor(
    private readonly userId: string,
    /** Another tab sent it, or its writer took it back there. */
    settledElsewhere: (message: KeptMessage) => void,
  ) {
    this.stop = whenKept('outbox', userId, () => {
      const left = new Set((readKept('outbox', userId, isOutbox) ?? []).map(({ pending }) => pending.clientId));
      for (const [clientId, message] of this.messages) {
        if (left.has(clientId)) continue;
        this.messages.delete(clientId);
        settledElsewhere(message);
      }
    });
  }

  /** What an earlier page left behind; old ones come as failed. */
  recall(): KeptMessage[] {
    const kept = readKept('outbox', this.userId, isOutbox) ?? [];
    for (const message of kept) {
      this.known.add(message.pending.clientId);
      this.messages.set(message.pending.clientId, message);
    }
    return kept.map(({ room, pending }) =>
      Date.now() - Date.parse(pending.at) < freshFor ? { room, pending } : { room, pending: { ...pending, state: 'failed' } },
    );
  }

  put(message: KeptMessage): void {
    this.known.add(message.pending.clientId);
    this.messages.set(message.pending.clientId, message);
    this.write();
  }

  drop(clientId: string): void {
    if (this.messages.delete(clientId)) this.write();
  }

  /** Hears of other tabs no more. What is kept stays kept. */
  end(): void {
    this.stop();
  }

  private write(): void {
    // What another tab put there meanwhile is its own business, and stays.
    const others = (readKept('outbox', this.userId, isOutbox) ?? []).filter(({ pending }) => !this.known.has(pending.clientId));
    const all = [...others, ...this.messages.values()];
    keep('outbox', this.userId, all.length === 0 ? null : all);
  }
}

function isOutbox(value: unknown): value is KeptMessage[] {
  return (
    Array.isArray(value) &&
    value.every((entry: Partial<KeptMessage> | null) => typeof entry?.room === 'string' && typeof entry.pending?.clientId === 'string')
  );
}
