import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import type { Person, Principal } from '../../common/principal.js';
import { CommandRegistry } from '../../realtime/index.js';
import { PersonalFeed } from '../users/index.js';
import { MessageChanges } from './message-changes.js';
import { MessagesService } from './messages.service.js';
import { SyncService } from './sync.service.js';

/** Messages over sockets. */
@Injectable()
export class MessagesRealtime implements OnModuleInit {
  constructor(
    private readonly registry: CommandRegistry,
    private readonly messages: MessagesService,
    private readonly changes: MessageChanges,
    private readonly syncRooms: SyncService,
    private readonly feed: PersonalFeed,
  ) {}

  onModuleInit(): void {
    this.registry.registerDirect('message.send', ({ principal }, message, answer) => {
      this.messages.post(person(principal), message.room, message, {
        stored: (written) => answer.done({ message: written.message }, `{"message":${written.json}}`),
        refused: (error) => answer.failed(error),
      });
    });
    this.registry.register('message.edit', async ({ principal }, { id, content }) => ({
      data: { message: await this.changes.edit(person(principal), id, content) },
    }));
    this.registry.register('message.delete', async ({ principal }, { id }) => ({
      data: { message: await this.changes.delete(person(principal), id) },
    }));
    this.registry.register('message.react', async ({ principal }, { id, emoji }) => ({
      data: { message: await this.changes.react(person(principal), id, emoji) },
    }));
    this.registry.register('message.unreact', async ({ principal }, { id, emoji }) => ({
      data: { message: await this.changes.unreact(person(principal), id, emoji) },
    }));
    this.registry.register('sync', async ({ principal }, { rooms, me }) => {
      const reader = person(principal);
      const changes = await this.syncRooms.sync(reader, rooms);
      return { data: { rooms: changes, ...(me === undefined ? {} : { me: await this.feed.since(reader.userId, me) }) } };
    });
    this.registry.register('private.send', async ({ principal }, { to, ...message }) => {
      return { data: { message: await this.messages.sendPrivate(person(principal), to, message) } };
    });
  }
}

/** The sender of a command that the contract gives to signed-in people alone. */
function person(principal: Principal): Person {
  if (principal.kind !== 'person') throw new AppError('guest.read-only');
  return principal;
}
