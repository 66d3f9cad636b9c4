import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { InternalEvents } from '../../platform/events/index.js';
import { Publisher } from '../../realtime/index.js';
import { FriendsService } from '../friends/index.js';
import { UserDirectory } from '../users/index.js';
import { RoomsRepository } from './rooms.repository.js';

/** At most one push per person in this time, in ms: big rooms must not pay for somebody who tries twenty pictures. */
const pause = 1_000;

/** Tells a person's own sockets, their friends, and everybody who listens to a room of theirs, how the person looks now. */
@Injectable()
export class PersonUpdates implements OnModuleDestroy {
  private readonly logger = new Logger('rooms');
  /** People told of a moment ago, and whether they have changed again since. */
  private readonly recent = new Map<string, { timer: NodeJS.Timeout; changed: boolean }>();
  private readonly unsubscribe: () => void;

  constructor(
    private readonly users: UserDirectory,
    private readonly rooms: RoomsRepository,
    private readonly friends: FriendsService,
    private readonly publisher: Publisher,
    events: InternalEvents,
  ) {
    this.unsubscribe = events.on('user.seen-anew', ({ userId }) => this.changed(userId));
  }

  onModuleDestroy(): void {
    this.unsubscribe();
    for (const { timer } of this.recent.values()) clearTimeout(timer);
    this.recent.clear();
  }

  /** The first change is told at once, those of the next moment together. */
  private changed(userId: string): void {
    const recent = this.recent.get(userId);
    if (recent) {
      recent.changed = true;
      return;
    }
    const timer = setTimeout(() => {
      const again = this.recent.get(userId)?.changed;
      this.recent.delete(userId);
      if (again) this.changed(userId);
    }, pause).unref();
    this.recent.set(userId, { timer, changed: false });
    this.tell(userId).catch((error: unknown) => this.logger.warn({ userId, error }, 'a changed name or picture could not be told'));
  }

  private async tell(userId: string): Promise<void> {
    const card = await this.users.load(userId);
    if (!card) return;
    const { id, username, displayName, avatarUrl } = card;
    const company = { roomIds: await this.rooms.roomsOf(userId), friendIds: await this.friends.friendIds(userId) };
    this.publisher.personRenamed({ id, username });
    this.publisher.toCompany(userId, company, 'user.updated', { user: { id, username, displayName, avatarUrl } });
  }
}
