import { z } from 'zod';
import { event } from './command.js';
import { block, friend, friendRequest } from './shapes-friends.js';
import { author, listedMessage, personRef, room, roomInfo, roomRole } from './shapes.js';
import { count, id } from './fields.js';
import { comment, post } from './shapes-posts.js';
import { notification } from './shapes-notifications.js';
import { accountDeletion, dataExport } from './shapes-privacy.js';

/** `position` counts the changes of this person's own things; `sync {me}` brings what was missed. */
const personal = z.strictObject({ position: z.int().min(1), unreadCount: count });

const closedRequest = z.strictObject({ requestId: id, userId: id.meta({ description: 'the other person' }) });
const roomChange = z.strictObject({ room: id, position: z.int().min(1), message: listedMessage });

/** Every event that the server sends, the same on Socket.IO and on plain WebSocket under /ws/. */
export const events = {
  'message.created': event({ summary: 'A message was stored in a room this socket joined', data: roomChange }),
  'message.updated': event({ summary: 'A message of a joined room was edited', data: roomChange }),
  'message.deleted': event({ summary: 'A message of a joined room was deleted; what it said is gone', data: roomChange }),
  'message.reactions': event({
    summary: 'Somebody gave or took back an emoji',
    data: roomChange.extend({ by: z.strictObject({ userId: id, emoji: z.string(), op: z.enum(['add', 'remove']) }) }),
  }),
  'private.message': event({
    summary: 'A message in a direct room that this socket has not joined: comes to every other socket of the two people',
    data: roomChange,
  }),
  'room.user_join': event({
    summary: 'A person came into the room (their first socket there)',
    data: z.strictObject({ room: id, user: personRef }),
  }),
  'room.user_leave': event({ summary: "A person's last socket left the room", data: z.strictObject({ room: id, user: personRef }) }),
  'room.users': event({
    summary: 'In big rooms: people who came and went, gathered',
    data: z.strictObject({ room: id, joined: z.array(personRef), left: z.array(personRef), onlineCount: z.int().min(0) }),
  }),
  'room.typing': event({
    summary: 'Somebody in a joined room is typing, or stopped; forget it after six seconds without another',
    data: z.strictObject({ room: id, user: personRef, typing: z.boolean() }),
  }),
  'room.read': event({
    summary: 'How far a member has read, in rooms of up to 50 members',
    data: z.strictObject({ room: id, userId: id, seq: z.int().min(0) }),
  }),
  'room.added': event({
    summary: 'This person became a member of a room: added, invited, or by their own act on any device',
    data: z.strictObject({ room }),
  }),
  'room.role': event({
    summary: "A member's role changed; comes to joined sockets and to every other socket of that person",
    data: z.strictObject({ room: id, userId: id, role: roomRole }),
  }),
  'room.updated': event({
    summary: 'A room changed its name, title, picture or rules, or went into or out of the archive',
    data: z.strictObject({ room: roomInfo }),
  }),
  'room.removed': event({
    summary: 'This person is no longer in the room, or it is gone',
    data: z.strictObject({ room: id, reason: z.enum(['left', 'kicked', 'banned', 'deleted', 'forbidden']) }),
  }),
  'room.unread': event({
    summary: "A room's unread count for this person changed",
    data: z.strictObject({ room: id, unread: z.int().min(0), mentions: z.int().min(0), lastSeq: z.int().min(0) }),
  }),
  'friend.requested': event({
    summary: 'A friend request was made: to you, or by you on another device',
    data: z.strictObject({ request: friendRequest }),
  }),
  'friend.accepted': event({
    summary: 'You have a new friend; `requestId` names the request that is gone with it',
    data: z.strictObject({ requestId: id, friend }),
  }),
  'friend.rejected': event({ summary: 'A friend request was rejected', data: closedRequest }),
  'friend.withdrawn': event({ summary: 'A friend request was withdrawn, or ended by a block', data: closedRequest }),
  'friend.removed': event({ summary: 'A friendship ended', data: z.strictObject({ userId: id }) }),
  'block.added': event({
    summary: 'You block a person (told to all of your devices): forget what they wrote, it is hidden from now on',
    data: z.strictObject({ block }),
  }),
  'block.removed': event({
    summary: 'You unblocked a person (told to all of your devices): read the rooms that you share again to see what they wrote',
    data: z.strictObject({ userId: id }),
  }),
  'user.updated': event({
    summary:
      'The name or picture of a person changed: of oneself, of a friend, or of a member of a room this socket joined. Refresh the `author` of what is shown',
    data: z.strictObject({ user: author }),
  }),
  'notification.created': event({
    summary: 'A notification came, or one that is still unread grew: an upsert by its id, on every device of the person',
    data: personal.extend({
      notification,
      quiet: z.boolean().meta({ description: "it is the person's quiet hours: count it, but do not ring" }),
    }),
  }),
  'notification.read': event({
    summary: 'Notifications were read, on this device or another one: some, or all',
    data: personal.extend({ ids: z.array(id).optional(), all: z.literal(true).optional() }),
  }),
  'notification.removed': event({ summary: 'Notifications are gone', data: personal.extend({ ids: z.array(id) }) }),
  'post.created': event({ summary: 'Somebody published a post (to sockets that watch the feed)', data: z.strictObject({ post }) }),
  'post.updated': event({ summary: 'A post of the watched feed, or a watched one, changed', data: z.strictObject({ post }) }),
  'post.deleted': event({ summary: 'A post of the watched feed, or a watched one, is gone', data: z.strictObject({ post: id }) }),
  'post.counters': event({
    summary: 'Likes, comments and views of a post now; once a second at most',
    data: z.strictObject({ post: id, likeCount: count, commentCount: count, viewCount: count }),
  }),
  'comment.created': event({ summary: 'Somebody commented on a watched post', data: z.strictObject({ post: id, comment }) }),
  'comment.updated': event({ summary: 'A comment of a watched post changed', data: z.strictObject({ post: id, comment }) }),
  'comment.deleted': event({ summary: 'A comment of a watched post was deleted', data: z.strictObject({ post: id, comment: id }) }),
  'export.updated': event({
    summary: "One's export began, went on, is ready, failed, or (null) is gone; comes to every device of the person",
    data: z.strictObject({ export: dataExport.nullable() }),
  }),
  'account.deletion': event({
    summary: "One's account will be deleted at a time, or (null) will not; comes to every device of the person",
    data: z.strictObject({ deletion: accountDeletion.nullable() }),
  }),
  'presence.online': event({ summary: 'How many people are online on this server', data: z.strictObject({ count: z.int().min(0) }) }),
  'session.expiring': event({
    summary: 'The token of this socket expires soon: renew it by session.renew',
    data: z.strictObject({ at: z.string().meta({ description: 'ISO 8601, UTC' }) }),
  }),
  error: event({
    summary: 'Something that this socket sent could not be done, or the socket will be closed',
    data: z.strictObject({
      code: z.string(),
      message: z.string(),
      command: z.string().optional(),
      close: z.int().optional(),
      retryAfter: z.number().optional(),
      errors: z.array(z.strictObject({ field: z.string(), code: z.string(), message: z.string() })).optional(),
    }),
  }),
} as const;

export type EventName = keyof typeof events;
export type EventData<E extends EventName> = z.output<(typeof events)[E]['data']>;
