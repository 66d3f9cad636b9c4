import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { newId } from '../../common/ids.js';
import type { Person } from '../../common/principal.js';
import type { Sanction, SanctionKind } from '../../contracts/index.js';
import { inTransaction } from '../../database/index.js';
import { InternalEvents } from '../../platform/events/index.js';
import { SessionsService } from '../auth/index.js';
import { authorOf, UserAccounts, UserDirectory } from '../users/index.js';
import { AuditLog } from './audit-log.js';
import { requireAuthority } from './moderation.policy.js';

/** What has no end, ends then. */
const forGood = new Date('9999-12-31T00:00:00Z');

export interface NewSanction {
  kind: SanctionKind;
  reason: string;
  /** ISO 8601; absent: until it is lifted. */
  endsAt?: string | undefined;
}

interface SanctionRow {
  id: string;
  user_id: string;
  kind: SanctionKind;
  reason: string;
  by_id: string | null;
  created_at: Date;
  ends_at: Date | null;
  lifted_at: Date | null;
}

/**
 * Warnings, mutes, suspensions and bans. What is in force stands in the account itself, where every door reads it from memory; the rows here
 * say why. Whoever is suspended or banned is out at once: their sessions end in the same transaction.
 */
@Injectable()
export class SanctionsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly accounts: UserAccounts,
    private readonly sessions: SessionsService,
    private readonly users: UserDirectory,
    private readonly audit: AuditLog,
    private readonly events: InternalEvents,
  ) {}

  /** @throws AppError `user.not-found`, `moderation.forbidden` */
  async impose(actor: Person, userId: string, wanted: NewSanction): Promise<Sanction> {
    const row = await inTransaction(this.dataSource, async (manager) => this.imposeWithin(manager, actor, userId, wanted));
    return this.view(row);
  }

  /** As `impose`, as part of a transaction. */
  async imposeWithin(manager: EntityManager, actor: Person, userId: string, { kind, reason, endsAt }: NewSanction): Promise<SanctionRow> {
    const target = await this.accounts.lockById(userId, manager);
    if (!target) throw new AppError('user.not-found');
    requireAuthority(actor, target.role, kind);
    const ends = kind === 'warn' || kind === 'ban' || endsAt === undefined ? null : new Date(endsAt);
    const rows = await manager.query<SanctionRow[]>(
      `INSERT INTO sanctions (id, user_id, kind, reason, by_id, created_at, ends_at) VALUES ($1, $2, $3, $4, $5, now(), $6) RETURNING *`,
      [newId(), userId, kind, reason, actor.userId, ends],
    );
    await this.enforce(manager, userId);
    if (kind === 'suspend' || kind === 'ban') await this.sessions.endAllWithin(manager, userId, 'suspended');
    await this.audit.record(manager, {
      actorId: actor.userId,
      action: 'sanction.imposed',
      subjectKind: 'user',
      subjectId: userId,
      detail: { kind, reason, endsAt: ends?.toISOString() ?? null },
    });
    await this.events.emitWithin(manager, 'account.sanctioned', { userId, kind, reason, endsAt: ends });
    return rows[0]!;
  }

  /** Ends a sanction before its time; one that is over stays so. @throws AppError `moderation.sanction-not-found`, `moderation.forbidden` */
  async lift(actor: Person, sanctionId: string): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      const place = await manager.query<SanctionRow[]>('SELECT * FROM sanctions WHERE id = $1', [sanctionId]);
      const target = place[0] && (await this.accounts.lockById(place[0].user_id, manager));
      if (!target) throw new AppError('moderation.sanction-not-found');
      requireAuthority(actor, target.role, place[0]!.kind);
      await manager.query('UPDATE sanctions SET lifted_at = now() WHERE id = $1 AND lifted_at IS NULL', [sanctionId]);
      await this.enforce(manager, target.id);
      await this.audit.record(manager, {
        actorId: actor.userId,
        action: 'sanction.lifted',
        subjectKind: 'user',
        subjectId: target.id,
        detail: { kind: place[0]!.kind },
      });
    });
  }

  /** A person's sanctions, the newest first, 100 at most. */
  async of(userId: string): Promise<Sanction[]> {
    const rows = await this.dataSource.query<SanctionRow[]>('SELECT * FROM sanctions WHERE user_id = $1 ORDER BY id DESC LIMIT 100', [
      userId,
    ]);
    return Promise.all(rows.map(async (row) => this.view(row)));
  }

  /** The account says until when its owner is mute and out, whatever was imposed and lifted in which order. */
  private async enforce(manager: EntityManager, userId: string): Promise<void> {
    const rows = await manager.query<{ muted: Date | null; suspended: Date | null }[]>(
      `SELECT max(COALESCE(ends_at, $2::timestamptz)) FILTER (WHERE kind = 'mute') AS muted,
              max(COALESCE(ends_at, $2::timestamptz)) FILTER (WHERE kind IN ('suspend', 'ban')) AS suspended
       FROM sanctions WHERE user_id = $1 AND lifted_at IS NULL`,
      [userId, forGood],
    );
    await this.accounts.setRestrictions(manager, userId, { mutedUntil: rows[0]!.muted, suspendedUntil: rows[0]!.suspended });
  }

  private async view(row: SanctionRow): Promise<Sanction> {
    return {
      id: row.id,
      kind: row.kind,
      reason: row.reason,
      by: row.by_id === null ? null : authorOf(await this.users.load(row.by_id)),
      createdAt: row.created_at.toISOString(),
      endsAt: row.ends_at?.toISOString() ?? null,
      liftedAt: row.lifted_at?.toISOString() ?? null,
    };
  }
}
