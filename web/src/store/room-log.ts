import type { Author, EventData, JoinedRoom, Message } from '../api/wire.js';
import type { Notice } from './notices.js';
import { type Pending, removePending } from './outgoing.js';

/**
 * What this client holds of one room: a window of messages without holes, in the order of `seq`, that mostly reaches to the newest but may
 * lie anywhere in the history; the cursor up to which every change is known; and what is on its way out.
 */
export interface RoomLog {
  readonly items: readonly Message[];
  /** Changes of messages beyond the window, kept so that a page that was read before the change cannot undo it. */
  readonly aside: readonly Message[];
  /** Pass as `before` for older messages; null: the window begins at the beginning. */
  readonly nextBefore: number | null;
  /** Everything up to here is known: resume from here. */
  readonly position: number;
  /** Positions seen beyond the cursor, ascending: in between something is missing, or was overtaken by a later change. */
  readonly ahead: readonly number[];
  /** Pass as `after` for newer messages; null: the window reaches the newest one. */
  readonly nextAfter: number | null;
  /** The highest `seq` known of, in the window or beyond it; 0: none. */
  readonly headSeq: number;
  /** null: nothing was read yet. */
  readonly epoch: string | null;
  readonly pending: readonly Pending[];
  readonly notices: readonly Notice[];
}

/** A page of history as REST answers it. */
export interface HistoryPage {
  items: readonly Message[];
  nextBefore: number | null;
  nextAfter: number | null;
  position: number;
  epoch: string;
}

type Reaction = EventData<'message.reactions'>['by'];

const keptAside = 500;
/** So many messages are held and shown at once; the others are a page away. */
const widest = 400;

export const emptyLog: RoomLog = {
  items: [],
  aside: [],
  nextBefore: null,
  nextAfter: null,
  headSeq: 0,
  position: 0,
  ahead: [],
  epoch: null,
  pending: [],
  notices: [],
};

/** The `seq` of the last message in the window; 0: none. */
export function lastSeq(log: RoomLog): number {
  return log.items.at(-1)?.seq ?? 0;
}

/** Whether a message stands in the window. */
export function holds(log: RoomLog, seq: number): boolean {
  return log.items[indexOfSeq(log.items, seq)]?.seq === seq;
}

/** Takes the answer of `room.join`: a newest page (first time, or a gap) replaces, changes are added. */
export function applyJoined(log: RoomLog, joined: JoinedRoom, myId: string | null): RoomLog {
  if (joined.messages !== undefined || joined.gap) {
    const items = joined.messages ?? [];
    const first = items[0]?.seq ?? 1;
    return applyNewestPage(
      log,
      { items, nextBefore: first > 1 ? first : null, nextAfter: null, position: joined.position, epoch: joined.epoch },
      joined.gap,
      myId,
    );
  }
  let next = log;
  for (const message of joined.changes ?? []) next = upsert(next, message, myId);
  return reachPosition({ ...next, epoch: joined.epoch }, joined.position);
}

/**
 * Starts the window anew from the newest page. After a gap nothing that was held is trusted; otherwise live events that overtook the
 * page are kept.
 */
export function applyNewestPage(log: RoomLog, page: HistoryPage, gap: boolean, myId: string | null): RoomLog {
  const overtaking = gap || log.epoch !== null ? [] : log.items.filter((message) => message.position > page.position);
  let next: RoomLog = {
    ...emptyLog,
    pending: log.pending,
    notices: gap ? [] : log.notices,
    nextBefore: page.nextBefore,
    position: page.position,
    epoch: page.epoch,
  };
  for (const message of page.items) next = upsert(next, message, myId);
  for (const message of overtaking) next = applyChange(next, message, message.position, myId);
  return next;
}

/** Puts an older page in front. Ignored when the window changed since it was asked for. */
export function applyOlderPage(log: RoomLog, before: number, page: HistoryPage, myId: string | null): RoomLog {
  if (log.nextBefore !== before || log.epoch !== page.epoch) return log;
  // The window has to be open downwards while the page goes in.
  let next: RoomLog = { ...log, nextBefore: null };
  for (const message of page.items) next = upsert(next, message, myId);
  next = takeAside({ ...next, nextBefore: page.nextBefore }, myId);
  const { items } = next;
  if (items.length <= widest) return next;
  return { ...next, items: items.slice(0, widest), nextAfter: items[widest - 1]!.seq };
}

/** Puts a newer page behind. Ignored when the window changed since it was asked for. */
export function applyNewerPage(log: RoomLog, after: number, page: HistoryPage, myId: string | null): RoomLog {
  if (log.nextAfter !== after || log.epoch !== page.epoch) return log;
  // Nothing behind it: this is the end, whatever was believed.
  let next: RoomLog = { ...log, nextAfter: null, headSeq: page.items.length === 0 ? after : log.headSeq };
  for (const message of page.items) next = upsert(next, message, myId);
  return trimStart(takeAside({ ...next, nextAfter: page.nextAfter }, myId));
}

/** Moves the window to another place of the history, or back to its end. What is known of changes stays known. */
export function applyWindow(log: RoomLog, page: HistoryPage, myId: string | null): RoomLog {
  if (log.epoch !== null && log.epoch !== page.epoch) return log;
  // What came live after the page was read is known better than the page knows it.
  const aside = log.items.filter((message) => message.position > page.position).reduce(putAside, log.aside);
  let next: RoomLog = { ...log, items: [], aside, nextBefore: null, nextAfter: null, epoch: page.epoch };
  if (log.epoch === null) next = { ...next, position: page.position };
  for (const message of page.items) next = upsert(next, message, myId);
  return takeAside({ ...next, nextBefore: page.nextBefore, nextAfter: page.nextAfter }, myId);
}

/** Lets go of the oldest messages of a window that grew too wide. */
export function trimStart(log: RoomLog): RoomLog {
  const tooMany = log.items.length - widest;
  if (tooMany <= 0) return log;
  const items = log.items.slice(tooMany);
  return { ...log, items, nextBefore: items[0]!.seq };
}

/** Takes one room event: an upsert by the message's id, and a step of the cursor. `by` says whose emoji came or went. */
export function applyChange(log: RoomLog, message: Message, position: number, myId: string | null, by?: Reaction): RoomLog {
  const held = by && by.userId === myId ? log.items[indexOfSeq(log.items, message.seq)] : undefined;
  const known = by && held?.id === message.id ? { ...message, mine: toggled(held.mine ?? [], by) } : message;
  return seePosition(upsert(log, known, myId), position);
}

/** An author has another name or picture. */
export function renameAuthor(log: RoomLog, user: Author): RoomLog {
  if (!log.items.some(({ author }) => author?.id === user.id)) return log;
  return { ...log, items: log.items.map((message) => (message.author?.id === user.id ? { ...message, author: user } : message)) };
}

/** Whether positions are missing below something that was seen. */
export function hasHole(log: RoomLog): boolean {
  return log.ahead.length > 0;
}

function upsert(log: RoomLog, message: Message, myId: string | null): RoomLog {
  const known = settle(log, message, myId);
  const settled = message.seq > known.headSeq ? { ...known, headSeq: message.seq } : known;
  const { items } = settled;
  const index = indexOfSeq(items, message.seq);
  const held = items[index];
  if (held?.seq === message.seq) {
    const newer = newest(held, message);
    return newer === held ? settled : { ...settled, items: replaceAt(items, index, newer) };
  }
  const below = index === 0 && settled.nextBefore !== null && items.length > 0;
  const above = index === items.length && settled.nextAfter !== null;
  if (below || above) return { ...settled, aside: putAside(settled.aside, message) };
  return { ...settled, items: [...items.slice(0, index), message, ...items.slice(index)] };
}

/** Of two states of a message the later one. Events do not say which emojis are one's own: that is kept, until an answer says it. */
function newest(held: Message, next: Message): Message {
  if (held.position > next.position) return held;
  if (held.position === next.position) return next.mine && !sameWords(next.mine, held.mine ?? []) ? { ...held, mine: next.mine } : held;
  if (next.mine || !held.mine || next.deletedAt) return next;
  return { ...next, mine: held.mine };
}

function sameWords(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((word) => others.includes(word));
}

function toggled(mine: readonly string[], { emoji, op }: Reaction): string[] {
  const others = mine.filter((one) => one !== emoji);
  return op === 'add' ? [...others, emoji] : others;
}

/** One's own message came back: it is no longer on its way. */
function settle(log: RoomLog, message: Message, myId: string | null): RoomLog {
  if (message.clientId === undefined || myId === null || message.author?.id !== myId) return log;
  return removePending(log, message.clientId);
}

function putAside(aside: readonly Message[], message: Message): readonly Message[] {
  const held = aside.find((other) => other.id === message.id);
  if (held && held.position >= message.position) return aside;
  return [...aside.filter((other) => other.id !== message.id), message].slice(-keptAside);
}

/** Changes that were kept aside and now belong into the window. One that would leave a hole says that there is more to read. */
function takeAside(log: RoomLog, myId: string | null): RoomLog {
  const first = log.items[0]?.seq ?? 1;
  let next = log;
  const aside: Message[] = [];
  for (const message of [...log.aside].sort((a, b) => a.seq - b.seq)) {
    const last = lastSeq(next);
    const within = message.seq >= first && message.seq <= last;
    if (within || (next.nextAfter === null && message.seq === last + 1)) next = upsert(next, message, myId);
    else {
      aside.push(message);
      if (next.nextAfter === null && message.seq > last) next = { ...next, nextAfter: last };
    }
  }
  const end = lastSeq(next);
  return { ...next, aside, nextAfter: next.nextAfter ?? (end < next.headSeq ? end : null) };
}

/** The place of the first message whose `seq` is not below the given one. */
function indexOfSeq(items: readonly Message[], seq: number): number {
  const last = items.at(-1);
  if (!last || last.seq < seq) return items.length;
  let low = 0;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (items[middle]!.seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One position was seen: the cursor moves only over what is seen without a hole. */
function seePosition(log: RoomLog, position: number): RoomLog {
  if (log.epoch === null || position <= log.position || log.ahead.includes(position)) return log;
  return closeRanks(log, log.position, [...log.ahead, position]);
}

/** The server said that everything up to here was sent. */
function reachPosition(log: RoomLog, position: number): RoomLog {
  return closeRanks(log, Math.max(log.position, position), log.ahead);
}

function closeRanks(log: RoomLog, from: number, seen: readonly number[]): RoomLog {
  let position = from;
  const ahead: number[] = [];
  for (const next of [...seen].sort((a, b) => a - b)) {
    if (next === position + 1) position = next;
    else if (next > position) ahead.push(next);
  }
  return { ...log, position, ahead };
}

function replaceAt(items: readonly Message[], index: number, message: Message): readonly Message[] {
  const copy = items.slice();
  copy[index] = message;
  return copy;
}
