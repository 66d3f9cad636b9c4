import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { isEmbedded } from '../../database/index.js';
import { type Signal, type SignalKind } from './signal.js';

/** Signals of this time are written together, in ms. */
const gatherFor = 20;
/** How often the others' signals are read, in ms. */
const readEvery = 1_000;
/** How often this node says that it lives, in ms, and how long it is believed. */
const beatEvery = 2_000;
const believedFor = '10 seconds';
/** How long a transaction that took an earlier number may take to commit, in ms: so far back is looked again. */
const lookBack = 10_000;
const keptFor = '60 seconds';
const purgeEvery = 30_000;
const perRead = 1_000;
/** Signals that wait to be written at most; the oldest that may be lost go first. */
const mostWaiting = 10_000;

/** A signal with the channel it is for. */
export interface Letter extends Signal {
  channel: string;
}

/** What the table has to tell. */
export interface TableReader {
  /** A signal of another node: each comes once, in the order in which they were written. */
  letter(letter: Letter): void;
  /** Which other nodes said within the last ten seconds, by the database's clock, that they live. */
  look(alive: ReadonlySet<string>): void;
}

interface Row {
  id: string;
  node: string;
  serial: string;
  channel: string;
  kind: SignalKind;
  body: string;
}

/**
 * How nodes hear each other through PostgreSQL: slower than through Redis, and there whenever messages are. Carries what must not get lost,
 * always; and everything else while Redis is away and other nodes live.
 */
@Injectable()
export class SignalTable implements BeforeApplicationShutdown {
  private readonly logger = new Logger('nodes');
  private waiting: { letter: Letter; lasting: boolean }[] = [];
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> = Promise.resolve();
  private working: Promise<unknown> = Promise.resolve();
  private readonly timers: NodeJS.Timeout[] = [];
  /** Ids that were read, with the time; older than the look-back they are covered by `lowest`. */
  private readonly seen = new Map<string, number>();
  private lowest = '0';
  private reading = false;
  private isOver = false;
  private failing = false;
  private companions = 0;
  /** In ms of `performance.now()`: so long after the last other node was seen its last words may turn up. */
  private listenUntil = 0;
  private node = '';
  private reader: TableReader | null = null;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Whether there can be other nodes on this database. */
  get isOpen(): boolean {
    return !isEmbedded(this.dataSource);
  }

  /** How many other nodes said within the last ten seconds that they live. */
  get others(): number {
    return this.companions;
  }

  /** How many signals wait to be written. */
  get waitingCount(): number {
    return this.waiting.length;
  }

  /** Takes part from now on. A node that is alone reads nothing: it says that it lives, every two seconds, and sees by that whether it still is. */
  async start(node: string, reader: TableReader): Promise<void> {
    this.node = node;
    this.reader = reader;
    const rows = await this.dataSource.query<{ id: string }[]>('SELECT coalesce(max(id), 0)::text AS id FROM node_signals');
    this.lowest = rows[0]?.id ?? '0';
    await this.beat();
    this.timers.push(
      this.every(readEvery, async () => (performance.now() < this.listenUntil ? this.read() : undefined)),
      this.every(beatEvery, async () => this.beat()),
      this.every(purgeEvery, async () => this.purge()),
    );
  }

  /** Writes a signal down, together with others. @param lasting whether it must arrive; others are dropped when too many wait */
  write(letter: Letter, lasting: boolean): void {
    if (this.isOver) return;
    if (this.waiting.length >= mostWaiting) {
      const first = this.waiting.findIndex((one) => !one.lasting);
      if (first < 0 && !lasting) return;
      if (first >= 0) this.waiting.splice(first, 1);
    }
    this.waiting.push({ letter, lasting });
    this.schedule(gatherFor);
  }

  /** Reads what others wrote; also the timer's work. */
  async read(): Promise<void> {
    if (this.reading || this.isOver) return;
    this.reading = true;
    try {
      while (!this.isOver && (await this.readSome()) === perRead);
    } finally {
      this.reading = false;
    }
  }

  /** While the database may still be written to. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.node === '') return;
    await Promise.all([this.writing, this.working]);
    await this.quietly(async () => this.flush());
    this.isOver = true;
    await this.quietly(async () => this.dataSource.query('DELETE FROM nodes WHERE id = $1', [this.node]));
  }

  private schedule(after: number): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.writing = this.writing.then(async () => {
        const isWritten = await this.quietly(async () => this.flush());
        if (!isWritten && !this.isOver) this.schedule(readEvery);
      });
    }, after);
  }

  private async flush(): Promise<void> {
    const batch = this.waiting;
    if (batch.length === 0) return;
    this.waiting = [];
    const letters = batch.map(({ letter }) => letter);
    try {
      await this.dataSource.query(
        `INSERT INTO node_signals (node, serial, channel, kind, body)
         SELECT $1, serial, channel, kind, body FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[])
           WITH ORDINALITY AS new (serial, channel, kind, body, place) ORDER BY place`,
        [
          this.node,
          letters.map(({ serial }) => serial),
          letters.map(({ channel }) => channel),
          letters.map(({ kind }) => kind),
          letters.map(({ body }) => body),
        ],
      );
    } catch (error) {
      this.waiting = [...batch.filter(({ lasting }) => lasting), ...this.waiting];
      throw error;
    }
  }

  private async readSome(): Promise<number> {
    const before = performance.now() - lookBack;
    for (const [id, at] of this.seen) {
      if (at > before) break;
      if (BigInt(id) > BigInt(this.lowest)) this.lowest = id;
      this.seen.delete(id);
    }
    const rows = await this.dataSource.query<Row[]>(
      `SELECT id::text AS id, node, serial, channel, kind, body FROM node_signals
       WHERE id > $1 AND node <> $2 AND id <> ALL($3::bigint[]) ORDER BY id LIMIT ${perRead}`,
      [this.lowest, this.node, [...this.seen.keys()]],
    );
    const now = performance.now();
    for (const { id, node, serial, channel, kind, body } of rows) {
      this.seen.set(id, now);
      this.reader?.letter({ node, serial: Number(serial), channel, kind, body });
    }
    return rows.length;
  }

  private async beat(): Promise<void> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `WITH me AS (INSERT INTO nodes (id, seen_at) VALUES ($1, now()) ON CONFLICT (id) DO UPDATE SET seen_at = now())
       SELECT id FROM nodes WHERE id <> $1 AND seen_at > now() - interval '${believedFor}'`,
      [this.node],
    );
    if (this.isOver) return;
    const wasAlone = this.companions === 0;
    this.companions = rows.length;
    if (rows.length > 0) this.listenUntil = performance.now() + lookBack;
    // What somebody new said before this node knew of them.
    if (wasAlone && rows.length > 0) await this.read();
    this.reader?.look(new Set(rows.map(({ id }) => id)));
  }

  private async purge(): Promise<void> {
    await this.dataSource.query(`DELETE FROM node_signals WHERE at < now() - interval '${keptFor}'`);
    await this.dataSource.query(`DELETE FROM nodes WHERE seen_at < now() - interval '${keptFor}'`);
  }

  /** Never twice at once: what a slow database held up does not come in a heap afterwards. */
  private every(ms: number, work: () => Promise<void>): NodeJS.Timeout {
    let isUnderWay = false;
    return setInterval(() => {
      if (isUnderWay) return;
      isUnderWay = true;
      const done = this.quietly(work).finally(() => (isUnderWay = false));
      this.working = Promise.all([this.working, done]);
    }, ms).unref();
  }

  /** Never rejects; a database that is away is told once. @returns whether it worked */
  private async quietly(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      this.failing = false;
      return true;
    } catch (error) {
      if (!this.failing && !this.isOver) this.logger.warn({ error }, 'other nodes cannot be heard through the database');
      this.failing = true;
      return false;
    }
  }
}
