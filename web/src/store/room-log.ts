import type { EventData, JoinedRoom, Message } from '../api/wire.js';

/** A message on its way: shown at once, and sent under the same `clientId` however often, so that it is never doubled. */
export interface Pending {
  clientId: string;
  content: string;
  /** When it was written, ISO 8601. */
  at: string;
  state: 'sending' | 'failed';
  /** The username, for a private message written here with /pm. */
  to?: string;
  /** Why it failed. */
  fault?: { code: string; message: string; retryAfter?: number };
}

/** Somebody came or went; never stored by the server, so it lives as long as the page. */
export interface Notice {
  key: number;
  change: 'joined' | 'left' | 'passed-by';
  userId: string;
  username: string;
  /** Stands after the message with this `seq`. */
  afterSeq: number;
  at: string;
}

/**
 * What this client holds of one room: a window of messages without holes, from `items[0]` to the newest, in the order of `seq`; the cursor
 * up to which every change is known; and what is on its way out.
 */
export interface RoomLog {
  readonly items: readonly Message[];
  /** Changes of messages older than the window, kept so that an older page that was read before the change cannot undo it. */
  readonly aside: readonly Message[];
  /** Pass as `before` for older messages; null: the window begins at the beginning. */
  readonly nextBefore: number | null;
  /** Everything up to here is known: resume from here. */
  readonly position: number;
  /** Positions seen beyond the cursor, ascending: in between something is missing, or was overtaken by a later change. */
  readonly ahead: readonly number[];
  /** null: nothing was read yet. */
  readonly epoch: string | null;
  readonly pending: readonly Pending[];
  readonly notices: readonly Notice[];
}

/** A page of history as REST answers it. */
export interface HistoryPage {
  items: readonly Message[];
  nextBefore: number | null;
  position: number;
  epoch: string;
}

type Reaction = EventData<'message.reactions'>['by'];

const keptAside = 500;
const keptNotices = 60;

export const emptyLog: RoomLog = {
  items: [],
  aside: [],
  nextBefore: null,
  position: 0,
  ahead: [],
  epoch: null,
  pending: [],
  notices: [],
};

/** The highest `seq` held; 0: none. */
export function lastSeq(log: RoomLog): number {
  return log.items.at(-1)?.seq ?? 0;
}

/** Takes the answer of `room.join`: a newest page (first time, or a gap) replaces, changes are added. */
export function applyJoined(log: RoomLog, joined: JoinedRoom, myId: string | null): RoomLog {
  if (joined.messages !== undefined || joined.gap) {
    const items = joined.messages ?? [];
    const first = items[0]?.seq ?? 1;
    return applyNewestPage(
      log,
      { items, nextBefore: first > 1 ? first : null, position: joined.position, epoch: joined.epoch },
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
  const floor = page.nextBefore === null ? 0 : (page.items[0]?.seq ?? before);
  const within = log.aside.filter((message) => message.seq >= floor);
  for (const message of within) next = upsert(next, message, myId);
  return { ...next, nextBefore: page.nextBefore, aside: log.aside.filter((message) => message.seq < floor) };
}

/** Takes one room event: an upsert by the message's id, and a step of the cursor. `by` says whose emoji came or went. */
export function applyChange(log: RoomLog, message: Message, position: number, myId: string | null, by?: Reaction): RoomLog {
  const held = by && by.userId === myId ? log.items[indexOfSeq(log.items, message.seq)] : undefined;
  const known = by && held?.id === message.id ? { ...message, mine: toggled(held.mine ?? [], by) } : message;
  return seePosition(upsert(log, known, myId), position);
}

/** Shows a message that is on its way out. */
export function addPending(log: RoomLog, pending: Pending): RoomLog {
  if (log.pending.some((other) => other.clientId === pending.clientId)) return log;
  return { ...log, pending: [...log.pending, pending] };
}

export function failPending(log: RoomLog, clientId: string, fault: NonNullable<Pending['fault']>): RoomLog {
  return changePending(log, clientId, (pending) => ({ ...pending, state: 'failed', fault }));
}

/** A failed message is tried again, under the same `clientId`. */
export function retryPending(log: RoomLog, clientId: string): RoomLog {
  return changePending(log, clientId, ({ fault: _, ...pending }) => ({ ...pending, state: 'sending' }));
}

export function removePending(log: RoomLog, clientId: string): RoomLog {
  if (!log.pending.some((pending) => pending.clientId === clientId)) return log;
  return { ...log, pending: log.pending.filter((pending) => pending.clientId !== clientId) };
}

/** Notes that somebody came or went; who comes and goes with nothing said in between is one line. */
export function addNotice(log: RoomLog, notice: Omit<Notice, 'afterSeq'>): RoomLog {
  const afterSeq = lastSeq(log);
  const last = log.notices.at(-1);
  if (last && last.userId === notice.userId && last.afterSeq === afterSeq && last.change !== notice.change) {
    const change = last.change === 'left' && notice.change === 'joined' ? null : ('passed-by' as const);
    const others = log.notices.slice(0, -1);
    // Left and back again: nothing worth telling.
    return { ...log, notices: change === null ? others : [...others, { ...notice, key: last.key, change, afterSeq }] };
  }
  return { ...log, notices: [...log.notices, { ...notice, afterSeq }].slice(-keptNotices) };
}

/** Whether positions are missing below something that was seen. */
export function hasHole(log: RoomLog): boolean {
  return log.ahead.length > 0;
}

function upsert(log: RoomLog, message: Message, myId: string | null): RoomLog {
  const settled = settle(log, message, myId);
  const { items } = settled;
  const index = indexOfSeq(items, message.seq);
  const held = items[index];
  if (held?.seq === message.seq) {
    const newer = newest(held, message);
    return newer === held ? settled : { ...settled, items: replaceAt(items, index, newer) };
  }
  if (index === 0 && settled.nextBefore !== null && items.length > 0) return { ...settled, aside: putAside(settled.aside, message) };
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

function changePending(log: RoomLog, clientId: string, change: (pending: Pending) => Pending): RoomLog {
  return { ...log, pending: log.pending.map((pending) => (pending.clientId === clientId ? change(pending) : pending)) };
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
