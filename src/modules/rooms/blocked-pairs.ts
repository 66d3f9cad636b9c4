import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { InternalEvents } from '../../platform/events/index.js';

/**
 * A block takes rights in the direct room of the two: like every such loss it raises the room's access version under its lock, so that a
 * message on its way is decided anew and nothing is stored there past the block.
 */
@Injectable()
export class BlockedPairs {
  constructor(events: InternalEvents) {
    events.onWithin('person.blocking', async (manager, { blockerId, blockedId }) => this.raise(manager, blockerId, blockedId));
    // Once more with the two locked: their room may have been made in between. One that was there before is locked already.
    events.onWithin('person.blocked', async (manager, { blockerId, blockedId }) => this.raise(manager, blockerId, blockedId));
  }

  private async raise(manager: EntityManager, a: string, b: string): Promise<void> {
    await manager.query('UPDATE rooms SET access_version = access_version + 1 WHERE pair_key = $1', [[a, b].sort().join(':')]);
  }
}
