import type { Socket } from 'socket.io';
import { HouseWebSocket } from '../house-websocket.js';

/**
 * What this house uses of Engine.IO beyond its published types. The in-memory adapter of Socket.IO writes frames in the same way; the
 * versions are pinned, and the tests of this folder fail when one of these names goes away.
 */
export interface EnginePacket {
  type: 'message';
  data?: string;
  /** Of packets that this house made, all of `EncodedOptions`. */
  options: Partial<EncodedOptions>;
}

/** Options of a packet whose WebSocket frame is made already; Engine.IO writes it as it is, and ignores it on polling. */
export interface EncodedOptions {
  compress: false;
  wsPreEncodedFrame?: Buffer[];
}

export interface EngineTransport {
  readonly name: string;
  /** The WebSocket under it; absent on polling. */
  readonly socket?: unknown;
  send(packets: EnginePacket[]): void;
}

export interface EngineSocket {
  readonly readyState: string;
  /** Packets that wait until the transport can be written to. Each flush puts a new array in its place. */
  writeBuffer: EnginePacket[];
  readonly transport: EngineTransport;
  /** Kept by Engine.IO for applications; nothing of it is used after the handshake. */
  request: unknown;
  write(data: string, options: EncodedOptions): void;
  close(discard?: boolean): void;
  once(event: 'close', listener: (reason: string) => void): void;
  on(event: 'data', listener: DataListener): void;
  off(event: 'data', listener: DataListener): void;
}

type DataListener = (data: unknown) => void;

/** A packet of Socket.IO's protocol. */
export interface SocketPacket {
  type: number;
  id?: number;
  data?: unknown;
}

/** The type of acknowledgements. */
export const ackPacket = 3;

/** The one place through which a socket of Socket.IO writes its own packets. */
export interface PacketWriter {
  packet: (this: Socket, packet: SocketPacket, options?: object) => void;
}

export function engineOf(socket: Socket): EngineSocket {
  return socket.conn as unknown as EngineSocket;
}

/** The WebSocket under a connection; null on polling. */
export function webSocketOf(engine: EngineSocket): HouseWebSocket | null {
  const { socket } = engine.transport;
  return socket instanceof HouseWebSocket ? socket : null;
}

/** Has what a client sends looked at before the library reads it. @param take returns whether it has dealt with it */
export function interceptData(socket: Socket, take: (data: unknown) => boolean): void {
  const engine = engineOf(socket);
  const { ondata } = socket.client as unknown as { ondata: DataListener };
  engine.off('data', ondata);
  engine.on('data', (data) => {
    if (!take(data)) ondata(data);
  });
}
