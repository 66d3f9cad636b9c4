import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { count, cursor, id, limit, messageContent, roomReference } from '../fields.js';
import {
  announcement,
  notification,
  notificationPreferences,
  notificationPreferencesChange,
  roomNotificationLevel,
} from '../shapes-notifications.js';

/** Below the API's prefix, and no call of it: a page for people who come from a mail, and the address that mail programs post to (RFC 8058). */
export const unsubscribePath = '/notifications/unsubscribe';

const tag = 'Notifications';
const roomParams = z.strictObject({ room: roomReference });
const level = z.strictObject({ level: roomNotificationLevel });

export const notificationEndpoints = {
  'notifications.list': endpoint({
    method: 'GET',
    path: '/notifications',
    tag,
    summary: 'Your notifications, what happened last first',
    description: '`position` is your place in your own changes: pass it to `sync {me}` after a reconnect.',
    access: 'user',
    query: z.strictObject({ unread: z.enum(['true', 'false']).optional(), limit: limit.optional(), cursor: cursor.optional() }),
    status: 200,
    reply: z.strictObject({
      items: z.array(notification),
      nextCursor: z.string().nullable(),
      unreadCount: count,
      position: z.int().min(0),
    }),
    errors: ['request.cursor-invalid'],
  }),
  'notifications.read': endpoint({
    method: 'POST',
    path: '/notifications/read',
    tag,
    summary: 'Mark notifications as read: some (100 at most), or all',
    description: 'Ids that are not yours, or read already, change nothing. Opening a room marks what it was about by itself.',
    access: 'user',
    body: z.union([z.strictObject({ ids: z.array(id).min(1).max(100) }), z.strictObject({ all: z.literal(true) })]),
    status: 200,
    reply: z.strictObject({ unreadCount: count }),
  }),
  'notifications.remove': endpoint({
    method: 'DELETE',
    path: '/notifications/:id',
    tag,
    summary: 'Remove one of your notifications',
    access: 'user',
    params: z.strictObject({ id }),
    status: 204,
    errors: ['notification.not-found'],
  }),
  'notifications.preferences.get': endpoint({
    method: 'GET',
    path: '/notifications/preferences',
    tag,
    summary: 'What you are notified of, and when you are left in peace',
    access: 'user',
    status: 200,
    reply: notificationPreferences,
  }),
  'notifications.preferences.update': endpoint({
    method: 'PATCH',
    path: '/notifications/preferences',
    tag,
    summary: 'Change what is named; the rest stays',
    description:
      'With `inApp` off nothing of that kind is stored, told or mailed. In quiet hours notifications are stored and counted, told with `quiet: true` and not mailed.',
    access: 'user',
    body: notificationPreferencesChange,
    status: 200,
    reply: notificationPreferences,
  }),
  'notifications.room.get': endpoint({
    method: 'GET',
    path: '/rooms/:room/notifications',
    tag,
    summary: 'Which messages of a room notify you',
    access: 'user',
    params: roomParams,
    status: 200,
    reply: level,
    errors: ['room.not-found', 'room.not-joined'],
  }),
  'notifications.room.update': endpoint({
    method: 'PUT',
    path: '/rooms/:room/notifications',
    tag,
    summary: 'Be notified of all messages of a room, of mentions and replies (unless you say otherwise), or of nothing',
    access: 'user',
    params: roomParams,
    body: level,
    status: 200,
    reply: level,
    errors: ['room.not-found', 'room.not-joined'],
  }),
  'announcements.create': endpoint({
    method: 'POST',
    path: '/announcements',
    tag,
    summary: 'Notify everybody (admins)',
    description: 'Who is online gets it at once, everybody else in the background; a restart goes on where it stopped.',
    access: 'admin',
    body: z.strictObject({ message: messageContent }),
    status: 201,
    reply: z.strictObject({ announcement }),
    errors: ['message.empty', 'message.too-long'],
  }),
};
