import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

export type CodePurpose = 'activation' | 'password-reset' | 'email-change' | 'password-change';

/** Tries per code. */
const triesPerCode = 5;

export interface NewCode {
  userId: string;
  purpose: CodePurpose;
  link: { hash: Buffer; minutes: number } | null;
  code: { hash: Buffer; minutes: number } | null;
  /** What an email change leads to. */
  newEmail?: string;
  /** What a password change leads to. */
  newPasswordHash?: string;
}

/** A proof that was right, and what it was given for. */
export interface UsedCode {
  userId: string;
  newEmail: string | null;
  newPasswordHash: string | null;
}

interface UsedRow {
  user_id: string;
  new_email: string | null;
  new_password_hash: string | null;
}

const usedColumns = 'user_id, new_email, new_password_hash';

function toUsed(row: UsedRow): UsedCode {
  return { userId: row.user_id, newEmail: row.new_email, newPasswordHash: row.new_password_hash };
}

/** What is stored of mailed codes and links. Times are the database's. */
@Injectable()
export class AccountCodesRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async replace(manager: EntityManager, made: NewCode): Promise<void> {
    await manager.query(
      `INSERT INTO account_codes
         (user_id, purpose, code_hash, code_expires_at, link_hash, link_expires_at, attempts, new_email, new_password_hash)
       VALUES ($1, $2, $3, now() + $4::float8 * interval '1 minute', $5, now() + $6::float8 * interval '1 minute', 0, $7, $8)
       ON CONFLICT (user_id, purpose) DO UPDATE SET code_hash = excluded.code_hash, code_expires_at = excluded.code_expires_at,
         link_hash = excluded.link_hash, link_expires_at = excluded.link_expires_at, attempts = 0,
         new_email = excluded.new_email, new_password_hash = excluded.new_password_hash`,
      [
        made.userId,
        made.purpose,
        made.code?.hash ?? null,
        made.code?.minutes ?? null,
        made.link?.hash ?? null,
        made.link?.minutes ?? null,
        made.newEmail ?? null,
        made.newPasswordHash ?? null,
      ],
    );
  }

  /** One statement, so that of tries in parallel no more get through than there are. @returns the code's hash while tries are left, and what it is for */
  async countTry(manager: EntityManager, userId: string, purpose: CodePurpose): Promise<{ hash: Buffer; used: UsedCode } | null> {
    const [rows] = await manager.query<[(UsedRow & { code_hash: Buffer })[], number]>(
      `UPDATE account_codes SET attempts = attempts + 1
       WHERE user_id = $1 AND purpose = $2 AND code_expires_at > now() AND attempts < ${triesPerCode} RETURNING code_hash, ${usedColumns}`,
      [userId, purpose],
    );
    return rows[0] ? { hash: rows[0].code_hash, used: toUsed(rows[0]) } : null;
  }

  async takeLink(manager: EntityManager, purpose: CodePurpose, linkHash: Buffer): Promise<UsedCode | null> {
    const [rows] = await manager.query<[UsedRow[], number]>(
      `DELETE FROM account_codes WHERE link_hash = $1 AND purpose = $2 AND link_expires_at > now() RETURNING ${usedColumns}`,
      [linkHash, purpose],
    );
    return rows[0] ? toUsed(rows[0]) : null;
  }

  async peekLink(manager: EntityManager, purpose: CodePurpose, linkHash: Buffer): Promise<{ userId: string; secondsLeft: number } | null> {
    const rows: { user_id: string; seconds: number }[] = await manager.query(
      `SELECT user_id, extract(epoch FROM link_expires_at - now())::float8 AS seconds FROM account_codes
       WHERE link_hash = $1 AND purpose = $2 AND link_expires_at > now()`,
      [linkHash, purpose],
    );
    return rows[0] ? { userId: rows[0].user_id, secondsLeft: Math.floor(rows[0].seconds) } : null;
  }

  async remove(manager: EntityManager, userId: string, purposes: readonly CodePurpose[]): Promise<void> {
    await manager.query('DELETE FROM account_codes WHERE user_id = $1 AND purpose = ANY($2::text[])', [userId, purposes]);
  }

  async purge(): Promise<void> {
    await this.dataSource.query('DELETE FROM account_codes WHERE link_expires_at <= now()');
    await this.dataSource.query('DELETE FROM account_codes WHERE link_hash IS NULL AND code_expires_at <= now()');
  }
}
