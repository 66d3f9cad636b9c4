import type { Socket } from 'node:net';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import type { Acknowledgement } from '../../../src/contracts/index.js';

export type Door = 'plain' | 'socket.io';

/**
 * How a connection ends: `cut` without a word, `reset` by TCP, `close` as it should, `freeze` is half-open: the client has forgotten it, the
 * server does not know.
 */
export type End = 'cut' | 'reset' | 'close' | 'freeze';

/** One open connection of a client, whatever carries it. */
export interface Link {
  readonly isOpen: boolean;
  /** Sends a command. Rejects when the connection ends before the answer, or after 30 s without one. */
  command(event: string, data: unknown): Promise<Acknowledgement>;
  /** Ends it. A frozen one stays on the machine until it is cut. */
  end(how: End): void;
  /** Ends it without a word, as a cable that is cut. */
  cut(): void;
  /** Reads nothing more and stays open: who is too slow. */
  stopReading(): void;
  /** Reads on. */
  readAgain(): void;
  /** Resolves with the close code (0 where none is known) once it is gone or forgotten. */
  readonly gone: Promise<number>;
}

const answerWithin = 30_000;

/** Opens a connection. Rejects when it does not come about within 20 s. */
export async function openLink(
  door: Door,
  url: string,
  token: string,
  onEvent: (event: string, data: unknown) => void = () => undefined,
): Promise<Link> {
  return door === 'plain' ? openPlain(url, token, onEvent) : openSocketIo(url, token, onEvent);
}

/** What both kinds have in common: the WebSocket below, and the end. */
function linkOver(
  webSocket: () => WebSocket | undefined,
  closeNicely: () => void,
  forget: () => void,
): Pick<Link, 'cut' | 'end' | 'stopReading' | 'readAgain'> {
  const tcp = () => (webSocket() as unknown as { _socket?: Socket } | undefined)?._socket;
  const cut = (): void => {
    const under = webSocket();
    if (under) under.terminate();
    else closeNicely();
  };
  return {
    cut,
    stopReading: () => webSocket()?.pause(),
    readAgain: () => webSocket()?.resume(),
    end: (how) => {
      if (how === 'cut') cut();
      else if (how === 'close') closeNicely();
      else if (how === 'reset') tcp()?.resetAndDestroy();
      else {
        webSocket()?.pause();
        forget();
      }
    },
  };
}

async function openPlain(url: string, token: string, onEvent: (event: string, data: unknown) => void): Promise<Link> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/`, {
    headers: { authorization: `Bearer ${token}` },
    handshakeTimeout: 20_000,
    perMessageDeflate: false,
  });
  const waiting = new Map<number, (answer: Acknowledgement | Error) => void>();
  let next = 0;
  let isForgotten = false;
  let leave: (code: number) => void = () => undefined;
  const gone = new Promise<number>((resolve) => {
    leave = (code) => {
      for (const answer of waiting.values()) answer(new Error(`closed with ${code}`));
      resolve(code);
    };
    socket.once('close', leave);
  });
  socket.on('message', (bytes: Buffer) => {
    if (isForgotten) return;
    const frame = JSON.parse(bytes.toString()) as { id?: number; event?: string; data?: unknown };
    if (frame.event !== undefined) onEvent(frame.event, frame.data);
    else waiting.get(frame.id!)?.(frame as unknown as Acknowledgement);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.on('error', reject);
  });
  const forget = (): void => {
    isForgotten = true;
    leave(0);
  };
  return {
    ...linkOver(
      () => socket,
      () => socket.close(1000),
      forget,
    ),
    get isOpen() {
      return !isForgotten && socket.readyState === WebSocket.OPEN;
    },
    gone,
    command: async (event, data) =>
      new Promise((resolve, reject) => {
        const id = ++next;
        const timer = setTimeout(() => waiting.get(id)?.(new Error(`no answer to ${event}`)), answerWithin);
        waiting.set(id, (answer) => {
          clearTimeout(timer);
          waiting.delete(id);
          if (answer instanceof Error) reject(answer);
          else resolve(answer);
        });
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ event, data, id }));
        else waiting.get(id)!(new Error('closed'));
      }),
  };
}

async function openSocketIo(url: string, token: string, onEvent: (event: string, data: unknown) => void): Promise<Link> {
  const socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, auth: { token }, timeout: 20_000 });
  let isForgotten = false;
  let lost: () => void = () => undefined;
  const loss = new Promise<never>((_resolve, reject) => {
    lost = () => reject(new Error('disconnected'));
  });
  loss.catch(() => undefined);
  let leave: () => void = () => undefined;
  const gone = new Promise<number>((resolve) => {
    leave = () => {
      lost();
      resolve(0);
    };
    socket.once('disconnect', leave);
  });
  socket.onAny((event: string, data: unknown) => {
    if (!isForgotten) onEvent(event, data);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error) => {
      socket.disconnect();
      reject(error);
    });
    socket.once('disconnect', () => reject(new Error('disconnected')));
  });
  const forget = (): void => {
    isForgotten = true;
    leave();
  };
  const { engine } = socket.io;
  return {
    ...linkOver(
      () => (engine.transport as unknown as { ws?: WebSocket }).ws,
      () => socket.disconnect(),
      forget,
    ),
    get isOpen() {
      return !isForgotten && socket.connected;
    },
    gone,
    command: async (event, data) => Promise.race([socket.timeout(answerWithin).emitWithAck(event, data) as Promise<Acknowledgement>, loss]),
  };
}
