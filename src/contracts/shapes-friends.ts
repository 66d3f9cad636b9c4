import { z } from 'zod';
import { count, id, isoTime } from './fields.js';
import { author } from './shapes.js';

export const friend = z
  .strictObject({ user: author, since: isoTime, online: z.boolean().meta({ description: 'has an open socket' }) })
  .meta({ id: 'Friend' });

/** A request as one of the two sees it: `user` is the other one. */
export const friendRequest = z
  .strictObject({ id, direction: z.enum(['in', 'out']), user: author, createdAt: isoTime })
  .meta({ id: 'FriendRequest' });

export const friendCounters = z
  .strictObject({ friends: count, incoming: count, outgoing: count })
  .meta({ id: 'FriendCounters', description: 'friends, requests to answer, requests that wait for others' });

export const friendSuggestion = z
  .strictObject({
    user: author,
    commonFriends: count.meta({ description: 'among the friends looked at; in small circles all of them' }),
    sharedRooms: count.meta({ description: 'among the rooms looked at' }),
  })
  .meta({ id: 'FriendSuggestion' });

export const block = z.strictObject({ user: author, createdAt: isoTime }).meta({ id: 'Block' });

/** How another person stands to the reader, as `sync {me}` tells it under the subject `friend`; the other one's id is the subject's. */
export const friendChange = z
  .union([z.strictObject({ friend }), z.strictObject({ request: friendRequest }), z.strictObject({ block })])
  .meta({ id: 'FriendChange', description: 'data of a change with the subject `friend`; null: nothing is left between the two' });

export type FriendChange = z.output<typeof friendChange>;
export type Friend = z.output<typeof friend>;
export type FriendRequest = z.output<typeof friendRequest>;
export type FriendCounters = z.output<typeof friendCounters>;
export type FriendSuggestion = z.output<typeof friendSuggestion>;
export type Block = z.output<typeof block>;
