import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { caseKey } from '../../common/case-key.js';
import type { Person } from '../../common/principal.js';
import type { EndpointInput, endpoints, Room } from '../../contracts/index.js';
import { afterCommit, inTransaction, isForeignKeyViolation, isUniqueViolation } from '../../database/index.js';
import { InternalEvents } from '../../platform/events/index.js';
import { BlockDirectory } from '../friends/index.js';
import { UserDirectory } from '../users/index.js';
import type { RoomEntity } from './entities/room.entity.js';
import { RoomCreation } from './room-creation.js';
import { RoomDirectory } from './room-directory.js';
import { RoomErasure } from './room-erasure.js';
import { RoomNews } from './room-news.js';
import { RoomPictures } from './room-pictures.js';
import { mayDelete } from './rooms.policy.js';
import { RoomsRepository } from './rooms.repository.js';
import { RoomsService } from './rooms.service.js';

type CreateBody = EndpointInput<(typeof endpoints)['rooms.create']>['body'];
type UpdateBody = EndpointInput<(typeof endpoints)['rooms.update']>['body'];

/** Public and private rooms as things that people make: creating, changing, archiving and deleting them. */
@Injectable()
export class GroupsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly rooms: RoomsService,
    private readonly creation: RoomCreation,
    private readonly repository: RoomsRepository,
    private readonly directory: RoomDirectory,
    private readonly news: RoomNews,
    private readonly pictures: RoomPictures,
    private readonly users: UserDirectory,
    private readonly blocks: BlockDirectory,
    private readonly erasure: RoomErasure,
    private readonly events: InternalEvents,
  ) {}

  /**
   * Creates a room with its first members; its maker is the owner.
   * @throws AppError `room.name-taken`, `user.not-found`, `user.blocked`, `user.unavailable`, `file.not-found`, `file.not-image`
   */
  async create(person: Person, body: CreateBody): Promise<Room> {
    const { members: names = [], avatarFileId = null, ...fields } = body;
    const invited = await this.people(names);
    invited.delete(person.userId);
    for (const userId of invited) await this.blocks.requireReach(person.userId, userId);
    const members = [
      { userId: person.userId, role: 'owner' as const },
      ...[...invited].map((userId) => ({ userId, role: 'member' as const })),
    ];
    try {
      const room = { ...fields, nameKey: caseKey(body.name), title: body.title ?? body.name };
      const { id } = await this.creation.insert(room, members, person.userId, avatarFileId);
      return await this.rooms.view(person, id);
    } catch (error) {
      if (isUniqueViolation(error, 'uq_rooms_name_key')) throw new AppError('room.name-taken');
      if (isForeignKeyViolation(error, 'fk_room_members_user')) throw new AppError('user.not-found', { cause: error });
      throw error;
    }
  }

  /**
   * Changes what is named. Whoever may no longer read is out at once, and nothing is written any more from the moment a room is archived.
   * @throws AppError `room.not-found`, `room.forbidden`, `room.name-taken`, `room.direct-fixed`, `room.archived`, `file.not-found`, `file.not-image`
   */
  async update(person: Person, reference: string, body: UpdateBody): Promise<Room> {
    const room = await this.rooms.managed(person, reference);
    try {
      await inTransaction(this.dataSource, async (manager) => {
        const locked = await this.rooms.lockManaged(manager, person, room.id);
        // Out of the archive first, or with the same call.
        if (locked.archived && body.archived !== false && isMoreThanArchiving(body)) throw new AppError('room.archived');
        await this.repository.update(manager, room.id, changeOf(locked, body));
        if (body.avatarFileId !== undefined) await this.pictures.set(manager, locked, person.userId, body.avatarFileId);
        await this.repository.raiseAccessVersion(manager, room.id);
        afterCommit(manager, () => {
          this.directory.forget(room.id);
          if (body.title !== undefined && body.title !== locked.title)
            this.events.emit('room.retitled', { roomId: room.id, byId: person.userId, title: body.title });
        });
      });
    } catch (error) {
      if (isUniqueViolation(error, 'uq_rooms_name_key')) throw new AppError('room.name-taken');
      throw error;
    }
    const view = await this.rooms.view(person, room.id);
    await this.news.changed(view, { readers: body.access !== undefined || body.kind !== undefined });
    return view;
  }

  /** Deletes a room with everything in it. @throws AppError `room.not-found`, `room.forbidden`, `room.direct-fixed` */
  async remove(person: Person, reference: string): Promise<void> {
    const room = await this.rooms.changeable(person, reference);
    if (!mayDelete(person, room, await this.rooms.membership(person, room.id))) throw new AppError('room.forbidden');
    await this.erasure.erase(room.id, async (manager, locked) => {
      if (!mayDelete(person, locked, await this.repository.membership(manager, room.id, person.userId)))
        throw new AppError('room.forbidden');
    });
  }

  /** The ids of people by their names. @throws AppError `user.not-found`, saying who */
  private async people(names: readonly string[]): Promise<Set<string>> {
    const cards = await Promise.all(names.map(async (name) => this.users.byUsername(name)));
    return new Set(
      cards.map((card, index) => {
        if (!card) throw new AppError('user.not-found', { message: `There is nobody named ${names[index]!.slice(0, 64)}.` });
        return card.id;
      }),
    );
  }
}

function isMoreThanArchiving(body: UpdateBody): boolean {
  return Object.entries(body).some(([field, value]) => field !== 'archived' && value !== undefined);
}

function changeOf(room: RoomEntity, { archived, avatarFileId: _set, ...fields }: UpdateBody): Partial<RoomEntity> {
  return {
    ...fields,
    ...(fields.name === undefined ? {} : { nameKey: caseKey(fields.name) }),
    ...(archived === undefined || archived === room.archived ? {} : { archivedAt: archived ? new Date() : null }),
  };
}
