import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { afterCommit, inTransaction } from '../../database/index.js';
import { InternalEvents } from '../../platform/events/index.js';
import { Publisher } from '../../realtime/index.js';
import type { RoomEntity } from './entities/room.entity.js';
import { RoomDirectory } from './room-directory.js';
import { RoomsRepository } from './rooms.repository.js';

/** Deleting rooms with everything in them; who may is decided by the caller, under the lock. */
@Injectable()
export class RoomErasure {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly repository: RoomsRepository,
    private readonly directory: RoomDirectory,
    private readonly publisher: Publisher,
    private readonly events: InternalEvents,
  ) {}

  /**
   * @param within looks at the locked room and writes what stands or falls with the deletion
   * @throws AppError `room.not-found`, `room.direct-fixed`
   */
  async erase(roomId: string, within: (manager: EntityManager, room: RoomEntity) => Promise<void>): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      const room = await this.repository.lock(manager, roomId);
      if (!room) throw new AppError('room.not-found');
      if (room.kind === 'direct') throw new AppError('room.direct-fixed');
      await within(manager, room);
      const members = await this.repository.memberIds(roomId, manager);
      await this.events.emitWithin(manager, 'room.removing', { roomId });
      await this.repository.delete(manager, roomId);
      afterCommit(manager, () => {
        this.directory.forget(roomId);
        for (const userId of members) this.directory.forgetMembership(roomId, userId);
        this.publisher.closeRoom(roomId, members);
        this.events.emit('room.deleted', { roomId });
      });
    });
  }
}
