import type { Message } from '../contracts/index.js';
import type { PushOrigin, RoomChange } from './broker/broker.js';
import { ChangeFrames } from './change-frames.js';
import { ChangeBatch, type PlacedFrame } from './frame-batch.js';
import type { RoomHead, RoomLog, RoomSlice } from './ports.js';
import type { RoomSubscription } from './room-subscription.js';

/** How long a hole may wait for another push before the database is asked, in milliseconds. */
const holePatience = 50;
/**
 * Where pushes of this node follow each other this quickly, in milliseconds, what other nodes say waits for the next of them: a write for each
 * would cost every listener's socket twice. People do not write so quickly; programs that write from several nodes at once do.
 */
const closeTogether = 50;
/** The next push of this node is expected after as long as the last one took, and not waited for longer than this many times that. */
const grace = 1.5;
/** For fewer listeners than this nothing waits: there is too little to win. */
const manyListeners = 8;
/** How long to wait after a read that failed, in milliseconds. */
const failurePatience = 1_000;
/** How many changes one fill reads; more are read by the next. */
const fillLimit = 1_000;

/** What a stream needs of the house. */
export interface StreamHouse {
  log: Pick<RoomLog, 'changesAfter'>;
  /**
   * Takes everybody out of the room who may no longer read it, as the database says at this moment.
   * @returns the access version that this holds for
   */
  review: () => Promise<number>;
  onError: (error: unknown) => void;
  /** Changes that no push had brought were read from the database. */
  onHealed?: (changes: number) => void;
  /** So many events were handed to connections. */
  onDelivered?: (events: number) => void;
}

/**
 * The changes of one room on this node, in order, without a hole, without a double. The next position is delivered, an old one dropped; a
 * hole waits a moment and is then filled from the database. A change that was written under newer rights waits until the readers were
 * looked at again, so nothing reaches somebody who was put out before it was written.
 */
export class RoomStream {
  readonly subscriptions = new Set<RoomSubscription>();
  /** The last position delivered here; null until the first joiner's read has told the head. */
  private position: number | null = null;
  /** The position from which on changes were delivered here. */
  private beginning = 0;
  /** The access version under which the subscribers were last looked at. */
  private accessVersion = 0;
  private readonly early = new Map<number, RoomChange>();
  private timer: NodeJS.Timeout | null = null;
  private busy = false;
  /** When this node last pushed something, by `performance.now()`, and how long after the time before. */
  private spokenAt = Number.NEGATIVE_INFINITY;
  private pace = Number.POSITIVE_INFINITY;
  private pause: NodeJS.Timeout | null = null;

  constructor(
    readonly roomId: string,
    private readonly house: StreamHouse,
  ) {}

  /**
   * A joiner has read the room's head: what is above it will be delivered from here. The first one says where that begins.
   * @returns false for one that read before the first one did and is answered after it: what lies between them was delivered to nobody, so it
   * has to read again
   */
  start(head: Pick<RoomSlice, 'position' | 'accessVersion'>): boolean {
    if (this.position !== null) return head.position >= this.beginning;
    this.position = head.position;
    this.beginning = head.position;
    this.accessVersion = head.accessVersion;
    this.forgetOld();
    this.drain();
    return true;
  }

  /** Takes pushes in any order. What was pushed here is delivered at once, and everything that waits with it. */
  accept(changes: readonly RoomChange[], origin: PushOrigin = 'here'): void {
    for (const change of changes) {
      if (this.position === null || change.position > this.position) this.early.set(change.position, change);
    }
    if (origin === 'here') this.spokenHere();
    else if (this.subscriptions.size >= manyListeners && this.pace <= closeTogether) {
      const rest = this.spokenAt + grace * this.pace - performance.now();
      if (rest > 0) {
        this.pause ??= setTimeout(() => this.drain(), rest);
        return;
      }
    }
    this.drain();
  }

  /** The room's head as the database has it: asks for what is missing when this stream is behind, and who may read when somebody lost a right. */
  compare({ position, accessVersion }: RoomHead): void {
    if (this.position === null || this.busy || this.timer) return;
    if (position > this.position) this.await();
    else if (accessVersion > this.accessVersion) this.run(async () => this.look(accessVersion));
  }

  /** Forgets everything; no timer stays. */
  close(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.endPause();
    this.early.clear();
    this.subscriptions.clear();
  }

  private drain(): void {
    this.endPause();
    if (this.position === null || this.busy) return;
    const ready: RoomChange[] = [];
    let newest = this.accessVersion;
    for (let next = this.early.get(this.position + 1); next; next = this.early.get(next.position + 1)) {
      newest = next.accessVersion;
      if (newest > this.accessVersion) break;
      ready.push(next);
    }
    for (const change of ready) this.early.delete(change.position);
    if (ready.length > 0) this.deliver(ready, ready.at(-1)!.position);
    if (newest > this.accessVersion) this.run(async () => this.look(newest));
    else if (this.early.size > 0) this.await();
    else if (this.timer) {
      clearTimeout(this.timer);
      this.timer = null;
    }
  }

  private spokenHere(): void {
    const now = performance.now();
    this.pace = now - this.spokenAt;
    this.spokenAt = now;
  }

  private endPause(): void {
    if (this.pause) clearTimeout(this.pause);
    this.pause = null;
  }

  private deliver(changes: readonly RoomChange[], reached: number): void {
    this.hand(
      changes.map((change) => new ChangeFrames(change)),
      reached,
    );
  }

  private hand(changes: readonly PlacedFrame[], reached: number): void {
    this.position = reached;
    const batch = new ChangeBatch(changes, reached);
    for (const subscription of this.subscriptions) subscription.offer(batch);
    this.house.onDelivered?.(changes.length * this.subscriptions.size);
  }

  private await(patience = holePatience): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.run(async () => this.fill());
    }, patience);
  }

  /** One piece of work with the database at a time; pushes wait meanwhile. What failed is tried again. */
  private run(work: () => Promise<void>): void {
    if (this.busy) return;
    this.busy = true;
    work().then(
      () => {
        this.busy = false;
        this.drain();
      },
      (error: unknown) => {
        this.busy = false;
        this.house.onError(error);
        // Without another try the stream would stand still until the next message.
        if (this.subscriptions.size > 0) this.await(failurePatience);
      },
    );
  }

  /** The subscribers are looked at again. @param needed the version of the change that waits for it */
  private async look(needed: number): Promise<void> {
    const seen = await this.house.review();
    this.accessVersion = Math.max(seen, needed);
  }

  private async fill(): Promise<void> {
    if (this.position === null || this.subscriptions.size === 0) return;
    const slice = await this.house.log.changesAfter(this.roomId, this.position, fillLimit);
    if (slice.accessVersion > this.accessVersion) await this.look(slice.accessVersion);
    const before = this.position;
    const fresh = slice.messages.filter((message) => message.position > before);
    // Places that were overtaken (created at 5, edited at 6: only 6 is left) count as delivered.
    const reached = slice.more ? fresh.at(-1)!.position : Math.max(before, slice.position);
    if (fresh.length > 0) {
      this.house.onHealed?.(fresh.length);
      const createdAt = (message: Message) => slice.createdAt.get(message.id) ?? 0;
      const created = fresh.filter((message) => createdAt(message) > before).sort((a, b) => a.seq - b.seq);
      const changed = fresh.filter((message) => createdAt(message) <= before);
      this.hand(
        [
          ...created.map((message) => createdFrames(message, createdAt(message), slice.accessVersion)),
          ...changed.map((message) => new ChangeFrames(changeOf(message, false, slice.accessVersion))),
        ],
        reached,
      );
    }
    this.position = reached;
    this.forgetOld();
    if (slice.more) this.await(0);
  }

  private forgetOld(): void {
    for (const position of this.early.keys()) if (position <= this.position!) this.early.delete(position);
  }
}

/** The change that brings a reader to a message's state. */
function changeOf(message: Message, isNew: boolean, accessVersion: number): RoomChange {
  const event = isNew ? 'message.created' : message.deletedAt ? 'message.deleted' : 'message.updated';
  return { event, position: message.position, message, isNew, accessVersion };
}

/** A message that this stream has missed: new to its readers, but for those who came in above the place where it was created. */
function createdFrames(message: Message, createdAt: number, accessVersion: number): PlacedFrame {
  const created = changeOf(message, true, accessVersion);
  if (createdAt === message.position) return new ChangeFrames(created);
  return new ChangeFrames(created, { createdAt, change: new ChangeFrames(changeOf(message, false, accessVersion)) });
}
