import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import { FileAccess } from '../files/index.js';
import { pictureKind } from './room-pictures.js';
import { RoomsService } from './rooms.service.js';

/** Whoever may see a room may see its picture. */
@Injectable()
export class RoomPictureRule implements OnModuleInit {
  constructor(
    private readonly access: FileAccess,
    private readonly rooms: RoomsService,
  ) {}

  onModuleInit(): void {
    this.access.register(pictureKind, async (principal, roomId) => {
      try {
        await this.rooms.visible(principal, roomId);
        return true;
      } catch (error) {
        if (error instanceof AppError && error.code === 'room.not-found') return false;
        throw error;
      }
    });
  }
}
