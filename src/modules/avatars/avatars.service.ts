import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { AppError } from '../../common/app-error.js';
import { newId } from '../../common/ids.js';
import type { Person } from '../../common/principal.js';
import type { Attachment, Avatar } from '../../contracts/index.js';
import { decodeIdCursor, encodeCursor, inTransaction } from '../../database/index.js';
import type { Upload } from '../../platform/http/uploads/index.js';
import { FileAccess, FilesService } from '../files/index.js';
import { UserAccounts } from '../users/index.js';
import { AvatarsRepository } from './avatars.repository.js';
import type { AvatarEntity } from './entities/avatar.entity.js';

const pageSize = 50;

/** Avatars that a person's history holds at most. */
const mostAvatars = 100;

/** Seconds for which browsers keep these pictures without asking: they stand beside every message. */
const openFor = 3_600;

/** The pictures that stand for a person: avatars, of which one at most is shown, and the signature. Everybody may see them. */
@Injectable()
export class AvatarsService implements OnModuleInit {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly avatars: AvatarsRepository,
    private readonly accounts: UserAccounts,
    private readonly files: FilesService,
    private readonly access: FileAccess,
  ) {}

  onModuleInit(): void {
    for (const kind of ['avatar', 'signature']) this.access.register(kind, async () => Promise.resolve(true), { openFor });
  }

  /** @throws AppError `request.cursor-invalid` */
  async list(
    person: Person,
    { limit = pageSize, cursor }: { limit?: number | undefined; cursor?: string | undefined },
  ): Promise<{
    items: Avatar[];
    nextCursor: string | null;
  }> {
    const rows = await this.avatars.list(person.userId, limit + 1, cursor === undefined ? null : decodeIdCursor(cursor));
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(toAvatar), nextCursor: rows.length > limit && last ? encodeCursor([last.id]) : null };
  }

  /**
   * Makes an uploaded picture the avatar.
   * @throws AppError `avatar.too-many`, and as `FilesService.create`
   */
  async create(person: Person, upload: Upload): Promise<Avatar> {
    // Asked before the picture is worked on, and again under the lock.
    if ((await this.avatars.count(person.userId)) >= mostAvatars) throw new AppError('avatar.too-many');
    return this.withUpload(person, upload, async (manager, file) => {
      if ((await this.avatars.count(person.userId, manager)) >= mostAvatars) throw new AppError('avatar.too-many');
      const avatar: AvatarEntity = { id: newId(), userId: person.userId, image: file, active: true, createdAt: new Date() };
      await this.files.attach(manager, person.userId, [file.id], { kind: 'avatar', id: avatar.id });
      await this.avatars.activate(manager, person.userId, null);
      await this.avatars.insert(manager, avatar);
      await this.show(manager, person.userId, file);
      return toAvatar(avatar);
    });
  }

  /** Shows an avatar of the history again. @throws AppError `avatar.not-found` */
  async activate(person: Person, id: string): Promise<Avatar> {
    return this.locked(person, async (manager) => {
      const avatar = await this.owned(manager, person, id);
      if (!avatar.active) {
        await this.avatars.activate(manager, person.userId, id);
        await this.show(manager, person.userId, avatar.image);
      }
      return toAvatar({ ...avatar, active: true });
    });
  }

  /** Shows no avatar; the history stays. */
  async clear(person: Person): Promise<void> {
    await this.locked(person, async (manager) => {
      await this.avatars.activate(manager, person.userId, null);
      await this.show(manager, person.userId, null);
    });
  }

  /** @throws AppError `avatar.not-found` */
  async delete(person: Person, id: string): Promise<void> {
    await this.locked(person, async (manager) => {
      const avatar = await this.owned(manager, person, id);
      await this.avatars.remove(manager, id);
      await this.files.release(manager, [avatar.image.id]);
      if (avatar.active) await this.show(manager, person.userId, null);
    });
  }

  /** Makes an uploaded picture the one that a person signs with; the one before is gone. @throws AppError as `FilesService.create` */
  async replaceSignature(person: Person, upload: Upload): Promise<void> {
    await this.withUpload(person, upload, async (manager, file) => {
      await this.files.attach(manager, person.userId, [file.id], { kind: 'signature', id: person.userId });
      await this.setSignature(manager, person.userId, file);
    });
  }

  /** Deletes the signature picture, if there is one; from now on the name is the signature. */
  async deleteSignature(person: Person): Promise<void> {
    await this.locked(person, async (manager) => this.setSignature(manager, person.userId, null));
  }

  private async setSignature(manager: EntityManager, userId: string, file: Attachment | null): Promise<void> {
    const former = await this.avatars.signatureFile(manager, userId);
    await this.avatars.setSignatureFile(manager, userId, file?.id ?? null);
    if (former !== null) await this.files.release(manager, [former]);
    await this.accounts.setSignatureUrl(manager, userId, file?.sizes['medium'] ?? null);
  }

  private async show(manager: EntityManager, userId: string, image: Attachment | null): Promise<void> {
    await this.accounts.setAvatarUrl(manager, userId, image?.sizes['thumbnail'] ?? null);
  }

  private async owned(manager: EntityManager, person: Person, id: string): Promise<AvatarEntity> {
    const avatar = await this.avatars.find(manager, person.userId, id);
    if (!avatar) throw new AppError('avatar.not-found');
    return avatar;
  }

  /** Stores the picture first, because a transaction waits for nothing but the database; lets it go again when nothing comes of it. */
  private async withUpload<T>(person: Person, upload: Upload, work: (manager: EntityManager, file: Attachment) => Promise<T>): Promise<T> {
    const file = await this.files.create(person, upload, { imagesOnly: true });
    try {
      return await this.locked(person, async (manager) => work(manager, file));
    } catch (error) {
      // One that cannot be let go now is let go by housekeeping.
      await this.files.discard(person, file.id).catch(() => undefined);
      throw error;
    }
  }

  /** All changes of one person's pictures happen one after the other. */
  private async locked<T>(person: Person, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return inTransaction(this.dataSource, async (manager) => {
      if (!(await this.accounts.lockById(person.userId, manager))) throw new AppError('auth.token-invalid');
      return work(manager);
    });
  }
}

function toAvatar({ id, active, image, createdAt }: AvatarEntity): Avatar {
  return { id, active, image, createdAt: createdAt.toISOString() };
}
