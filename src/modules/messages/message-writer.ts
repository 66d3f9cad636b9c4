import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import { databaseFault, isDatabaseUnavailable } from '../../database/index.js';
import { type Draft, type Redecide, type Sender, Written } from './draft.js';
import { groupByRoom, isSameRequest, keepTogether, type Waiting, waitingFor } from './waiting.js';
import { type LockWait, type StoredRow, type StraightResults, type WriteResult, WriterRepository } from './writer.repository.js';

/** Rows of one statement. */
const batchSize = 500;
/** So many sends under way at once are load: then a batch waits a moment for those that the answers of the last one set free. */
const crowd = 8;
/**
 * How long, in ms, within these bounds: half of what the last batch took; all of it where other nodes write to the same rooms, for while they hold
 * them a small batch wins nothing by being early.
 */
const shortestPatience = 1;
const longestPatience = 5;
const longestAmongNeighbours = 10;
/** How often the rights of one message are decided anew. */
const mostDecisions = 10;
/**
 * After a room was found locked, in ms: batches wait for the locks of their rooms. Where another node writes to the same rooms it holds them for
 * milliseconds, again and again, and leaving them out would write nearly everything the long way.
 */
const neighboursExpectedFor = 1_000;
/** After a lock that was not to be had in time, in ms: locked rooms are left out, so that one that is held for long keeps nobody else waiting. */
const apartFor = 5_000;
/** SQLSTATE of a lock that was not to be had in time. */
const lockTimeout = '55P03';
/** SQLSTATE of a value that is there already. */
const uniqueViolation = '23505';
/** Sends that may wait; past it the caller is told to come back, instead of memory growing. */
const queueLimit = 10_000;

/** What the next batch waits for. */
interface Gathering {
  count: number;
  complete: () => void;
}

/** A batch as it is watched. */
export interface BatchSample {
  size: number;
  /** Fresh rows. */
  stored: number;
  /** How long its first send waited for its turn. */
  waitedMs: number;
  tookMs: number;
}

/** What became of a batch: what is settled has been answered. */
interface Outcome {
  /** Fresh rows in order, to be pushed. */
  written: Written[];
  /** Their rights must be decided anew. */
  stale: Waiting[];
  /** Their room is locked by somebody else, or does not exist. */
  locked: Waiting[];
}

/**
 * The one way into `messages`. Sends that arrive while a write is under way are written together: one statement, one batch in flight. Each
 * caller gets its own result or its own error, after the commit and in the order in which the room numbered the messages. A room that somebody
 * else holds locked waits by itself, and what is sent to it meanwhile waits behind it.
 */
@Injectable()
export class MessageWriter implements BeforeApplicationShutdown {
  private queue: Waiting[] = [];
  /** Everything that was taken and not answered yet. */
  private waiting = 0;
  /** Of the rooms that wait for a lock: what was sent to them since. */
  private readonly held = new Map<string, Waiting[]>();
  private readonly lanes = new Set<Promise<void>>();
  private running: Promise<void> | null = null;
  private gathering: Gathering | null = null;
  /** Until when batches wait for locks, and until when they do not, by `performance.now()`. */
  private neighboursUntil = 0;
  private apartUntil = 0;
  private onWritten: (written: readonly Written[]) => void = () => undefined;
  private onBatch: (batch: BatchSample) => void = () => undefined;
  private readonly logger = new Logger('messages');

  constructor(private readonly repository: WriterRepository) {}

  /** Who pushes what was stored: called once per batch, in the same turn in which its callers are answered, with fresh rows in order. */
  afterWrite(listener: (written: readonly Written[]) => void): void {
    this.onWritten = listener;
  }

  /** Who watches: called once per batch, also for one that failed. */
  afterBatch(listener: (batch: BatchSample) => void): void {
    this.onBatch = listener;
  }

  /** Sends that were taken and not answered yet. */
  get queued(): number {
    return this.waiting;
  }

  /** Rooms that wait for somebody else's lock. */
  get lockedRooms(): number {
    return this.held.size;
  }

  /**
   * Stores a message. Calls are taken in order; nothing waits between the call and its place in the queue.
   * `sender` is refused with AppError `server.busy`, `server.unavailable`, `room.not-found`, `message.not-found` (the one it replies to),
   * `file.not-found`, `message.client-id-reused`, with what `redecide` throws, or with what the database throws.
   * @param redecide absent: whoever was decided under an older access version may not write
   */
  take(draft: Draft, sender: Sender, redecide: Redecide | null = null): void {
    if (this.waiting >= queueLimit) {
      sender.refused(new AppError('server.busy', { retryAfter: 1 }));
      return;
    }
    this.waiting++;
    this.queue.push(waitingFor(draft, sender, redecide));
    if (this.gathering && this.queue.length >= this.gathering.count) this.gathering.complete();
    else this.start();
  }

  /** As `take`, for those who like to wait. @throws AppError with what the sender of `take` is refused with */
  async write(draft: Draft, redecide: Redecide | null = null): Promise<Written> {
    return new Promise<Written>((stored, refused) => this.take(draft, { stored, refused }, redecide));
  }

  /** Everything that was taken is written before the database goes. */
  async beforeApplicationShutdown(): Promise<void> {
    while (this.running || this.lanes.size > 0) await Promise.all([this.running, ...this.lanes]);
  }

  /** Whether other nodes write to the same rooms. */
  private get hasNeighbours(): boolean {
    return performance.now() < this.neighboursUntil;
  }

  private start(): void {
    this.running ??= this.run();
  }

  private async run(): Promise<void> {
    // One turn of the microtasks: what one tick sends is one batch.
    await Promise.resolve();
    while (this.queue.length > 0) {
      const batch = this.nextBatch();
      if (batch.length === 0) continue;
      const begun = performance.now();
      const waitedMs = Math.max(0, Date.now() - batch[0]!.row.createdAt.getTime());
      const { written, stale, locked } = await this.writeBatch(batch, 'never');
      const took = performance.now() - begun;
      this.onBatch({ size: batch.length, stored: written.length, waitedMs, tookMs: took });
      this.push(written);
      if (locked.length > 0) {
        this.neighboursUntil = performance.now() + neighboursExpectedFor;
        this.open(locked, 'briefly');
      }
      // Before anything that came later: what one person sends stays in order, also when rights change meanwhile.
      if (stale.length > 0) this.queue.unshift(...(await this.decideAnew(stale)));
      await this.gather(batch.length + this.queue.length, took);
    }
    this.running = null;
  }

  /**
   * Under load, waits a moment until as many wait as were under way together: fewer and larger batches cost everybody less. A message that is
   * nearly alone is not kept waiting.
   */
  private async gather(underWay: number, took: number): Promise<void> {
    const count = Math.min(underWay, batchSize);
    if (count < crowd || this.queue.length >= count) return;
    const wanted = this.hasNeighbours ? Math.min(took, longestAmongNeighbours) : Math.min(took / 2, longestPatience);
    const patience = Math.max(wanted, shortestPatience);
    await new Promise<void>((resolve) => {
      const complete = () => {
        clearTimeout(timer);
        this.gathering = null;
        resolve();
      };
      const timer = setTimeout(complete, patience);
      this.gathering = { count, complete };
    });
  }

  /** Takes the next rows from the queue; those for a room that waits for its lock go behind it. */
  private nextBatch(): Waiting[] {
    const next = this.queue.splice(0, batchSize);
    if (this.held.size === 0) return next;
    return next.filter((waiting) => {
      const behind = this.held.get(waiting.row.roomId);
      behind?.push(waiting);
      return !behind;
    });
  }

  /** A lane for rows whose rooms were locked: it waits for the locks while the queue goes on. */
  private open(locked: Waiting[], wait: LockWait): void {
    for (const { row } of locked) if (!this.held.has(row.roomId)) this.held.set(row.roomId, []);
    const lane = this.runLane(locked, wait).finally(() => this.lanes.delete(lane));
    this.lanes.add(lane);
  }

  /** Never rejects. */
  private async runLane(batch: Waiting[], wait: LockWait): Promise<void> {
    const { written, stale, locked } = await this.writeBatch(batch, wait);
    this.push(written);
    const decided = stale.length > 0 ? await this.decideAnew(stale) : [];
    const stillLocked = groupByRoom(locked);
    const back = groupByRoom(decided);
    for (const roomId of new Set(batch.map(({ row }) => row.roomId))) {
      const alone = stillLocked.get(roomId);
      if (alone) {
        // Somebody holds this room for long: it gets a lane of its own.
        this.open(alone, 'long');
        continue;
      }
      this.queue.unshift(...(back.get(roomId) ?? []), ...(this.held.get(roomId) ?? []));
      this.held.delete(roomId);
    }
    if (this.queue.length > 0) this.start();
  }

  /** Writes a batch straight, and what that leaves open with a look at each row. Never rejects. */
  private async writeBatch(batch: readonly Waiting[], wait: LockWait): Promise<Outcome> {
    keepTogether(batch);
    if (wait !== 'never') return this.writeJudged(batch, wait);
    const patience = this.hasNeighbours && performance.now() >= this.apartUntil ? 'briefly' : 'never';
    let straight: StraightResults;
    try {
      straight = await this.repository.writeStraight(
        batch.map((waiting) => waiting.row),
        patience,
      );
    } catch (error) {
      const fault = databaseFault(error);
      if (fault?.code === lockTimeout) {
        this.apartUntil = performance.now() + apartFor;
        return patience === 'briefly' ? this.writeBatch(batch, wait) : { written: [], stale: [], locked: [...batch] };
      }
      if (!fault || isDatabaseUnavailable(error)) return this.afterFault(batch, error);
      if (fault.code === uniqueViolation) this.repository.expectDoubles();
      return this.writeJudged(batch, wait);
    }
    const { results, unclear } = straight;
    const outcome: Outcome = { written: [], stale: [], locked: [] };
    const open: Waiting[] = [];
    batch.forEach((waiting, index) => {
      if (unclear.has(waiting.row.roomId)) open.push(waiting);
      else this.settle(waiting, results[index], wait, outcome);
    });
    return open.length === 0 ? outcome : joined(outcome, await this.writeJudged(open, wait));
  }

  /** Writes a batch with a result of its own for each row; on a fault in the data it is split, order kept, until only the guilty send fails. Never rejects. */
  private async writeJudged(batch: readonly Waiting[], wait: LockWait, attempt = 0): Promise<Outcome> {
    try {
      const results = await this.repository.write(
        batch.map((waiting) => waiting.row),
        wait,
      );
      const outcome: Outcome = { written: [], stale: [], locked: [] };
      for (const waiting of batch) this.settle(waiting, results.get(waiting.row.id), wait, outcome);
      return outcome;
    } catch (error) {
      const fault = databaseFault(error)?.code ?? '';
      if (fault === uniqueViolation) this.repository.expectDoubles();
      // A double, a deadlock, a serialization failure: the same batch again finds it settled.
      if ([uniqueViolation, '40P01', '40001'].includes(fault) && attempt === 0) return this.writeJudged(batch, wait, 1);
      if (fault === lockTimeout && wait !== 'long') return { written: [], stale: [], locked: [...batch] };
      if (/^2[123]/.test(fault) && batch.length > 1) {
        const middle = batch.length >> 1;
        return this.writeHalves(batch.slice(0, middle), batch.slice(middle), wait);
      }
      return this.afterFault(batch, error);
    }
  }

  private async writeHalves(first: readonly Waiting[], second: readonly Waiting[], wait: LockWait): Promise<Outcome> {
    const before = await this.writeJudged(first, wait);
    // A room that was locked a moment ago may be free by now: what comes later must not overtake.
    const locked = groupByRoom(before.locked);
    const behind = second.filter(({ row }) => locked.has(row.roomId));
    const after = await this.writeJudged(
      second.filter(({ row }) => !locked.has(row.roomId)),
      wait,
    );
    return joined({ ...before, locked: [...before.locked, ...behind] }, after);
  }

  /** @returns those that may still write, under the version that this was decided for, in their order. Never rejects. */
  private async decideAnew(stale: readonly Waiting[]): Promise<Waiting[]> {
    const decided = await Promise.all(
      stale.map(async (waiting) => {
        try {
          if (!waiting.redecide || waiting.decisions >= mostDecisions) throw new AppError('server.busy', { retryAfter: 1 });
          const accessVersion = await waiting.redecide();
          return {
            ...waiting,
            row: { ...waiting.row, accessVersion },
            draft: { ...waiting.draft, accessVersion },
            decisions: waiting.decisions + 1,
          };
        } catch (error) {
          this.refuse(waiting, error);
          return null;
        }
      }),
    );
    return decided.filter((waiting) => waiting !== null);
  }

  /**
   * The connection may have been lost after the commit, or before it and the server goes on alone: the write is ended first, and then what is
   * stored counts as stored, whatever the answer was. So what is refused is not stored later. When that cannot be looked up either, the
   * database is gone, and whoever waits is refused now: one after the other they would each wait for it again.
   */
  private async afterFault(batch: readonly Waiting[], error: unknown): Promise<Outcome> {
    let stored = new Map<string, StoredRow>();
    if (!databaseFault(error) || isDatabaseUnavailable(error)) {
      try {
        await this.repository.settle(error);
        stored = await this.repository.stored(batch.map((waiting) => waiting.row.id));
      } catch (lost) {
        if (isDatabaseUnavailable(lost)) this.refuseAll(lost);
      }
    }
    const outcome: Outcome = { written: [], stale: [], locked: [] };
    for (const waiting of batch) {
      const row = stored.get(waiting.row.id);
      if (row) this.settle(waiting, { status: 'stored', row }, 'long', outcome);
      else this.refuse(waiting, databaseFault(error)?.code === '23503' ? new AppError('room.not-found', { cause: error }) : error);
    }
    return outcome;
  }

  private settle(waiting: Waiting, result: WriteResult | undefined, wait: LockWait, outcome: Outcome): void {
    switch (result?.status) {
      case 'stored':
        outcome.written.push(this.answer(waiting, result.row, true));
        break;
      case 'double':
        if (isSameRequest(result.row.request_hash, waiting.row.requestHash)) this.answer(waiting, result.row, false);
        else this.refuse(waiting, new AppError('message.client-id-reused'));
        break;
      case 'stale':
        outcome.stale.push(waiting);
        break;
      case 'reply-missing':
        this.refuse(
          waiting,
          new AppError('message.not-found', { message: 'There is no message in this room with the id that replyTo gives.' }),
        );
        break;
      case 'file-missing':
        this.refuse(waiting, new AppError('file.not-found', { message: 'A file of this message is unknown, somebody else’s or in use.' }));
        break;
      case 'unknown':
        this.refuse(waiting, new AppError('server.unavailable', { retryAfter: 1 }));
        break;
      case undefined:
        if (wait === 'never') outcome.locked.push(waiting);
        else this.refuse(waiting, new AppError('room.not-found'));
        break;
    }
  }

  private answer(waiting: Waiting, row: StoredRow, fresh: boolean): Written {
    const written = new Written(row, fresh, waiting.draft);
    this.waiting--;
    try {
      waiting.sender.stored(written);
    } catch (error) {
      this.logger.error({ error }, 'who sent a message could not be answered');
    }
    return written;
  }

  private refuse(waiting: Waiting, error: unknown): void {
    this.waiting--;
    waiting.sender.refused(error);
  }

  private refuseAll(error: unknown): void {
    for (const waiting of [this.queue, ...this.held.values()].flatMap((line) => line.splice(0))) this.refuse(waiting, error);
  }

  private push(written: readonly Written[]): void {
    if (written.length === 0) return;
    try {
      this.onWritten(written);
    } catch (error) {
      // It is stored: the comparison of heads brings it to its readers.
      this.logger.error({ error }, 'what was stored could not be pushed');
    }
  }
}

function joined(first: Outcome, second: Outcome): Outcome {
  return {
    written: [...first.written, ...second.written],
    stale: [...first.stale, ...second.stale],
    locked: [...first.locked, ...second.locked],
  };
}
