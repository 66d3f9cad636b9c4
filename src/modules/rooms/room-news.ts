import { Injectable } from '@nestjs/common';
import type { Room, RoomKind, RoomRole } from '../../contracts/index.js';
import { InternalEvents } from '../../platform/events/index.js';
import { Publisher } from '../../realtime/index.js';
import { RoomViews } from './room-views.js';
import { RoomsRepository } from './rooms.repository.js';

/** What people's devices are told of rooms, always after the commit. */
@Injectable()
export class RoomNews {
  constructor(
    private readonly repository: RoomsRepository,
    private readonly views: RoomViews,
    private readonly publisher: Publisher,
    private readonly events: InternalEvents,
  ) {}

  /** People became members: the room appears on all their devices, as each of them sees it. */
  async joined(room: { id: string; kind: RoomKind }, userIds: readonly string[]): Promise<void> {
    for (const userId of userIds) this.events.emit('room.member-joined', { roomId: room.id, userId, kind: room.kind });
    const views = await this.views.forPeople(room.id, userIds);
    for (const [userId, view] of views) this.publisher.toPeople([userId], 'room.added', { room: view });
  }

  /** A member has another role now. Whoever may read no longer is out at once. */
  async roleChanged(roomId: string, userId: string, role: RoomRole, byId: string | null): Promise<void> {
    this.events.emit('room.rules-changed', { roomId });
    this.events.emit('room.role-changed', { roomId, userId, role, byId });
    this.events.emit('room.rights-changed', { roomId, userIds: [userId] });
    await this.publisher.reviewRoom(roomId);
    this.publisher.toRoomAndMembers(roomId, [userId], 'room.role', { room: roomId, userId, role });
  }

  /** The room is another one to everybody: whoever may read no longer is out at once, everybody else hears of it. @param readers whether who may read it may be others now */
  async changed(view: Room, { readers = false } = {}): Promise<void> {
    this.events.emit('room.rules-changed', { roomId: view.id });
    const members = await this.repository.memberIds(view.id);
    if (readers) this.events.emit('room.rights-changed', { roomId: view.id, userIds: members });
    await this.publisher.reviewRoom(view.id);
    const { id, name, title, kind, access, posting, guestsAllowed, archived, avatarUrl, memberCount } = view;
    this.publisher.toRoomAndMembers(view.id, members, 'room.updated', {
      room: { id, name, title, kind, access, posting, guestsAllowed, archived, avatarUrl, memberCount },
    });
  }
}
