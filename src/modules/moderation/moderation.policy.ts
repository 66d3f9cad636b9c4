import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import type { SanctionKind } from '../../contracts/index.js';
import type { SiteRole } from '../users/index.js';

const ranks: Record<SiteRole, number> = { user: 0, moderator: 1, admin: 2 };

/**
 * Whether somebody may act on a person: only downwards, and only admins ban for good.
 * @throws AppError `moderation.forbidden`
 */
export function requireAuthority(actor: Person, target: SiteRole, kind: SanctionKind): void {
  if (ranks[actor.role] <= ranks[target]) throw new AppError('moderation.forbidden');
  if (kind === 'ban' && actor.role !== 'admin') throw new AppError('moderation.forbidden');
}
