import { randomBytes } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { RedisLink } from '../redis/index.js';
import { readSignal, type SignalKind, speakerOf, writeSignal } from './signal.js';
import { type Letter, SignalTable } from './signal-table.js';

/** How long a subscription may take before whoever waits for it goes on without, in ms. */
const subscribeWithin = 500;
/** Lasting signals travel twice; the second one is known for this long, in ms. */
const rememberedFor = 60_000;

/** The channel that every node listens to. */
export const everyNode = 'all';
/** The channel of one node alone. */
export const nodeChannel = (nodeId: string): string => `n:${nodeId}`;
export const roomChannel = (roomId: string): string => `r:${roomId}`;
export const personChannel = (userId: string): string => `p:${userId}`;

export interface SayOptions {
  /** It must arrive, also when Redis is lost at this very moment: it is written down as well. */
  lasting?: boolean;
}

/** What must not be heard twice; the other kinds say what is, and are many. */
const countedKinds: ReadonlySet<SignalKind> = new Set(['tell', 'event']);
/** Names kept between two looks at which of them are old. */
const namesBetween = 1_000;

type Listener = (body: string, node: string) => void;

/**
 * How this node speaks to the others: through Redis, at once; through PostgreSQL while Redis is away, within about a second. A single node
 * says nothing. A node never hears itself.
 */
@Injectable()
export class NodeBus implements OnModuleInit, OnApplicationBootstrap {
  /** Of this process; a restarted server is another node. */
  readonly nodeId = randomBytes(9).toString('base64url');
  private readonly logger = new Logger('nodes');
  private readonly listeners = new Map<SignalKind, Listener>();
  private readonly healedListeners: (() => void)[] = [];
  private readonly lookListeners: ((alive: ReadonlySet<string>) => void)[] = [];
  /** Channels that this node listens to, and how many users each has. */
  private readonly channels = new Map<string, number>([
    [everyNode, 1],
    [nodeChannel(this.nodeId), 1],
  ]);
  /** Of them, what Redis was not told yet. */
  private fresh = new Set<string>();
  private gone = new Set<string>();
  private telling: Promise<void> | null = null;
  private readonly known = new Map<string, number>();
  private serial = 0;
  private isReady = false;
  private namesSinceLook = 0;
  private refused = 0;

  constructor(
    private readonly redis: RedisLink,
    private readonly table: SignalTable,
  ) {}

  /** Whether there may be other nodes. */
  get isShared(): boolean {
    return this.table.isOpen;
  }

  /** Whether what others say arrives at once. */
  get isLive(): boolean {
    return this.isReady;
  }

  /** How many other nodes lived at the last look. */
  get others(): number {
    return this.table.others;
  }

  /** How many signals wait to be written into the database. */
  get waitingSignals(): number {
    return this.table.waitingCount;
  }

  /** How many payloads were no signals. */
  get refusedPayloads(): number {
    return this.refused;
  }

  /** Who reads signals of a kind: one each. A listener that throws is logged. */
  on(kind: SignalKind, listener: Listener): void {
    this.listeners.set(kind, listener);
  }

  /** Called when the way to the others is there again: what was said meanwhile may be lost. */
  onHealed(listener: () => void): void {
    this.healedListeners.push(listener);
  }

  /** Called every two seconds, while the database answers, with the ids of the other nodes that live. */
  onLook(listener: (alive: ReadonlySet<string>) => void): void {
    this.lookListeners.push(listener);
  }

  onModuleInit(): void {
    if (!this.isShared) return;
    this.redis.onReady(() => this.resubscribe());
    this.redis.onLost(() => (this.isReady = false));
    if (this.redis.state === 'ready') this.resubscribe();
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.isShared) return;
    await this.table.start(this.nodeId, {
      letter: (letter) => this.arrived(letter),
      look: (alive) => {
        for (const listener of this.lookListeners) listener(alive);
      },
    });
  }

  /** Says something to the other nodes that listen to a channel. Never waits and never throws. */
  say(channel: string, kind: SignalKind, body: string, { lasting = false }: SayOptions = {}): void {
    if (!this.isShared) return;
    const letter: Letter = { channel, node: this.nodeId, serial: (this.serial += 1), kind, body };
    if (lasting) this.table.write(letter, true);
    const byTable = () => {
      if (!lasting && this.table.others > 0) this.table.write(letter, false);
    };
    if (!this.redis.publish(channel, writeSignal(letter), byTable)) byTable();
  }

  /** Listens to channels; pair each with `leave`. */
  listen(channels: readonly string[]): void {
    if (!this.isShared) return;
    for (const channel of channels) {
      const users = this.channels.get(channel) ?? 0;
      this.channels.set(channel, users + 1);
      if (users === 0 && !this.gone.delete(channel)) this.fresh.add(channel);
    }
    this.tellSoon();
  }

  /**
   * Set while Redis was not told of every channel yet: what is said from its end on is heard. It never rejects and is over within half a
   * second.
   */
  listening(): Promise<void> | undefined {
    const { telling } = this;
    if (!telling) return undefined;
    // What came after the beginning of this telling is in the next one; where channels come all the time there is no last one.
    return this.bounded(this.fresh.size === 0 ? telling : telling.then(async () => this.telling ?? undefined));
  }

  leave(channels: readonly string[]): void {
    if (!this.isShared) return;
    for (const channel of channels) {
      const users = (this.channels.get(channel) ?? 0) - 1;
      if (users > 0) this.channels.set(channel, users);
      else if (this.channels.delete(channel) && !this.fresh.delete(channel)) this.gone.add(channel);
    }
    this.tellSoon();
  }

  /** Tells Redis what is to be heard, together for all that came in this turn or while it was told; what fails is told again when Redis is back. */
  private tellSoon(): void {
    if (!this.isReady || this.fresh.size + this.gone.size === 0) return;
    if (this.telling) return;
    const telling = this.tell()
      .catch(() => undefined)
      .finally(() => {
        if (this.telling === telling) this.telling = null;
        this.tellSoon();
      });
    this.telling = telling;
  }

  private async tell(): Promise<void> {
    await Promise.resolve();
    const [fresh, gone] = [[...this.fresh], [...this.gone]];
    this.fresh = new Set();
    this.gone = new Set();
    if (fresh.length > 0) await this.redis.subscribe(fresh, this.heard);
    if (gone.length > 0) await this.redis.unsubscribe(gone);
  }

  /** Redis knows nothing of us any more: everything is said again, then everybody looks at what they may have missed. */
  private resubscribe(): void {
    this.fresh = new Set();
    this.gone = new Set();
    this.isReady = true;
    const before = this.telling ?? Promise.resolve();
    const again = before
      .then(async () => this.redis.subscribe([...this.channels.keys()], this.heard))
      .then(
        () => {
          for (const listener of this.healedListeners) listener();
        },
        () => this.logger.debug('Redis went away again.'),
      )
      .finally(() => {
        if (this.telling === again) this.telling = null;
        this.tellSoon();
      });
    this.telling = again;
  }

  private async bounded(work: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<void>((resolve) => (timer = setTimeout(resolve, subscribeWithin)));
    await Promise.race([work, tooLate]);
    clearTimeout(timer);
  }

  private readonly heard = (text: string, channel: string): void => {
    if (speakerOf(text) === this.nodeId) return;
    const signal = readSignal(text);
    if (signal) this.arrived({ ...signal, channel: channel.slice(this.redis.prefix.length) });
    else this.refused += 1;
  };

  private arrived({ channel, node, serial, kind, body }: Letter): void {
    if (!this.channels.has(channel) || (countedKinds.has(kind) && this.isKnown(`${node} ${serial}`))) return;
    try {
      this.listeners.get(kind)?.(body, node);
    } catch (error) {
      this.refused += 1;
      this.logger.warn({ kind, error }, 'what another node said could not be read');
    }
  }

  /** Whether a signal came already, on the other way. */
  private isKnown(name: string): boolean {
    if (this.known.has(name)) return true;
    const now = performance.now();
    this.known.set(name, now);
    if (++this.namesSinceLook > namesBetween) {
      this.namesSinceLook = 0;
      for (const [old, at] of this.known) {
        if (now - at < rememberedFor) break;
        this.known.delete(old);
      }
    }
    return false;
  }
}
