import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Frame } from '../frame.js';
import { Hub } from '../hub.js';

/** Connections per second of delay: a server with many sockets tells its count less often, so that the telling stays cheap. */
const connectionsPerSecond = 2_000;
const shortestDelay = 200;
/** A count that keeps changing is told half as often each time, down to once in this many ms: when everybody comes back, nobody reads each step. */
const longestPause = 3_000;

/** The live counter of people online: told to every socket when it changed, gathered. */
@Injectable()
export class OnlineCount implements OnApplicationShutdown {
  private told = -1;
  private toldAt = Number.NEGATIVE_INFINITY;
  private delay = shortestDelay;
  private timer: NodeJS.Timeout | null = null;

  /** The other nodes where people are online. */
  private readonly elsewhere = new Map<string, Set<string>>();
  /** Of them, how many have no socket here. */
  private onlyElsewhere = 0;

  constructor(private readonly hub: Hub) {}

  /** How many people have an open socket, on any node. */
  get count(): number {
    return this.hub.people + this.onlyElsewhere;
  }

  /** Whether a person has an open socket, on any node. */
  isOnline(userId: string): boolean {
    return this.isHere(userId) || this.elsewhere.has(userId);
  }

  /** On how many nodes a person has sockets, this one counted in any case. */
  nodesOf(userId: string): number {
    return 1 + (this.elsewhere.get(userId)?.size ?? 0);
  }

  /** A person's first socket here is open, or their last one is gone. */
  changedHere(userId: string, isHere: boolean): void {
    if (this.elsewhere.has(userId)) this.onlyElsewhere += isHere ? -1 : 1;
  }

  /** Another node says that a person has sockets there. */
  cameElsewhere(userId: string, node: string): void {
    const nodes = this.elsewhere.get(userId);
    if (nodes) nodes.add(node);
    else {
      this.elsewhere.set(userId, new Set([node]));
      if (!this.isHere(userId)) this.onlyElsewhere += 1;
    }
    this.changed();
  }

  /** Another node says that a person has no sockets there any more, or is gone itself. */
  wentElsewhere(userId: string, node: string): void {
    const nodes = this.elsewhere.get(userId);
    if (!nodes?.delete(node) || nodes.size > 0) return;
    this.elsewhere.delete(userId);
    if (!this.isHere(userId)) this.onlyElsewhere -= 1;
    this.changed();
  }

  /** The current count as an event. */
  frame(): Frame<'presence.online'> {
    return new Frame('presence.online', { count: this.count });
  }

  /** Somebody came or went. */
  changed(): void {
    if (this.timer || this.count === this.told) return;
    const usual = Math.max(shortestDelay, (this.hub.size / connectionsPerSecond) * 1_000);
    const wasQuiet = performance.now() - this.toldAt > this.delay;
    this.delay = wasQuiet ? usual : Math.max(usual, Math.min(2 * this.delay, longestPause));
    this.timer = setTimeout(() => {
      this.timer = null;
      if (this.count === this.told) return;
      this.told = this.count;
      this.toldAt = performance.now();
      const frame = this.frame();
      for (const connection of this.hub.all()) connection.send(frame);
    }, this.delay);
  }

  private isHere(userId: string): boolean {
    return this.hub.ofPerson(userId).size > 0;
  }

  onApplicationShutdown(): void {
    if (this.timer) clearTimeout(this.timer);
  }
}
