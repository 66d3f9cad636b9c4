import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { newId } from '../../common/ids.js';
import type { Person } from '../../common/principal.js';
import type { Report, ReportDecision, ReportKind } from '../../contracts/index.js';
import { inTransaction } from '../../database/index.js';
import { RateLimiter } from '../../platform/rate-limit/index.js';
import { authorOf, UserDirectory } from '../users/index.js';
import { AuditLog } from './audit-log.js';
import { RemovalsService } from './removals.service.js';
import { ReportedThings } from './reported-things.js';
import { SanctionsService } from './sanctions.service.js';

export interface ReportRow {
  id: string;
  kind: ReportKind;
  subject_id: string;
  owner_id: string | null;
  reporter_id: string | null;
  reason: string;
  content: string;
  status: Report['status'];
  claimed_by: string | null;
  decision: ReportDecision | null;
  note: string | null;
  created_at: Date;
  decided_at: Date | null;
}

export interface Decision {
  decision: ReportDecision;
  note?: string | undefined;
  endsAt?: string | undefined;
}

/** Reports: told by anybody, claimed and decided by moderators. */
@Injectable()
export class ReportsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly things: ReportedThings,
    private readonly removals: RemovalsService,
    private readonly sanctions: SanctionsService,
    private readonly users: UserDirectory,
    private readonly audit: AuditLog,
    private readonly limiter: RateLimiter,
  ) {}

  /** Reports something that the person can see; the same thing again is the same report. @throws AppError `report.subject-not-found`, `rate.limited` */
  async create(person: Person, kind: ReportKind, subjectId: string, reason: string): Promise<string> {
    await this.limiter.consume('report:person', person.userId);
    const { ownerId, content } = await this.things.describe(person, kind, subjectId);
    const rows = await this.dataSource.query<{ id: string }[]>(
      `WITH made AS (
         INSERT INTO reports (id, kind, subject_id, owner_id, reporter_id, reason, content, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, now())
         ON CONFLICT ON CONSTRAINT uq_reports_once DO NOTHING RETURNING id)
       SELECT id FROM made UNION ALL SELECT id FROM reports WHERE reporter_id = $5 AND kind = $2 AND subject_id = $3 LIMIT 1`,
      [newId(), kind, subjectId, ownerId, person.userId, reason, content],
    );
    // Nothing: the very same report was being committed at this moment by the person's other device.
    return rows[0]?.id ?? this.create(person, kind, subjectId, reason);
  }

  /** Takes a report for oneself. @throws AppError `report.not-found`, `report.claimed`, `report.decided` */
  async claim(actor: Person, id: string): Promise<Report> {
    await inTransaction(this.dataSource, async (manager) => {
      await this.lock(manager, actor, id);
      await manager.query(`UPDATE reports SET status = 'claimed', claimed_by = $2 WHERE id = $1`, [id, actor.userId]);
      await this.audit.record(manager, { actorId: actor.userId, action: 'report.claimed', subjectKind: 'report', subjectId: id });
    });
    return this.one(id);
  }

  /**
   * Decides a report and every other open one of the same thing. What is reported is deleted first: should the rest fail, deciding again
   * goes on from there.
   * @throws AppError `report.not-found`, `report.claimed`, `report.decided`, `report.subject-not-found`, `moderation.forbidden`
   */
  async decide(actor: Person, id: string, { decision, note, endsAt }: Decision): Promise<Report> {
    const report = await inTransaction(this.dataSource, async (manager) => this.lock(manager, actor, id));
    if (decision === 'delete') await this.remove(actor, report, note ?? report.reason);
    await inTransaction(this.dataSource, async (manager) => {
      const punished = decision !== 'dismiss' && decision !== 'delete';
      if (punished) {
        if (report.owner_id === null) throw new AppError('report.subject-not-found');
        await this.sanctions.imposeWithin(manager, actor, report.owner_id, { kind: decision, reason: note ?? report.reason, endsAt });
      }
      await this.lock(manager, actor, id);
      await manager.query(
        `UPDATE reports SET status = $3, decision = $4, note = $5, decided_at = now(), claimed_by = $6
         WHERE id = $7 OR (kind = $1 AND subject_id = $2 AND status = 'open')`,
        [report.kind, report.subject_id, decision === 'dismiss' ? 'dismissed' : 'resolved', decision, note ?? null, actor.userId, id],
      );
      await this.audit.record(manager, {
        actorId: actor.userId,
        action: 'report.decided',
        subjectKind: 'report',
        subjectId: id,
        detail: { decision },
      });
    });
    return this.one(id);
  }

  async views(rows: readonly ReportRow[]): Promise<Report[]> {
    const people = await this.users.loadMany(
      rows.flatMap((row) => [row.owner_id, row.reporter_id, row.claimed_by].filter((one) => one !== null)),
    );
    const personOf = (userId: string | null) => (userId === null ? null : authorOf(people.get(userId)));
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      subject: row.subject_id,
      owner: personOf(row.owner_id),
      reporter: personOf(row.reporter_id),
      reason: row.reason,
      content: row.content,
      status: row.status,
      claimedBy: personOf(row.claimed_by),
      decision: row.decision,
      note: row.note,
      createdAt: row.created_at.toISOString(),
      decidedAt: row.decided_at?.toISOString() ?? null,
    }));
  }

  private async one(id: string): Promise<Report> {
    const rows = await this.dataSource.query<ReportRow[]>('SELECT * FROM reports WHERE id = $1', [id]);
    return (await this.views(rows))[0]!;
  }

  /** A report that this moderator may decide, locked. */
  private async lock(manager: EntityManager, actor: Person, id: string): Promise<ReportRow> {
    const rows = await manager.query<ReportRow[]>('SELECT * FROM reports WHERE id = $1 FOR UPDATE', [id]);
    const report = rows[0];
    if (!report) throw new AppError('report.not-found');
    if (report.status === 'resolved' || report.status === 'dismissed') throw new AppError('report.decided');
    if (report.status === 'claimed' && report.claimed_by !== actor.userId && actor.role !== 'admin') throw new AppError('report.claimed');
    return report;
  }

  private async remove(actor: Person, { kind, subject_id: subjectId }: ReportRow, reason: string): Promise<void> {
    if (kind === 'person' || (kind === 'room' && actor.role !== 'admin')) throw new AppError('moderation.forbidden');
    try {
      await this.removals[kind](actor, subjectId, reason);
    } catch (error) {
      // Gone already, by its author or by the try before this one.
      if (!(error instanceof AppError) || error.status !== 404) throw error;
    }
  }
}
