import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { caseKey } from '../../common/case-key.js';
import { newId } from '../../common/ids.js';
import type { Person } from '../../common/principal.js';
import { type Author, type EndpointInput, type endpoints, looksLikeUuid, type Post, type PostCard } from '../../contracts/index.js';
import { decodeCursor, encodeCursor, inTransaction } from '../../database/index.js';
import { InternalEvents } from '../../platform/events/index.js';
import { RateLimiter } from '../../platform/rate-limit/index.js';
import { FilesService } from '../files/index.js';
import { BlockDirectory, FriendsService } from '../friends/index.js';
import { mentionedNames, SharedMessages } from '../messages/index.js';
import { authorOf, UserDirectory, Voice } from '../users/index.js';
import type { PostEntity } from './entities/post.entity.js';
import { MarksRepository } from './marks.repository.js';
import { PostErasure } from './post-erasure.js';
import { PostNews } from './post-news.js';
import { PostViews } from './post-views.js';
import { mayChangePost } from './posts.policy.js';
import { type PostRow, PostsRepository } from './posts.repository.js';
import { TagsRepository } from './tags.repository.js';

export type NewPost = EndpointInput<(typeof endpoints)['posts.create']>['body'];
export type PostChange = EndpointInput<(typeof endpoints)['posts.update']>['body'];
type FeedQuery = EndpointInput<(typeof endpoints)['posts.list']>['query'];

const pageSize = 20;

/** Posts: publishing, reading, changing. Stored first, then told to those who look. */
@Injectable()
export class PostsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly posts: PostsRepository,
    private readonly tags: TagsRepository,
    private readonly marks: MarksRepository,
    private readonly views: PostViews,
    private readonly news: PostNews,
    private readonly files: FilesService,
    private readonly erasure: PostErasure,
    private readonly users: UserDirectory,
    private readonly blocks: BlockDirectory,
    private readonly friends: FriendsService,
    private readonly shared: SharedMessages,
    private readonly events: InternalEvents,
    private readonly voice: Voice,
    private readonly limiter: RateLimiter,
  ) {}

  /** A page of a feed, newest first, without the posts of people whom the reader blocks. @throws AppError `user.not-found`, `request.cursor-invalid` */
  async feed(person: Person, query: FeedQuery): Promise<{ items: Post[]; nextCursor: string | null }> {
    const limit = query.limit ?? pageSize;
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'])[0];
    if (before !== null && !looksLikeUuid(before)) throw new AppError('request.cursor-invalid');
    const feed = {
      authors: await this.authorsOf(person, query),
      tag: query.tag === undefined ? null : caseKey(query.tag.replace(/^#+\s*/, '')),
      without: [...((await this.blocks.load(person.userId)) ?? [])],
    };
    const rows = await this.posts.feed(feed, limit + 1, before);
    const page = rows.slice(0, limit);
    return {
      items: await this.views.posts(page, person.userId),
      nextCursor: rows.length > limit ? encodeCursor([page.at(-1)!.id]) : null,
    };
  }

  /** One post; seen by somebody else than its author, it counts a view. @throws AppError `post.not-found` */
  async get(person: Person, postId: string): Promise<Post> {
    const row = await this.visible(person, postId);
    if (row.author_id !== person.userId) {
      const before = row.view_count;
      row.view_count = (await this.posts.view(postId, person.userId)) ?? before;
      if (row.view_count !== before) this.news.countersMoved(postId);
    }
    return this.view(row, person.userId);
  }

  /** Some posts in short, in the order asked for: those that exist, of people whom the reader does not block. */
  async cards(person: Person, postIds: readonly string[]): Promise<PostCard[]> {
    const [rows, blocked] = await Promise.all([this.posts.byIds([...new Set(postIds)]), this.blocks.load(person.userId)]);
    const cards = await this.views.cards(rows.filter((row) => !blocked?.has(row.author_id)));
    const byId = new Map(cards.map((card) => [card.id, card]));
    return [...new Set(postIds)].flatMap((postId) => byId.get(postId) ?? []);
  }

  /** Publishes a post. @throws AppError `file.not-found`, `file.not-image`, `message.not-found`, `post.share-refused`, `rate.limited` */
  async create(person: Person, input: NewPost): Promise<Post> {
    this.voice.require(person.userId);
    await this.limiter.consume('post:person', person.userId);
    if (input.sharedMessage !== undefined) await this.shared.requireShareable(person, input.sharedMessage);
    const postId = newId();
    const mentioned = await this.mentioned(person, `${input.title}\n${input.content ?? ''}`);
    const row = await inTransaction(this.dataSource, async (manager) => {
      await this.posts.insert(manager, {
        id: postId,
        authorId: person.userId,
        title: input.title,
        content: input.content ?? '',
        link: input.link ?? null,
        sharedMessageId: input.sharedMessage ?? null,
      });
      await this.tags.set(manager, postId, input.tags ?? []);
      await this.posts.setLinks(manager, postId, input.links ?? []);
      await this.attach(manager, person, postId, [], input.imageIds ?? []);
      if (mentioned.length > 0)
        await this.events.emitWithin(manager, 'post.mentioned', { postId, byId: person.userId, userIds: mentioned });
      return this.posts.findIn(manager, postId);
    });
    this.news.created((await this.views.posts([row]))[0]!);
    return this.view(row, person.userId);
  }

  /** Changes what is named; the rest stays. @throws AppError `post.not-found`, `post.forbidden`, and as `create` */
  async update(person: Person, postId: string, change: PostChange): Promise<Post> {
    this.voice.require(person.userId);
    await this.limiter.consume('post:person', person.userId);
    return this.changeOwn(person, postId, async (manager, post) => {
      const { tags, links, imageIds, ...fields } = change;
      if (tags) await this.tags.set(manager, postId, tags);
      if (links) await this.posts.setLinks(manager, postId, links);
      if (imageIds) await this.attach(manager, person, postId, post.images, imageIds);
      const named = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
      await this.posts.update(manager, postId, named);
    });
  }

  /** Takes one further link off. @throws AppError `post.not-found`, `post.forbidden`, `post.link-not-found` */
  async deleteLink(person: Person, postId: string, linkId: string): Promise<Post> {
    return this.changeOwn(person, postId, async (manager) => {
      if (!(await this.posts.deleteLink(manager, postId, linkId))) throw new AppError('post.link-not-found');
      await this.posts.update(manager, postId, {});
    });
  }

  /** Deletes one's own post and everything under it. @throws AppError `post.not-found`, `post.forbidden` */
  async delete(person: Person, postId: string): Promise<void> {
    await this.erasure.post(postId, async (_manager, post) => {
      if (!mayChangePost(person, post.authorId)) throw new AppError('post.forbidden');
    });
  }

  /** Who likes a post, newest first. @throws AppError `post.not-found`, `request.cursor-invalid` */
  async likers(
    person: Person,
    postId: string,
    limit: number,
    cursor: string | undefined,
  ): Promise<{ items: Author[]; nextCursor: string | null }> {
    await this.visible(person, postId);
    const after = cursor === undefined ? null : decodeCursor(cursor, ['string', 'string']);
    if (after && (Number.isNaN(Date.parse(after[0])) || !looksLikeUuid(after[1]))) throw new AppError('request.cursor-invalid');
    const rows = await this.marks.likers(postId, limit + 1, after, [...((await this.blocks.load(person.userId)) ?? [])]);
    const page = rows.slice(0, limit);
    const people = await this.users.loadMany(page.map((row) => row.userId));
    const last = page.at(-1);
    return {
      items: page.flatMap((row) => authorOf(people.get(row.userId)) ?? []),
      nextCursor: rows.length > limit && last ? encodeCursor([last.cursorAt, last.userId]) : null,
    };
  }

  /** A post that the person may see: of anybody whom they do not block. @throws AppError `post.not-found` */
  async visible(person: Person, postId: string): Promise<PostRow> {
    const row = await this.posts.find(postId);
    if (!row || (await this.blocks.load(person.userId))?.has(row.author_id)) throw new AppError('post.not-found');
    return row;
  }

  /** Whether the person may see a post. */
  async isVisible(person: Person, postId: string): Promise<boolean> {
    const row = await this.posts.find(postId);
    return row !== null && !(await this.blocks.load(person.userId))?.has(row.author_id);
  }

  /** People whom a text mentions and who would hear of it. */
  async mentioned(person: Person, text: string): Promise<string[]> {
    const found = await Promise.all(mentionedNames(text).map(async (name) => this.users.byUsername(name)));
    const ids = [...new Set(found.flatMap((card) => (card && card.id !== person.userId ? card.id : [])))];
    const open = await Promise.all(ids.map(async (id) => (await this.blocks.between(person.userId, id)) === 'none'));
    return ids.filter((_, index) => open[index]);
  }

  private async changeOwn(
    person: Person,
    postId: string,
    work: (manager: EntityManager, post: PostEntity) => Promise<void>,
  ): Promise<Post> {
    const row = await inTransaction(this.dataSource, async (manager) => {
      await work(manager, await this.lockOwn(manager, person, postId));
      return this.posts.findIn(manager, postId);
    });
    this.news.updated((await this.views.posts([row]))[0]!);
    return this.view(row, person.userId);
  }

  private async lockOwn(manager: EntityManager, person: Person, postId: string): Promise<PostEntity> {
    const post = await this.posts.lock(manager, postId);
    if (!post) throw new AppError('post.not-found');
    if (!mayChangePost(person, post.authorId)) throw new AppError('post.forbidden');
    return post;
  }

  /** Gives the post these pictures in this order: new ones are attached, those that are named no more are released. */
  private async attach(
    manager: EntityManager,
    person: Person,
    postId: string,
    held: PostEntity['images'],
    imageIds: readonly string[],
  ): Promise<void> {
    const known = new Map(held.map((image) => [image.id, image]));
    const fresh = imageIds.filter((id) => !known.has(id));
    for (const image of await this.files.attach(manager, person.userId, fresh, { kind: 'post', id: postId }, { imagesOnly: true }))
      known.set(image.id, image);
    const dropped = held.filter((image) => !imageIds.includes(image.id)).map((image) => image.id);
    await this.files.release(manager, dropped);
    await this.posts.setImages(
      manager,
      postId,
      imageIds.map((id) => known.get(id)!),
    );
  }

  private async authorsOf(person: Person, query: FeedQuery): Promise<string[] | null> {
    const friends = query.feed === 'friends' ? await this.friends.friendIds(person.userId) : null;
    if (query.author === undefined) return friends;
    const author = await this.users.byUsername(query.author);
    if (!author) throw new AppError('user.not-found');
    return !friends || friends.includes(author.id) ? [author.id] : [];
  }

  private async view(row: PostRow, readerId: string): Promise<Post> {
    const [post] = await this.views.posts([row], readerId);
    if (!post) throw new AppError('post.not-found');
    return post;
  }
}
