import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { InternalEvents } from '../../platform/events/index.js';
import { RoomDirectory } from './room-directory.js';

/** What other nodes changed in rooms and memberships, memory asks the database for at the next use. What this node changes, it notes itself. */
@Injectable()
export class DirectoryUpdates implements OnModuleDestroy {
  private readonly off: (() => void)[];

  constructor(directory: RoomDirectory, events: InternalEvents) {
    const forgetMembership = ({ roomId, userId }: { roomId: string; userId: string }, origin: string) => {
      if (origin === 'elsewhere') directory.forgetMembership(roomId, userId);
    };
    const forget = ({ roomId }: { roomId: string }, origin: string) => {
      if (origin === 'elsewhere') directory.forget(roomId);
    };
    this.off = [
      events.on('room.member-joined', forgetMembership),
      events.on('room.member-left', (left, origin) => {
        forget(left, origin);
        forgetMembership(left, origin);
      }),
      events.on('room.rights-changed', ({ roomId, userIds }, origin) => {
        forget({ roomId }, origin);
        for (const userId of userIds) forgetMembership({ roomId, userId }, origin);
      }),
      events.on('room.rules-changed', forget),
      events.on('room.deleted', forget),
    ];
  }

  onModuleDestroy(): void {
    for (const off of this.off) off();
  }
}
