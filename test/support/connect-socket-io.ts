import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { Acknowledgement, EventName } from '../../src/contracts/index.js';
import { type SeenData, faultsOfAcknowledgement, faultsOfEvent } from './check-frame.js';
import { Inbox } from './inbox.js';

export interface ReceivedEvent {
  event: string;
  data: unknown;
}

/** A `connect_error`, with the code of the contract. */
export class ConnectError extends Error {
  constructor(
    message: string,
    readonly code: string | undefined,
  ) {
    super(message);
  }
}

export type SocketIoOptions = Partial<ManagerOptions & SocketOptions>;

/** A Socket.IO client. Every event and acknowledgement that comes is compared with the contract. */
export class SocketIoClient {
  readonly inbox = new Inbox<ReceivedEvent>();
  /** Resolves at the first disconnect, with its reason. */
  readonly closed: Promise<string>;

  private constructor(readonly socket: Socket) {
    this.closed = new Promise((resolve) => socket.once('disconnect', resolve));
    socket.onAny((event: string, ...rest: unknown[]) => {
      const faults = rest.length === 1 ? faultsOfEvent(event, rest[0]) : [`the event ${event} came with ${rest.length} arguments`];
      this.inbox.put({ event, data: rest[0] }, faults);
    });
  }

  /** Resolves once connected. WebSocket alone and no reconnecting unless `options` say otherwise. @throws ConnectError */
  static async connect(url: string, options: SocketIoOptions = {}): Promise<SocketIoClient> {
    const socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, ...options });
    const client = new SocketIoClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', (error: Error & { data?: { code?: string } }) => {
        if (!options.reconnection) socket.disconnect();
        reject(new ConnectError(error.message, error.data?.code));
      });
      // A server that dies between the transport's handshake and the namespace's tells nothing more than this.
      if (!options.reconnection) socket.once('disconnect', (reason) => reject(new ConnectError(reason, undefined)));
    });
    return client;
  }

  /** Sends a command and gives its acknowledgement. */
  async command(event: string, data?: unknown): Promise<Acknowledgement> {
    const reply = (await this.socket.timeout(20_000).emitWithAck(event, data)) as Acknowledgement;
    const faults = faultsOfAcknowledgement(event, reply);
    if (faults.length > 0) throw new Error(faults.join('\n'));
    return reply;
  }

  async event<E extends EventName>(event: E, matches: (data: SeenData<E>) => boolean = () => true, ms?: number): Promise<SeenData<E>> {
    const found = await this.inbox.next((one) => one.event === event && matches(one.data as SeenData<E>), `the event ${event}`, ms);
    return found.data as SeenData<E>;
  }

  /** Ends like an application that is left. */
  async close(): Promise<string> {
    this.socket.disconnect();
    return this.closed;
  }

  /** Ends like a network that is gone: no word, no close frame. */
  async cut(): Promise<string> {
    const { ws } = this.socket.io.engine.transport as unknown as { ws: { terminate(): void } };
    ws.terminate();
    return this.closed;
  }
}
