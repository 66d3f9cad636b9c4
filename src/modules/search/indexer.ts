import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { isDatabaseUnavailable } from '../../database/index.js';
import { NodeBus } from '../../platform/nodes/index.js';
import { BROKER, type Broker } from '../../realtime/index.js';
import { IndexRepository } from './index.repository.js';
import { Vocabulary } from './vocabulary.js';

/** Between two rounds, in ms: what was written is found within about this time. */
const every = 1_000;
/** Rooms that one round takes together: a round is short, so that whoever writes waits for none. */
const roomsPerRound = 50;
/** While there is more to do, all nodes together work one part of the time in so many: under heavy load the index falls behind and catches up later. */
const share = 10;
/** Rounds between two looks at all rooms, for what no push told of. */
const roundsPerReview = 300;
/** Rounds between two looks at stored words, to forget those that are in no text any more. */
const roundsPerForgetting = 10;
/** Words of one such look. */
const wordsPerLook = 100;

/** Follows what is written and brings the index up to date behind it; sending and publishing never wait for it. */
@Injectable()
export class Indexer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly behind = new Set<string>();
  private readonly logger = new Logger('search');
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();
  private rounds = 0;
  private lastWord = '';
  private stopped = false;
  private readonly stopping = new AbortController();

  constructor(
    @Inject(BROKER) private readonly broker: Broker,
    private readonly repository: IndexRepository,
    private readonly vocabulary: Vocabulary,
    private readonly bus: NodeBus,
  ) {}

  onApplicationBootstrap(): void {
    // Each node looks after what was written there; what one leaves behind is found by the review.
    this.broker.onPush(({ roomId }, origin) => {
      if (origin === 'here') this.behind.add(roomId);
    });
    this.schedule();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.working;
  }

  /** Rooms whose newest messages this node knows to be missing from the index. */
  get roomsBehind(): number {
    return this.behind.size;
  }

  /** Indexes everything that was written so far. */
  async catchUp(): Promise<void> {
    for (const roomId of await this.repository.roomsBehind()) this.behind.add(roomId);
    while (!this.stopped && (await this.round())) await sleep(0);
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.working = this.work().finally(() => this.schedule());
    }, every).unref();
  }

  private async work(): Promise<void> {
    try {
      if (this.rounds++ % roundsPerReview === 0) for (const roomId of await this.repository.roomsBehind()) this.behind.add(roomId);
      for (let more = true; more && !this.stopped;) {
        const started = performance.now();
        more = await this.round();
        if (more) await this.pause((performance.now() - started) * (share * (1 + this.bus.others) - 1));
      }
      if (!this.stopped && this.rounds % roundsPerForgetting === 0) await this.forgetSome();
    } catch (error) {
      if (!isDatabaseUnavailable(error)) this.logger.warn({ error }, 'the search index could not be brought up to date');
    }
  }

  /** @returns whether there is more to do */
  private async round(): Promise<boolean> {
    const rooms = [...this.behind].slice(0, roomsPerRound);
    for (const roomId of rooms) this.behind.delete(roomId);
    let more: boolean;
    try {
      if (rooms.length > 0) for (const roomId of await this.repository.indexRooms(rooms)) this.behind.add(roomId);
      more = await this.repository.indexDocuments();
    } catch (error) {
      for (const roomId of rooms) this.behind.add(roomId);
      throw error;
    }
    return more || this.behind.size > 0;
  }

  /** Ends at once when the server stops. */
  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal, ref: false }).catch(() => undefined);
  }

  private async forgetSome(): Promise<void> {
    const { looked, last } = await this.vocabulary.forget(this.lastWord, wordsPerLook);
    this.lastWord = looked < wordsPerLook ? '' : last;
  }
}
