import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { caseKey } from '../../common/case-key.js';
import { Gatherer } from '../../common/gatherer.js';
import { InternalEvents } from '../../platform/events/index.js';
import { RecentMap } from './recent-map.js';
import type { UserCard } from './user-card.js';
import { UsersRepository } from './users.repository.js';

const capacity = 50_000;

/** People in one query. */
const mostAtOnce = 1_000;

/** A card this old is read again behind the caller's back: what another node changed is known here after that, in ms. */
const freshFor = 60_000;

interface Entry {
  card: UserCard;
  readAt: number;
  /** Somebody changed: the next `load` waits for a new reading. */
  stale: boolean;
}

/** People in memory, for the hot paths: few queries however many ask, and none for people that are known. `user.changed` refreshes a person at once. */
@Injectable()
export class UserDirectory implements OnModuleDestroy {
  private readonly cards = new RecentMap<string, Entry>(capacity);
  private readonly idsByUsername = new RecentMap<string, string>(capacity);
  private readonly reading = new Map<string, Promise<UserCard | null>>();
  private readonly gatherer: Gatherer<string, UserCard | null>;
  private readonly logger = new Logger('UserDirectory');
  private readonly unsubscribe: () => void;

  constructor(
    private readonly users: UsersRepository,
    private readonly events: InternalEvents,
  ) {
    this.gatherer = new Gatherer(async (ids) => this.query(ids), { keyOf: (id) => id, most: mostAtOnce });
    this.unsubscribe = events.on('user.changed', ({ userId }) => this.refresh(userId));
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  /** What memory knows of a person, right away; undefined for whoever was not loaded yet. */
  card(userId: string): UserCard | undefined {
    return this.cards.get(userId)?.card;
  }

  /** The person, or null when there is no such account (any more). */
  async load(userId: string): Promise<UserCard | null> {
    const entry = this.cards.get(userId);
    if (!entry || entry.stale) return this.read(userId);
    if (performance.now() - entry.readAt > freshFor) this.readBehind(userId);
    return entry.card;
  }

  /** The people that exist, by id. */
  async loadMany(ids: Iterable<string>): Promise<Map<string, UserCard>> {
    const cards = await Promise.all([...new Set(ids)].map(async (id) => this.load(id)));
    return new Map(cards.filter((card) => card !== null).map((card) => [card.id, card]));
  }

  /** The people that exist, as the database says from now on, whatever memory knows. */
  async loadAnew(ids: readonly string[]): Promise<Map<string, UserCard>> {
    for (const id of ids) {
      const entry = this.cards.get(id);
      if (entry) entry.stale = true;
      this.reading.delete(id);
    }
    return this.loadMany(ids);
  }

  /** The active person of that name, in any case. */
  async byUsername(name: string): Promise<UserCard | null> {
    const key = caseKey(name);
    const id = this.idsByUsername.get(key);
    const known = id === undefined ? null : await this.load(id);
    if (known && known.status === 'active' && caseKey(known.username) === key) return known;
    const found = await this.users.activeCardByUsername(name);
    if (found) this.keep(found);
    return found;
  }

  /** A person blocks another one, or no longer does, since a commit a moment ago: memory knows it at once. */
  noteBlock(blockerId: string, blockedId: string, isBlocked: boolean): void {
    const entry = this.cards.get(blockerId);
    if (entry) {
      const blocks = new Set(entry.card.blocks);
      if (isBlocked) blocks.add(blockedId);
      else blocks.delete(blockedId);
      this.replace(entry, { ...entry.card, blocks: blocks.size > 0 ? blocks : undefined });
    } else {
      this.load(blockerId).then(
        () => this.events.emit('person.blocks-changed', { userId: blockerId }),
        () => this.logger.warn('A person who blocked somebody could not be read.'),
      );
    }
    // Two changes at once may be noted in another order than they were committed in: what the database says, counts.
    this.refresh(blockerId);
  }

  private replace(entry: Entry, card: UserCard): void {
    const before = entry.card.blocks;
    entry.card = card;
    if (!isSameSet(before, card.blocks)) this.events.emit('person.blocks-changed', { userId: card.id });
  }

  private refresh(userId: string): void {
    const entry = this.cards.get(userId);
    // A query that is under way may have seen the old state: whoever asks from now on gets a new one.
    this.reading.delete(userId);
    if (!entry) return;
    entry.stale = true;
    this.readBehind(userId);
  }

  private readBehind(userId: string): void {
    this.read(userId).catch((error: unknown) => {
      this.logger.warn(`A person could not be read again: ${error instanceof Error ? error.message : 'unknown reason'}`);
    });
  }

  private async read(userId: string): Promise<UserCard | null> {
    const underWay = this.reading.get(userId);
    if (underWay) return underWay;
    const reading: Promise<UserCard | null> = this.gatherer.ask(userId).then(
      (card) => {
        // Overtaken by a change: the answer is good for those who asked before it, but not to be kept.
        if (this.forgetReading(userId, reading)) {
          if (card) this.keep(card);
          else this.cards.delete(userId);
        }
        return card;
      },
      (error: unknown) => {
        this.forgetReading(userId, reading);
        throw error;
      },
    );
    this.reading.set(userId, reading);
    return reading;
  }

  private async query(ids: readonly string[]): Promise<(UserCard | null)[]> {
    const cards = new Map((await this.users.cards(ids)).map((card) => [card.id, card]));
    return ids.map((id) => cards.get(id) ?? null);
  }

  private forgetReading(id: string, reading: Promise<UserCard | null>): boolean {
    return this.reading.get(id) === reading && this.reading.delete(id);
  }

  private keep(card: UserCard): void {
    const known = this.cards.get(card.id);
    const entry = { card: known?.card ?? card, readAt: performance.now(), stale: false };
    this.cards.set(card.id, entry);
    this.replace(entry, card);
    if (card.status === 'active') this.idsByUsername.set(caseKey(card.username), card.id);
  }
}

function isSameSet(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean {
  return a === b || (a !== undefined && a.size === b?.size && [...a].every((item) => b.has(item)));
}
