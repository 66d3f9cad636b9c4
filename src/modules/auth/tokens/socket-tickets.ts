import { Injectable } from '@nestjs/common';
import type { Person } from '../../../common/principal.js';
import { hashToken, newToken } from '../../../common/keys.js';

/** Seconds that a ticket waits for its socket. */
export const ticketSeconds = 30;

/** Tickets that wait at most: beyond, the oldest go. */
const limit = 100_000;

interface Ticket {
  holder: Pick<Person, 'userId' | 'sessionId' | 'expiresAt'>;
  /** In ms of `performance.now()`. */
  until: number;
}

/**
 * Tickets for one socket each, for clients that want no token in an address. In the memory of the node that gave them, under their hash;
 * a ticket ends with its session, like every credential.
 */
@Injectable()
export class SocketTickets {
  /** By hash, in the order in which they were made, which is the order in which they end. */
  private readonly tickets = new Map<string, Ticket>();

  issue(holder: Ticket['holder'], now: number = performance.now()): string {
    this.dropOld(now);
    const ticket = newToken();
    this.tickets.set(keyOf(ticket), { holder, until: now + ticketSeconds * 1000 });
    return ticket;
  }

  /** Uses a ticket up. @returns whose it was, or null */
  take(ticket: string, now: number = performance.now()): Ticket['holder'] | null {
    const key = keyOf(ticket);
    const found = this.tickets.get(key);
    this.tickets.delete(key);
    return found && found.until > now ? found.holder : null;
  }

  private dropOld(now: number): void {
    for (const [key, { until }] of this.tickets) {
      if (until > now && this.tickets.size < limit) return;
      this.tickets.delete(key);
    }
  }
}

function keyOf(ticket: string): string {
  return hashToken(ticket).toString('base64url');
}
