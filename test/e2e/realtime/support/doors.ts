import type { Acknowledgement, EventName } from '../../../../src/contracts/index.js';
import type { SeenData } from '../../../support/check-frame.js';
import { PlainClient } from '../../../support/connect-plain-ws.js';
import { ConnectError, SocketIoClient } from '../../../support/connect-socket-io.js';

/** What a client shows while it connects. */
export interface Shown {
  /** The query string, as it is. */
  query?: string;
  headers?: Record<string, string>;
  protocols?: string[];
  /** Socket.IO alone. */
  auth?: Record<string, unknown>;
}

/** A client of the full protocol, on either transport. */
export interface Client {
  command(event: string, data?: unknown): Promise<Acknowledgement>;
  /** Sends without asking for an acknowledgement. */
  tell(event: string, data?: unknown): void;
  event<E extends EventName>(event: E, matches?: (data: SeenData<E>) => boolean, ms?: number): Promise<SeenData<E>>;
  events(): { event: string; data: unknown }[];
  /** Ends like a client that is left. */
  close(): Promise<unknown>;
  /** Ends like a network that is gone. */
  cut(): Promise<unknown>;
  /** Resolves when the server ended it: with the close code, and whether the client would come back by itself. */
  ended: Promise<{ code: number; comesBack: boolean }>;
}

export interface Door {
  name: string;
  connect(at: { url: string; wsUrl: string }, shown?: Shown): Promise<Client>;
  /** The code with which a handshake is refused. @throws Error when it is not refused in the documented way */
  refusal(at: { url: string; wsUrl: string }, shown?: Shown): Promise<string>;
}

const socketIo: Door = {
  name: 'Socket.IO',
  async connect(at, shown = {}) {
    const client = await SocketIoClient.connect(at.url, socketIoOptions(shown));
    let said: number | undefined;
    client.socket.on('error', (data: { close?: number }) => (said ??= data.close));
    return {
      command: (event, data) => client.command(event, data),
      tell: (event, data) => void client.socket.emit(event, data),
      event: (event, matches, ms) => client.event(event, matches, ms),
      events: () => client.inbox.all,
      close: () => client.close(),
      cut: () => client.cut(),
      ended: client.closed.then((reason) => ({ code: said ?? 0, comesBack: reason !== 'io server disconnect' })),
    };
  },
  async refusal(at, shown = {}) {
    try {
      const client = await SocketIoClient.connect(at.url, socketIoOptions(shown));
      client.socket.disconnect();
    } catch (error) {
      if (error instanceof ConnectError && error.code) return error.code;
      throw error;
    }
    throw new Error('The handshake was not refused.');
  },
};

function socketIoOptions({ query, headers, protocols, auth }: Shown) {
  return {
    ...(query === undefined ? {} : { query: Object.fromEntries(new URLSearchParams(query)) }),
    ...(headers ? { extraHeaders: headers } : {}),
    ...(protocols ? { protocols } : {}),
    ...(auth ? { auth } : {}),
  };
}

const plain: Door = {
  name: 'plain WebSocket',
  async connect(at, shown = {}) {
    const client = await PlainClient.connect(`${at.wsUrl}/ws/?${shown.query ?? ''}`, shown);
    return {
      command: (event, data) => client.command(event, data),
      tell: (event, data) => client.send({ event, data }),
      event: (event, matches, ms) => client.event(event, matches, ms),
      events: () => client.frames.filter((frame: { event?: unknown }) => frame.event !== undefined) as { event: string; data: unknown }[],
      close: () => client.close(),
      cut: () => client.cut(),
      ended: client.closed.then(({ code }) => ({ code, comesBack: [1012, 4408, 4429].includes(code) })),
    };
  },
  async refusal(at, shown = {}) {
    const client = await PlainClient.connect(`${at.wsUrl}/ws/?${shown.query ?? ''}`, shown);
    // What it sends is not read: nothing of it is answered.
    client.raw('{"event":"room.join","data":{"room":"lobby"},"id":1}');
    const { code } = await client.closed;
    const [frame, ...more] = client.frames as { type?: string; error?: string; code?: string }[];
    client.inbox.check();
    if (more.length > 0 || frame?.type !== 'error' || code !== 4401) {
      throw new Error(`Not the one error frame and 4401: ${code} ${JSON.stringify(client.frames)}`);
    }
    if (frame.error !== 'Authentication required') throw new Error(`Not the words of the contract: ${JSON.stringify(frame)}`);
    return frame.code ?? '';
  },
};

/** The two doors of the full protocol. */
export const doors: Door[] = [socketIo, plain];
