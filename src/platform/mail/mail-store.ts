import { InjectDataSource } from '@nestjs/typeorm';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** A mail that this worker has in hand. */
export interface ClaimedMail {
  id: string;
  recipient: string;
  locale: string;
  template: string;
  payload: string;
  /** This one included. */
  attempts: number;
  /** Milliseconds since it was written, by the database's clock. */
  ageMs: number;
}

/** A mail of the development mailbox. */
export interface KeptMail {
  id: string;
  recipient: string;
  locale: string;
  template: string;
  payload: string;
  createdAt: Date;
}

const waiting = 'sent_at IS NULL AND payload IS NOT NULL';
const settled = '(sent_at IS NOT NULL OR payload IS NULL)';

/** The statements on `mails`. All times are the database's own, so that the clocks of the nodes do not matter. */
@Injectable()
export class MailStore {
  constructor(@InjectDataSource() private readonly database: DataSource) {}

  /**
   * Takes due mails, the longest waiting first, for the length of the lease. Mails of a worker that died come back when its lease runs out.
   * One statement, so it is a transaction of its own and holds no lock while a mail is sent.
   */
  async claim(limit: number, leaseMs: number): Promise<ClaimedMail[]> {
    return this.database.query<ClaimedMail[]>(
      `WITH due AS (
         SELECT id FROM mails
         WHERE ${waiting} AND next_attempt_at <= now() AND (locked_until IS NULL OR locked_until <= now())
         ORDER BY next_attempt_at
         LIMIT $1
         FOR UPDATE SKIP LOCKED
       ), claimed AS (
         UPDATE mails SET attempts = attempts + 1, locked_until = now() + $2::float8 * interval '1 millisecond'
         FROM due WHERE mails.id = due.id
         RETURNING mails.*
       )
       SELECT id, recipient, locale, template, payload, attempts,
              (extract(epoch FROM now() - created_at) * 1000)::float8 AS "ageMs"
       FROM claimed ORDER BY next_attempt_at`,
      [limit, leaseMs],
    );
  }

  /** How many mails wait, and for how many seconds the oldest has. */
  async backlog(): Promise<{ waiting: number; oldestSeconds: number }> {
    const rows = await this.database.query<{ waiting: number; oldestSeconds: number }[]>(
      `SELECT count(*)::int AS waiting, COALESCE(extract(epoch FROM now() - min(created_at)), 0)::float8 AS "oldestSeconds"
       FROM mails WHERE ${waiting}`,
    );
    return rows[0]!;
  }

  /** Delivered: nothing of its secrets is kept. */
  async markSent(id: string): Promise<void> {
    await this.database.query(`UPDATE mails SET sent_at = now(), payload = NULL, locked_until = NULL, last_error = NULL WHERE id = $1`, [
      id,
    ]);
  }

  /** Not delivered now. @param reason a code without anything of the mail */
  async retryIn(id: string, delayMs: number, reason: string): Promise<void> {
    await this.database.query(
      `UPDATE mails SET next_attempt_at = now() + $2::float8 * interval '1 millisecond', locked_until = NULL, last_error = $3
       WHERE id = $1 AND sent_at IS NULL`,
      [id, delayMs, reason],
    );
  }

  /** Never to be delivered: its secrets go too. */
  async giveUp(id: string, reason: string): Promise<void> {
    await this.database.query(`UPDATE mails SET payload = NULL, locked_until = NULL, last_error = $2 WHERE id = $1 AND sent_at IS NULL`, [
      id,
      reason,
    ]);
  }

  /** The mail server works again: mails that only found it broken need not wait for the end of their pause. */
  async bringForward(): Promise<void> {
    await this.database.query(
      `UPDATE mails SET next_attempt_at = now() WHERE ${waiting} AND last_error LIKE 'server:%' AND locked_until IS NULL AND next_attempt_at > now()`,
    );
  }

  /** Removes mails that were sent or given up, once they are older than that, and all but the newest `keep` that are kept readable. */
  async removeSettled(maxAgeMs: number, keep: number): Promise<void> {
    await this.database.query(`DELETE FROM mails WHERE ${settled} AND created_at < now() - $1::float8 * interval '1 millisecond'`, [
      maxAgeMs,
    ]);
    await this.database.query(
      `DELETE FROM mails WHERE id IN (
         SELECT id FROM mails WHERE sent_at IS NOT NULL AND payload IS NOT NULL ORDER BY created_at DESC, id DESC OFFSET $1
       )`,
      [keep],
    );
  }

  /** The newest mails of the development mailbox, newest first. @param to one recipient, without case; absent: all */
  async newest(limit: number, to?: string): Promise<KeptMail[]> {
    return this.database.query<KeptMail[]>(
      `SELECT id, recipient, locale, template, payload, created_at AS "createdAt" FROM mails
       WHERE payload IS NOT NULL AND ($2::text IS NULL OR lower(recipient) = lower($2::text))
       ORDER BY created_at DESC, id DESC LIMIT $1`,
      [limit, to ?? null],
    );
  }

  /** One mail of the development mailbox. */
  async byId(id: string): Promise<KeptMail | null> {
    const rows = await this.database.query<KeptMail[]>(
      `SELECT id, recipient, locale, template, payload, created_at AS "createdAt" FROM mails WHERE payload IS NOT NULL AND id = $1`,
      [id],
    );
    return rows[0] ?? null;
  }
}
