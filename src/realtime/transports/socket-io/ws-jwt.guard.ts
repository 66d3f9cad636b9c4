import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { AppError } from '../../../common/app-error.js';
import type { Principal } from '../../../common/principal.js';
import { Handshake } from '../handshake.js';
import { SocketIoConnection } from './socket-io-connection.js';

/**
 * Authenticates Socket.IO clients. Nest never runs guards while a client connects, so the gateway calls `authenticate` in the handshake,
 * where it counts; `canActivate` asks the same for a message handler of another gateway.
 */
@Injectable()
export class WsJwtGuard implements CanActivate {
  constructor(private readonly handshake: Handshake) {}

  /**
   * Who connects: `?token=` of the handshake query first, then the other places of the contract's order.
   * @throws AppError as `Handshake.authenticate`
   */
  async authenticate(socket: Socket): Promise<Principal> {
    const { url, headers, auth } = socket.handshake;
    const start = url.indexOf('?');
    const query = new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
    return this.handshake.authenticate({ query, headers, auth });
  }

  /** Where a client connects from, as the limits count it. */
  address(socket: Socket): string {
    return this.handshake.address(socket.handshake.address, socket.handshake.headers);
  }

  /** Whether a signed-in person is at the socket. @throws AppError `auth.required` */
  canActivate(context: ExecutionContext): boolean {
    const { connection } = context.switchToWs().getClient<Socket>().data as { connection?: unknown };
    if (connection instanceof SocketIoConnection && !connection.closed && connection.principal.kind === 'person') return true;
    throw new AppError('auth.required');
  }
}
