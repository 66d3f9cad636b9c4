import type { Principal } from '../common/principal.js';
import type { CloseCode, ErrorCode } from '../contracts/index.js';
import type { FrameBatch } from './frame-batch.js';
import type { Frame } from './frame.js';
import type { RoomSubscription } from './room-subscription.js';

/** How a connection speaks: the two full protocols, and the three addresses of old clients. */
export type TransportKind = 'socket.io' | 'plain' | 'chat' | 'online' | 'notifications';

/**
 * One open socket, whatever carries it. Transports implement it; the rest of the house knows nothing else of them.
 * It carries person, session and rooms in memory, so that the hot path asks the database nothing.
 */
export interface Connection {
  readonly id: string;
  readonly transport: TransportKind;
  /** Replaced when the session is renewed in band; always the same person. */
  principal: Principal;
  /** The rooms this socket is subscribed to, by id. */
  readonly rooms: Map<string, RoomSubscription>;
  /** Whom the person blocks; undefined: nobody. Kept up to date while the socket is open. */
  blocks: ReadonlySet<string> | undefined;
  readonly closed: boolean;
  /** Hands an event to the socket. Never throws and never waits; a socket that reads too slowly is closed with 4408. */
  send(frame: Frame): void;
  /** Hands several events to the socket, which leave in one write. As `send` otherwise. */
  sendBatch(batch: FrameBatch): void;
  /** Says why (`error {code, close}` or the old error frame) and closes. Does nothing on a closed socket. */
  close(code: CloseCode, why: ErrorCode): void;
}

/** How a socket ended: cleanly (1000 or 1001, or by leaving), or torn off, in which case it may be back in a moment. */
export type Ending = 'clean' | 'abnormal';

/** What a line of the log tells of a connection. */
export function connectionFields({ id, transport, principal }: Connection): Record<string, string> {
  return { connectionId: id, transport, ...(principal.kind === 'person' ? { personId: principal.userId } : {}) };
}
