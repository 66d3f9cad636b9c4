import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { AvatarEntity } from './entities/avatar.entity.js';
import { SignatureEntity } from './entities/signature.entity.js';

/** The SQL of avatars and signature pictures. Whoever changes them holds the lock of the account. */
@Injectable()
export class AvatarsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** A person's avatars below `before`, the newest first. */
  async list(userId: string, limit: number, before: string | null): Promise<AvatarEntity[]> {
    const query = this.dataSource.manager
      .createQueryBuilder(AvatarEntity, 'avatar')
      .where('avatar.userId = :userId', { userId })
      .orderBy('avatar.id', 'DESC')
      .limit(limit);
    if (before !== null) query.andWhere('avatar.id < :before', { before });
    return query.getMany();
  }

  async count(userId: string, manager: EntityManager = this.dataSource.manager): Promise<number> {
    return manager.countBy(AvatarEntity, { userId });
  }

  async find(manager: EntityManager, userId: string, id: string): Promise<AvatarEntity | null> {
    return manager.findOneBy(AvatarEntity, { id, userId });
  }

  async insert(manager: EntityManager, avatar: AvatarEntity): Promise<void> {
    await manager.insert(AvatarEntity, avatar);
  }

  /** Makes one of the avatars the active one, or none. */
  async activate(manager: EntityManager, userId: string, id: string | null): Promise<void> {
    await manager.update(AvatarEntity, { userId, active: true }, { active: false });
    if (id !== null) await manager.update(AvatarEntity, { userId, id }, { active: true });
  }

  async remove(manager: EntityManager, id: string): Promise<void> {
    await manager.delete(AvatarEntity, { id });
  }

  async signatureFile(manager: EntityManager, userId: string): Promise<string | null> {
    return (await manager.findOneBy(SignatureEntity, { userId }))?.fileId ?? null;
  }

  async setSignatureFile(manager: EntityManager, userId: string, fileId: string | null): Promise<void> {
    await manager.delete(SignatureEntity, { userId });
    if (fileId !== null) await manager.insert(SignatureEntity, { userId, fileId });
  }
}
