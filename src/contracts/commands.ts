import { z } from 'zod';
import { messageChangeErrors } from './errors.js';
import { command } from './command.js';
import { announcement } from './shapes-notifications.js';
import {
  attachmentIds,
  clientId,
  emoji,
  id,
  messageContent,
  messageText,
  roomReference,
  substantial,
  text,
  usernameReference,
} from './fields.js';
import { isPlainMessage } from './plain-message.js';
import { listedMessage, message, personalChanges, personRef, room, roomChanges } from './shapes.js';

const position = z.int().min(0);
const sendErrors = [
  'message.empty',
  'message.too-long',
  'message.client-id-reused',
  'message.slash-command',
  'user.muted',
  'rate.limited',
  'server.busy',
] as const;

export const joinedRoom = z
  .strictObject({
    room,
    online: z.array(personRef),
    onlineCount: z.int().min(0),
    position,
    epoch: z.string(),
    gap: z.boolean(),
    messages: z.array(listedMessage).optional(),
    changes: z.array(listedMessage).optional(),
  })
  .meta({ id: 'JoinedRoom' });

/** Every command, the same on Socket.IO and on plain WebSocket under /ws/. The start fails when one has no handler. */
export const commands = {
  'room.join': command({
    summary:
      'Subscribe this socket to a room (and become a member of a public one). Without `since` the last ten messages come, with it what changed; `gap` says that the answer is the newest page instead.',
    access: 'guest',
    data: z.strictObject({ room: roomReference, since: position.optional(), epoch: text(64).optional() }),
    reply: joinedRoom,
    errors: ['auth.required', 'room.not-found', 'room.not-joined', 'room.forbidden', 'room.banned', 'rate.limited', 'server.busy'],
  }),
  'room.leave': command({
    summary: 'Unsubscribe this socket; membership stays (it ends by REST alone)',
    access: 'guest',
    data: z.strictObject({ room: roomReference }),
    reply: z.strictObject({ room: id }),
    errors: ['room.not-found'],
  }),
  'message.send': command({
    summary: 'Send a message to a room one is a member of',
    access: 'user',
    data: substantial(
      z.strictObject({
        room: roomReference,
        content: messageText.optional().meta({ description: 'may be left out when there are attachments' }),
        clientId: clientId.optional(),
        replyTo: id.optional(),
        attachments: attachmentIds.optional(),
      }),
    ),
    isPlain: isPlainMessage,
    reply: z.strictObject({ message }),
    errors: [
      'room.not-found',
      'room.not-joined',
      'room.banned',
      'room.forbidden',
      'room.posting-restricted',
      'room.archived',
      'user.blocked',
      'user.unavailable',
      'message.not-found',
      'file.not-found',
      ...sendErrors,
    ],
  }),
  'message.edit': command({
    summary: "Change what one's own message says; what it said before is kept in its history",
    access: 'user',
    data: z.strictObject({ id, content: messageContent }),
    reply: z.strictObject({ message }),
    errors: [...messageChangeErrors, 'message.empty', 'message.too-long', 'message.slash-command'],
  }),
  'message.delete': command({
    summary: "Delete one's own message, or as a moderator of the room anybody's below; its place stays, what it said is gone",
    access: 'user',
    data: z.strictObject({ id }),
    reply: z.strictObject({ message: listedMessage }),
    errors: [
      'message.not-found',
      'message.forbidden',
      'room.banned',
      'room.forbidden',
      'room.not-joined',
      'room.archived',
      'rate.limited',
      'server.busy',
    ],
  }),
  'message.react': command({
    summary: 'Give a message an emoji; the same one again changes nothing',
    access: 'user',
    data: z.strictObject({ id, emoji }),
    reply: z.strictObject({ message: listedMessage }),
    errors: [...messageChangeErrors, 'message.too-many-reactions'],
  }),
  'message.unreact': command({
    summary: 'Take an emoji back',
    access: 'user',
    data: z.strictObject({ id, emoji }),
    reply: z.strictObject({ message: listedMessage }),
    errors: messageChangeErrors,
  }),
  'room.typing': command({
    summary: 'Tell the others in a joined room that one is typing; never stored, passed on at most every two seconds',
    access: 'user',
    data: z.strictObject({ room: roomReference, typing: z.boolean() }),
    reply: z.strictObject({}),
    errors: ['room.not-joined', 'room.posting-restricted', 'room.archived', 'room.not-found', 'room.banned', 'room.forbidden'],
  }),
  sync: command({
    summary:
      'After a reconnect: what changed in up to 200 rooms since a position each, without joining them; with `me` also what changed for this person alone',
    access: 'user',
    data: z.strictObject({
      rooms: z
        .record(id, z.strictObject({ position, epoch: text(64) }))
        .refine((rooms) => Object.keys(rooms).length <= 200, { error: 'must name at most 200 rooms', params: { code: 'too-long' } }),
      me: position.optional(),
    }),
    reply: z.strictObject({ rooms: z.record(id, roomChanges), me: personalChanges.optional() }),
    errors: ['rate.limited'],
  }),
  'private.send': command({
    summary: 'Send a private message: it is stored in the direct room of the two and reaches every socket of the addressee',
    access: 'user',
    data: substantial(
      z.strictObject({
        to: usernameReference,
        content: messageText.optional().meta({ description: 'may be left out when there are attachments' }),
        clientId: clientId.optional(),
        attachments: attachmentIds.optional(),
      }),
    ),
    reply: z.strictObject({ message }),
    errors: ['user.not-found', 'user.blocked', 'user.unavailable', 'room.self-direct', 'file.not-found', ...sendErrors],
  }),
  'room.read': command({
    summary: 'Move your read position forward; it never moves back',
    access: 'user',
    data: z.strictObject({ room: roomReference, seq: position }),
    reply: z.strictObject({ seq: position, unreadCount: z.int().min(0) }),
    errors: ['room.not-found', 'room.not-joined'],
  }),
  'announcement.send': command({
    summary: 'Notify everybody (admins)',
    access: 'user',
    data: z.strictObject({ message: messageContent }),
    reply: z.strictObject({ announcement }),
    errors: ['auth.forbidden', 'message.empty', 'message.too-long'],
  }),
  'feed.watch': command({
    summary: 'Look at the feed with this socket: post.created, post.updated, post.deleted and post.counters come by themselves',
    access: 'user',
    data: z.strictObject({}),
    reply: z.strictObject({}),
    errors: ['rate.limited'],
  }),
  'feed.unwatch': command({
    summary: 'Look away from the feed',
    access: 'user',
    data: z.strictObject({}),
    reply: z.strictObject({}),
    errors: [],
  }),
  'post.watch': command({
    summary: 'Look at one post with this socket: its changes and comments come by themselves; 50 posts at most',
    access: 'user',
    data: z.strictObject({ id }),
    reply: z.strictObject({}),
    errors: ['post.not-found', 'rate.limited'],
  }),
  'post.unwatch': command({
    summary: 'Look away from a post',
    access: 'user',
    data: z.strictObject({ id }),
    reply: z.strictObject({}),
    errors: [],
  }),
  'session.renew': command({
    summary: 'Give this socket a newer access token of the same person and session, so that it stays open',
    access: 'user',
    data: z.strictObject({ token: text(4096, 1) }),
    reply: z.strictObject({ expiresAt: z.string().meta({ description: 'ISO 8601, UTC' }) }),
    errors: ['auth.token-invalid', 'auth.token-expired', 'auth.revoked', 'auth.other-person'],
  }),
} as const;

export type CommandName = keyof typeof commands;
export type CommandData<C extends CommandName> = z.output<(typeof commands)[C]['data']>;
export type CommandInput<C extends CommandName> = z.input<(typeof commands)[C]['data']>;
export type CommandReply<C extends CommandName> = z.output<(typeof commands)[C]['reply']>;
export type JoinedRoom = z.output<typeof joinedRoom>;

/** The acknowledgement of a command on Socket.IO; on plain WebSocket it carries the frame's `id` too. */
export const acknowledgement = z.union([
  z.strictObject({ ok: z.literal(true), data: z.unknown() }),
  z.strictObject({
    ok: z.literal(false),
    error: z.strictObject({
      code: z.string(),
      message: z.string(),
      errors: z.array(z.strictObject({ field: z.string(), code: z.string(), message: z.string() })).optional(),
      retryAfter: z.number().optional().meta({ description: 'seconds' }),
    }),
  }),
]);
export type Acknowledgement = z.output<typeof acknowledgement>;
export type SocketError = Extract<Acknowledgement, { ok: false }>['error'];
