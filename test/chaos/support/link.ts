import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import type { Acknowledgement } from '../../../src/contracts/index.js';

export type Door = 'plain' | 'socket.io';

/** One open connection of a client, whatever carries it. */
export interface Link {
  readonly isOpen: boolean;
  /** Sends a command. Rejects when the connection ends before the answer, or after 30 s without one. */
  command(event: string, data: unknown): Promise<Acknowledgement>;
  /** Ends it without a word, as a cable that is cut. */
  cut(): void;
  /** Resolves with the close code (0 where none is known) once it is gone. */
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

async function openPlain(url: string, token: string, onEvent: (event: string, data: unknown) => void): Promise<Link> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/`, {
    headers: { authorization: `Bearer ${token}` },
    handshakeTimeout: 20_000,
    perMessageDeflate: false,
  });
  const waiting = new Map<number, (answer: Acknowledgement | Error) => void>();
  let next = 0;
  const gone = new Promise<number>((resolve) =>
    socket.once('close', (code) => {
      for (const answer of waiting.values()) answer(new Error(`closed with ${code}`));
      resolve(code);
    }),
  );
  socket.on('message', (bytes: Buffer) => {
    const frame = JSON.parse(bytes.toString()) as { id?: number; event?: string; data?: unknown };
    if (frame.event !== undefined) onEvent(frame.event, frame.data);
    else waiting.get(frame.id!)?.(frame as unknown as Acknowledgement);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.on('error', reject);
  });
  return {
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    gone,
    cut: () => socket.terminate(),
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
  let lost: () => void = () => undefined;
  const loss = new Promise<never>((_resolve, reject) => {
    lost = () => reject(new Error('disconnected'));
  });
  loss.catch(() => undefined);
  const gone = new Promise<number>((resolve) =>
    socket.once('disconnect', () => {
      lost();
      resolve(0);
    }),
  );
  socket.onAny(onEvent);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error) => {
      socket.disconnect();
      reject(error);
    });
    socket.once('disconnect', () => reject(new Error('disconnected')));
  });
  return {
    get isOpen() {
      return socket.connected;
    },
    gone,
    cut: () => {
      const { ws } = socket.io.engine.transport as unknown as { ws?: { terminate(): void } };
      if (ws) ws.terminate();
      else socket.disconnect();
    },
    command: async (event, data) => Promise.race([socket.timeout(answerWithin).emitWithAck(event, data) as Promise<Acknowledgement>, loss]),
  };
}
