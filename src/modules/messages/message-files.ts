import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import type { Principal } from '../../common/principal.js';
import { InternalEvents } from '../../platform/events/index.js';
import { FileAccess, FilesService } from '../files/index.js';
import { BlockDirectory } from '../friends/index.js';
import { MessageChanges } from './message-changes.js';

/** Files of messages: who may read the room may read them, and they go with it. (With a message alone they are released by its deletion.) */
@Injectable()
export class MessageFiles implements OnModuleInit {
  constructor(
    private readonly access: FileAccess,
    private readonly files: FilesService,
    private readonly events: InternalEvents,
    private readonly changes: MessageChanges,
    private readonly blocks: BlockDirectory,
  ) {}

  onModuleInit(): void {
    this.access.register('message', (principal, messageId, { ownerId }) => this.mayRead(principal, messageId, ownerId));
    this.events.onWithin('room.removing', (manager, { roomId }) => this.releaseAll(manager, roomId));
  }

  private async mayRead(principal: Principal, messageId: string, authorId: string | null): Promise<boolean> {
    // Somebody who blocks its author does not see the message either.
    if (principal.kind === 'person' && authorId !== null && this.blocks.blockedBy(principal.userId)?.has(authorId)) return false;
    try {
      await this.changes.roomOf(principal, messageId);
      return true;
    } catch (error) {
      if (error instanceof AppError && error.status < 500) return false;
      throw error;
    }
  }

  private async releaseAll(manager: EntityManager, roomId: string): Promise<void> {
    const rows = await manager.query<{ id: string }[]>(
      `SELECT a.file ->> 'id' AS id FROM messages m CROSS JOIN LATERAL jsonb_array_elements(m.attachments) AS a(file)
       WHERE m.room_id = $1 AND m.attachments IS NOT NULL`,
      [roomId],
    );
    await this.files.release(
      manager,
      rows.map(({ id }) => id),
    );
  }
}
