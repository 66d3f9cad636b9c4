import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { InternalEvents } from '../../platform/events/index.js';
import { Publisher } from '../../realtime/index.js';
import { UserDirectory } from '../users/index.js';
import { RoomsRepository } from './rooms.repository.js';

/** Tells a person's own sockets, and everybody who listens to a room of theirs, how the person looks now. */
@Injectable()
export class PersonUpdates implements OnModuleDestroy {
  private readonly logger = new Logger('rooms');
  private readonly unsubscribe: () => void;

  constructor(
    private readonly users: UserDirectory,
    private readonly rooms: RoomsRepository,
    private readonly publisher: Publisher,
    events: InternalEvents,
  ) {
    this.unsubscribe = events.on('user.seen-anew', ({ userId }) => {
      this.tell(userId).catch((error: unknown) => this.logger.warn({ userId, error }, 'a changed name or picture could not be told'));
    });
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  private async tell(userId: string): Promise<void> {
    const card = await this.users.load(userId);
    if (!card) return;
    const { id, username, displayName, avatarUrl } = card;
    const roomIds = await this.rooms.roomsOf(userId);
    this.publisher.personRenamed({ id, username });
    this.publisher.toPersonAndRooms(userId, roomIds, 'user.updated', { user: { id, username, displayName, avatarUrl } });
  }
}
