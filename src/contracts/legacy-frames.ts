import { z } from 'zod';
import { id, isoTime } from './fields.js';

/**
 * The frames of the Channels chat tutorial's client, on /ws/chat/, /ws/online/ and /ws/notifications/. Keys beyond the tutorial's own are
 * ours and ignored by it. Text is sent as it is: clients must escape it, or ask for `?escape=html`.
 */
export const legacyServerFrames = {
  user_list: z.strictObject({ type: z.literal('user_list'), users: z.array(z.string()) }),
  user_join: z.strictObject({ type: z.literal('user_join'), user: z.string() }),
  user_leave: z.strictObject({ type: z.literal('user_leave'), user: z.string() }),
  chat_message: z.strictObject({
    type: z.literal('chat_message'),
    user: z.string(),
    username: z.string(),
    message: z.string(),
    id,
    seq: z.int(),
    position: z.int(),
    author_first_name: z.string(),
    author_avatar_url: z.string().nullable(),
    sent_at: isoTime,
    image_url: z.string().nullable(),
    is_personal: z.boolean(),
  }),
  private_message: z.strictObject({
    type: z.literal('private_message'),
    user: z.string(),
    message: z.string(),
    id,
    sent_at: isoTime,
    image_url: z.string().nullable(),
  }),
  private_message_delivered: z.strictObject({ type: z.literal('private_message_delivered'), target: z.string(), message: z.string(), id }),
  error: z.strictObject({ type: z.literal('error'), error: z.string(), message: z.string(), code: z.string() }),
  event: z.strictObject({ type: z.literal('event'), event: z.string(), data: z.unknown() }).meta({
    description: 'with `?frames=all`: every event beyond the ones above, as on /ws/',
  }),
  notification: z.strictObject({
    type: z.literal('notification'),
    message: z.string().meta({ description: "in the person's language" }),
    timestamp: z
      .string()
      .regex(/^\d\d:\d\d:\d\d$/)
      .meta({ description: 'HH:MM:SS, UTC' }),
    id,
    kind: z.string(),
    count: z.int().min(1),
    unread_count: z.int().min(0),
    room: z.string().nullable().meta({ description: "the room's name" }),
  }),
  online_count: z.strictObject({ type: z.literal('online_count'), count: z.int().min(0) }),
} as const;

/** What an old client sends. */
export const legacyClientFrame = z.object({ message: z.string() });

export type LegacyFrameType = keyof typeof legacyServerFrames;
export type LegacyFrame<T extends LegacyFrameType> = z.output<(typeof legacyServerFrames)[T]>;
