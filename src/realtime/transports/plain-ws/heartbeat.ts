import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../../config/settings.js';

export interface Pinged {
  ping(): void;
  /** Cuts a peer that is gone without a word. */
  cut(): void;
}

interface Beat {
  misses: number;
  slot: number;
}

/** The pings of one round are spread over this many moments, so that ten thousand sockets are not written to at once. */
const slots = 25;
const mostMisses = 2;

/** Pings every plain socket with one timer for all, and cuts those that leave two pings unanswered. */
@Injectable()
export class Heartbeat implements OnApplicationShutdown {
  private readonly beats = new Map<Pinged, Beat>();
  private readonly rounds: Set<Pinged>[] = Array.from({ length: slots }, () => new Set());
  private readonly every: number;
  private timer: NodeJS.Timeout | null = null;
  private slot = 0;

  constructor(@Inject(SETTINGS) { pingInterval }: Pick<Settings, 'pingInterval'>) {
    this.every = (pingInterval * 1_000) / slots;
  }

  get size(): number {
    return this.beats.size;
  }

  /** Starts with a whole interval before the first ping. */
  add(socket: Pinged): void {
    this.beats.set(socket, { misses: 0, slot: this.slot });
    this.rounds[this.slot]!.add(socket);
    this.timer ??= setInterval(() => this.beat(), this.every).unref();
  }

  remove(socket: Pinged): void {
    const beat = this.beats.get(socket);
    if (!beat) return;
    this.beats.delete(socket);
    this.rounds[beat.slot]!.delete(socket);
    if (this.beats.size === 0) this.stop();
  }

  /** The socket showed that it lives. */
  answered(socket: Pinged): void {
    const beat = this.beats.get(socket);
    if (beat) beat.misses = 0;
  }

  onApplicationShutdown(): void {
    this.stop();
  }

  private beat(): void {
    this.slot = (this.slot + 1) % slots;
    for (const socket of [...this.rounds[this.slot]!]) {
      const beat = this.beats.get(socket);
      if (!beat) continue;
      if (beat.misses >= mostMisses) {
        socket.cut();
      } else {
        beat.misses++;
        socket.ping();
      }
    }
  }

  private stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }
}
