import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import { CommandRegistry } from '../../realtime/index.js';
import { MembersService } from './members.service.js';

/** Rooms over sockets; entering and leaving a room with a socket is realtime's own. */
@Injectable()
export class RoomsRealtime implements OnModuleInit {
  constructor(
    private readonly registry: CommandRegistry,
    private readonly members: MembersService,
  ) {}

  onModuleInit(): void {
    this.registry.register('room.read', async ({ principal }, { room, seq }) => {
      if (principal.kind !== 'person') throw new AppError('auth.required');
      return { data: await this.members.read(principal, room, seq) };
    });
  }
}
