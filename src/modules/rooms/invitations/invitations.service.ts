import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AppError } from '../../../common/app-error.js';
import { newId } from '../../../common/ids.js';
import { hashToken, newToken } from '../../../common/keys.js';
import type { Person } from '../../../common/principal.js';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import type { Invitation, InvitationPreview, Room } from '../../../contracts/index.js';
import { afterCommit, encodeCursor, inTransaction } from '../../../database/index.js';
import { RateLimiter } from '../../../platform/rate-limit/index.js';
import { authorOf, UserDirectory } from '../../users/index.js';
import type { RoomInvitationEntity } from '../entities/room-invitation.entity.js';
import { idAlone } from '../room-cursors.js';
import { RoomDirectory } from '../room-directory.js';
import { RoomNews } from '../room-news.js';
import { RoomPictures } from '../room-pictures.js';
import { RoomsRepository } from '../rooms.repository.js';
import { RoomsService } from '../rooms.service.js';
import { InvitationsRepository } from './invitations.repository.js';

const week = 7 * 24 * 60 * 60;
const pageSize = 50;
const mostOpen = 100;

/**
 * Invitations by link. The code is a secret of 256 bits that lets its bearer into a room: it is told once and stored as a digest. Every change
 * of an invitation happens under the lock of its room, so that a link for five lets five people in, however many come at once.
 */
@Injectable()
export class InvitationsService {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly rooms: RoomsService,
    private readonly roomsRepository: RoomsRepository,
    private readonly invitations: InvitationsRepository,
    private readonly directory: RoomDirectory,
    private readonly news: RoomNews,
    private readonly pictures: RoomPictures,
    private readonly users: UserDirectory,
    private readonly limiter: RateLimiter,
  ) {}

  /**
   * Makes an invitation; the only time that its code is told.
   * @param expiresIn seconds
   * @param maxUses null: any number
   * @throws AppError `room.not-found`, `room.forbidden`, `room.direct-fixed`, `room.archived`, `room.too-many-invitations`
   */
  async create(
    person: Person,
    reference: string,
    { expiresIn = week, maxUses = null }: { expiresIn?: number | undefined; maxUses?: number | null | undefined },
  ): Promise<Invitation & { code: string; url: string }> {
    const room = await this.rooms.managed(person, reference);
    const code = newToken();
    const createdAt = new Date();
    const invitation: RoomInvitationEntity = {
      id: newId(),
      roomId: room.id,
      codeHash: hashToken(code),
      createdBy: person.userId,
      createdAt,
      expiresAt: new Date(createdAt.getTime() + expiresIn * 1_000),
      maxUses,
      uses: 0,
    };
    await inTransaction(this.dataSource, async (manager) => {
      this.rooms.requireOpen(await this.rooms.lockManaged(manager, person, room.id));
      if ((await this.invitations.countOpen(manager, room.id)) >= mostOpen) throw new AppError('room.too-many-invitations');
      await this.invitations.insert(manager, invitation);
    });
    return { ...(await this.view(invitation)), code, url: `${this.settings.frontendUrl}/invite/${code}` };
  }

  /** A page of a room's invitations, the newest first. @throws AppError `room.not-found`, `room.forbidden`, `room.direct-fixed`, `request.cursor-invalid` */
  async list(
    person: Person,
    reference: string,
    limit = pageSize,
    cursor?: string,
  ): Promise<{ items: Invitation[]; nextCursor: string | null }> {
    const room = await this.rooms.managed(person, reference);
    const found = await this.invitations.list(room.id, limit + 1, cursor === undefined ? null : idAlone(cursor));
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      items: await Promise.all(page.map(async (invitation) => this.view(invitation))),
      nextCursor: found.length > limit && last ? encodeCursor([last.id]) : null,
    };
  }

  /** Takes an invitation back. @throws AppError `room.not-found`, `room.forbidden`, `room.direct-fixed`, `room.invitation-not-found` */
  async withdraw(person: Person, reference: string, id: string): Promise<void> {
    const room = await this.rooms.managed(person, reference);
    await inTransaction(this.dataSource, async (manager) => {
      await this.rooms.lockManaged(manager, person, room.id);
      if (!(await this.invitations.remove(manager, room.id, id))) throw new AppError('room.invitation-not-found');
    });
  }

  /** What a link leads to. @param address what the caller counts as in limits @throws AppError `invitation.invalid`, `rate.limited` */
  async preview(address: string, code: string): Promise<InvitationPreview> {
    await this.limiter.consume('invitation:address', address);
    const invitation = await this.invitations.openByCode(hashToken(code));
    const room = invitation && (await this.roomsRepository.byId(invitation.roomId));
    if (!room) throw new AppError('invitation.invalid');
    return {
      room: { title: room.title, avatarUrl: this.pictures.address(room.avatarFileId), memberCount: room.memberCount },
      invitedBy: await this.author(invitation.createdBy),
      expiresAt: invitation.expiresAt.toISOString(),
    };
  }

  /**
   * Becomes a member by a link. Who is one already gets the room and uses nothing up.
   * @throws AppError `invitation.invalid`, `room.banned`, `room.archived`, `rate.limited`
   */
  async accept(person: Person, code: string): Promise<Room> {
    await this.limiter.consume('invitation:person', person.userId);
    const invitation = await this.invitations.byCode(hashToken(code));
    if (!invitation) throw new AppError('invitation.invalid');
    const { id, roomId } = invitation;
    await inTransaction(this.dataSource, async (manager) => {
      const locked = await this.roomsRepository.lock(manager, roomId);
      if (!locked) throw new AppError('invitation.invalid');
      const { role, banned } = await this.roomsRepository.membership(manager, roomId, person.userId);
      if (role) return;
      // Counted first, so that a link that is no good says so to everybody; a refusal below takes the use back with the transaction.
      if (!(await this.invitations.use(manager, id))) throw new AppError('invitation.invalid');
      if (banned) throw new AppError('room.banned');
      this.rooms.requireOpen(locked);
      await this.roomsRepository.addMember(manager, locked, person.userId, 'member');
      afterCommit(manager, () => this.directory.setMembership(roomId, person.userId, { role: 'member', banned: false }));
      afterCommit(manager, async () => this.news.joined(locked, [person.userId]));
    });
    return this.rooms.view(person, roomId);
  }

  private async view({ id, createdBy, createdAt, expiresAt, maxUses, uses }: RoomInvitationEntity): Promise<Invitation> {
    return {
      id,
      createdBy: await this.author(createdBy),
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      maxUses,
      uses,
    };
  }

  private async author(userId: string | null) {
    return userId === null ? null : authorOf(await this.users.load(userId));
  }
}
