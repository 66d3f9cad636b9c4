import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AppError } from '../common/app-error.js';
import { Connections } from './connections.js';
import { Ports } from './ports.js';
import { CommandRegistry } from './registry.js';
import { RoomEntrance } from './room-entrance.js';
import { Typing } from './typing.js';

/** The commands that speak of the socket itself: entering and leaving rooms, keeping the session. */
@Injectable()
export class SocketCommands implements OnModuleInit {
  constructor(
    private readonly registry: CommandRegistry,
    private readonly entrance: RoomEntrance,
    private readonly connections: Connections,
    private readonly ports: Ports,
    private readonly typing: Typing,
  ) {}

  onModuleInit(): void {
    this.registry.register('room.join', async ({ connection }, { room, since, epoch }) => {
      const { joined, release } = await this.entrance.enter(connection, room, since === undefined ? undefined : { since, epoch });
      return { data: joined, after: release };
    });
    this.registry.register('room.leave', async ({ connection }, { room }) => ({
      data: { room: await this.entrance.leave(connection, room) },
    }));
    this.registry.register('room.typing', async ({ connection, principal }, { room, typing }) => {
      if (principal.kind !== 'person') throw new AppError('guest.read-only');
      const { id } = await this.ports.access.writable(principal, room);
      if (!connection.rooms.has(id)) throw new AppError('room.not-joined');
      this.typing.set(id, { id: principal.userId, username: principal.username }, typing);
      return { data: {} };
    });
    this.registry.register('session.renew', async ({ connection, principal }, { token }) => {
      if (principal.kind !== 'person') throw new AppError('auth.required');
      const expiresAt = await this.connections.renew(connection, principal, token);
      return { data: { expiresAt: new Date(expiresAt * 1_000).toISOString() } };
    });
  }
}
