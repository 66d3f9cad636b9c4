import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { RoomInvitationEntity } from '../entities/room-invitation.entity.js';

const usable = 'expires_at > now() AND (max_uses IS NULL OR uses < max_uses)';

/** The SQL of invitations. Whatever changes them expects their room to be locked. */
@Injectable()
export class InvitationsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async insert(manager: EntityManager, invitation: RoomInvitationEntity): Promise<void> {
    await manager.insert(RoomInvitationEntity, invitation);
  }

  /** How many invitations of a room still let somebody in. Forgets the expired ones. */
  async countOpen(manager: EntityManager, roomId: string): Promise<number> {
    await manager.query('DELETE FROM room_invitations WHERE room_id = $1 AND expires_at <= now()', [roomId]);
    const rows = await manager.query<{ open: number }[]>(
      `SELECT count(*)::int AS open FROM room_invitations WHERE room_id = $1 AND ${usable}`,
      [roomId],
    );
    return rows[0]!.open;
  }

  /** Invitations of a room that have not expired, the newest first. @param before the id of the last one of the page before */
  async list(roomId: string, limit: number, before: string | null): Promise<RoomInvitationEntity[]> {
    const query = this.dataSource.manager
      .createQueryBuilder(RoomInvitationEntity, 'invitation')
      .where('invitation.roomId = :roomId AND invitation.expiresAt > now()', { roomId })
      .orderBy('invitation.id', 'DESC')
      .limit(limit);
    if (before !== null) query.andWhere('invitation.id < :before', { before });
    return query.getMany();
  }

  /** The invitation with this digest of its code, whether or not it still lets anybody in. */
  async byCode(codeHash: Buffer): Promise<RoomInvitationEntity | null> {
    return this.dataSource.manager.findOneBy(RoomInvitationEntity, { codeHash });
  }

  /** The same, if it still lets somebody in. */
  async openByCode(codeHash: Buffer): Promise<RoomInvitationEntity | null> {
    return this.dataSource.manager
      .createQueryBuilder(RoomInvitationEntity, 'invitation')
      .where(`invitation.codeHash = :codeHash AND ${usable}`, { codeHash })
      .getOne();
  }

  /** Counts a use. @returns whether the invitation still let somebody in */
  async use(manager: EntityManager, id: string): Promise<boolean> {
    const { affected } = await manager
      .createQueryBuilder()
      .update(RoomInvitationEntity)
      .set({ uses: () => 'uses + 1' })
      .where(`id = :id AND ${usable}`, { id })
      .execute();
    return affected === 1;
  }

  /** @returns whether it was there */
  async remove(manager: EntityManager, roomId: string, id: string): Promise<boolean> {
    return (await manager.delete(RoomInvitationEntity, { roomId, id })).affected === 1;
  }
}
