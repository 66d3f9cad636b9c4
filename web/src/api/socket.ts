import { io, type Socket } from 'socket.io-client';
import { Fault, faultOfAcknowledgement, toFault } from './fault.js';
import { shown } from './shown.js';
import type { Acknowledgement, CommandInput, CommandName, CommandReply, EventData, EventName } from './wire.js';

/** How long an acknowledgement may take, in milliseconds; a later one counts as lost. */
const acknowledgementTimeout = 10_000;

/**
 * `connecting`: the first try; `online`; `waiting`: cut, and trying again by itself; `refused`: the server does not let this visitor in;
 * `stopped`: nobody asked for a connection.
 */
export type ConnectionState = 'stopped' | 'connecting' | 'online' | 'waiting' | 'refused';

/** The session as the socket needs it. */
export interface SocketSession {
  readonly active: boolean;
  access(): Promise<string | null>;
  refresh(): Promise<void>;
  end(code: string): void;
}

type Handler<E extends EventName> = (data: EventData<E>) => void;

/** Codes with which a newer token may help. */
const renewable: ReadonlySet<string> = new Set(['auth.required', 'auth.token-expired', 'auth.token-invalid']);

/**
 * One Socket.IO connection that stays: it comes back by itself, always with a fresh token, which travels in the handshake's `auth` and
 * never in an address. Commands are acknowledged; what was not answered in time is a fault with `unknownOutcome`.
 */
export class LiveSocket {
  private readonly socket: Socket;
  private readonly handlers = new Map<EventName, Set<Handler<EventName>>>();
  private current: ConnectionState = 'stopped';
  private renewals = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closing: { code: string; close: number } | null = null;

  onState: (state: ConnectionState, fault: Fault | null) => void = () => undefined;

  constructor(
    private readonly session: SocketSession,
    url?: string,
  ) {
    const options = {
      autoConnect: false,
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelay: 400,
      reconnectionDelayMax: 6_000,
      randomizationFactor: 0.5,
      auth: (give: (auth: object) => void) => {
        this.session.access().then(
          (token) => give(token === null ? {} : { token }),
          () => give({}),
        );
      },
    };
    this.socket = url === undefined ? io(options) : io(url, options);
    this.socket.on('connect', () => {
      this.renewals = 0;
      this.closing = null;
      this.enter('online');
    });
    this.socket.on('disconnect', (reason) => this.disconnected(reason));
    this.socket.on('connect_error', (error: Error & { data?: { code?: string; message?: string; retryAfter?: number } }) =>
      this.refused(error),
    );
    this.socket.onAny((name: EventName, data: EventData<EventName>) => this.received(name, data));
    this.on('session.expiring', () => {
      this.session.refresh().catch(() => undefined);
    });
  }

  get state(): ConnectionState {
    return this.current;
  }

  /** Connects and stays connected until `stop`. */
  start(): void {
    if (this.current !== 'stopped') return;
    this.enter('connecting');
    this.socket.connect();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.enter('stopped');
    this.socket.disconnect();
  }

  /** Tries at once instead of waiting for the next turn (the network is back, the page is seen again). */
  hurry(): void {
    if (this.current !== 'waiting') return;
    clearTimeout(this.timer);
    if (!this.socket.active) this.socket.connect();
    else if (!this.socket.connected) this.socket.disconnect().connect();
  }

  /** Listens to an event of the contract; answers the function that ends it. */
  on<E extends EventName>(event: E, handler: Handler<E>): () => void {
    const set = this.handlers.get(event) ?? new Set();
    this.handlers.set(event, set);
    set.add(handler);
    return () => set.delete(handler);
  }

  /** Sends a command of the contract and answers what was acknowledged. */
  async command<C extends CommandName>(name: C, data: CommandInput<C>): Promise<CommandReply<C>> {
    if (!this.socket.connected) throw new Fault('network.down', 'The connection is not open.');
    let answer: Acknowledgement;
    try {
      answer = (await this.socket.timeout(acknowledgementTimeout).emitWithAck(name, data)) as Acknowledgement;
    } catch {
      throw new Fault('network.unanswered', 'The command was not acknowledged in time.');
    }
    if (!answer.ok) throw faultOfAcknowledgement(answer.error);
    return shown(answer.data) as CommandReply<C>;
  }

  /** Hands a newer token to the open connection. */
  async renew(token: string): Promise<void> {
    if (this.socket.connected) await this.command('session.renew', { token });
  }

  private received(name: EventName, data: EventData<EventName>): void {
    if (name === 'error') {
      const { code, close } = data as EventData<'error'>;
      if (close !== undefined) this.closing = { code, close };
    }
    const told = shown<unknown>(data) as EventData<EventName>;
    for (const handler of this.handlers.get(name) ?? []) handler(told);
  }

  private disconnected(reason: string): void {
    if (this.current === 'stopped') return;
    const closing = this.closing;
    this.closing = null;
    if (reason !== 'io server disconnect') {
      this.enter('waiting');
      return;
    }
    // The server ended it for good: 4410 is a revoked session, 4401 and 4411 may need nothing but a newer token.
    if (closing?.close === 4410) {
      this.session.end('auth.revoked');
      return;
    }
    this.enter('waiting');
    if (closing === null || closing.close === 4401 || closing.close === 4411) this.renewAndReconnect(closing?.code ?? 'auth.revoked');
    else this.reconnectIn(5_000);
  }

  private refused(error: Error & { data?: { code?: string; message?: string; retryAfter?: number } }): void {
    if (this.current === 'stopped') return;
    const code = error.data?.code;
    const fault = code === undefined ? new Fault('network.down', error.message) : new Fault(code, error.data?.message ?? error.message);
    // Without a code it was the network, and Socket.IO tries again by itself.
    if (this.socket.active) {
      this.enter('waiting', fault);
      return;
    }
    if (code === 'auth.revoked' || code === 'auth.inactive') {
      if (this.session.active) this.session.end(code);
      else this.enter('refused', fault);
    } else if (code !== undefined && renewable.has(code)) {
      if (this.session.active) {
        this.enter('waiting', fault);
        this.renewAndReconnect(code);
      } else this.enter('refused', fault);
    } else {
      this.enter('waiting', fault);
      this.reconnectIn((error.data?.retryAfter ?? 5) * 1000);
    }
  }

  private renewAndReconnect(code: string): void {
    if (!this.session.active) {
      this.enter('refused', new Fault(code, ''));
      return;
    }
    // A token that was just renewed and is refused again will not get better by haste.
    if (this.renewals++ >= 2) {
      this.session.end(code);
      return;
    }
    this.session.refresh().then(
      () => this.reconnectIn(0),
      (error: unknown) => {
        if (this.session.active) this.reconnectIn((toFault(error).retryAfter ?? 5) * 1000);
      },
    );
  }

  private reconnectIn(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.current === 'waiting') this.socket.connect();
    }, delay);
  }

  private enter(state: ConnectionState, fault: Fault | null = null): void {
    if (state === this.current && fault === null) return;
    this.current = state;
    this.onState(state, fault);
  }
}
