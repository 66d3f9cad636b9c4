import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import type { RoomRole } from '../../contracts/index.js';
import { InternalEvents } from '../../platform/events/index.js';
import { RoomsService } from '../rooms/index.js';
import { UserDirectory } from '../users/index.js';
import { MessageWriter } from './message-writer.js';

const roleWords: Record<RoomRole, string> = {
  owner: 'an owner',
  admin: 'an admin',
  moderator: 'a moderator',
  member: 'an ordinary member',
};

/** With SYSTEM_MESSAGES=on, rooms record who became a member and who left, whose role changed, and new titles. */
@Injectable()
export class SystemMessages implements OnModuleInit {
  private readonly logger = new Logger('messages');

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly events: InternalEvents,
    private readonly rooms: RoomsService,
    private readonly users: UserDirectory,
    private readonly writer: MessageWriter,
  ) {}

  onModuleInit(): void {
    if (!this.settings.systemMessages) return;
    this.events.on('room.member-joined', ({ roomId, userId, kind }, origin) => {
      if (origin === 'here' && kind !== 'direct') this.note(roomId, userId, 'joined the room');
    });
    this.events.on('room.role-changed', ({ roomId, userId, role }) => this.note(roomId, userId, `is ${roleWords[role]} now`));
    this.events.on('room.retitled', ({ roomId, byId, title }) => this.note(roomId, byId, `named the room “${title}”`));
    this.events.on('room.member-left', ({ roomId, userId, reason }, origin) => {
      if (origin === 'here') this.note(roomId, userId, reason === 'left' ? 'left the room' : `was ${reason}`);
    });
  }

  private note(roomId: string, userId: string, what: string): void {
    this.write(roomId, userId, what).catch((error: unknown) => this.logger.warn({ roomId, error }, 'a system message was not stored'));
  }

  private async write(roomId: string, userId: string, what: string): Promise<void> {
    const card = await this.users.load(userId);
    // Of an account that is being erased nothing new is noted.
    if (card?.status !== 'active' || (await this.rooms.isArchived(roomId))) return;
    await this.writer.write({
      roomId,
      authorId: null,
      kind: 'system',
      content: `${card.username} ${what}`,
      mentions: [],
      accessVersion: 0,
      author: null,
      pair: null,
    });
  }
}
