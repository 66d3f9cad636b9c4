import { messageJson } from '../../common/message-view.js';
import type { Message } from '../../contracts/index.js';
import type { RoomChange, RoomPush } from './broker.js';

type Heading = Pick<RoomChange, 'event' | 'position' | 'isNew' | 'accessVersion' | 'by'>;

interface Head {
  roomId: string;
  pair?: readonly string[];
  mentions?: boolean;
  changes: Heading[];
}

const events: ReadonlySet<unknown> = new Set<RoomChange['event']>([
  'message.created',
  'message.updated',
  'message.deleted',
  'message.reactions',
]);

/** A push as text: one line about it, then each message as the JSON that goes out to sockets as it is. JSON has no line breaks of its own. */
export function writePush({ roomId, pair, mentions, changes }: RoomPush): string {
  const head: Head = {
    roomId,
    ...(pair ? { pair } : {}),
    ...(mentions ? { mentions } : {}),
    changes: changes.map(({ event, position, isNew, accessVersion, by }) => ({
      event,
      position,
      isNew,
      accessVersion,
      ...(by ? { by } : {}),
    })),
  };
  let text = JSON.stringify(head);
  for (const { json, message } of changes) text += `\n${json ?? messageJson(message)}`;
  return text;
}

/** A push from text that another node, or anybody, sent. @throws Error when it is none */
export function readPush(text: string): RoomPush {
  const [first = '', ...lines] = text.split('\n');
  const { roomId, pair, mentions, changes } = JSON.parse(first) as Head;
  if (typeof roomId !== 'string' || !Array.isArray(changes) || changes.length !== lines.length || changes.length === 0)
    throw new Error('This is no push.');
  if (pair !== undefined && !(Array.isArray(pair) && pair.every((id) => typeof id === 'string'))) throw new Error('This is no pair.');
  return {
    roomId,
    ...(pair ? { pair } : {}),
    ...(mentions === true ? { mentions } : {}),
    changes: changes.map((change, index) => changeFrom(roomId, change, lines[index]!)),
  };
}

function changeFrom(roomId: string, { event, position, isNew, accessVersion, by }: Heading, json: string): RoomChange {
  const message = JSON.parse(json) as Message;
  const isRight =
    events.has(event) &&
    Number.isSafeInteger(position) &&
    Number.isSafeInteger(accessVersion) &&
    typeof isNew === 'boolean' &&
    message.room === roomId &&
    message.position === position &&
    Number.isSafeInteger(message.seq) &&
    typeof message.id === 'string';
  if (!isRight) throw new Error('This is no change of a room.');
  return { event, position, message, json, isNew, accessVersion, ...(by ? { by } : {}) };
}
