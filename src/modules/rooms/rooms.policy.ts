import type { Guest, Person, Principal } from '../../common/principal.js';
import type { RoomKind, RoomRight, RoomRole } from '../../contracts/index.js';

/** What the rules look at of a room. */
export interface RoomRules {
  kind: RoomKind;
  access: RoomRight;
  posting: RoomRight;
  guestsAllowed: boolean;
  /** Read only for everybody. */
  archived: boolean;
}

/** How a person stands to a room. */
export interface Membership {
  /** null: not a member */
  role: RoomRole | null;
  banned: boolean;
}

export const stranger: Membership = Object.freeze({ role: null, banned: false });

const ranks: Record<RoomRole, number> = { owner: 3, admin: 2, moderator: 1, member: 0 };

/** The rank of a role; nobody is below every member. Site admins and moderators have their rank in every public room. */
export function rankOf(person: Person, room: RoomRules, membership: Membership): number {
  const own = membership.role ? ranks[membership.role] : -1;
  if (room.kind !== 'public') return own;
  const site = person.role === 'admin' ? ranks.owner : person.role === 'moderator' ? ranks.moderator : -1;
  return Math.max(own, site);
}

/** Whether somebody may know that a room exists. */
export function maySee(principal: Principal, room: RoomRules, membership: Membership, guestsOn: boolean): boolean {
  if (principal.kind === 'guest') return guestMayRead(principal, room, guestsOn);
  return room.kind === 'public' || membership.role !== null;
}

/** Whether somebody may read a room's messages; a person who may see but not read is told so. */
export function mayRead(principal: Principal, room: RoomRules, membership: Membership, guestsOn: boolean): boolean {
  if (principal.kind === 'guest') return guestMayRead(principal, room, guestsOn);
  if (!maySee(principal, room, membership, guestsOn) || membership.banned) return false;
  return room.access === 'everyone' || rankOf(principal, room, membership) >= ranks.admin;
}

/** Whether a member may write; a direct room's two people always may. */
export function mayPost(person: Person, room: RoomRules, membership: Membership): boolean {
  return room.posting === 'everyone' || rankOf(person, room, membership) >= ranks.admin;
}

/** Whether a person may change the room, its members and their roles. */
export function mayManage(person: Person, room: RoomRules, membership: Membership): boolean {
  return rankOf(person, room, membership) >= ranks.admin;
}

/** Whether a person may delete the room. */
export function mayDelete(person: Person, room: RoomRules, membership: Membership): boolean {
  return rankOf(person, room, membership) >= ranks.owner;
}

/** Whether a person may kick or ban another: moderators and above, only people below them. */
export function mayRemove(person: Person, room: RoomRules, membership: Membership, target: Membership): boolean {
  const rank = rankOf(person, room, membership);
  return rank >= ranks.moderator && rank > (target.role ? ranks[target.role] : -1);
}

/** Whether a person may give a member another role: admins and above, below their own rank; only an owner makes or unmakes owners. */
export function mayAssign(person: Person, room: RoomRules, membership: Membership, target: Membership, role: RoomRole): boolean {
  const rank = rankOf(person, room, membership);
  if (rank < ranks.admin) return false;
  if (rank >= ranks.owner) return true;
  return rank > ranks[role] && rank > (target.role ? ranks[target.role] : -1);
}

function guestMayRead(_guest: Guest, room: RoomRules, guestsOn: boolean): boolean {
  return guestsOn && room.kind === 'public' && room.guestsAllowed && room.access === 'everyone';
}
