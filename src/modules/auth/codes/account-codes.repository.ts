import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

export type CodePurpose = 'activation' | 'password-reset';

/** Tries per code. */
const triesPerCode = 5;

export interface NewCode {
  userId: string;
  purpose: CodePurpose;
  linkHash: Buffer;
  linkMinutes: number;
  code: { hash: Buffer; minutes: number } | null;
}

/** What is stored of mailed codes and links. Times are the database's. */
@Injectable()
export class AccountCodesRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async replace(manager: EntityManager, made: NewCode): Promise<void> {
    await manager.query(
      `INSERT INTO account_codes (user_id, purpose, code_hash, code_expires_at, link_hash, link_expires_at, attempts)
       VALUES ($1, $2, $3, now() + $4::float8 * interval '1 minute', $5, now() + $6::float8 * interval '1 minute', 0)
       ON CONFLICT (user_id, purpose) DO UPDATE SET code_hash = excluded.code_hash, code_expires_at = excluded.code_expires_at,
         link_hash = excluded.link_hash, link_expires_at = excluded.link_expires_at, attempts = 0`,
      [made.userId, made.purpose, made.code?.hash ?? null, made.code?.minutes ?? null, made.linkHash, made.linkMinutes],
    );
  }

  /** One statement, so that of tries in parallel no more get through than there are. @returns the code's hash while tries are left */
  async countTry(manager: EntityManager, userId: string, purpose: CodePurpose): Promise<Buffer | null> {
    const [rows] = await manager.query<[{ code_hash: Buffer }[], number]>(
      `UPDATE account_codes SET attempts = attempts + 1
       WHERE user_id = $1 AND purpose = $2 AND code_expires_at > now() AND attempts < ${triesPerCode} RETURNING code_hash`,
      [userId, purpose],
    );
    return rows[0]?.code_hash ?? null;
  }

  async takeLink(manager: EntityManager, purpose: CodePurpose, linkHash: Buffer): Promise<string | null> {
    const [rows] = await manager.query<[{ user_id: string }[], number]>(
      'DELETE FROM account_codes WHERE link_hash = $1 AND purpose = $2 AND link_expires_at > now() RETURNING user_id',
      [linkHash, purpose],
    );
    return rows[0]?.user_id ?? null;
  }

  async peekLink(manager: EntityManager, purpose: CodePurpose, linkHash: Buffer): Promise<{ userId: string; secondsLeft: number } | null> {
    const rows: { user_id: string; seconds: number }[] = await manager.query(
      `SELECT user_id, extract(epoch FROM link_expires_at - now())::float8 AS seconds FROM account_codes
       WHERE link_hash = $1 AND purpose = $2 AND link_expires_at > now()`,
      [linkHash, purpose],
    );
    return rows[0] ? { userId: rows[0].user_id, secondsLeft: Math.floor(rows[0].seconds) } : null;
  }

  async remove(manager: EntityManager, userId: string, purpose: CodePurpose): Promise<void> {
    await manager.query('DELETE FROM account_codes WHERE user_id = $1 AND purpose = $2', [userId, purpose]);
  }

  async purge(): Promise<void> {
    await this.dataSource.query('DELETE FROM account_codes WHERE link_expires_at <= now()');
  }
}
