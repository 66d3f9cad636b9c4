import { Injectable } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import { caseKey } from '../../common/case-key.js';
import type { Person } from '../../common/principal.js';
import { type FoundPerson, looksLikeUuid, type Profile } from '../../contracts/index.js';
import { decodeCursor, encodeCursor } from '../../database/index.js';
import { RateLimiter } from '../../platform/rate-limit/index.js';
import { OnlineCount } from '../../realtime/index.js';
import { BlockDirectory, FriendsService } from '../friends/index.js';
import { authorOf, ProfileCounters, UserDirectory, UsersService } from '../users/index.js';
import { type FoundRow, PeopleRepository, searchStages } from './people.repository.js';

const pageSize = 20;

/** Where a search goes on: the stage, and key and id of the last one found in it. */
type Place = { stage: number; after: readonly [string, string] | null };

/** Looking at people and finding them. Where one of two people blocks the other, neither finds the other nor sees more than the name. */
@Injectable()
export class PeopleService {
  constructor(
    private readonly repository: PeopleRepository,
    private readonly people: UsersService,
    private readonly users: UserDirectory,
    private readonly friends: FriendsService,
    private readonly blocks: BlockDirectory,
    private readonly counters: ProfileCounters,
    private readonly online: OnlineCount,
    private readonly limits: RateLimiter,
  ) {}

  /** A person's page. @throws AppError `user.not-found` */
  async profile(reader: Person, username: string): Promise<Profile> {
    const card = await this.users.byUsername(username);
    const shown = card && (await this.people.publicProfile(card.id));
    if (!shown) throw new AppError('user.not-found');
    const { createdAt, startup, investor, ...rest } = shown;
    const between = await this.blocks.between(reader.userId, shown.id);
    if (between !== 'none') {
      return {
        ...rest,
        about: null,
        birthDate: null,
        signatureUrl: null,
        memberSince: createdAt,
        online: false,
        relation: between === 'b-blocks' ? 'none' : 'blocked',
        counters: { friends: 0, posts: 0, albums: 0 },
      };
    }
    const [{ relation, requestId }, { friends }, posts, albums] = await Promise.all([
      this.friends.standing(reader.userId, shown.id),
      this.friends.counters(shown.id),
      this.counters.read('posts', shown.id, reader.userId),
      this.counters.read('albums', shown.id, reader.userId),
    ]);
    return {
      ...rest,
      ...(startup ? { startup } : {}),
      ...(investor ? { investor } : {}),
      memberSince: createdAt,
      online: this.online.isOnline(shown.id),
      relation: reader.userId === shown.id ? 'self' : relation,
      ...(requestId === undefined ? {} : { requestId }),
      counters: { friends, posts, albums },
    };
  }

  /** People by the beginning of a username, name or last name. @throws AppError `request.cursor-invalid`, `rate.limited` */
  async search(
    reader: Person,
    { query, limit = pageSize, cursor }: { query: string; limit?: number | undefined; cursor?: string | undefined },
  ): Promise<{ items: FoundPerson[]; nextCursor: string | null }> {
    await this.limits.consume('people-search:person', reader.userId);
    const typed = query.trim().replace(/^@/, '').normalize('NFC');
    if (typed === '') return { items: [], nextCursor: null };
    const found = await this.find(reader.userId, typed, limit + 1, cursor === undefined ? { stage: 0, after: null } : placeOf(cursor));
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const people = await this.users.loadMany(page.map(({ userId }) => userId));
    const relations = await this.friends.relations(
      reader.userId,
      page.map(({ userId }) => userId),
    );
    return {
      items: page.flatMap(({ userId }) => {
        const user = authorOf(people.get(userId));
        return user ? [{ user, relation: relations.get(userId) ?? ('none' as const) }] : [];
      }),
      nextCursor: found.length > limit && last ? encodeCursor([last.stage, last.key, last.userId]) : null,
    };
  }

  private async find(readerId: string, typed: string, limit: number, place: Place): Promise<(FoundRow & { stage: number })[]> {
    const words = { usernameKey: caseKey(typed), typed };
    const found: (FoundRow & { stage: number })[] = [];
    for (let { stage, after } = place; stage < searchStages && found.length < limit; stage++, after = null) {
      const rows = await this.repository.search(stage, readerId, words, limit - found.length, after);
      for (const row of rows) found.push({ ...row, stage });
    }
    return found;
  }
}

function placeOf(cursor: string): Place {
  const [stage, key, id] = decodeCursor(cursor, ['number', 'string', 'string']);
  if (stage < 0 || stage >= searchStages || !key.isWellFormed() || !looksLikeUuid(id)) throw new AppError('request.cursor-invalid');
  return { stage, after: [key, id] };
}
