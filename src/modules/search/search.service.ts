import { Injectable } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import { type EndpointInput, type EndpointReply, type endpoints, looksLikeUuid, type SearchHit } from '../../contracts/index.js';
import { decodeCursor, encodeCursor } from '../../database/index.js';
import { RateLimiter } from '../../platform/rate-limit/index.js';
import { BlockDirectory } from '../friends/index.js';
import { MessageLog } from '../messages/index.js';
import { PostsReader } from '../posts/index.js';
import { RoomsService } from '../rooms/index.js';
import { authorOf, UserDirectory } from '../users/index.js';
import { type Excerpt, excerptOf } from './excerpt.js';
import { type Question, type Reader, SearchRepository } from './search.repository.js';
import { Vocabulary } from './vocabulary.js';
import { terms } from './words.js';

type Query = EndpointInput<(typeof endpoints)['search']>['query'];
type Kind = NonNullable<Query['kind']>;

const pageSize = 20;
/** What a question without a kind shows of each. */
const perKind = 5;
const kinds: readonly Kind[] = ['people', 'rooms', 'messages', 'posts', 'comments', 'tags'];

/** One search over everything that a person may read. */
@Injectable()
export class SearchService {
  constructor(
    private readonly repository: SearchRepository,
    private readonly vocabulary: Vocabulary,
    private readonly log: MessageLog,
    private readonly posts: PostsReader,
    private readonly rooms: RoomsService,
    private readonly users: UserDirectory,
    private readonly blocks: BlockDirectory,
    private readonly limiter: RateLimiter,
  ) {}

  /**
   * What was asked for, of one kind page by page, or the newest few of every kind.
   * @throws AppError `room.not-found`, `request.cursor-invalid`, `rate.limited`
   */
  async search(person: Person, query: Query): Promise<EndpointReply<(typeof endpoints)['search']>> {
    await this.limiter.consume('search:person', person.userId);
    const question = await Promise.all(terms(query.q).map(async (term) => ({ term, meanings: await this.vocabulary.meanings(term) })));
    const room = query.room === undefined ? null : await this.rooms.resolve(person, query.room);
    if (question.length === 0) return { items: [], nextCursor: null };
    const reader = { userId: person.userId, blocked: [...((await this.blocks.load(person.userId)) ?? [])] };
    const kind = query.kind ?? (room === null ? undefined : 'messages');
    if (kind === undefined) {
      const found = await Promise.all(kinds.map(async (one) => this.ofKind(person, one, question, reader, null, perKind, null)));
      return { items: found.flatMap(({ hits }) => hits), nextCursor: null };
    }
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'])[0];
    if (before !== null && !looksLikeUuid(before)) throw new AppError('request.cursor-invalid');
    const limit = query.limit ?? pageSize;
    const { ids, hits } = await this.ofKind(person, kind, question, reader, room, limit + 1, before);
    return { items: hits.slice(0, limit), nextCursor: ids.length > limit ? encodeCursor([ids[limit - 1]!]) : null };
  }

  private async ofKind(
    person: Person,
    kind: Kind,
    question: Question,
    reader: Reader,
    room: string | null,
    limit: number,
    before: string | null,
  ): Promise<{ ids: string[]; hits: SearchHit[] }> {
    const excerpt = (text: string) => excerptOf(text, (word) => asked(question, word));
    if (kind === 'messages') {
      const rows = await this.repository.messages(question, reader, room, limit, before);
      const messages = await this.log.toMessages(rows);
      return {
        ids: rows.map((row) => row.id),
        hits: messages.map((message) => ({ kind: 'message', message, ...excerpt(message.content) })),
      };
    }
    const ids = await this.repository.documents(documentKind[kind], question, reader, limit, before);
    return { ids, hits: await this.hits(person, kind, ids, excerpt) };
  }

  private async hits(
    person: Person,
    kind: Exclude<Kind, 'messages'>,
    ids: readonly string[],
    excerpt: (text: string) => Excerpt,
  ): Promise<SearchHit[]> {
    switch (kind) {
      case 'posts':
        return (await this.posts.posts(person, ids)).map((post) => ({ kind: 'post', post, ...excerpt(`${post.title}\n${post.content}`) }));
      case 'comments':
        return (await this.posts.comments(person, ids)).map((comment) => ({ kind: 'comment', comment, ...excerpt(comment.content) }));
      case 'people': {
        const people = await this.users.loadMany(ids);
        return ids.flatMap((id) => {
          const found = authorOf(people.get(id));
          return found ? [{ kind: 'person' as const, person: found, ...excerpt(`${found.displayName} @${found.username}`) }] : [];
        });
      }
      case 'rooms': {
        const rooms = await this.rooms.viewMany(person, ids);
        return rooms.map((room) => ({ kind: 'room', room, ...excerpt(`${room.title} #${room.name}`) }));
      }
      case 'tags':
        return (await this.repository.tags(ids)).map((tag) => ({ kind: 'tag', tag, ...excerpt(tag.name) }));
    }
  }
}

const documentKind = { posts: 'post', comments: 'comment', people: 'person', rooms: 'room', tags: 'tag' } as const;

function asked(question: Question, word: string): boolean {
  return question.some(({ term, meanings }) => meanings.some((meaning) => (term.prefix ? word.startsWith(meaning) : word === meaning)));
}
