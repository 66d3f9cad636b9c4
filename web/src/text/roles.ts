import type { Room } from '../api/wire.js';

type Role = NonNullable<Room['myRole']>;

const ranks: Readonly<Record<Role, number>> = { member: 0, moderator: 1, admin: 2, owner: 3 };

/** From the lowest to the highest. */
export const roles: readonly Role[] = ['member', 'moderator', 'admin', 'owner'];

function rank(role: Role | null): number {
  return role === null ? -1 : ranks[role];
}

/** Whether a role may change the room and add people. */
export function mayManage(role: Role | null): boolean {
  return rank(role) >= ranks.admin;
}

export function mayDelete(role: Role | null): boolean {
  return role === 'owner';
}

/** Whether a role may see who is banned, and lift bans. */
export function mayLiftBans(role: Role | null): boolean {
  return rank(role) >= ranks.moderator;
}

/** Whether somebody may remove or ban another: moderators and above, only people below them. */
export function mayRemove(mine: Role | null, theirs: Role): boolean {
  return rank(mine) >= ranks.moderator && rank(mine) > rank(theirs);
}

/** The roles that somebody may give a member; empty: none. Owners are named by owners. */
export function rolesToGive(mine: Role | null, theirs: Role): readonly Role[] {
  if (mine === 'owner') return roles;
  if (mine !== 'admin' || rank(theirs) >= ranks.admin) return [];
  return roles.filter((role) => rank(role) < ranks.admin);
}
