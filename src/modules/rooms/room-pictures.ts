import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { InternalEvents } from '../../platform/events/index.js';
import { FileAddresses, FilesService } from '../files/index.js';
import { RoomsRepository } from './rooms.repository.js';

/** What files that are pictures of rooms are attached as. */
export const pictureKind = 'room-avatar';

/** The pictures of rooms: one at most each; the one before is gone with the change, and the last one with the room. */
@Injectable()
export class RoomPictures implements OnModuleInit {
  constructor(
    private readonly repository: RoomsRepository,
    private readonly files: FilesService,
    private readonly addresses: FileAddresses,
    private readonly events: InternalEvents,
  ) {}

  onModuleInit(): void {
    this.events.onWithin('room.removing', async (manager, { roomId }) => {
      const fileId = await this.repository.pictureOf(manager, roomId);
      if (fileId !== null) await this.files.release(manager, [fileId]);
    });
  }

  /**
   * Gives a room another picture, or none. Call with the room locked.
   * @param byId whose upload it is
   * @throws AppError `file.not-found`, `file.not-image`
   */
  async set(manager: EntityManager, room: { id: string; avatarFileId: string | null }, byId: string, fileId: string | null): Promise<void> {
    if (fileId === room.avatarFileId) return;
    if (fileId !== null) await this.files.attach(manager, byId, [fileId], { kind: pictureKind, id: room.id }, { imagesOnly: true });
    await this.repository.update(manager, room.id, { avatarFileId: fileId });
    if (room.avatarFileId !== null) await this.files.release(manager, [room.avatarFileId]);
  }

  /** An address that shows the picture for five minutes to whoever has it: for people who may not see the room yet. */
  address(fileId: string | null): string | null {
    return fileId === null ? null : this.addresses.make(fileId, 'thumbnail').url;
  }
}
