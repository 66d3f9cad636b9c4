import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { newId } from '../../common/ids.js';

export type AuditAction =
  | 'message.deleted'
  | 'post.deleted'
  | 'comment.deleted'
  | 'room.deleted'
  | 'report.claimed'
  | 'report.decided'
  | 'user.role-changed'
  | 'sanction.imposed'
  | 'sanction.lifted'
  | 'invitation.created'
  | 'invitation.deleted';

export interface Act {
  actorId: string;
  action: AuditAction;
  subjectKind: 'message' | 'post' | 'comment' | 'room' | 'report' | 'user' | 'sanction' | 'invitation';
  subjectId: string;
  /** Words and numbers for whoever reads the log; never what was deleted, never a secret. */
  detail?: Record<string, string | number | null>;
}

/** The log of every act of moderation and administration, written in the transaction of the act: none without a trace, no trace without one. */
@Injectable()
export class AuditLog {
  async record(manager: EntityManager, { actorId, action, subjectKind, subjectId, detail = {} }: Act): Promise<void> {
    await manager.query(
      'INSERT INTO audit_log (id, actor_id, action, subject_kind, subject_id, detail, at) VALUES ($1, $2, $3, $4, $5, $6::jsonb, now())',
      [newId(), actorId, action, subjectKind, subjectId, JSON.stringify(detail)],
    );
  }
}
