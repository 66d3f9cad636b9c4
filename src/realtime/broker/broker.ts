import type { EventData, Message } from '../../contracts/index.js';

/** One change of a room, as it is pushed. */
export interface RoomChange {
  event: 'message.created' | 'message.updated' | 'message.deleted' | 'message.reactions';
  position: number;
  message: Message;
  /** The message as JSON, where it is made already. */
  json?: string;
  /** Whether the message was created at this position, so that nobody below it has seen it. */
  isNew: boolean;
  /** The room's access version when this was written: a node that knows an older one asks who may read before it delivers. */
  accessVersion: number;
  by?: EventData<'message.reactions'>['by'];
}

/** What travels between nodes: once per room and batch. */
export interface RoomPush {
  roomId: string;
  changes: readonly RoomChange[];
  /** The people of a direct room, or the one of them whom this copy is for: their sockets elsewhere get `private.message`. */
  pair?: readonly string[];
  /** Whether somebody may be mentioned in it, so that mentions have to be counted again. */
  mentions?: boolean;
}

export const BROKER = Symbol('Broker');

/** Whether a push was made on this node. What must be done once for all nodes is done where it was made. */
export type PushOrigin = 'here' | 'elsewhere';

/** Carries pushes to every node that listens to their room, this one always. A wake-up call: what gets lost is found again by position. */
export interface Broker {
  publish(push: RoomPush): void;
  /** A push may come more than once. */
  onPush(listener: (push: RoomPush, origin: PushOrigin) => void): void;
  /** This node has somebody in these rooms; pair each with `leave`. */
  listen(roomIds: Iterable<string>): void;
  leave(roomIds: Iterable<string>): void;
  /** Set while it takes a moment until the pushes of all rooms arrive: what is read from the database after it cannot miss one. Never rejects. */
  listening(): Promise<void> | undefined;
  /** Called when pushes of other nodes come again after a time in which they may have been lost. */
  onHealed(listener: () => void): void;
}
