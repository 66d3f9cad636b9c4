import type { IncomingMessage, ServerResponse } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { type Server, type ServerOptions } from 'socket.io';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import { errorCatalogue } from '../../../contracts/index.js';
import { closeTimeout, handshakeDeadline, maxFrameBytes } from '../bounds.js';
import { Connections } from '../../connections.js';
import { Handshake } from '../handshake.js';
import { HouseWebSocketServer } from '../house-websocket.js';
import { refuseUpgrade } from '../refuse-upgrade.js';

/**
 * Transport sessions per address, known sender or not: twice what may be open, so that who has too many open is still told so in words. A
 * session that never names its sender lives seconds, but costs its opener nothing.
 */
const sessionsPerAddress = 1_000;
/** As Engine.IO words its refusals. */
const originRefused = JSON.stringify({ code: 4, message: 'This origin is not allowed.' });
const restarting = JSON.stringify({ code: 4, message: errorCatalogue['server.restarting'].message });
const pollingRefused = JSON.stringify({ code: 0, message: "Long polling is off on this server: connect with transports: ['websocket']." });
/** How long a ping may go unanswered, in ms. */
const pingTimeout = 20_000;

/** Socket.IO on the application's own HTTP server, with every bound set. */
export class ParleyIoAdapter extends IoAdapter {
  private readonly handshake: Handshake;
  private readonly settings: Settings;
  private readonly connections: Connections;
  private readonly sessions = new Map<string, number>();

  constructor(app: INestApplication) {
    super(app);
    this.handshake = app.get(Handshake, { strict: false });
    this.connections = app.get(Connections, { strict: false });
    this.settings = app.get<Settings>(SETTINGS, { strict: false });
  }

  override createIOServer(port: number, options?: Partial<ServerOptions>): Server {
    const bounded: Partial<ServerOptions> = {
      ...options,
      transports: this.settings.processes > 1 ? ['websocket'] : ['websocket', 'polling'],
      perMessageDeflate: false,
      httpCompression: false,
      maxHttpBufferSize: maxFrameBytes,
      pingInterval: this.settings.pingInterval * 1_000,
      pingTimeout,
      connectTimeout: handshakeDeadline,
      // The plain sockets have addresses of their own on this server; whoever asks for neither is answered there.
      destroyUpgrade: false,
      serveClient: false,
      allowEIO3: false,
      wsEngine: HouseWebSocketServer,
      cors: { origin: [...this.settings.allowedOrigins], credentials: true },
      allowRequest: (request, decide) => this.decide(request, decide),
    };
    const server = super.createIOServer(port, bounded as ServerOptions);
    server.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) =>
      this.refuseForeign(request, response, next),
    );
    server.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => this.refuseLate(request, response, next));
    if (this.settings.processes > 1) server.engine.use(refusePolling);
    server.engine.use(refuseOtherMethods);
    server.engine.on('connection', (session: SessionStart) => this.count(session));
    return server;
  }

  /** The gateway takes its sockets itself: Nest's own way keeps observables per socket, and there are no handlers here that need them. */
  override bindClientConnect(): void {
    return;
  }

  /** Ends the sockets and leaves the HTTP server, which is shared, to the application. */
  override async close(server: Server): Promise<void> {
    server.engine.close();
    const { ws } = server.engine as unknown as { ws?: HouseWebSocketServer };
    ws?.terminateAll();
    await Promise.resolve();
  }

  /**
   * CORS does not stop a foreign page's upgrade; this does. For every request and upgrade: Engine.IO asks `allowRequest` only when a session
   * begins, not when one is polled or upgraded.
   */
  private refuseForeign(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    if (this.handshake.isOriginAllowed(request.headers)) next();
    // Engine.IO hands an upgrade over with a response that writes nothing.
    else if (request.headers.upgrade !== undefined) refuseUpgrade(request.socket, 403);
    else response.writeHead(403, { 'Content-Type': 'application/json' }).end(originRefused);
  }

  /** A node that is about to stop takes no new session: a proxy in front asks the next one, and without one the client comes back. */
  private refuseLate(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    if (!this.connections.isDraining || /[?&]sid=/.test(request.url ?? '')) next();
    else if (request.headers.upgrade !== undefined) refuseUpgrade(request.socket, 503);
    else response.writeHead(503, { 'Content-Type': 'application/json', 'Retry-After': '1' }).end(restarting);
  }

  private decide(request: IncomingMessage, decide: (error: string | null | undefined, allowed: boolean) => void): void {
    if (this.settings.rateLimits && this.isCrowded(request)) {
      // Engine.IO would answer 400 to a refused upgrade.
      if (request.headers.upgrade !== undefined) refuseUpgrade(request.socket, 429);
      decide('Too many connections from this address.', false);
    } else {
      decide(null, true);
    }
  }

  private isCrowded(request: IncomingMessage): boolean {
    return (this.sessions.get(this.addressOf(request)) ?? 0) >= sessionsPerAddress * this.settings.rateLimitScale;
  }

  private count(session: SessionStart): void {
    // What polling may take to fetch the close.
    Object.assign(session.transport, { closeTimeout });
    const address = this.addressOf(session.request);
    this.sessions.set(address, (this.sessions.get(address) ?? 0) + 1);
    session.once('close', () => {
      const left = (this.sessions.get(address) ?? 1) - 1;
      if (left > 0) this.sessions.set(address, left);
      else this.sessions.delete(address);
    });
  }

  private addressOf(request: IncomingMessage): string {
    return this.handshake.address(request.socket.remoteAddress, request.headers);
  }
}

interface SessionStart {
  request: IncomingMessage;
  transport: object;
  once(event: 'close', listener: () => void): void;
}

/** Engine.IO would answer 500. */
/** A session of long polling lives in one process, and its requests come to any: refused in words rather than at random. */
function refusePolling(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  if (request.headers.upgrade !== undefined) next();
  else response.writeHead(400, { 'Content-Type': 'application/json' }).end(pollingRefused);
}

function refuseOtherMethods(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  if (request.method === 'GET' || request.method === 'POST') next();
  else response.writeHead(405, { Allow: 'GET, POST' }).end();
}
