import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import { CommandRegistry } from '../../realtime/index.js';
import { Announcements } from './announcements.js';

/** Notifications over sockets. */
@Injectable()
export class NotificationsRealtime implements OnModuleInit {
  constructor(
    private readonly registry: CommandRegistry,
    private readonly announcements: Announcements,
  ) {}

  onModuleInit(): void {
    this.registry.register('announcement.send', async ({ principal }, { message }) => {
      if (principal.kind !== 'person') throw new AppError('auth.required');
      return { data: { announcement: await this.announcements.announce(principal, message) } };
    });
  }
}
