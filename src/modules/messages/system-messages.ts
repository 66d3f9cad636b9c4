import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { InternalEvents } from '../../platform/events/index.js';
import { UserDirectory } from '../users/index.js';
import { MessageWriter } from './message-writer.js';

/** With SYSTEM_MESSAGES=on, rooms record who became a member and who left. */
@Injectable()
export class SystemMessages implements OnModuleInit {
  private readonly logger = new Logger('messages');

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly events: InternalEvents,
    private readonly users: UserDirectory,
    private readonly writer: MessageWriter,
  ) {}

  onModuleInit(): void {
    if (!this.settings.systemMessages) return;
    this.events.on('room.member-joined', ({ roomId, userId }) => this.note(roomId, userId, 'joined the room'));
    this.events.on('room.member-left', ({ roomId, userId, reason }) =>
      this.note(roomId, userId, reason === 'left' ? 'left the room' : `was ${reason}`),
    );
  }

  private note(roomId: string, userId: string, what: string): void {
    this.write(roomId, userId, what).catch((error: unknown) => this.logger.warn({ roomId, error }, 'a system message was not stored'));
  }

  private async write(roomId: string, userId: string, what: string): Promise<void> {
    const card = await this.users.load(userId);
    if (!card) return;
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
