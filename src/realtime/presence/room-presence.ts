import { Inject, Injectable, Optional, type OnApplicationShutdown } from '@nestjs/common';
import type { PersonRef } from '../../contracts/index.js';
import type { Connection, Ending } from '../connection.js';
import { Frame } from '../frame.js';

/** Rooms with more people than this get their comings and goings gathered. */
const bigRoom = 50;

/** In milliseconds. */
export interface PresenceTimes {
  /** How long a torn-off person counts as present: a quick reconnect is no flicker. */
  abnormalGrace: number;
  /** How long the comings and goings of a big room are gathered. */
  gatherFor: number;
}

/** For tests that cannot wait. */
export const PRESENCE_TIMES = Symbol('PresenceTimes');
const usualTimes: PresenceTimes = { abnormalGrace: 5_000, gatherFor: 1_000 };

/** Lists instead of sets: there is one of these for each person and room on all nodes, and most hold one name. */
interface Present {
  person: PersonRef;
  connections: readonly string[];
  /** The other nodes where they are in this room, too. */
  elsewhere: readonly string[];
  /** Whether other nodes were told that they are here. */
  isTold: boolean;
  /** Set while the last socket is gone abnormally and the leave is not yet told. */
  leaving: NodeJS.Timeout | null;
}

interface RoomPeople {
  people: Map<string, Present>;
  joined: Map<string, PersonRef>;
  left: Map<string, PersonRef>;
  gathering: NodeJS.Timeout | null;
}

const none: readonly string[] = [];

function without(names: readonly string[], name: string): readonly string[] {
  return names.length === 1 ? none : names.filter((one) => one !== name);
}

/** An event of comings and goings. */
export type PresenceFrame = Frame<'room.user_join'> | Frame<'room.user_leave'> | Frame<'room.users'>;

/** What changed on this node: somebody is here (under this name), or no longer. */
type OwnChange = (roomId: string, person: PersonRef, isHere: boolean) => void;

type Announce = (roomId: string, frame: PresenceFrame) => void;

/** Who is in which room, counted once per person over all of their sockets and all nodes. Guests are never counted. */
@Injectable()
export class RoomPresence implements OnApplicationShutdown {
  private readonly rooms = new Map<string, RoomPeople>();
  private announce: Announce = () => undefined;
  private tellNodes: OwnChange = () => undefined;
  private readonly times: PresenceTimes;

  constructor(@Optional() @Inject(PRESENCE_TIMES) times?: PresenceTimes) {
    this.times = times ?? usualTimes;
  }

  /** Where comings and goings are told. */
  onAnnouncement(announce: Announce): void {
    this.announce = announce;
  }

  /** Where it is told what changed on this node. */
  onOwnChange(tellNodes: OwnChange): void {
    this.tellNodes = tellNodes;
  }

  /** Everybody who is here, on this node: what `onOwnChange` would have told. */
  *own(): Iterable<[roomId: string, person: PersonRef]> {
    for (const [roomId, { people }] of this.rooms) for (const { person, isTold } of people.values()) if (isTold) yield [roomId, person];
  }

  /** Another node says that a person is in a room there. */
  cameElsewhere(roomId: string, person: PersonRef, node: string): void {
    const room = this.room(roomId);
    const present = room.people.get(person.id);
    if (present) {
      if (!present.elsewhere.includes(node)) present.elsewhere = [...present.elsewhere, node];
      if (!present.isTold) this.rename(roomId, person);
      return;
    }
    room.people.set(person.id, { person, connections: none, elsewhere: [node], isTold: false, leaving: null });
    const isLeaveUntold = room.left.delete(person.id);
    if (isLeaveUntold) return;
    if (room.people.size > bigRoom) {
      room.joined.set(person.id, person);
      this.gather(roomId, room);
    } else this.announce(roomId, new Frame('room.user_join', { room: roomId, user: person }));
  }

  /** Another node says that a person is no longer in a room there, or is gone itself. */
  wentElsewhere(roomId: string, userId: string, node: string): void {
    const room = this.rooms.get(roomId);
    const present = room?.people.get(userId);
    if (!room || !present?.elsewhere.includes(node)) return;
    present.elsewhere = without(present.elsewhere, node);
    if (present.elsewhere.length === 0 && !present.isTold) this.gone(roomId, room, present);
  }

  /**
   * A person's socket is in a room. The first one is told to the room (the newcomer too); a further one, or one that is back within the
   * grace, is told to that socket alone.
   */
  enter(roomId: string, connection: Connection): void {
    const { principal } = connection;
    if (principal.kind !== 'person') return;
    const room = this.room(roomId);
    const person = { id: principal.userId, username: principal.username };
    const present = room.people.get(person.id);
    if (present) {
      if (present.leaving) clearTimeout(present.leaving);
      present.leaving = null;
      if (present.connections.includes(connection.id)) return;
      present.connections = [...present.connections, connection.id];
      this.here(roomId, present);
      connection.send(new Frame('room.user_join', { room: roomId, user: person }));
      return;
    }
    const newcomer = { person, connections: [connection.id], elsewhere: none, isTold: false, leaving: null };
    room.people.set(person.id, newcomer);
    this.here(roomId, newcomer);
    // Also where the room has shrunk meanwhile: what is gathered is told later and must not contradict what is told now.
    const isLeaveUntold = room.left.delete(person.id);
    if (isLeaveUntold || room.people.size > bigRoom) {
      connection.send(new Frame('room.user_join', { room: roomId, user: person }));
      if (!isLeaveUntold) room.joined.set(person.id, person);
      this.gather(roomId, room);
    } else {
      this.announce(roomId, new Frame('room.user_join', { room: roomId, user: person }));
    }
  }

  /** A person's socket is no longer in a room; the last one is told: at once after a clean end, after the grace otherwise. */
  leave(roomId: string, connection: Connection, ending: Ending): void {
    const { principal } = connection;
    const room = this.rooms.get(roomId);
    if (!room || principal.kind !== 'person') return;
    const present = room.people.get(principal.userId);
    if (!present?.connections.includes(connection.id)) return;
    present.connections = without(present.connections, connection.id);
    if (present.connections.length > 0) return;
    if (ending === 'clean') this.goneHere(roomId, room, present);
    else present.leaving = setTimeout(() => this.goneHere(roomId, room, present), this.times.abnormalGrace);
  }

  /**
   * Somebody in a room has another username: the room sees the old name leave and the new one come, because old clients know people by their
   * names alone. Told at once in big rooms too: gathered, the two would read as one going.
   */
  rename(roomId: string, person: PersonRef): void {
    const room = this.rooms.get(roomId);
    const present = room?.people.get(person.id);
    if (!room || !present || present.person.username === person.username) return;
    const former = present.person;
    present.person = person;
    if (present.isTold) this.tellNodes(roomId, person, true);
    if (room.joined.has(person.id)) {
      room.joined.set(person.id, person);
      return;
    }
    this.announce(roomId, new Frame('room.user_leave', { room: roomId, user: former }));
    this.announce(roomId, new Frame('room.user_join', { room: roomId, user: person }));
  }

  /** The people in a room, at most `limit` of them. @param isHidden who is left out */
  list(roomId: string, limit: number, isHidden: (userId: string) => boolean): PersonRef[] {
    const people: PersonRef[] = [];
    for (const { person } of this.rooms.get(roomId)?.people.values() ?? []) {
      if (people.length >= limit) break;
      if (!isHidden(person.id)) people.push(person);
    }
    return people;
  }

  /** A person, if they are in a room. */
  find(roomId: string, userId: string): PersonRef | undefined {
    return this.rooms.get(roomId)?.people.get(userId)?.person;
  }

  count(roomId: string): number {
    return this.rooms.get(roomId)?.people.size ?? 0;
  }

  isPresent(roomId: string, userId: string): boolean {
    return this.rooms.get(roomId)?.people.has(userId) ?? false;
  }

  onApplicationShutdown(): void {
    for (const room of this.rooms.values()) {
      if (room.gathering) clearTimeout(room.gathering);
      for (const present of room.people.values()) if (present.leaving) clearTimeout(present.leaving);
    }
    this.rooms.clear();
  }

  private room(roomId: string): RoomPeople {
    let room = this.rooms.get(roomId);
    if (!room) {
      room = { people: new Map(), joined: new Map(), left: new Map(), gathering: null };
      this.rooms.set(roomId, room);
    }
    return room;
  }

  private here(roomId: string, present: Present): void {
    if (present.isTold) return;
    present.isTold = true;
    this.tellNodes(roomId, present.person, true);
  }

  /** Nobody of the person is left on this node; on another one they may still be in the room, and then nobody missed them. */
  private goneHere(roomId: string, room: RoomPeople, present: Present): void {
    present.leaving = null;
    present.isTold = false;
    this.tellNodes(roomId, present.person, false);
    if (present.elsewhere.length === 0) this.gone(roomId, room, present);
  }

  private gone(roomId: string, room: RoomPeople, present: Present): void {
    const { person } = present;
    present.leaving = null;
    room.people.delete(person.id);
    const isJoinUntold = room.joined.delete(person.id);
    if (isJoinUntold || room.people.size >= bigRoom) {
      if (!isJoinUntold) room.left.set(person.id, person);
      this.gather(roomId, room);
      return;
    }
    this.announce(roomId, new Frame('room.user_leave', { room: roomId, user: person }));
    if (room.people.size === 0 && !room.gathering) this.rooms.delete(roomId);
  }

  private gather(roomId: string, room: RoomPeople): void {
    room.gathering ??= setTimeout(() => {
      room.gathering = null;
      const joined = [...room.joined.values()];
      const left = [...room.left.values()];
      room.joined.clear();
      room.left.clear();
      if (joined.length + left.length > 0) {
        this.announce(roomId, new Frame('room.users', { room: roomId, joined, left, onlineCount: room.people.size }));
      }
      if (room.people.size === 0) this.rooms.delete(roomId);
    }, this.times.gatherFor);
  }
}
