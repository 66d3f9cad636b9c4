import { hash } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import { newId } from '../../common/ids.js';
import type { Author } from '../../contracts/index.js';
import { databaseFault } from '../../database/index.js';
import { type StoredRow, type WriteResult, type WriteRow, WriterRepository } from './writer.repository.js';

/** Rows of one statement. */
const batchSize = 500;
/** How often the rights of one message are decided anew. */
const mostDecisions = 10;
/** SQLSTATE of a lock that was not to be had in time. */
const lockTimeout = '55P03';
/** Sends that may wait; past it the caller is told to come back, instead of memory growing. */
const queueLimit = 10_000;

/** A message on its way into a room. */
export interface Draft {
  roomId: string;
  /** null: the system */
  authorId: string | null;
  kind: 'text' | 'system';
  content: string;
  clientId?: string | undefined;
  replyTo?: string | undefined;
  /** The names, as `caseKey`, of those it mentions. */
  mentions: readonly string[];
  /** The access version under which the author's rights were decided. */
  accessVersion: number;
  /** As the message will show its author. */
  author: Author | null;
  /** The two people of a direct room. */
  pair: readonly [string, string] | null;
}

/** What became of a draft: the row as it is stored now, and whether this call stored it (or an earlier one under the same client id). */
export interface Written {
  row: StoredRow;
  fresh: boolean;
  draft: Draft;
}

/** Decides anew under which access version the author may write. @throws AppError why they may not */
export type Redecide = () => Promise<number>;

interface Waiting {
  redecide: Redecide | null;
  decisions: number;
  draft: Draft;
  row: WriteRow;
  resolve: (written: Written) => void;
  reject: (error: unknown) => void;
}

/**
 * The one way into `messages`. Sends that arrive while a write is under way are written together: one statement, one batch in flight. Each
 * caller gets its own result or its own error, after the commit and in the order in which the room numbered the messages.
 */
@Injectable()
export class MessageWriter implements BeforeApplicationShutdown {
  private queue: Waiting[] = [];
  /** Of the batch under way: whose rights must be decided anew. */
  private readonly stale: Waiting[] = [];
  private running: Promise<void> | null = null;
  private onWritten: (written: readonly Written[]) => void = () => undefined;

  constructor(private readonly repository: WriterRepository) {}

  /** Who pushes what was stored: called once per batch, after its callers were answered, with fresh rows in order. */
  afterWrite(listener: (written: readonly Written[]) => void): void {
    this.onWritten = listener;
  }

  /**
   * Stores a message. Calls are taken in order; nothing waits between the call and its place in the queue.
   * @throws AppError `server.busy`, `room.not-found`, `message.not-found` (the one it replies to), `message.client-id-reused`, and what `redecide` throws
   * @param redecide asked when the room's access version has moved on since the author's rights were decided; the message keeps its place
   */
  async write(draft: Draft, redecide: Redecide | null = null): Promise<Written> {
    if (this.queue.length >= queueLimit) throw new AppError('server.busy', { retryAfter: 1 });
    return new Promise<Written>((resolve, reject) => {
      this.queue.push({ draft, row: rowOf(draft), resolve, reject, redecide, decisions: 0 });
      this.running ??= this.run();
    });
  }

  /** Everything that was taken is written before the database goes. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    // One turn of the microtasks: what one tick sends is one batch.
    await Promise.resolve();
    while (this.queue.length > 0) {
      const batch = this.queue.splice(0, batchSize);
      keepTogether(batch);
      const written = await this.writeBatch(batch);
      // Acknowledgements leave in this tick's microtasks, pushes after them.
      if (written.length > 0) setImmediate(() => this.onWritten(written));
      // Before anything that came later: what one person sends stays in order, also when rights change meanwhile.
      if (this.stale.length > 0) this.queue.unshift(...(await this.decideAnew(this.stale.splice(0))));
    }
    this.running = null;
  }

  /** Writes a batch; on a fault in the data it is split, order kept, until only the guilty send fails. Never rejects. */
  private async writeBatch(batch: readonly Waiting[], attempt = 0): Promise<Written[]> {
    try {
      const results = await this.repository.write(batch.map((waiting) => waiting.row));
      return batch.flatMap((waiting) => {
        const result = results.get(waiting.row.id);
        if (result?.status !== 'stale') return settle(waiting, result);
        this.stale.push(waiting);
        return [];
      });
    } catch (error) {
      const fault = databaseFault(error)?.code ?? '';
      // A double that another node stored a moment ago, a deadlock, a serialization failure: the same batch again finds it settled.
      if (['23505', '40P01', '40001'].includes(fault) && attempt === 0) return this.writeBatch(batch, 1);
      // Somebody holds a room's lock for too long: the other rooms must not wait for it.
      if (fault === lockTimeout && new Set(batch.map(({ row }) => row.roomId)).size > 1) return this.writeByRoom(batch);
      if (/^2[123]/.test(fault) && batch.length > 1) {
        const middle = batch.length >> 1;
        return [...(await this.writeBatch(batch.slice(0, middle))), ...(await this.writeBatch(batch.slice(middle)))];
      }
      return this.afterFault(batch, error);
    }
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
          waiting.reject(error);
          return null;
        }
      }),
    );
    return decided.filter((waiting) => waiting !== null);
  }

  private async writeByRoom(batch: readonly Waiting[]): Promise<Written[]> {
    const rooms = new Map<string, Waiting[]>();
    for (const waiting of batch) {
      const room = rooms.get(waiting.row.roomId);
      if (room) room.push(waiting);
      else rooms.set(waiting.row.roomId, [waiting]);
    }
    const written = await Promise.all([...rooms.values()].map(async (room) => this.writeBatch(room)));
    return written.flat();
  }

  /** The connection may have been lost after the commit: what is stored counts as stored, whatever the answer was. */
  private async afterFault(batch: readonly Waiting[], error: unknown): Promise<Written[]> {
    const stored = databaseFault(error)
      ? new Map<string, StoredRow>()
      : await this.repository.stored(batch.map((waiting) => waiting.row.id)).catch(() => new Map<string, StoredRow>());
    return batch.flatMap((waiting) => {
      const row = stored.get(waiting.row.id);
      if (row) return settle(waiting, { status: 'stored', row });
      waiting.reject(databaseFault(error)?.code === '23503' ? new AppError('room.not-found', { cause: error }) : error);
      return [];
    });
  }
}

/**
 * What one author sent to one room is decided together: if an earlier message of the batch was decided under an older version, the later ones
 * are held back with it, so that they do not overtake it.
 */
function keepTogether(batch: readonly Waiting[]): void {
  const oldest = new Map<string, number>();
  for (const { row } of batch) {
    const key = `${row.roomId} ${row.authorId}`;
    const earlier = oldest.get(key);
    if (earlier === undefined || row.accessVersion < earlier) oldest.set(key, row.accessVersion);
    else row.accessVersion = earlier;
  }
}

function settle(waiting: Waiting, result: Exclude<WriteResult, { status: 'stale' }> | undefined): Written[] {
  switch (result?.status) {
    case 'stored': {
      const written = { row: result.row, fresh: true, draft: waiting.draft };
      waiting.resolve(written);
      return [written];
    }
    case 'double':
      if (isSameRequest(result.row.request_hash, waiting.row.requestHash))
        waiting.resolve({ row: result.row, fresh: false, draft: waiting.draft });
      else waiting.reject(new AppError('message.client-id-reused'));
      return [];
    case 'reply-missing':
      waiting.reject(new AppError('message.not-found', { message: 'There is no message in this room with the id that replyTo gives.' }));
      return [];
    case 'unknown':
      waiting.reject(new AppError('server.unavailable', { retryAfter: 1 }));
      return [];
    case undefined:
      waiting.reject(new AppError('room.not-found'));
      return [];
  }
}

function isSameRequest(stored: Buffer | null, asked: Buffer | null): boolean {
  return stored !== null && asked !== null && stored.equals(asked);
}

function rowOf(draft: Draft): WriteRow {
  return {
    id: newId(),
    roomId: draft.roomId,
    authorId: draft.authorId,
    kind: draft.kind,
    content: draft.content,
    clientId: draft.clientId ?? null,
    requestHash: draft.clientId === undefined ? null : hash('sha256', JSON.stringify([draft.content, draft.replyTo ?? null]), 'buffer'),
    replyTo: draft.replyTo ?? null,
    createdAt: new Date(),
    mentions: draft.mentions,
    accessVersion: draft.accessVersion,
  };
}
