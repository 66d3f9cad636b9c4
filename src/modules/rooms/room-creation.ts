import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { RoomRole } from '../../contracts/index.js';
import { afterCommit, inTransaction } from '../../database/index.js';
import { InternalEvents } from '../../platform/events/index.js';
import { BlockDirectory } from '../friends/index.js';
import type { RoomEntity } from './entities/room.entity.js';
import { RoomDirectory } from './room-directory.js';
import { RoomNews } from './room-news.js';
import { RoomPictures } from './room-pictures.js';
import { type NewRoom, RoomsRepository } from './rooms.repository.js';

/** Making rooms, of every kind: the room and its first members stand or fall together, and then their devices hear of it. */
@Injectable()
export class RoomCreation {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly repository: RoomsRepository,
    private readonly directory: RoomDirectory,
    private readonly news: RoomNews,
    private readonly pictures: RoomPictures,
    private readonly blocks: BlockDirectory,
    private readonly events: InternalEvents,
  ) {}

  /**
   * @param byId who makes the room; the others are added by them
   * @param pictureId an uploaded picture of theirs
   * @throws AppError `file.not-found`, `file.not-image`; for a direct room `user.blocked`, `user.unavailable`; a violation of `uq_rooms_name_key` or `uq_rooms_pair_key`, or of a foreign key when a member is gone
   */
  async insert(
    room: NewRoom,
    members: readonly { userId: string; role: RoomRole }[],
    byId: string,
    pictureId: string | null = null,
  ): Promise<RoomEntity> {
    return inTransaction(this.dataSource, async (manager) => {
      const other = room.kind === 'direct' && members.find(({ userId }) => userId !== byId);
      if (other) await this.blocks.lockReach(manager, byId, other.userId);
      const created = await this.repository.create(manager, room, members);
      await this.pictures.set(manager, created, byId, pictureId);
      if (created.kind !== 'direct') {
        // In the order of their ids: the listeners lock people, and two rooms made at once must not wait for each other.
        for (const userId of members.map((member) => member.userId).sort())
          if (userId !== byId) await this.events.emitWithin(manager, 'room.member-added', { roomId: created.id, userId, byId });
      }
      afterCommit(manager, () => {
        this.directory.forget(created.id);
        for (const { userId, role } of members) this.directory.setMembership(created.id, userId, { role, banned: false });
      });
      const joined = members.map(({ userId }) => userId);
      afterCommit(manager, async () => this.news.joined(created, joined));
      return created;
    });
  }
}
