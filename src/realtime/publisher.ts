import { Inject, Injectable } from '@nestjs/common';
import type { EventData, EventName, PersonRef } from '../contracts/index.js';
import { everyNode, NodeBus, personChannel, roomChannel } from '../platform/nodes/index.js';
import { BROKER, type Broker, type RoomPush } from './broker/broker.js';
import { SocketsHere } from './sockets-here.js';

/** A call of a method of `SocketsHere`, for other nodes. */
type Call = { [M in keyof SocketsHere]: [method: M, ...rest: Parameters<SocketsHere[M]>] }[keyof SocketsHere];

const methods: ReadonlySet<unknown> = new Set<keyof SocketsHere>([
  'toRoom',
  'toRoomAbout',
  'toPeople',
  'toCompany',
  'renamed',
  'toTopics',
  'removeFromRoom',
  'closeRoom',
  'reviewRoom',
  'toRoomAndMembers',
]);

/** More people than this are told by one call to every node instead of one call for each of them. */
const mostSingly = 10;

/** Who may read may be others now: that must arrive whatever happens to Redis. */
const lasting = { lasting: true } as const;

/** What features call to tell sockets, here and on every other node, always after commit. */
@Injectable()
export class Publisher {
  constructor(
    @Inject(BROKER) private readonly broker: Broker,
    private readonly here: SocketsHere,
    private readonly bus: NodeBus,
  ) {
    bus.on('tell', (body) => this.hear(body));
  }

  /** Changes of a room that took positions. */
  roomChanged(push: RoomPush): void {
    this.broker.publish(push);
  }

  /** An event without a position to everybody subscribed to a room. */
  toRoom<E extends EventName>(roomId: string, event: E, data: EventData<E>): void {
    this.here.toRoom(roomId, event, data);
    this.elsewhere(roomChannel(roomId), ['toRoom', roomId, event, data]);
  }

  /**
   * An event without a position that tells of one person, to everybody subscribed to a room who may learn of them.
   * @param toSelf whether the person's own sockets get it
   */
  toRoomAbout<E extends EventName>(roomId: string, personId: string, event: E, data: EventData<E>, { toSelf = true } = {}): void {
    this.here.toRoomAbout(roomId, personId, event, data, toSelf);
    this.elsewhere(roomChannel(roomId), ['toRoomAbout', roomId, personId, event, data, toSelf]);
  }

  /** A personal event to every socket of some people. */
  toPeople<E extends EventName>(userIds: Iterable<string>, event: E, data: EventData<E>): void {
    const people = [...userIds];
    this.here.toPeople(people, event, data);
    if (people.length > mostSingly) this.elsewhere(everyNode, ['toPeople', people, event, data]);
    else for (const userId of people) this.elsewhere(personChannel(userId), ['toPeople', [userId], event, data]);
  }

  /** As `toPeople`, to the sockets of this node alone: for what every node finds out by itself. */
  toPeopleHere<E extends EventName>(userIds: readonly string[], event: E, data: EventData<E>): void {
    this.here.toPeople(userIds, event, data);
  }

  /**
   * An event that tells of a person: to every socket of theirs and of their friends, and to everybody else who listens to one of these rooms and
   * does not block them; to each connection once.
   */
  toCompany<E extends EventName>(
    userId: string,
    company: { friendIds: Iterable<string>; roomIds: Iterable<string> },
    event: E,
    data: EventData<E>,
  ): void {
    const [friendIds, roomIds] = [[...company.friendIds], [...company.roomIds]];
    this.here.toCompany(userId, friendIds, roomIds, event, data);
    this.elsewhere(everyNode, ['toCompany', userId, friendIds, roomIds, event, data]);
  }

  /** A person's sockets go on under another username, if it is another one, and the rooms they are in see them leave and come. */
  personRenamed(person: PersonRef): void {
    this.here.renamed(person);
    this.elsewhere(personChannel(person.id), ['renamed', person]);
  }

  /** An event to everybody who watches one of these topics, once to each socket; nothing reaches whoever blocks one of its authors. */
  toTopics<E extends EventName>(topics: readonly string[], event: E, data: EventData<E>, authorIds: readonly string[]): void {
    this.here.toTopics(topics, event, data, authorIds);
    this.elsewhere(everyNode, ['toTopics', topics, event, data, authorIds]);
  }

  /** Takes a person's sockets out of a room and tells them why. */
  removeFromRoom(userId: string, roomId: string, reason: EventData<'room.removed'>['reason']): void {
    this.here.removeFromRoom(userId, roomId, reason);
    this.elsewhere(personChannel(userId), ['removeFromRoom', userId, roomId, reason], lasting);
  }

  /** Ends a room for everybody in it, and tells its members' other sockets. */
  closeRoom(roomId: string, memberIds: Iterable<string>): void {
    const members = [...memberIds];
    this.here.closeRoom(roomId, members);
    this.elsewhere(everyNode, ['closeRoom', roomId, members], lasting);
  }

  /** Takes everybody out of a room who may no longer read it, as the database says. Never rejects: the next change looks again. */
  async reviewRoom(roomId: string): Promise<void> {
    this.elsewhere(roomChannel(roomId), ['reviewRoom', roomId], lasting);
    await this.here.reviewRoom(roomId);
  }

  /** An event without a position to a room: everybody subscribed, and the other sockets of its members. */
  toRoomAndMembers<E extends EventName>(roomId: string, memberIds: Iterable<string>, event: E, data: EventData<E>): void {
    const members = [...memberIds];
    this.here.toRoomAndMembers(roomId, members, event, data);
    this.elsewhere(everyNode, ['toRoomAndMembers', roomId, members, event, data]);
  }

  private elsewhere(channel: string, call: Call, options?: { lasting: true }): void {
    if (this.bus.isShared) this.bus.say(channel, 'tell', JSON.stringify(call), options);
  }

  private hear(body: string): void {
    const [method, ...rest] = JSON.parse(body) as Call;
    if (!methods.has(method)) throw new Error('This can be told to nobody.');
    // What another node says was typed there; the one method that takes a moment never rejects.
    (this.here as unknown as Record<string, (...args: unknown[]) => unknown>)[method]!(...rest);
  }
}
