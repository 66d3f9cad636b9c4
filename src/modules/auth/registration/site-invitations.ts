import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { newId } from '../../../common/ids.js';
import { hashToken, newToken } from '../../../common/keys.js';

export interface SiteInvitationRow {
  id: string;
  by_id: string | null;
  max_uses: number;
  uses: number;
  expires_at: Date;
  created_at: Date;
}

const columns = 'id, by_id, max_uses, uses, expires_at, created_at';
const usable = 'uses < max_uses AND expires_at > now()';

/** Invitations to register, where REGISTRATION=invite. Codes are stored as digests alone. */
@Injectable()
export class SiteInvitations {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @param expiresIn seconds @returns the code, which is told this once */
  async create(
    manager: EntityManager,
    byId: string,
    maxUses: number,
    expiresIn: number,
  ): Promise<{ row: SiteInvitationRow; code: string }> {
    const code = newToken();
    const rows = await manager.query<SiteInvitationRow[]>(
      `INSERT INTO site_invitations (id, code_hash, by_id, max_uses, expires_at, created_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5), now()) RETURNING ${columns}`,
      [newId(), hashToken(code), byId, maxUses, expiresIn],
    );
    return { row: rows[0]!, code };
  }

  /** Those that can still be used, the newest first. */
  async list(limit: number, before: string | null): Promise<SiteInvitationRow[]> {
    return this.dataSource.query<SiteInvitationRow[]>(
      `SELECT ${columns} FROM site_invitations WHERE ${usable} AND ($1::uuid IS NULL OR id < $1::uuid) ORDER BY id DESC LIMIT $2`,
      [before, limit],
    );
  }

  /** @returns whether there was one */
  async delete(manager: EntityManager, id: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      'WITH gone AS (DELETE FROM site_invitations WHERE id = $1 RETURNING 1) SELECT * FROM gone',
      [id],
    );
    return rows.length > 0;
  }

  /** Uses one up; the row's lock keeps many at once within its uses. @returns whether it was good */
  async use(manager: EntityManager, code: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `WITH used AS (UPDATE site_invitations SET uses = uses + 1 WHERE code_hash = $1 AND ${usable} RETURNING 1) SELECT * FROM used`,
      [hashToken(code)],
    );
    return rows.length > 0;
  }
}
