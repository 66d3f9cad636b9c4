import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { AppError } from '../../../common/app-error.js';
import type { Person } from '../../../common/principal.js';
import { InternalEvents } from '../../events/index.js';

/** Uploads of one person that may be under way at once on this node. */
const atOnce = 6;

/** The uploads that this node is receiving: so many of a person at once, and none of a session that has ended. */
@Injectable()
export class UploadsUnderWay implements OnModuleDestroy {
  /** By person, with the session that each came with. */
  private readonly byPerson = new Map<string, Map<AbortController, string>>();
  private readonly unsubscribe: () => void;

  constructor(events: InternalEvents) {
    this.unsubscribe = events.on('session.ended', ({ userId, sessionIds }) => {
      for (const [upload, sessionId] of this.byPerson.get(userId) ?? []) if (sessionIds.includes(sessionId)) upload.abort();
    });
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  /**
   * Receives one upload. `signal` is aborted when the session ends meanwhile: logged out, suspended, banned.
   * @throws AppError `rate.limited` when too many are under way
   */
  async receive<T>({ userId, sessionId }: Person, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const own = this.byPerson.get(userId) ?? new Map<AbortController, string>();
    if (own.size >= atOnce) throw new AppError('rate.limited', { retryAfter: 2, message: `${atOnce} uploads at once are the most.` });
    const upload = new AbortController();
    this.byPerson.set(userId, own.set(upload, sessionId));
    try {
      return await work(upload.signal);
    } finally {
      own.delete(upload);
      if (own.size === 0) this.byPerson.delete(userId);
    }
  }
}
