import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Person, Principal } from '../common/principal.js';
import type { ListedMessage, Message, Room } from '../contracts/index.js';

/** What a client showed at the handshake; the first credential that is present decides alone. */
export interface SocketCredential {
  kind: 'token' | 'ticket' | 'cookie';
  value: string;
}

export const SOCKET_AUTHENTICATOR = Symbol('SocketAuthenticator');

/** Who is at a socket. Implemented by the accounts. */
export interface SocketAuthenticator {
  /** @throws AppError `auth.token-invalid`, `auth.token-expired`, `auth.revoked`, `auth.inactive` */
  authenticate(credential: SocketCredential): Promise<Person>;
  /**
   * Checks a newer access token for an open socket.
   * @throws AppError as `authenticate`, and `auth.other-person` when it is not of the same person and session
   */
  renew(current: Person, token: string): Promise<Person>;
}

/** What a principal may do in a room, and what the room is called. Implemented by the rooms. */
export interface RoomAccess {
  /**
   * Enters a room by name or id: a signed-in person becomes a member of a public one and creates an unknown public name where the settings
   * allow it; a guest needs `guestsAllowed`.
   * @throws AppError `auth.required`, `room.not-found`, `room.forbidden`, `room.banned`
   */
  enter(principal: Principal, reference: string): Promise<{ roomId: string; accessVersion: number }>;
  /** The id of a room that the principal may see. @throws AppError `room.not-found` */
  resolve(principal: Principal, reference: string): Promise<string>;
  /** Who of these may read a room, as the database says at this moment, and the access version that this holds for. */
  readers(roomId: string, principals: readonly Principal[]): Promise<{ allowed: ReadonlySet<Principal>; accessVersion: number }>;
  /** A room that a person may write to. @throws AppError why not */
  writable(person: Person, reference: string): Promise<{ id: string }>;
  /** The room as this principal sees it. @throws AppError `room.not-found` */
  view(principal: Principal, roomId: string): Promise<Room>;
}

/** What a room holds and what changed in it, from the database. Implemented by the messages. */
export interface RoomLog {
  /** The newest `limit` messages, ascending by seq, with the room's head, read in one statement. */
  newest(roomId: string, limit: number): Promise<RoomSlice>;
  /**
   * The messages whose position is above `since`, ascending by position, with the head, in one statement and without an upper bound;
   * `gap` when `since` is above the head or more than `limit` changes behind: then `messages` is the newest page of 50.
   */
  changedSince(roomId: string, since: number, limit: number): Promise<RoomSlice & { gap: boolean }>;
  /** The messages whose position is above `since`, ascending by position, at most `limit`; `more` says that there are others. Never a gap. */
  changesAfter(roomId: string, since: number, limit: number): Promise<RoomSlice & { more: boolean }>;
  /** The messages as this reader gets them: with their own emojis, and without what people wrote whom they block. */
  forReader(principal: Principal, messages: Message[]): Promise<ListedMessage[]>;
  /** The heads of many rooms in one query; rooms that are gone are left out. */
  heads(roomIds: readonly string[]): Promise<ReadonlyMap<string, RoomHead>>;
}

/** How far a room is. */
export type RoomHead = Pick<RoomSlice, 'position' | 'accessVersion'>;

export interface RoomSlice {
  messages: Message[];
  /** The position at which each message was created, by its id: who stood below it has never seen it. */
  createdAt: ReadonlyMap<string, number>;
  position: number;
  epoch: string;
  /** The room's access version at that moment. */
  accessVersion: number;
}

/** Who blocks whom. Implemented by the friends. */
export interface BlockList {
  /** Whom a person blocks, right away; undefined: nobody. Whoever is signed in is known. Changes are told as `person.blocks-changed`. */
  blockedBy(userId: string): ReadonlySet<string> | undefined;
}

export interface BoundPorts {
  authenticator: SocketAuthenticator;
  access: RoomAccess;
  log: RoomLog;
  blocks: BlockList;
}

/**
 * The ports as the application bound them. Features use the publisher and implement the ports, so the two can only meet late: the
 * application binds them while it starts, before any socket can be open.
 */
@Injectable()
export class Ports implements OnApplicationBootstrap {
  private bound: BoundPorts | null = null;

  bind(ports: BoundPorts): void {
    this.bound = ports;
  }

  get authenticator(): SocketAuthenticator {
    return this.all.authenticator;
  }

  get access(): RoomAccess {
    return this.all.access;
  }

  get log(): RoomLog {
    return this.all.log;
  }

  get blocks(): BlockList {
    return this.all.blocks;
  }

  onApplicationBootstrap(): void {
    void this.all;
  }

  private get all(): BoundPorts {
    if (!this.bound) throw new Error('The ports of realtime are not bound: see app.module.ts.');
    return this.bound;
  }
}
