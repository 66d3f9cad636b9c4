/** People whose memberships are being read, and what happened meanwhile that the rows cannot know yet. */
export class Arrival {
  readonly people = new Set<string>();
  /** The last seq of the rooms with new messages, whoever may be in them. */
  readonly lastSeqs = new Map<string, number>();
  /** How far arriving people have read, by `pairOf`. */
  readonly readSeqs = new Map<string, number>();
  readonly recount = new Set<string>();
  /** Rooms that are gone, and memberships, by `pairOf`. */
  readonly gone = new Set<string>();
  /** Whose right to read a room is looked at again, by `pairOf`: whoever lost it is told that nothing is unread there. */
  readonly lost = new Map<string, { roomId: string; userId: string; lastSeq: number }>();

  /** Takes over from a look-up that failed. */
  takeOver(failed: Arrival): void {
    for (const userId of failed.people) this.people.add(userId);
    for (const [roomId, seq] of failed.lastSeqs) raise(this.lastSeqs, roomId, seq);
    for (const [pair, seq] of failed.readSeqs) raise(this.readSeqs, pair, seq);
    for (const roomId of failed.recount) this.recount.add(roomId);
    for (const [pair, lost] of failed.lost) this.lost.set(pair, lost);
  }
}

export function pairOf(roomId: string, userId: string): string {
  return `${roomId} ${userId}`;
}

/** Keeps the highest. */
export function raise(seqs: Map<string, number>, key: string, seq: number): void {
  if (seq > (seqs.get(key) ?? -1)) seqs.set(key, seq);
}
