import { Injectable } from '@nestjs/common';
import { InternalEvents } from '../../platform/events/index.js';

/** Who has an open socket on this node. */
@Injectable()
export class OnlinePeople {
  private readonly here = new Set<string>();

  constructor(events: InternalEvents) {
    events.on('person.online', ({ userId }) => this.here.add(userId));
    events.on('person.offline', ({ userId }) => this.here.delete(userId));
  }

  has(userId: string): boolean {
    return this.here.has(userId);
  }

  all(): string[] {
    return [...this.here];
  }
}
