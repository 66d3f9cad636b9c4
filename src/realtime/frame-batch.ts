import type { Frame } from './frame.js';

/** Some events that leave together, in order. Like a frame it is encoded once per transport, however many sockets it goes to. */
export class FrameBatch {
  private encodings: Map<symbol, unknown> | null = null;

  constructor(readonly frames: readonly Frame[]) {}

  /** The batch in a transport's own form, made at the first call. */
  encoded<T>(key: symbol, encode: (frames: readonly Frame[]) => T): T {
    this.encodings ??= new Map();
    let encoding = this.encodings.get(key) as T | undefined;
    if (encoding === undefined) {
      encoding = encode(this.frames);
      this.encodings.set(key, encoding);
    }
    return encoding;
  }
}

/** An event of a room with its place in it. */
export interface PlacedFrame {
  readonly position: number;
  readonly frame: Frame;
  /** The event for somebody who blocks these people. */
  frameFor(blocks: ReadonlySet<string>): Frame;
  /** Of a message that is told as new and was created further below: who stood there or above has seen it, and gets this change instead. */
  readonly seen?: { readonly createdAt: number; readonly change: PlacedFrame } | undefined;
}

/** Changes of a room on their way to its subscribers. */
export class ChangeBatch {
  readonly frames: FrameBatch;
  /** The lowest position that it is about. */
  readonly lowest: number;

  /**
   * @param changes in the order in which they are to be shown, which is not always that of their positions: a message that was created and
   *   then edited while it was missed stands among the new ones
   * @param reached the position up to which nothing is missing once this is delivered
   */
  constructor(
    readonly changes: readonly PlacedFrame[],
    readonly reached: number,
  ) {
    this.frames = new FrameBatch(changes.map((change) => change.frame));
    let lowest = Number.POSITIVE_INFINITY;
    for (const { position, seen } of changes) lowest = Math.min(lowest, position, seen?.createdAt ?? position);
    this.lowest = lowest;
  }
}
