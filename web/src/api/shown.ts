import type { HiddenMessage, Message as SentMessage } from '../../../src/contracts/shapes.js';

/** A message as this client holds it. A `hidden` one is by somebody whom its reader blocks: its place is kept, and nothing of it is shown. */
export type Message = SentMessage & { hidden?: true };

/** What the server sent, with a `Message` wherever a hidden one may stand. */
export type Shown<T> = [Extract<T, HiddenMessage>] extends [never]
  ? T extends readonly (infer Item)[]
    ? Shown<Item>[]
    : T extends object
      ? { [K in keyof T]: Shown<T[K]> }
      : T
  : Message | Exclude<T, SentMessage | HiddenMessage>;

/** Puts a whole message in the place of each hidden one. @param room the room that is spoken of, where it is known */
export function shown<T>(value: T, room = ''): Shown<T> {
  if (typeof value !== 'object' || value === null) return value as Shown<T>;
  if (Array.isArray(value)) return value.map((item: unknown) => shown(item, room)) as Shown<T>;
  if (isHidden(value)) return placeholder(value, room) as Shown<T>;
  const inner = roomOf(value) ?? room;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shown(part as unknown, inner)])) as Shown<T>;
}

function isHidden(value: object): value is HiddenMessage {
  return 'hidden' in value && value.hidden === true && 'seq' in value;
}

/** The id of a room that an object is, has, or speaks of. */
function roomOf(value: object): string | undefined {
  if ('lastMessage' in value && 'id' in value) return String(value.id);
  if (!('room' in value)) return undefined;
  if (typeof value.room === 'string') return value.room;
  return typeof value.room === 'object' && value.room !== null && 'id' in value.room ? String(value.room.id) : undefined;
}

function placeholder({ id, seq, position }: HiddenMessage, room: string): Message {
  return {
    id,
    room,
    seq,
    position,
    kind: 'text',
    author: null,
    content: '',
    attachments: [],
    reactions: [],
    createdAt: madeAt(id),
    hidden: true,
  };
}

/** When an id was made: the first 48 bits of a UUIDv7 are milliseconds (RFC 9562, 5.7). */
function madeAt(id: string): string {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toISOString();
}
