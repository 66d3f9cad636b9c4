import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Frame } from '../frame.js';
import { Hub } from '../hub.js';

/** Connections per second of delay: a server with many sockets tells its count less often, so that the telling stays cheap. */
const connectionsPerSecond = 2_000;
const shortestDelay = 200;

/** The live counter of people online: told to every socket when it changed, gathered. */
@Injectable()
export class OnlineCount implements OnApplicationShutdown {
  private told = -1;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly hub: Hub) {}

  get count(): number {
    return this.hub.people;
  }

  /** Whether a person has an open socket. */
  isOnline(userId: string): boolean {
    return this.hub.ofPerson(userId).size > 0;
  }

  /** The current count as an event. */
  frame(): Frame<'presence.online'> {
    return new Frame('presence.online', { count: this.count });
  }

  /** Somebody came or went. */
  changed(): void {
    if (this.timer || this.count === this.told) return;
    const delay = Math.max(shortestDelay, (this.hub.size / connectionsPerSecond) * 1_000);
    this.timer = setTimeout(() => {
      this.timer = null;
      if (this.count === this.told) return;
      this.told = this.count;
      const frame = this.frame();
      for (const connection of this.hub.all()) connection.send(frame);
    }, delay);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearTimeout(this.timer);
  }
}
