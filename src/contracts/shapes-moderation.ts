import { z } from 'zod';
import { count, id, isoTime, siteRole } from './fields.js';
import { author } from './shapes.js';

export const sanctionKind = z.enum(['warn', 'mute', 'suspend', 'ban']);
export const reportKind = z.enum(['message', 'post', 'comment', 'person', 'room']);
export const reportStatus = z.enum(['open', 'claimed', 'resolved', 'dismissed']);
export const reportDecision = z.enum(['dismiss', 'delete', 'warn', 'mute', 'suspend', 'ban']);

export const sanction = z
  .strictObject({
    id,
    kind: sanctionKind,
    reason: z.string(),
    by: author.nullable(),
    createdAt: isoTime,
    endsAt: isoTime.nullable().meta({ description: 'null: for good, or a warning' }),
    liftedAt: isoTime.nullable(),
  })
  .meta({ id: 'Sanction' });

export const report = z
  .strictObject({
    id,
    kind: reportKind,
    subject: id.meta({ description: 'what was reported' }),
    owner: author.nullable().meta({ description: 'whose it is' }),
    reporter: author.nullable(),
    reason: z.string(),
    content: z.string().meta({ description: 'what it said when it was reported' }),
    status: reportStatus,
    claimedBy: author.nullable(),
    decision: reportDecision.nullable(),
    note: z.string().nullable(),
    createdAt: isoTime,
    decidedAt: isoTime.nullable(),
  })
  .meta({ id: 'Report' });

export const adminUser = z
  .strictObject({
    id,
    username: z.string(),
    email: z.string(),
    displayName: z.string(),
    avatarUrl: z.string().nullable(),
    role: siteRole,
    status: z.string(),
    mutedUntil: isoTime.nullable(),
    suspendedUntil: isoTime.nullable(),
    createdAt: isoTime,
  })
  .meta({ id: 'AdminUser' });

export const adminRoom = z
  .strictObject({
    id,
    name: z.string(),
    title: z.string(),
    kind: z.string(),
    memberCount: count,
    messageCount: count,
    createdAt: isoTime,
    lastActivityAt: isoTime,
  })
  .meta({ id: 'AdminRoom' });

export const auditEntry = z
  .strictObject({
    id,
    actor: author.nullable(),
    action: z.string(),
    subjectKind: z.string(),
    subject: id,
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
    at: isoTime,
  })
  .meta({ id: 'AuditEntry' });

export const siteInvitation = z
  .strictObject({
    id,
    by: author.nullable(),
    maxUses: z.int().min(1),
    uses: count,
    expiresAt: isoTime,
    createdAt: isoTime,
  })
  .meta({ id: 'SiteInvitation' });

export type SanctionKind = z.output<typeof sanctionKind>;
export type Sanction = z.output<typeof sanction>;
export type ReportKind = z.output<typeof reportKind>;
export type ReportDecision = z.output<typeof reportDecision>;
export type Report = z.output<typeof report>;
export type AdminUser = z.output<typeof adminUser>;
export type AdminRoom = z.output<typeof adminRoom>;
export type AuditEntry = z.output<typeof auditEntry>;
export type SiteInvitation = z.output<typeof siteInvitation>;
