import type { AdminUser } from '../../api/wire.js';
import { untilWhen } from '../../text/authority.js';
import { t } from '../../texts/index.js';

/** A time for a sentence; null: it has none. */
export function moment(iso: string): string | null {
  const until = untilWhen(iso);
  return until === null ? null : t.time.clockOf(t.time.shortDay(until), t.time.clock(until));
}

/** What an account is at the moment, beside its role: not active, muted, suspended. */
export function Standing({ user, now }: { user: AdminUser; now: number }) {
  const inForce = (until: string | null): until is string => until !== null && Date.parse(until) > now;
  return (
    <>
      {user.role !== 'user' && <span class="tag">{t.admin.roles[user.role]}</span>}
      {user.status !== 'active' && <span class="tag plain">{t.admin.accountStatus[user.status] ?? user.status}</span>}
      {inForce(user.mutedUntil) && <span class="tag bad">{t.admin.mutedUntil(moment(user.mutedUntil))}</span>}
      {inForce(user.suspendedUntil) && <span class="tag bad">{t.admin.suspendedUntil(moment(user.suspendedUntil))}</span>}
    </>
  );
}
