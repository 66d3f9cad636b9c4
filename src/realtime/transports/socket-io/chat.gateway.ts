import { Logger } from '@nestjs/common';
import { type OnGatewayInit, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Server, Socket } from 'socket.io';
import { AppError } from '../../../common/app-error.js';
import { toAppError } from '../../../platform/http/to-app-error.js';
import { Connections } from '../../connections.js';
import { Dispatcher } from '../../dispatcher.js';
import { engineOf } from './engine.js';
import { SocketIoConnection } from './socket-io-connection.js';
import { WsJwtGuard } from './ws-jwt.guard.js';

/** Nothing of the handshake is kept on an open socket: it carries the token. */
const forgotten = { headers: {}, time: '', address: '', xdomain: false, secure: false, issued: 0, url: '', query: {}, auth: {} };

/** Socket.IO on its default path and namespace. Commands go to the dispatcher: features register there, nobody adds handlers here. */
@WebSocketGateway()
export class ChatGateway implements OnGatewayInit<Server> {
  @WebSocketServer()
  readonly server!: Server;

  private readonly logger = new Logger('realtime');

  constructor(
    private readonly guard: WsJwtGuard,
    private readonly connections: Connections,
    private readonly dispatcher: Dispatcher,
  ) {}

  afterInit(io: Server): void {
    // A connection may ask for the namespace once; a second request while the first is decided would leave a socket that nobody ends.
    const asked = new WeakSet<object>();
    io.use((socket, next) => {
      if (asked.has(socket.conn)) {
        socket.conn.close();
        return;
      }
      asked.add(socket.conn);
      this.admit(socket).then(
        () => next(),
        (error: unknown) => {
          asked.delete(socket.conn);
          next(this.refusal(error));
        },
      );
    });
    io.on('connection', (socket: Socket) => {
      const { connection } = socket.data as { connection: SocketIoConnection };
      connection.start();
      engineOf(socket).request = null;
      Object.assign(socket, { handshake: forgotten });
    });
  }

  private async admit(socket: Socket): Promise<void> {
    const principal = await this.guard.authenticate(socket);
    const engine = engineOf(socket);
    if (engine.readyState !== 'open') throw new AppError('auth.required');
    const connection = new SocketIoConnection(socket, principal, this.connections, this.dispatcher);
    this.connections.opened(connection, this.guard.address(socket));
    socket.data = { connection };
    // The transport may go before the client was told that it is connected: then there is no other event.
    engine.once('close', (reason) => connection.ended(reason));
  }

  /** Becomes `connect_error` with `data.code`. */
  private refusal(thrown: unknown): Error {
    const error = toAppError(thrown);
    if (error.status >= 500 && error.code !== 'server.restarting')
      this.logger.error({ code: error.code, error: thrown }, 'a handshake failed');
    return Object.assign(new Error(error.message), { data: error.toSocketError() });
  }
}
