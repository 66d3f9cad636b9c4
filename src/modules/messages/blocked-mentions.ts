import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { InternalEvents } from '../../platform/events/index.js';

/** Who blocks somebody is no longer counted as mentioned by them; while the block stands, the writer stores no such mention. */
@Injectable()
export class BlockedMentions {
  constructor(events: InternalEvents) {
    events.onWithin('person.blocked', async (manager, { blockerId, blockedId }) => this.forget(manager, blockerId, blockedId));
  }

  private async forget(manager: EntityManager, userId: string, authorId: string): Promise<void> {
    await manager.query(
      `DELETE FROM mentions x USING messages m
       WHERE x.user_id = $1 AND m.room_id = x.room_id AND m.seq = x.seq AND m.author_id = $2`,
      [userId, authorId],
    );
  }
}
