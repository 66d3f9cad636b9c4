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

interface Present {
  person: PersonRef;
  connections: Set<string>;
  /** Set while the last socket is gone abnormally and the leave is not yet told. */
  leaving: NodeJS.Timeout | null;
}

interface RoomPeople {
  people: Map<string, Present>;
  joined: Map<string, PersonRef>;
  left: Map<string, PersonRef>;
  gathering: NodeJS.Timeout | null;
}

/** An event of comings and goings. */
export type PresenceFrame = Frame<'room.user_join'> | Frame<'room.user_leave'> | Frame<'room.users'>;

type Announce = (roomId: string, frame: PresenceFrame) => void;

/** Who is in which room, counted once per person over all of their sockets. Guests are never counted. */
@Injectable()
export class RoomPresence implements OnApplicationShutdown {
  private readonly rooms = new Map<string, RoomPeople>();
  private announce: Announce = () => undefined;
  private readonly times: PresenceTimes;

  constructor(@Optional() @Inject(PRESENCE_TIMES) times?: PresenceTimes) {
    this.times = times ?? usualTimes;
  }

  /** Where comings and goings are told. */
  onAnnouncement(announce: Announce): void {
    this.announce = announce;
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
      if (present.connections.has(connection.id)) return;
      present.connections.add(connection.id);
      connection.send(new Frame('room.user_join', { room: roomId, user: person }));
      return;
    }
    room.people.set(person.id, { person, connections: new Set([connection.id]), leaving: null });
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
    if (!present?.connections.delete(connection.id) || present.connections.size > 0) return;
    if (ending === 'clean') this.gone(roomId, room, present);
    else present.leaving = setTimeout(() => this.gone(roomId, room, present), this.times.abnormalGrace);
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
