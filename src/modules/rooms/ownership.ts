import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { afterCommit } from '../../database/index.js';
import { InternalEvents } from '../../platform/events/index.js';
import { Publisher } from '../../realtime/index.js';
import { type Heir, OwnershipRepository } from './ownership.repository.js';
import { RoomDirectory } from './room-directory.js';
import { RoomNews } from './room-news.js';

/** No room with people in it is left without an owner when an account goes. */
@Injectable()
export class RoomOwnership implements OnModuleInit {
  constructor(
    private readonly repository: OwnershipRepository,
    private readonly directory: RoomDirectory,
    private readonly news: RoomNews,
    private readonly publisher: Publisher,
    private readonly events: InternalEvents,
  ) {}

  onModuleInit(): void {
    this.events.onWithin('account.closing', async (manager, { userId, how }) => {
      if (how === 'deleted') await this.leaveAll(manager, userId);
      else await this.handOver(manager, userId);
    });
  }

  /**
   * Before an account is deactivated: in the rooms that the person alone owns, the eldest admin becomes owner, else the eldest moderator,
   * else the eldest member, and the person an admin. Where nobody else is, they stay the owner. Locks the rooms: call it before the
   * transaction touches anything else.
   * @returns the new owners
   */
  async handOver(manager: EntityManager, userId: string): Promise<Heir[]> {
    await this.repository.lockOwned(manager, userId);
    const heirs = await this.repository.heirs(manager, userId);
    await this.repository.crown(manager, heirs);
    await this.repository.stepDown(
      manager,
      userId,
      heirs.map(({ roomId }) => roomId),
    );
    for (const { roomId } of heirs)
      afterCommit(manager, async () => {
        this.directory.forget(roomId);
        this.directory.forgetMembership(roomId, userId);
        await this.news.roleChanged(roomId, userId, 'admin', null);
      });
    this.tell(manager, heirs);
    return heirs;
  }

  /**
   * Before an account is deleted: hands over as `handOver` does and ends every membership, direct rooms too, so that the counts of members
   * stay right. Private and direct rooms in which nobody is left are gone. Locks the rooms: call it before the transaction touches anything else.
   * @returns the new owners
   */
  async leaveAll(manager: EntityManager, userId: string): Promise<Heir[]> {
    await this.repository.lockJoined(manager, userId);
    const heirs = await this.repository.heirs(manager, userId);
    await this.repository.crown(manager, heirs);
    const left = await this.repository.leaveAll(manager, userId);
    await this.repository.unpair(manager, userId, left);
    for (const roomId of await this.repository.empty(manager, left)) {
      await this.events.emitWithin(manager, 'room.removing', { roomId });
      await this.repository.delete(manager, roomId);
    }
    for (const roomId of left)
      afterCommit(manager, () => {
        this.directory.forget(roomId);
        this.directory.forgetMembership(roomId, userId);
        this.publisher.removeFromRoom(userId, roomId, 'left');
        this.events.emit('room.member-left', { roomId, userId, reason: 'left' });
      });
    this.tell(manager, heirs);
    return heirs;
  }

  private tell(manager: EntityManager, heirs: readonly Heir[]): void {
    for (const { roomId, userId } of heirs)
      afterCommit(manager, async () => {
        this.directory.forget(roomId);
        this.directory.forgetMembership(roomId, userId);
        await this.news.roleChanged(roomId, userId, 'owner', null);
      });
  }
}
