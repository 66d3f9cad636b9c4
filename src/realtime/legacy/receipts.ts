import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import { TRANSPORT_TIMES, type TransportTimes, usualTimes } from '../times.js';
import { RECEIPT_STORE, type ReceiptRow, type ReceiptStore } from './receipt-store.js';

/** How far a page has read a room. */
export interface Received {
  position: number;
  /** The highest seq that it saw: what is below was seen, also when it is edited later. */
  seq: number;
}

/** How a page's socket ended: by itself, or cut off (by the network or by this server). */
export type PageEnding = 'left' | 'cut';

/** How long a page that was cut off may take to come back, in ms. */
const rememberedFor = 600_000;
/** An open page's row is written again after this long, so that a restart finds it fresh, in ms. */
const refreshEvery = 120_000;
const sweepEvery = 60_000;
const retryAfter = 2_000;

interface Memory {
  sessionId: string;
  roomId: string;
  /** What each open socket has confirmed; null before its first receipt. */
  sockets: Map<OpenPage, Received | null>;
  received: Received | null;
  endedAt: number | null;
  savedAt: number;
}

/** One open socket of a page. */
export class OpenPage {
  constructor(
    private readonly receipts: LegacyReceipts,
    private readonly memory: Memory,
    /** Where it goes on; null: it gets the last ten. */
    readonly resume: Received | null,
  ) {}

  /** The page proved that it received everything up to here. */
  confirm(received: Received): void {
    this.receipts.confirm(this, this.memory, received);
  }

  /** The socket is gone. */
  end(ending: PageEnding): void {
    this.receipts.end(this, this.memory, ending);
  }
}

/**
 * What old pages received, per session and room: they reconnect by themselves and cannot say where they were. Kept in memory and, in
 * gathered writes, in the database, so that a restart of this server costs them nothing either.
 */
@Injectable()
export class LegacyReceipts {
  private readonly memories = new Map<string, Memory>();
  private readonly dirty = new Set<string>();
  private readonly logger = new Logger('realtime');
  private readonly writeAfter: number;
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> | null = null;
  private sweptAt = Date.now();

  constructor(
    @Inject(RECEIPT_STORE) private readonly store: ReceiptStore,
    @Optional() @Inject(TRANSPORT_TIMES) times?: TransportTimes,
  ) {
    this.writeAfter = (times ?? usualTimes).receiptWrite;
  }

  /** How many pairs of session and room are remembered. */
  get size(): number {
    return this.memories.size;
  }

  /** Reads back what an earlier run of this server remembered. Call before `open`. */
  async load(sessionId: string, roomId: string): Promise<void> {
    const key = keyOf(sessionId, roomId);
    if (this.memories.has(key)) return;
    const row = await this.store.find(sessionId, roomId, rememberedFor);
    if (!row || this.memories.has(key) || this.dirty.has(key)) return;
    const received = { position: row.position, seq: row.seq };
    this.memories.set(key, { sessionId, roomId, sockets: new Map(), received, endedAt: Date.now() - row.age, savedAt: Date.now() });
  }

  /** A page opened a socket in a room. */
  open(sessionId: string, roomId: string): OpenPage {
    this.sweep();
    const key = keyOf(sessionId, roomId);
    let memory = this.memories.get(key);
    const resume = memory && memory.sockets.size === 0 && isFresh(memory) ? memory.received : null;
    if (!memory) {
      memory = { sessionId, roomId, sockets: new Map(), received: null, endedAt: null, savedAt: 0 };
      this.memories.set(key, memory);
    }
    const page = new OpenPage(this, memory, resume);
    memory.sockets.set(page, resume);
    memory.endedAt = null;
    if (memory.sockets.size === 1) memory.received = resume;
    if (memory.received) this.save(memory);
    return page;
  }

  /** @internal by `OpenPage` */
  confirm(page: OpenPage, memory: Memory, received: Received): void {
    const before = memory.sockets.get(page);
    if (before === undefined || (before && before.position > received.position)) return;
    memory.sockets.set(page, received);
    // Two tabs of one session may come back in any order: what the slower one has is what both have.
    const slowest = [...memory.sockets.values()].reduce((low, one) => (one && (!low || one.position < low.position) ? one : low), null);
    const moved = slowest?.position !== memory.received?.position;
    memory.received = slowest;
    if (moved || Date.now() - memory.savedAt > refreshEvery) this.save(memory);
  }

  /** @internal by `OpenPage` */
  end(page: OpenPage, memory: Memory, ending: PageEnding): void {
    const own = memory.sockets.get(page);
    if (own === undefined) return;
    memory.sockets.delete(page);
    if (memory.sockets.size > 0) return;
    memory.received = own;
    memory.endedAt = Date.now();
    if (ending === 'left' || !own) this.memories.delete(keyOf(memory.sessionId, memory.roomId));
    this.save(memory);
  }

  /** Writes what is not written yet; for the end of the server. */
  async flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    await this.writing;
    if (this.dirty.size > 0) await this.write();
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private save(memory: Memory): void {
    memory.savedAt = Date.now();
    this.dirty.add(keyOf(memory.sessionId, memory.roomId));
    this.schedule(this.writeAfter);
  }

  private schedule(after: number): void {
    if (this.timer || this.writing) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.writing = this.write().finally(() => {
        this.writing = null;
        if (this.dirty.size > 0) this.schedule(this.writeAfter);
      });
    }, after);
  }

  /** Never rejects: what could not be written is written later. */
  private async write(): Promise<void> {
    const keys = [...this.dirty];
    this.dirty.clear();
    const kept: ReceiptRow[] = [];
    const forgotten: Pick<ReceiptRow, 'sessionId' | 'roomId'>[] = [];
    for (const key of keys) {
      const [sessionId = '', roomId = ''] = key.split(' ');
      const memory = this.memories.get(key);
      if (memory?.received) kept.push({ sessionId, roomId, ...memory.received, open: memory.sockets.size > 0 });
      else forgotten.push({ sessionId, roomId });
    }
    try {
      await this.store.save(kept, forgotten);
    } catch (error) {
      this.logger.warn({ error }, 'what old pages received could not be written yet');
      for (const key of keys) this.dirty.add(key);
      await new Promise((resolve) => setTimeout(resolve, retryAfter).unref());
    }
  }

  private sweep(): void {
    const now = Date.now();
    if (now - this.sweptAt < sweepEvery) return;
    this.sweptAt = now;
    for (const [key, memory] of this.memories) if (memory.sockets.size === 0 && !isFresh(memory)) this.memories.delete(key);
    this.store.prune(2 * rememberedFor).catch((error: unknown) => this.logger.warn({ error }, 'old receipts could not be removed'));
  }
}

function isFresh(memory: Memory): boolean {
  return memory.endedAt !== null && Date.now() - memory.endedAt < rememberedFor;
}

function keyOf(sessionId: string, roomId: string): string {
  return `${sessionId} ${roomId}`;
}
