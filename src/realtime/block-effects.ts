import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InternalEvents } from '../platform/events/index.js';
import type { Connection } from './connection.js';
import { Frame } from './frame.js';
import { Hub } from './hub.js';
import { Ports } from './ports.js';
import { RoomPresence } from './presence/room-presence.js';
import { Sight } from './sight.js';

/** A block acts on open sockets at once: their live messages change, and the two leave each other's lists of who is here. */
@Injectable()
export class BlockEffects implements OnApplicationShutdown {
  private readonly off: () => void;

  constructor(
    private readonly hub: Hub,
    private readonly ports: Ports,
    private readonly presence: RoomPresence,
    private readonly sight: Sight,
    events: InternalEvents,
  ) {
    this.off = events.on('person.blocks-changed', ({ userId }) => this.changed(userId));
  }

  onApplicationShutdown(): void {
    this.off();
  }

  private changed(userId: string): void {
    const now = this.ports.blocks.blockedBy(userId);
    let before: ReadonlySet<string> | undefined;
    for (const connection of this.hub.ofPerson(userId)) {
      before = connection.blocks;
      connection.blocks = now;
    }
    for (const id of now ?? []) if (!before?.has(id)) this.tellBoth(userId, id, 'room.user_leave');
    for (const id of before ?? []) if (!now?.has(id)) this.tellBoth(userId, id, 'room.user_join');
  }

  private tellBoth(blockerId: string, blockedId: string, event: 'room.user_join' | 'room.user_leave'): void {
    this.tell(blockerId, blockedId, event);
    this.tell(blockedId, blockerId, event);
  }

  private tell(readerId: string, personId: string, event: 'room.user_join' | 'room.user_leave'): void {
    for (const reader of this.hub.ofPerson(readerId)) {
      // Unblocked by one, they may still be blocked by the other.
      if (event === 'room.user_join' && this.sight.hiddenFrom(reader)(personId)) continue;
      this.tellSocket(reader, personId, event);
    }
  }

  private tellSocket(reader: Connection, personId: string, event: 'room.user_join' | 'room.user_leave'): void {
    for (const [roomId, subscription] of reader.rooms) {
      const user = this.presence.find(roomId, personId);
      if (user) subscription.tell(new Frame(event, { room: roomId, user }));
    }
  }
}
