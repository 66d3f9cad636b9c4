import { AppError } from '../../common/app-error.js';

/** Friends of one person. */
export const mostFriends = 5_000;
/** Requests of one person that wait for an answer. */
export const mostWaitingRequests = 1_000;
/** People whom one person blocks; all of them are kept in memory while they are online. */
export const mostBlocks = 1_000;

/** Who of two people blocks whom. */
export type BlocksBetween = 'none' | 'a-blocks' | 'b-blocks' | 'both';

/**
 * Whether `a` may send `b` something meant for them: a private message, a friend request, an invitation, a place in a group.
 * @throws AppError `user.blocked` when `a` blocks `b`; `user.unavailable` when `b` blocks `a`
 */
export function requireReach(between: BlocksBetween): void {
  if (between === 'a-blocks' || between === 'both') throw new AppError('user.blocked');
  if (between === 'b-blocks') throw new AppError('user.unavailable');
}

/** How many friends and waiting requests the two people of a new request have. */
export interface Room {
  friendsOfSender: number;
  friendsOfAddressee: number;
  waitingOfSender: number;
}

/** @throws AppError `friend.too-many`, `friend.too-many-requests` */
export function requireRoomForRequest({ friendsOfSender, friendsOfAddressee, waitingOfSender }: Room): void {
  requireRoomForFriend(friendsOfSender, friendsOfAddressee);
  if (waitingOfSender >= mostWaitingRequests) throw new AppError('friend.too-many-requests');
}

/** @throws AppError `friend.too-many` */
export function requireRoomForFriend(...friends: number[]): void {
  if (friends.some((count) => count >= mostFriends)) throw new AppError('friend.too-many');
}
