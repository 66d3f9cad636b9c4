import { Inject, Injectable, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { TRANSPORT_TIMES, type TransportTimes, usualTimes } from '../../times.js';

/** Asks chat sockets for receipts soon after something was delivered, with one timer for all of them. */
@Injectable()
export class ReceiptPings implements OnApplicationShutdown {
  private readonly waiting = new Set<{ ping(): void }>();
  private readonly after: number;
  private timer: NodeJS.Timeout | null = null;

  constructor(@Optional() @Inject(TRANSPORT_TIMES) times?: TransportTimes) {
    this.after = (times ?? usualTimes).receipt;
  }

  /** Has the socket pinged in a moment, once for all that is delivered until then. */
  ask(socket: { ping(): void }): void {
    this.waiting.add(socket);
    this.timer ??= setTimeout(() => {
      this.timer = null;
      const sockets = [...this.waiting];
      this.waiting.clear();
      for (const one of sockets) one.ping();
    }, this.after);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearTimeout(this.timer);
    this.waiting.clear();
  }
}
