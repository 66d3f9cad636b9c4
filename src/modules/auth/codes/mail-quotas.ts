import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { AppError } from '../../../common/app-error.js';
import { caseKey } from '../../../common/case-key.js';
import { deriveKey } from '../../../common/keys.js';
import { SETTINGS, type Settings } from '../../../config/settings.js';

const codesPerDay = 10;
const resendCoolDownSeconds = 60;

/**
 * How many mails with codes an address may cause, or a person: ten in 24 hours, and one resend a minute. Counted by address, whether or not there is an
 * account, so that a refusal tells nothing; stored under a keyed hash, so that the table is no list of addresses. These are rules of the
 * accounts rather than of the rate limiter: they hold with RATE_LIMITS=off and over restarts and nodes.
 */
@Injectable()
export class MailQuotas {
  private readonly key: Buffer;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.key = deriveKey(settings.jwtAccessSecret, 'mail-quotas');
  }

  /** Counts a mail of a registration. @throws AppError `rate.limited` */
  async countRegistration(manager: EntityManager, email: string): Promise<void> {
    await this.count(manager, email, false);
  }

  /** Counts a resend and starts its cool-down. @throws AppError `rate.limited` */
  async countResend(manager: EntityManager, email: string): Promise<void> {
    await this.count(manager, email, true);
  }

  /** Counts a mail that asks for a new address: ten a day per person, and for the address as a resend. @throws AppError `rate.limited` */
  async countEmailChange(manager: EntityManager, userId: string, email: string): Promise<void> {
    await this.count(manager, `email-change ${userId}`, false);
    await this.count(manager, email, true);
  }

  /** Counts a mailed code for another password: ten a day and one a minute per person. @throws AppError `rate.limited` */
  async countPasswordChange(manager: EntityManager, userId: string): Promise<void> {
    await this.count(manager, `password-change ${userId}`, true);
  }

  /** Forgets what was counted for a person and their address. */
  async forget(manager: EntityManager, userId: string, email: string): Promise<void> {
    const counted = [email, `email-change ${userId}`, `password-change ${userId}`];
    await manager.query('DELETE FROM mail_quotas WHERE address_hash = ANY($1::bytea[])', [counted.map((one) => this.hash(one))]);
  }

  async purge(): Promise<void> {
    await this.dataSource.query(`DELETE FROM mail_quotas WHERE window_started_at <= now() - interval '24 hours'`);
  }

  private hash(counted: string): Buffer {
    return createHmac('sha256', this.key).update(caseKey(counted), 'utf8').digest();
  }

  /** The clock of the moment, not of the transaction: whoever waited for the row must see the time of those before. */
  private async count(manager: EntityManager, counted: string, isResend: boolean): Promise<void> {
    const address = this.hash(counted);
    const windowOver = `quota.window_started_at <= clock_timestamp() - interval '24 hours'`;
    const coolUntil = `quota.last_resend_at + interval '${resendCoolDownSeconds} seconds'`;
    const rows: unknown[] = await manager.query(
      `INSERT INTO mail_quotas AS quota (address_hash, window_started_at, used, last_resend_at)
       VALUES ($1, clock_timestamp(), 1, CASE WHEN $2::boolean THEN clock_timestamp() END)
       ON CONFLICT (address_hash) DO UPDATE SET
         window_started_at = CASE WHEN ${windowOver} THEN clock_timestamp() ELSE quota.window_started_at END,
         used = CASE WHEN ${windowOver} THEN 1 ELSE quota.used + 1 END,
         last_resend_at = CASE WHEN $2::boolean THEN clock_timestamp() ELSE quota.last_resend_at END
       WHERE (${windowOver} OR quota.used < ${codesPerDay})
         AND (NOT $2::boolean OR quota.last_resend_at IS NULL OR ${coolUntil} <= clock_timestamp())
       RETURNING true`,
      [address, isResend],
    );
    if (rows.length > 0) return;
    const refused: { wait: number }[] = await manager.query(
      `SELECT extract(epoch FROM greatest(
           CASE WHEN quota.used >= ${codesPerDay} THEN quota.window_started_at + interval '24 hours' END,
           CASE WHEN $2::boolean THEN ${coolUntil} END
         ) - clock_timestamp())::float8 AS wait
       FROM mail_quotas AS quota WHERE address_hash = $1`,
      [address, isResend],
    );
    throw new AppError('rate.limited', { retryAfter: Math.max(1, Math.ceil(refused[0]?.wait ?? 1)) });
  }
}
