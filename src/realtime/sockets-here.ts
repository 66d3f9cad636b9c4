import { Injectable } from '@nestjs/common';
import type { EventData, EventName, PersonRef } from '../contracts/index.js';
import { Frame } from './frame.js';
import { Hub } from './hub.js';
import { RoomPresence } from './presence/room-presence.js';
import { RoomStreams } from './room-streams.js';
import { Topics } from './topics.js';

type AnyData = EventData<EventName>;

/** Everything that can be told to the sockets of this node, by this node or by another one. */
@Injectable()
export class SocketsHere {
  constructor(
    private readonly hub: Hub,
    private readonly streams: RoomStreams,
    private readonly presence: RoomPresence,
    private readonly topics: Topics,
  ) {}

  toRoom(roomId: string, event: EventName, data: AnyData): void {
    this.streams.broadcast(roomId, new Frame(event, data));
  }

  toRoomAbout(roomId: string, personId: string, event: EventName, data: AnyData, toSelf = true): void {
    this.streams.broadcastAbout(roomId, personId, new Frame(event, data), { toSelf });
  }

  toPeople(userIds: readonly string[], event: EventName, data: AnyData): void {
    this.hub.sendToPeople(userIds, new Frame(event, data));
  }

  toCompany(userId: string, friendIds: readonly string[], roomIds: readonly string[], event: EventName, data: AnyData): void {
    const frame = new Frame(event, data);
    const told = new Set(this.hub.ofPerson(userId));
    for (const friendId of friendIds) for (const connection of this.hub.ofPerson(friendId)) told.add(connection);
    for (const connection of told) connection.send(frame);
    this.streams.broadcastOnce(roomIds, userId, frame, told);
  }

  renamed({ id, username }: PersonRef): void {
    const roomIds = new Set<string>();
    for (const connection of this.hub.ofPerson(id)) {
      const { principal } = connection;
      if (principal.kind !== 'person' || principal.username === username) continue;
      connection.principal = { ...principal, username };
      for (const roomId of connection.rooms.keys()) roomIds.add(roomId);
    }
    for (const roomId of roomIds) this.presence.rename(roomId, { id, username });
  }

  toTopics(topics: readonly string[], event: EventName, data: AnyData, authorIds: readonly string[]): void {
    this.topics.publish(topics, new Frame(event, data), authorIds);
  }

  removeFromRoom(userId: string, roomId: string, reason: EventData<'room.removed'>['reason']): void {
    this.streams.removePerson(userId, roomId);
    this.toPeople([userId], 'room.removed', { room: roomId, reason });
  }

  closeRoom(roomId: string, memberIds: readonly string[]): void {
    const removed = new Frame('room.removed', { room: roomId, reason: 'deleted' });
    this.hub.sendToPeople(memberIds, removed, (connection) => connection.rooms.has(roomId));
    this.streams.closeRoom(roomId);
  }

  async reviewRoom(roomId: string): Promise<void> {
    await this.streams.review(roomId);
  }

  toRoomAndMembers(roomId: string, memberIds: readonly string[], event: EventName, data: AnyData): void {
    const frame = new Frame(event, data);
    this.streams.broadcast(roomId, frame);
    this.hub.sendToPeople(memberIds, frame, (connection) => connection.rooms.has(roomId));
  }
}
