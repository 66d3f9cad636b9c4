import { Inject, Injectable } from '@nestjs/common';
import type { EventData, EventName, PersonRef } from '../contracts/index.js';
import { BROKER, type Broker, type RoomPush } from './broker/broker.js';
import { Frame } from './frame.js';
import { Hub } from './hub.js';
import { RoomPresence } from './presence/room-presence.js';
import { RoomStreams } from './room-streams.js';
import { Topics } from './topics.js';

/** What features call to tell sockets, always after commit. */
@Injectable()
export class Publisher {
  constructor(
    @Inject(BROKER) private readonly broker: Broker,
    private readonly hub: Hub,
    private readonly streams: RoomStreams,
    private readonly presence: RoomPresence,
    private readonly topics: Topics,
  ) {}

  /** Changes of a room that took positions. */
  roomChanged(push: RoomPush): void {
    this.broker.publish(push);
  }

  /** An event without a position to everybody subscribed to a room. */
  toRoom<E extends EventName>(roomId: string, event: E, data: EventData<E>): void {
    this.streams.broadcast(roomId, new Frame(event, data));
  }

  /** An event without a position that tells of one person, to everybody subscribed to a room who may learn of them. */
  toRoomAbout<E extends EventName>(roomId: string, personId: string, event: E, data: EventData<E>): void {
    this.streams.broadcastAbout(roomId, personId, new Frame(event, data));
  }

  /** A personal event to every socket of some people. */
  toPeople<E extends EventName>(userIds: Iterable<string>, event: E, data: EventData<E>): void {
    this.hub.sendToPeople(userIds, new Frame(event, data));
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
    const frame = new Frame(event, data);
    const told = new Set(this.hub.ofPerson(userId));
    for (const friendId of company.friendIds) for (const connection of this.hub.ofPerson(friendId)) told.add(connection);
    for (const connection of told) connection.send(frame);
    this.streams.broadcastOnce(company.roomIds, userId, frame, told);
  }

  /** A person's sockets go on under another username, if it is another one, and the rooms they are in see them leave and come. */
  personRenamed({ id, username }: PersonRef): void {
    const roomIds = new Set<string>();
    for (const connection of this.hub.ofPerson(id)) {
      const { principal } = connection;
      if (principal.kind !== 'person' || principal.username === username) continue;
      connection.principal = { ...principal, username };
      for (const roomId of connection.rooms.keys()) roomIds.add(roomId);
    }
    for (const roomId of roomIds) this.presence.rename(roomId, { id, username });
  }

  /** An event to everybody who watches one of these topics, once to each socket; nothing reaches whoever blocks one of its authors. */
  toTopics<E extends EventName>(topics: readonly string[], event: E, data: EventData<E>, authorIds: readonly string[]): void {
    this.topics.publish(topics, new Frame(event, data), authorIds);
  }

  /** Takes a person's sockets out of a room and tells them why. */
  removeFromRoom(userId: string, roomId: string, reason: EventData<'room.removed'>['reason']): void {
    this.streams.removePerson(userId, roomId);
    this.toPeople([userId], 'room.removed', { room: roomId, reason });
  }

  /** Ends a room for everybody in it, and tells its members' other sockets. */
  closeRoom(roomId: string, memberIds: Iterable<string>): void {
    const removed = new Frame('room.removed', { room: roomId, reason: 'deleted' });
    this.hub.sendToPeople(memberIds, removed, (connection) => connection.rooms.has(roomId));
    this.streams.closeRoom(roomId);
  }

  /** Takes everybody out of a room who may no longer read it, as the database says. Never rejects: the next change looks again. */
  async reviewRoom(roomId: string): Promise<void> {
    await this.streams.review(roomId);
  }

  /** An event without a position to a room: everybody subscribed, and the other sockets of its members. */
  toRoomAndMembers<E extends EventName>(roomId: string, memberIds: Iterable<string>, event: E, data: EventData<E>): void {
    const frame = new Frame(event, data);
    this.streams.broadcast(roomId, frame);
    this.hub.sendToPeople(memberIds, frame, (connection) => connection.rooms.has(roomId));
  }
}
