import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { toMessage } from '../../common/message-view.js';
import { afterCommit, inTransaction } from '../../database/index.js';
import { Publisher } from '../../realtime/index.js';
import { authorOf, UserDirectory } from '../users/index.js';
import { ChangesRepository } from './changes.repository.js';

/** Deleting messages whatever their room says, for those who keep order on the whole server; who may is decided before. */
@Injectable()
export class MessageErasure {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly repository: ChangesRepository,
    private readonly users: UserDirectory,
    private readonly publisher: Publisher,
  ) {}

  /**
   * Blanks a message, which keeps its place and takes the room's next position; one that was deleted before stays as it is.
   * @param within writes what stands or falls with it
   * @throws AppError `message.not-found`
   */
  async erase(id: string, within: (manager: EntityManager) => Promise<void>): Promise<void> {
    const place = await this.repository.place(id);
    if (!place) throw new AppError('message.not-found');
    const author = place.authorId === null ? null : authorOf(await this.users.load(place.authorId));
    await inTransaction(this.dataSource, async (manager) => {
      const room = await this.repository.lockRoom(manager, place.roomId);
      const message = room && (await this.repository.message(manager, id));
      if (!message) throw new AppError('message.not-found');
      if (message.deleted_at) return;
      await this.repository.blank(manager, message);
      const changed = await this.repository.takePosition(manager, id, place.roomId);
      await within(manager);
      afterCommit(manager, () => {
        const told = toMessage(changed, author);
        const change = { event: 'message.deleted' as const, position: told.position, message: told, isNew: false };
        this.publisher.roomChanged({ roomId: place.roomId, changes: [{ ...change, accessVersion: room.access_version }] });
      });
    });
  }
}
