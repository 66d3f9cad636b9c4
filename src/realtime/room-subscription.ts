import type { EventName } from '../contracts/index.js';
import type { Connection } from './connection.js';
import type { ChangeBatch } from './frame-batch.js';
import type { Frame } from './frame.js';

/** How many changes may wait while a joiner reads; past it the read is repeated. */
const holdLimit = 1000;

const comingsAndGoings: ReadonlySet<string> = new Set<EventName>(['room.user_join', 'room.user_leave', 'room.users']);

/**
 * One socket in one room. While it reads what it missed, live changes are held; afterwards only positions above the last one pass, so that
 * a connection never gets the same position of a room twice.
 */
export class RoomSubscription {
  private held: ChangeBatch[] | null = [];
  private heldChanges = 0;
  private news: Frame[] | null = [];
  private overflowed = false;
  private reached = 0;

  constructor(
    readonly roomId: string,
    readonly connection: Connection,
  ) {}

  /** The highest position of this room that was handed to the socket. */
  get position(): number {
    return this.reached;
  }

  /** True until `release`. */
  get holding(): boolean {
    return this.held !== null;
  }

  /** Delivers, holds or drops changes, by their positions. */
  offer(batch: ChangeBatch): void {
    if (this.held) {
      this.heldChanges += batch.changes.length;
      if (this.heldChanges <= holdLimit) this.held.push(batch);
      else this.overflowed = true;
      return;
    }
    const { blocks } = this.connection;
    if (batch.lowest > this.reached && blocks === undefined) this.connection.sendBatch(batch.frames);
    else {
      for (const change of batch.changes) {
        // A part of it may have been in what the socket read at its entrance.
        if (change.position <= this.reached) continue;
        const shown = change.seen && change.seen.createdAt <= this.reached ? change.seen.change : change;
        this.connection.send(blocks === undefined ? shown.frame : shown.frameFor(blocks));
      }
    }
    if (batch.reached > this.reached) this.reached = batch.reached;
  }

  /** Delivers an event without a position (comings and goings), or holds it: one that overtook the joiner's own list would be lost on it. */
  tell(frame: Frame): void {
    if (!this.news) this.connection.send(frame);
    else if (this.news.length < holdLimit) this.news.push(frame);
    else this.overflowed = true;
  }

  /** The joiner's list of people is made now: comings and goings that were held are in it already. */
  listed(): void {
    this.news = this.news && this.news.filter(({ event }) => !comingsAndGoings.has(event));
  }

  /** The joiner has its list of people: hands on what happened since. */
  releaseNews(): void {
    const news = this.news ?? [];
    this.news = null;
    for (const frame of news) this.connection.send(frame);
  }

  /** Whether the hold was too small, so that the read has to be repeated; forgets what was held if so. */
  overflow(): boolean {
    const overflowed = this.overflowed;
    if (overflowed) {
      this.overflowed = false;
      this.heldChanges = 0;
      this.held = [];
      this.news = [];
    }
    return overflowed;
  }

  /** The reader has everything up to `position`: hands on what was held above it and lets live changes pass from now on. */
  release(position: number): void {
    const held = this.held;
    if (!held) return;
    this.reached = Math.max(this.reached, position);
    this.held = null;
    for (const batch of held) this.offer(batch);
  }
}
