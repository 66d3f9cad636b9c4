import type { Me, ReportDecision, ReportKind, SanctionKind } from '../api/wire.js';

type SiteRole = Me['role'];

const ranks: Readonly<Record<SiteRole, number>> = { user: 0, moderator: 1, admin: 2 };

/** Whether somebody may decide reports and act on people. */
export function mayModerate(role: SiteRole): boolean {
  return ranks[role] >= ranks.moderator;
}

/** What somebody may impose on a person: only downwards, and only admins ban for good. */
export function sanctionsFor(mine: SiteRole, theirs: SiteRole): readonly SanctionKind[] {
  if (ranks[mine] <= ranks[theirs]) return [];
  return mine === 'admin' ? ['warn', 'mute', 'suspend', 'ban'] : ['warn', 'mute', 'suspend'];
}

/** How a report of something may be decided. */
export function decisionsFor(mine: SiteRole, kind: ReportKind): readonly ReportDecision[] {
  const admin = mine === 'admin';
  if (kind === 'room') return admin ? ['dismiss', 'delete'] : ['dismiss'];
  return ['dismiss', ...(kind === 'person' ? [] : ['delete' as const]), 'warn', 'mute', 'suspend', ...(admin ? ['ban' as const] : [])];
}

/** How long a mute or suspension may last, in seconds; null: until it is lifted. */
export const durations = { hour: 3600, day: 86_400, week: 604_800, month: 2_592_000, forGood: null } as const;
export type Duration = keyof typeof durations;

/** Whether a sanction of this kind has an end. */
export function hasEnd(kind: SanctionKind | ReportDecision): boolean {
  return kind === 'mute' || kind === 'suspend';
}

/** When something that begins now ends, as the server is told; nothing: it does not. */
export function endOf(duration: Duration, now = Date.now()): { endsAt?: string } {
  const seconds = durations[duration];
  return seconds === null ? {} : { endsAt: new Date(now + seconds * 1000).toISOString() };
}

/** What has no end, ends in the year 9999 for the server. */
export function untilWhen(iso: string): string | null {
  return iso >= '9000' ? null : iso;
}
