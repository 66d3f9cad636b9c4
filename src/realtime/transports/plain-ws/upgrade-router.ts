import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AppError } from '../../../common/app-error.js';
import type { Principal } from '../../../common/principal.js';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import { toAppError } from '../../../platform/http/to-app-error.js';
import { connectionFields } from '../../connection.js';
import { Connections } from '../../connections.js';
import { Dispatcher } from '../../dispatcher.js';
import { errorFrame } from '../../legacy/legacy-frames.js';
import { LegacyReceipts } from '../../legacy/receipts.js';
import { OnlineCount } from '../../presence/online-count.js';
import { RoomEntrance } from '../../room-entrance.js';
import { Handshake, readCredential } from '../handshake.js';
import { type HouseWebSocket, HouseWebSocketServer } from '../house-websocket.js';
import { refuseUpgrade } from '../refuse-upgrade.js';
import { type ChatParts, ChatSocket } from './chat-socket.js';
import { closeCodeOf } from './close-code.js';
import { CommandSocket } from './command-socket.js';
import { Heartbeat } from './heartbeat.js';
import { legacyBytes } from './legacy-socket.js';
import { NotificationsSocket } from './notifications-socket.js';
import { OnlineSocket } from './online-socket.js';
import { ReceiptPings } from './receipt-pings.js';
import { type Route, routeOf } from './route.js';

/** Where Socket.IO listens; its own upgrades are none of ours. */
const socketIoPath = '/socket.io/';

/** Plain WebSockets on the application's HTTP server: `/ws/…`. Upgrades to addresses that nobody knows get 404. */
@Injectable()
export class UpgradeRouter implements OnModuleInit {
  private readonly server = new HouseWebSocketServer();
  private readonly parts: ChatParts;
  private readonly logger = new Logger('realtime');

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly handshake: Handshake,
    private readonly online: OnlineCount,
    connections: Connections,
    dispatcher: Dispatcher,
    entrance: RoomEntrance,
    receipts: LegacyReceipts,
    heartbeat: Heartbeat,
    receiptPings: ReceiptPings,
    @Inject(SETTINGS) { publicUrl }: Pick<Settings, 'publicUrl'>,
  ) {
    this.parts = { connections, dispatcher, entrance, receipts, heartbeat, receiptPings, publicUrl };
  }

  onModuleInit(): void {
    this.attach(this.adapterHost.httpAdapter.getHttpServer() as Server);
  }

  /** Takes the upgrades of an HTTP server, beside Socket.IO. */
  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
      if (request.url?.startsWith(socketIoPath)) return;
      // Nothing listens to a socket's errors between the HTTP parser and ws, and an unheard error would end the process.
      stream.on('error', () => stream.destroy());
      this.upgrade(request, stream, head).catch((error: unknown) => {
        this.logger.error({ error }, 'an upgrade failed');
        stream.destroy();
      });
    });
  }

  /** Waits until every plain socket is gone, but not longer than this many ms. */
  async ended(patience: number): Promise<void> {
    await this.server.ended(patience);
  }

  /** Cuts every plain socket that is still there. */
  terminateAll(): void {
    this.server.terminateAll();
  }

  private async upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const { headers } = request;
    const route = routeOf(request.url ?? '');
    if (!route) return refuseUpgrade(stream, 404);
    if (!this.handshake.isOriginAllowed(headers)) return refuseUpgrade(stream, 403);
    // A proxy in front asks the next node; without one the client comes back.
    if (this.parts.connections.isDraining) return refuseUpgrade(stream, 503);
    const credential = readCredential({ query: route.query, headers });
    if (typeof credential === 'object' && credential?.kind === 'cookie' && !this.handshake.isCookieAllowed(headers)) {
      return refuseUpgrade(stream, 403);
    }
    const address = this.handshake.address(request.socket.remoteAddress, headers);
    const verdict = await this.decide(route, request);
    if (stream.destroyed) return;
    this.server.handleUpgrade(request, stream, head, (webSocket) => {
      // Faults of the protocol close the socket with their code; there is nothing more to do about them.
      webSocket.on('error', () => undefined);
      if (verdict instanceof AppError) turnAway(webSocket, stream, verdict);
      else this.open(route, webSocket, stream, verdict, address);
    });
  }

  private async decide(route: Route, { headers }: IncomingMessage): Promise<Principal | AppError> {
    try {
      const principal = await this.handshake.authenticate({ query: route.query, headers });
      if (principal.kind === 'guest' && route.kind === 'notifications') return new AppError('auth.required');
      return principal;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.status >= 500) this.logger.error({ code: error.code, error: thrown }, 'a handshake failed');
      return error;
    }
  }

  private open(route: Route, webSocket: HouseWebSocket, stream: Duplex, principal: Principal, address: string): void {
    switch (route.kind) {
      case 'commands':
        new CommandSocket(webSocket, stream, principal, this.parts).open(address);
        break;
      case 'chat': {
        const socket = new ChatSocket(webSocket, stream, principal, this.parts);
        if (!socket.open(address)) break;
        // What the page says is read once it is in the room.
        webSocket.pause();
        socket.enter(route.room, route.query).then(
          () => webSocket.resume(),
          (error: unknown) => {
            this.logger.error({ ...connectionFields(socket), error }, 'a room could not be entered');
            socket.cut();
          },
        );
        break;
      }
      case 'online': {
        const socket = new OnlineSocket(webSocket, stream, principal, this.parts);
        if (socket.open(address)) socket.send(this.online.frame());
        break;
      }
      case 'notifications':
        new NotificationsSocket(webSocket, stream, principal, this.parts).open(address);
        break;
    }
  }
}

/** One error frame, then the close; nothing that the other side sends is read. */
function turnAway(webSocket: HouseWebSocket, stream: Duplex, error: AppError): void {
  stream.write(legacyBytes(errorFrame(error.code, error.message)));
  webSocket.close(closeCodeOf(error), error.code);
}
