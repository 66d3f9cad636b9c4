import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { afterCommit } from '../../database/index.js';
import { InternalEvents } from '../../platform/events/index.js';

/** Tells the rest of the house, after the commit, that what it keeps of a person is old. */
@Injectable()
export class UserAnnouncements {
  constructor(private readonly events: InternalEvents) {}

  /** Role, status or settings changed. */
  changed(manager: EntityManager, userId: string): void {
    afterCommit(manager, () => this.events.emit('user.changed', { userId }));
  }

  /** Name, username or picture changed: what others see of the person. */
  seenAnew(manager: EntityManager, userId: string): void {
    this.changed(manager, userId);
    afterCommit(manager, () => this.events.emit('user.seen-anew', { userId }));
  }
}
