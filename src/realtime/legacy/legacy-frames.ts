import {
  type EventData,
  type ErrorCode,
  errorCatalogue,
  type LegacyFrame,
  type LegacyFrameType,
  type ListedMessage,
  type Message,
} from '../../contracts/index.js';
import type { Frame } from '../frame.js';

type AnyLegacyFrame = { [T in LegacyFrameType]: LegacyFrame<T> }[LegacyFrameType];

/** How an old client wants its frames. */
export interface LegacyStyle {
  /** `?escape=html`: for pages that put text into markup as it is. */
  escape: boolean;
  /** `?frames=all`: also the events that the old protocol does not know. */
  all: boolean;
  /** The room is a direct one. */
  personal: boolean;
  /** Where people reach this server: old clients may be pages of other hosts, so their pictures have whole addresses. */
  base: string;
}

const htmlEscapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function shown(text: string, { escape }: LegacyStyle): string {
  return escape ? text.replace(/[&<>"']/g, (character) => htmlEscapes[character]!) : text;
}

/** A message as the old protocol shows it; null for one that is hidden or was deleted: old clients know neither, and there is nothing to show. */
export function chatMessage(message: ListedMessage, style: LegacyStyle): LegacyFrame<'chat_message'> | null {
  if ('hidden' in message || message.deletedAt !== undefined) return null;
  const username = message.author?.username ?? 'system';
  return {
    type: 'chat_message',
    user: username,
    username,
    message: shown(textOf(message), style),
    id: message.id,
    seq: message.seq,
    position: message.position,
    author_first_name: shown(message.author?.displayName ?? '', style),
    author_avatar_url: absolute(message.author?.avatarUrl, style),
    sent_at: message.createdAt,
    image_url: imageUrl(message, style),
    is_personal: style.personal,
  };
}

function imageUrl({ attachments }: Message, style: LegacyStyle): string | null {
  return absolute(attachments.find(({ kind }) => kind === 'image')?.sizes['medium'], style);
}

/** Old clients show a text or nothing: a file that came without one is at least named. */
function textOf({ content, attachments }: Message): string {
  return content !== '' ? content : (attachments.find(({ kind }) => kind === 'file')?.name ?? '');
}

function absolute(address: string | null | undefined, { base }: LegacyStyle): string | null {
  if (!address) return null;
  return address.startsWith('/') ? base + address : address;
}

/** The people in a room, without the one who is told. */
export function userList(users: string[]): LegacyFrame<'user_list'> {
  return { type: 'user_list', users };
}

/** The sender's receipt of a private message. */
export function privateMessageDelivered(target: string, message: Message, style: LegacyStyle): LegacyFrame<'private_message_delivered'> {
  return { type: 'private_message_delivered', target: shown(target, style), message: shown(message.content, style), id: message.id };
}

/** A notification, in the words of its reader. */
export function notificationFrame({ notification, unreadCount }: EventData<'notification.created'>): LegacyFrame<'notification'> {
  const { id, kind, text, count, room, updatedAt } = notification;
  return {
    type: 'notification',
    message: text,
    timestamp: updatedAt.slice(11, 19),
    id,
    kind,
    count,
    unread_count: unreadCount,
    room: room?.name ?? null,
  };
}

/** A fault; the socket stays unless it is closed right after. */
export function errorFrame(code: ErrorCode | (string & {}), message: string): LegacyFrame<'error'> {
  return {
    type: 'error',
    error: code.startsWith('auth.') && code !== 'auth.forbidden' ? 'Authentication required' : message,
    message,
    code,
  };
}

/** A fault of the catalogue, in its own words. */
export function catalogueError(code: ErrorCode): LegacyFrame<'error'> {
  return errorFrame(code, errorCatalogue[code].message);
}

/** An event in the words of the old protocol: one frame, several, or none. */
export function legacyFramesOf(frame: Frame, style: LegacyStyle): AnyLegacyFrame[] {
  if (is(frame, 'message.created')) {
    const shownMessage = chatMessage(frame.data.message, style);
    return shownMessage ? [shownMessage] : [];
  }
  if (is(frame, 'private.message')) {
    const { message } = frame.data;
    if ('hidden' in message) return [];
    const user = message.author?.username ?? 'system';
    const text = textOf(message);
    return [
      {
        type: 'private_message',
        user,
        message: shown(text, style),
        id: message.id,
        sent_at: message.createdAt,
        image_url: imageUrl(message, style),
      },
    ];
  }
  if (is(frame, 'room.user_join')) return [{ type: 'user_join', user: frame.data.user.username }];
  if (is(frame, 'room.user_leave')) return [{ type: 'user_leave', user: frame.data.user.username }];
  if (is(frame, 'room.users')) {
    const joins = frame.data.joined.map(({ username }): AnyLegacyFrame => ({ type: 'user_join', user: username }));
    const leaves = frame.data.left.map(({ username }): AnyLegacyFrame => ({ type: 'user_leave', user: username }));
    return [...joins, ...leaves];
  }
  return style.all ? [{ type: 'event', event: frame.event, data: frame.data }] : [];
}

function is<E extends Frame['event']>(frame: Frame, event: E): frame is Frame<E> & Frame {
  return frame.event === event;
}
