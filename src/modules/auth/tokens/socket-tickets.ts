import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Gatherer } from '../../../common/gatherer.js';
import type { Person } from '../../../common/principal.js';
import { hashToken, newToken } from '../../../common/keys.js';
import { isEmbedded } from '../../../database/index.js';

/** Seconds that a ticket waits for its socket. */
export const ticketSeconds = 30;

/** Tickets that wait at most: beyond, the oldest go. */
const limit = 100_000;

export type TicketHolder = Pick<Person, 'userId' | 'sessionId' | 'expiresAt'>;

interface Ticket {
  holder: TicketHolder;
  /** In ms of `performance.now()`. */
  until: number;
}

/**
 * Tickets for one socket each, for clients that want no token in an address. Kept under their hash: in the database where other nodes may be
 * on it, in memory on the embedded one. A ticket ends with its session, like every credential.
 */
@Injectable()
export class SocketTickets {
  private readonly memory = new TicketMemory();
  private readonly used = new Gatherer<string, TicketHolder | null>(async (hashes) => this.use(hashes));

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async issue({ userId, sessionId, expiresAt }: TicketHolder): Promise<string> {
    const ticket = newToken();
    if (isEmbedded(this.dataSource)) this.memory.put(hashToken(ticket).toString('base64url'), { userId, sessionId, expiresAt });
    else {
      await this.dataSource.query(
        `INSERT INTO socket_tickets (hash, user_id, session_id, session_expires_at, expires_at)
         VALUES ($1, $2, $3, $4, now() + interval '${ticketSeconds} seconds')`,
        [hashToken(ticket), userId, sessionId, expiresAt],
      );
    }
    return ticket;
  }

  /** Uses a ticket up. @returns whose it was, or null */
  async take(ticket: string): Promise<TicketHolder | null> {
    if (isEmbedded(this.dataSource)) return this.memory.take(hashToken(ticket).toString('base64url'));
    return this.used.ask(hashToken(ticket).toString('hex'));
  }

  /** Uses tickets up, given by their hashes in hex: whoever shows one first has it, alone. */
  private async use(hashes: readonly string[]): Promise<(TicketHolder | null)[]> {
    const rows = await this.dataSource.query<{ hash: string; user_id: string; session_id: string; until: string; good: boolean }[]>(
      // One that is locked is being used up by another node.
      `WITH mine AS MATERIALIZED (SELECT hash FROM socket_tickets
         WHERE hash = ANY(ARRAY(SELECT decode(shown, 'hex') FROM unnest($1::text[]) AS shown)) FOR UPDATE SKIP LOCKED
       ), gone AS (DELETE FROM socket_tickets WHERE hash IN (SELECT hash FROM mine)
         RETURNING hash, user_id, session_id, session_expires_at, expires_at)
       SELECT encode(hash, 'hex') AS hash, user_id, session_id, session_expires_at::text AS until, expires_at > now() AS good FROM gone`,
      [hashes],
    );
    const left = new Map(rows.map((row) => [row.hash, row]));
    return hashes.map((hash) => {
      const row = left.get(hash);
      left.delete(hash);
      return row?.good ? { userId: row.user_id, sessionId: row.session_id, expiresAt: Number(row.until) } : null;
    });
  }

  /** Forgets tickets that nobody used. */
  async purge(): Promise<void> {
    await this.dataSource.query('DELETE FROM socket_tickets WHERE expires_at <= now()');
  }
}

/** Tickets of one process. */
export class TicketMemory {
  /** By hash, in the order in which they were made, which is the order in which they end. */
  private readonly tickets = new Map<string, Ticket>();

  put(key: string, holder: TicketHolder, now: number = performance.now()): void {
    this.dropOld(now);
    this.tickets.set(key, { holder, until: now + ticketSeconds * 1000 });
  }

  take(key: string, now: number = performance.now()): TicketHolder | null {
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
