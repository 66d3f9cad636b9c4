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
  /** The two people of a direct room: their sockets elsewhere get `private.message`. */
  pair?: readonly [string, string];
  /** Whether somebody may be mentioned in it, so that mentions have to be counted again. */
  mentions?: boolean;
}

export const BROKER = Symbol('Broker');

/** Carries pushes to every node, this one too. A wake-up call: what gets lost is found again by position. */
export interface Broker {
  publish(push: RoomPush): void;
  onPush(listener: (push: RoomPush) => void): void;
}
