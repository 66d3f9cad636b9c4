import { z } from 'zod';
import { count, id, isoTime, text } from './fields.js';
import { author, roomKind } from './shapes.js';

/** What a person is notified of. A kind that a client does not know can be shown by its `text`. */
export const notificationKind = z.enum([
  'friend.requested',
  'friend.accepted',
  'message.mention',
  'message.reply',
  'message.posted',
  'room.added',
  'post.liked',
  'comment.liked',
  'post.commented',
  'comment.answered',
  'post.mentioned',
  'announcement',
  'moderation.warned',
  'moderation.muted',
  'export.ready',
  'security.password-changed',
  'security.password-reset',
  'security.email-changed',
  'security.username-changed',
  'security.session-theft',
]);

export const announcement = z.strictObject({ id, message: z.string(), createdAt: isoTime }).meta({ id: 'Announcement' });

export const notification = z
  .strictObject({
    id,
    kind: notificationKind,
    text: z.string().meta({ description: "one sentence in the reader's language, as plain text" }),
    actors: z.array(author).meta({ description: 'who did it last, three at most, the newest first' }),
    actorCount: count.meta({ description: 'how many people, 100 at most' }),
    count: z
      .int()
      .min(1)
      .meta({ description: 'how many times it happened since it was last read; alike things gather in one notification' }),
    room: z.strictObject({ id, name: z.string(), title: z.string(), kind: roomKind }).nullable(),
    message: z
      .strictObject({
        id,
        seq: z.int().min(1),
        excerpt: z.string().meta({ description: 'how the newest message begins; empty when it is gone' }),
      })
      .nullable(),
    post: z.strictObject({ id, title: z.string() }).optional().meta({ description: 'the post that it is about, while it is there' }),
    commentId: id.optional().meta({ description: 'of the newest comment that it is about' }),
    requestId: id.optional().meta({ description: 'of the friend request, to accept or reject it' }),
    announcement: announcement.optional(),
    createdAt: isoTime,
    updatedAt: isoTime.meta({ description: 'when it happened last; lists are ordered by it' }),
    readAt: isoTime.nullable(),
  })
  .meta({ id: 'Notification' });

const times = z.strictObject({ inApp: z.boolean(), mail: z.boolean() });

/** HH:MM on the person's clock. */
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time of day as HH:MM' });

const timeZone = text(64, 1).refine(isTimeZone, { error: 'must be a time zone such as Europe/Kyiv', params: { code: 'format' } });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export const quietHours = z
  .strictObject({ from: clockTime, until: clockTime, timeZone })
  .refine((hours) => hours.from !== hours.until, { path: ['until'], error: 'must not be the same as "from"', params: { code: 'format' } })
  .meta({ id: 'QuietHours', description: 'on the clock of the time zone; over midnight when "until" is earlier' });

export const notificationPreferences = z
  .strictObject({
    mail: z.boolean().meta({ description: 'whether unread notifications may be gathered in a mail at all' }),
    kinds: z.strictObject({
      'friend.requested': times,
      'friend.accepted': times,
      'message.mention': times,
      'message.reply': times,
      'message.posted': times,
      'room.added': times,
      'post.liked': times.meta({ description: 'likes of posts and comments' }),
      'post.commented': times.meta({ description: 'comments and answers to comments' }),
      'post.mentioned': times,
      announcement: times,
      security: times,
    }),
    quietHours: quietHours.nullable(),
  })
  .meta({ id: 'NotificationPreferences' });

const change = z.strictObject({ inApp: z.boolean().optional(), mail: z.boolean().optional() });
/** Announcements, security notices and what moderators say are always shown. */
const mailAlone = z.strictObject({ mail: z.boolean().optional() });

export const notificationPreferencesChange = z.strictObject({
  mail: z.boolean().optional(),
  kinds: z
    .strictObject({
      'friend.requested': change.optional(),
      'friend.accepted': change.optional(),
      'message.mention': change.optional(),
      'message.reply': change.optional(),
      'message.posted': change.optional(),
      'room.added': change.optional(),
      'post.liked': change.optional(),
      'post.commented': change.optional(),
      'post.mentioned': change.optional(),
      announcement: mailAlone.optional(),
      security: mailAlone.optional(),
    })
    .optional(),
  quietHours: quietHours.nullable().optional(),
});

/** Which messages of a room notify: every one, mentions and replies, or none. */
export const roomNotificationLevel = z.enum(['all', 'mentions', 'nothing']);

export type Notification = z.output<typeof notification>;
export type NotificationKind = z.output<typeof notificationKind>;
export type Announcement = z.output<typeof announcement>;
export type NotificationPreferences = z.output<typeof notificationPreferences>;
export type NotificationPreferencesChange = z.output<typeof notificationPreferencesChange>;
export type NotificationTopic = keyof NotificationPreferences['kinds'];
export type QuietHours = z.output<typeof quietHours>;
export type RoomNotificationLevel = z.output<typeof roomNotificationLevel>;
