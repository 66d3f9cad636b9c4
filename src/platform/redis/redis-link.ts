import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { RedisClientType } from '@redis/client';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { deriveKey } from '../../common/keys.js';

/** `off`: not configured. `lost`: configured and not answering; this node goes on alone. */
export type RedisState = 'off' | 'ready' | 'lost';

/** How long the start waits for Redis before it goes on without, in ms. */
const startPatience = 2_000;
/** A connection that is silent for this long counts as lost, in ms; a ping goes out every second. */
const silence = 4_000;
/** Between two tries to connect, in ms. */
const longestPause = 1_000;
/** Commands that wait for an answer at most; past it Redis counts as away, so that a stopped server costs bounded memory. */
const mostWaiting = 20_000;
/** How long anybody waits for an answer, in ms. */
const answerWithin = 1_000;

/**
 * The two connections to Redis: one that subscribes and one for everything else. Nothing here is the truth and nothing is kept: while Redis
 * is away every call says so at once, and users of it go on without.
 */
@Injectable()
export class RedisLink implements OnModuleInit, OnModuleDestroy {
  /** Before every key and channel: installations with different secrets may share a server and never hear each other. */
  readonly prefix: string;
  private readonly logger = new Logger('redis');
  private commands: RedisClientType | null = null;
  private subscriber: RedisClientType | null = null;
  private readonly readyListeners: (() => void)[] = [];
  private readonly lostListeners: (() => void)[] = [];
  private known: RedisState;
  private waiting = 0;
  private losses = 0;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {
    this.prefix = `parley:${deriveKey(settings.jwtAccessSecret, 'redis names').toString('hex').slice(0, 12)}:`;
    // The embedded database serves one node, so there is nobody to share anything with.
    this.known = settings.redisUrl !== undefined && settings.databaseUrl !== undefined ? 'lost' : 'off';
  }

  get state(): RedisState {
    return this.known;
  }

  /** How often it was lost since the start. */
  get lossCount(): number {
    return this.losses;
  }

  /** Commands that wait for an answer. */
  get waitingCount(): number {
    return this.waiting;
  }

  /** Called each time both connections are usable, the first time too. Subscriptions have to be made (again) then. */
  onReady(listener: () => void): void {
    this.readyListeners.push(listener);
  }

  /** Called each time a connection is lost. */
  onLost(listener: () => void): void {
    this.lostListeners.push(listener);
  }

  /** Connects, and waits two seconds for it at most: a node starts without Redis, too. */
  async onModuleInit(): Promise<void> {
    if (this.known === 'off') return;
    const { createClient } = await import('@redis/client');
    const make = (): RedisClientType => {
      const client = createClient({
        url: this.settings.redisUrl!,
        socket: {
          connectTimeout: 2_000,
          socketTimeout: silence,
          reconnectStrategy: (tries) => Math.min(longestPause, 50 * 2 ** Math.min(tries, 5)) * (0.75 + Math.random() / 2),
        },
        pingInterval: 1_000,
        disableOfflineQueue: true,
        commandsQueueMaxLength: mostWaiting * 2,
        // Its own clock for each command costs more than the command; a connection that is silent is ended with all that wait on it.
        commandOptions: { timeout: 0 },
      }) as RedisClientType;
      client.on('error', (error: unknown) => this.lost(error));
      client.on('ready', () => this.look());
      return client;
    };
    this.commands = make();
    this.subscriber = make();
    const connected = Promise.allSettled([this.commands.connect(), this.subscriber.connect()]);
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise((resolve) => (timer = setTimeout(resolve, startPatience)));
    await Promise.race([connected, tooLate]);
    clearTimeout(timer);
    if (this.known !== 'ready') this.logger.warn('Redis does not answer: this node starts without it and goes on trying.');
  }

  onModuleDestroy(): void {
    if (this.known === 'off') return;
    this.known = 'off';
    for (const client of [this.commands, this.subscriber]) client?.destroy();
  }

  /**
   * Runs a command. Never rejects.
   * @param within how long it may take, in ms
   * @returns its answer; null when Redis is away, refuses, or does not answer in time
   */
  async ask<T>(work: (client: RedisClientType) => Promise<T>, within = answerWithin): Promise<T | null> {
    const client = this.usable();
    if (!client) return null;
    this.waiting += 1;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), within)));
    try {
      return await Promise.race([work(client), tooLate]);
    } catch (error) {
      this.logger.debug({ error }, 'a command failed');
      return null;
    } finally {
      clearTimeout(timer);
      this.waiting -= 1;
    }
  }

  /** The client for libraries that speak to Redis themselves; null while it is away. */
  usable(): RedisClientType | null {
    return this.known === 'ready' && this.waiting < mostWaiting ? this.commands : null;
  }

  /** Sends to a channel, without waiting. @param failed when it surely or perhaps did not arrive @returns whether it was sent at all */
  publish(channel: string, payload: string, failed: () => void): boolean {
    const client = this.usable();
    if (!client) return false;
    this.waiting += 1;
    client.publish(this.prefix + channel, payload).then(
      () => (this.waiting -= 1),
      () => {
        this.waiting -= 1;
        failed();
      },
    );
    return true;
  }

  /** @throws Error while Redis is away */
  async subscribe(channels: readonly string[], listener: (payload: string, channel: string) => void): Promise<void> {
    if (!this.subscriber?.isReady) throw new Error('Redis is away.');
    await this.subscriber.subscribe(
      channels.map((channel) => this.prefix + channel),
      listener,
    );
  }

  /** @throws Error while Redis is away */
  async unsubscribe(channels: readonly string[]): Promise<void> {
    if (!this.subscriber?.isReady) throw new Error('Redis is away.');
    await this.subscriber.unsubscribe(channels.map((channel) => this.prefix + channel));
  }

  private look(): void {
    if (this.known === 'off' || !this.commands?.isReady || !this.subscriber?.isReady) return;
    const isBack = this.losses > 0;
    this.known = 'ready';
    if (isBack) this.logger.log('Redis is back.');
    for (const listener of this.readyListeners) listener();
  }

  private lost(error: unknown): void {
    if (this.known !== 'ready') return;
    this.known = 'lost';
    this.losses += 1;
    const code = (error as { code?: string }).code;
    this.logger.warn(
      `Redis is lost (${code ?? (error instanceof Error ? error.message : 'unknown reason')}); this node goes on without it.`,
    );
    for (const listener of this.lostListeners) listener();
  }
}
