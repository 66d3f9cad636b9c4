import { Controller } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import type { Person } from '../../common/principal.js';
import { type EndpointInput, type EndpointReply, type endpoints, looksLikeUuid } from '../../contracts/index.js';
import { decodeCursor, encodeCursor } from '../../database/index.js';
import { CurrentPerson, Endpoint, Input } from '../../platform/http/endpoint.decorator.js';
import { SharedMessages } from '../messages/index.js';
import { PostsReader } from '../posts/index.js';
import { authorOf, UserDirectory } from '../users/index.js';
import { AdminListsRepository } from './admin-lists.repository.js';
import { RemovalsService } from './removals.service.js';
import { RolesService } from './roles.service.js';
import { SanctionsService } from './sanctions.service.js';

type In<N extends keyof typeof endpoints> = EndpointInput<(typeof endpoints)[N]>;
type Out<N extends keyof typeof endpoints> = Promise<EndpointReply<(typeof endpoints)[N]>>;

const pageSize = 50;

/** People, rooms, messages and posts as moderators and admins see them, and the log of what was done. */
@Controller()
export class AdminController {
  constructor(
    private readonly lists: AdminListsRepository,
    private readonly removals: RemovalsService,
    private readonly roles: RolesService,
    private readonly sanctions: SanctionsService,
    private readonly users: UserDirectory,
    private readonly messages: SharedMessages,
    private readonly posts: PostsReader,
  ) {}

  @Endpoint('admin.users.list')
  async listUsers(@Input() { query }: In<'admin.users.list'>): Out<'admin.users.list'> {
    return paged(query, async (limit, before) => this.lists.users(query, limit, before));
  }

  @Endpoint('admin.users.get')
  async getUser(@Input() { params }: In<'admin.users.get'>): Out<'admin.users.get'> {
    const user = await this.lists.user(params.id);
    if (!user) throw new AppError('user.not-found');
    return { user, sanctions: await this.sanctions.of(params.id) };
  }

  @Endpoint('admin.users.update')
  async updateUser(@CurrentPerson() person: Person, @Input() { params, body }: In<'admin.users.update'>): Out<'admin.users.update'> {
    await this.roles.change(person, params.id, body.role);
    const user = await this.lists.user(params.id);
    if (!user) throw new AppError('user.not-found');
    return { user };
  }

  @Endpoint('admin.sanctions.create')
  async sanction(@CurrentPerson() person: Person, @Input() { params, body }: In<'admin.sanctions.create'>): Out<'admin.sanctions.create'> {
    return { sanction: await this.sanctions.impose(person, params.id, body) };
  }

  @Endpoint('admin.sanctions.lift')
  async lift(@CurrentPerson() person: Person, @Input() { params }: In<'admin.sanctions.lift'>): Out<'admin.sanctions.lift'> {
    await this.sanctions.lift(person, params.id);
  }

  @Endpoint('admin.rooms.list')
  async listRooms(@Input() { query }: In<'admin.rooms.list'>): Out<'admin.rooms.list'> {
    return paged(query, async (limit, before) => this.lists.rooms(query.query, limit, before));
  }

  @Endpoint('admin.rooms.delete')
  async deleteRoom(@CurrentPerson() person: Person, @Input() { params, body }: In<'admin.rooms.delete'>): Out<'admin.rooms.delete'> {
    await this.removals.room(person, params.id, body.reason);
  }

  @Endpoint('admin.messages.list')
  async listMessages(@Input() { query }: In<'admin.messages.list'>): Out<'admin.messages.list'> {
    const author = await this.idOf(query.author);
    const { items, nextCursor } = await paged(query, async (limit, before) =>
      (await this.lists.messageIds(author, limit, before)).map((id) => ({ id })),
    );
    const found = await this.messages.load(items.map(({ id }) => id));
    return { items: items.flatMap(({ id }) => found.get(id)?.message ?? []), nextCursor };
  }

  @Endpoint('admin.messages.delete')
  async deleteMessage(
    @CurrentPerson() person: Person,
    @Input() { params, body }: In<'admin.messages.delete'>,
  ): Out<'admin.messages.delete'> {
    await this.removals.message(person, params.id, body.reason);
  }

  @Endpoint('admin.posts.list')
  async listPosts(@CurrentPerson() person: Person, @Input() { query }: In<'admin.posts.list'>): Out<'admin.posts.list'> {
    const author = await this.idOf(query.author);
    const { items, nextCursor } = await paged(query, async (limit, before) =>
      (await this.lists.postIds(author, limit, before)).map((id) => ({ id })),
    );
    return {
      items: await this.posts.posts(
        person,
        items.map(({ id }) => id),
      ),
      nextCursor,
    };
  }

  @Endpoint('admin.posts.delete')
  async deletePost(@CurrentPerson() person: Person, @Input() { params, body }: In<'admin.posts.delete'>): Out<'admin.posts.delete'> {
    await this.removals.post(person, params.id, body.reason);
  }

  @Endpoint('admin.comments.delete')
  async deleteComment(
    @CurrentPerson() person: Person,
    @Input() { params, body }: In<'admin.comments.delete'>,
  ): Out<'admin.comments.delete'> {
    await this.removals.comment(person, params.id, body.reason);
  }

  @Endpoint('admin.audit.list')
  async listAudit(@Input() { query }: In<'admin.audit.list'>): Out<'admin.audit.list'> {
    const actor = await this.idOf(query.actor);
    const { items, nextCursor } = await paged(query, async (limit, before) => this.lists.audit(actor, limit, before));
    const people = await this.users.loadMany(items.flatMap((row) => row.actor_id ?? []));
    return {
      items: items.map((row) => ({
        id: row.id,
        actor: row.actor_id === null ? null : authorOf(people.get(row.actor_id)),
        action: row.action,
        subjectKind: row.subject_kind,
        subject: row.subject_id,
        detail: row.detail,
        at: row.at.toISOString(),
      })),
      nextCursor,
    };
  }

  private async idOf(username: string | undefined): Promise<string | null> {
    if (username === undefined) return null;
    const card = await this.users.byUsername(username);
    if (!card) throw new AppError('user.not-found');
    return card.id;
  }
}

/** A page of a list whose cursor is the last id. @throws AppError `request.cursor-invalid` */
export async function paged<T extends { id: string }>(
  { limit = pageSize, cursor }: { limit?: number | undefined; cursor?: string | undefined },
  read: (limit: number, beyond: string | null) => Promise<T[]>,
): Promise<{ items: T[]; nextCursor: string | null }> {
  const beyond = cursor === undefined ? null : decodeCursor(cursor, ['string'])[0];
  if (beyond !== null && !looksLikeUuid(beyond)) throw new AppError('request.cursor-invalid');
  const rows = await read(limit + 1, beyond);
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? encodeCursor([items.at(-1)!.id]) : null };
}
