import { Socket } from 'socket.io';
import { newId } from '../../../common/ids.js';
import type { Principal } from '../../../common/principal.js';
import {
  type Acknowledgement,
  type CloseCode,
  closeCodes,
  type ErrorCode,
  errorCatalogue,
  reconnectableCloseCodes,
  type SocketError,
} from '../../../contracts/index.js';
import type { Connection, Ending } from '../../connection.js';
import { type Connections } from '../../connections.js';
import { type Dispatcher } from '../../dispatcher.js';
import type { FrameBatch } from '../../frame-batch.js';
import { Frame } from '../../frame.js';
import type { RoomSubscription } from '../../room-subscription.js';
import { BadFrames } from '../bad-frames.js';
import { maxInFlight, maxWaitingBytes } from '../bounds.js';
import { dataJson, textFrame } from '../encoding.js';
import { flushSoon, type Outbox } from '../outbox.js';
import {
  ackPacket,
  type EncodedOptions,
  type EnginePacket,
  type EngineSocket,
  engineOf,
  type PacketWriter,
  type SocketPacket,
  webSocketOf,
} from './engine.js';

interface Encoded {
  text: string;
  options: EncodedOptions;
}

const ENCODED = Symbol('Socket.IO packet');

/** A text of Socket.IO's protocol 5 with the WebSocket frame that carries it in Engine.IO's (`4`). */
function encodeText(text: string): Encoded {
  return { text, options: { compress: false, wsPreEncodedFrame: [textFrame(`4${text}`)] } };
}

/** An event of the default namespace: `2["event",data]`. */
function encode(frame: Frame): Encoded {
  return encodeText(`2[${JSON.stringify(frame.event)},${dataJson(frame)}]`);
}

/** Several texts as one packet of Engine.IO whose pre-encoded frame holds all of theirs. For WebSocket alone: there the text is not looked at. */
function join(encoded: readonly Encoded[]): Encoded {
  if (encoded.length === 1) return encoded[0]!;
  return { text: '', options: { compress: false, wsPreEncodedFrame: [Buffer.concat(encoded.map(frameOf))] } };
}

function encodeAll(frames: readonly Frame[]): Encoded {
  return join(frames.map((frame) => frame.encoded(ENCODED, encode)));
}

function frameOf({ options }: Encoded): Buffer {
  return options.wsPreEncodedFrame[0]!;
}

const { packet: writePacket } = Socket.prototype as unknown as PacketWriter;

/** Takes the place of a socket's own `packet`: acknowledgements leave with the events of the same turn, everything else keeps its order. */
function gatherPacket(this: Socket, packet: SocketPacket, options?: object): void {
  const { connection } = this.data as { connection: SocketIoConnection };
  if (packet.type === ackPacket) connection.acknowledged(packet);
  else {
    connection.flush();
    writePacket.call(this, packet, options);
  }
}

type Acknowledge = (acknowledgement: Acknowledgement) => void;

/** One Socket.IO client. */
export class SocketIoConnection implements Connection, Outbox {
  readonly id = newId();
  readonly transport = 'socket.io';
  readonly rooms = new Map<string, RoomSubscription>();
  closed = false;
  private readonly engine: EngineSocket;
  private readonly badFrames = new BadFrames();
  private inFlight = 0;
  /** What leaves when this turn is over. */
  private gathered: Encoded[] | null = null;
  private gatheredBytes = 0;
  private counted: EnginePacket[] | null = null;
  private countedPackets = 0;
  private countedBytes = 0;

  constructor(
    private readonly socket: Socket,
    public principal: Principal,
    private readonly connections: Connections,
    private readonly dispatcher: Dispatcher,
  ) {
    this.engine = engineOf(socket);
  }

  /** Takes commands from now on: the client has been told that it is connected. */
  start(): void {
    // Every event comes here and none goes on: a command is found in the registry, not among listeners.
    this.socket.use((packet) => this.receive(packet as unknown[]));
    this.socket.once('disconnect', (reason) => this.ended(reason));
    Object.assign(this.socket, { packet: gatherPacket });
  }

  send(frame: Frame): void {
    if (this.closed || !this.socket.connected) return;
    this.write(frame.encoded(ENCODED, encode));
  }

  sendBatch(batch: FrameBatch): void {
    if (this.closed || !this.socket.connected) return;
    // A long poll takes packets apart; over WebSocket the frames of a batch are one write.
    if (this.engine.transport.name === 'websocket') this.write(batch.encoded(ENCODED, encodeAll));
    else for (const frame of batch.frames) this.send(frame);
  }

  close(code: CloseCode, why: ErrorCode): void {
    if (this.closed) return;
    const farewell = encode(new Frame('error', { code: why, message: errorCatalogue[why].message, close: code }));
    if (code === closeCodes.tooSlow) {
      this.engine.writeBuffer.length = 0;
      this.gathered = null;
    }
    this.flush();
    if (this.socket.connected) this.engine.write(farewell.text, farewell.options);
    this.release(reconnectableCloseCodes.has(code) ? 'abnormal' : 'clean');
    if (!this.socket.connected) this.engine.close(true);
    else if (reconnectableCloseCodes.has(code)) this.closeTransport(code, why);
    else this.socket.disconnect(true);
  }

  /** The transport or the namespace is gone. */
  ended(reason: string): void {
    if (this.closed) return;
    const left = reason === 'client namespace disconnect' || reason === 'server namespace disconnect';
    // A closing tab says 1001, a client library that ends 1000; a cut says nothing.
    const said = webSocketOf(this.engine)?.closedWith;
    this.release(left || said === closeCodes.normal || said === closeCodes.goingAway ? 'clean' : 'abnormal');
    // There is one namespace; a connection without it has no purpose.
    this.engine.close();
  }

  private release(ending: Ending): void {
    this.closed = true;
    this.connections.closed(this, ending);
  }

  /** An acknowledgement in Socket.IO's own form. */
  acknowledged({ id, data }: SocketPacket): void {
    this.write(encodeText(`${ackPacket}${id}${JSON.stringify(data)}`));
  }

  flush(): void {
    const { gathered } = this;
    this.gathered = null;
    this.gatheredBytes = 0;
    if (!gathered) return;
    // A long poll takes packets apart; over WebSocket everything is one write.
    const packets = this.engine.transport.name === 'websocket' ? [join(gathered)] : gathered;
    for (const { text, options } of packets) this.engine.write(text, options);
  }

  /** The one place where frames leave. */
  private write(encoded: Encoded): void {
    if (this.gathered) {
      this.gathered.push(encoded);
    } else {
      this.gathered = [encoded];
      flushSoon(this);
    }
    this.gatheredBytes += frameOf(encoded).length;
    if (this.waitingBytes() > maxWaitingBytes) this.close(closeCodes.tooSlow, 'connection.too-slow');
  }

  /** What waits for this client: here until the turn is over, in Engine.IO until the transport can be written to, and below it in the socket. */
  private waitingBytes(): number {
    const { writeBuffer } = this.engine;
    if (writeBuffer !== this.counted) {
      this.counted = writeBuffer;
      this.countedPackets = 0;
      this.countedBytes = 0;
    }
    for (; this.countedPackets < writeBuffer.length; this.countedPackets++) {
      const { data, options } = writeBuffer[this.countedPackets]!;
      this.countedBytes += options.wsPreEncodedFrame?.[0]?.length ?? data?.length ?? 0;
    }
    return this.gatheredBytes + this.countedBytes + (webSocketOf(this.engine)?.bufferedAmount ?? 0);
  }

  /** Ends the transport, so that the client connects again by itself. What waits goes out first; a client that reads nothing is cut by ws. */
  private closeTransport(code: CloseCode, why: ErrorCode): void {
    const webSocket = webSocketOf(this.engine);
    if (!webSocket) {
      this.engine.close(code === closeCodes.tooSlow);
      return;
    }
    const waiting = this.engine.writeBuffer.splice(0);
    if (waiting.length > 0) this.engine.transport.send(waiting);
    webSocket.close(code, why);
    this.engine.close(true);
  }

  private receive(packet: unknown[]): void {
    if (this.closed) return;
    const last = packet.at(-1);
    const acknowledge = typeof last === 'function' ? (last as Acknowledge) : null;
    const [name, data, ...rest] = acknowledge ? packet.slice(0, -1) : packet;
    if (typeof name !== 'string' || rest.length > 0) {
      this.malformed(acknowledge);
    } else if (this.inFlight >= maxInFlight) {
      this.fail(acknowledge, name, { code: 'rate.limited', message: errorCatalogue['rate.limited'].message, retryAfter: 1 });
    } else {
      this.inFlight++;
      this.run(name, data, acknowledge).catch(() => this.close(closeCodes.restarting, 'server.internal'));
    }
  }

  private async run(name: string, data: unknown, acknowledge: Acknowledge | null): Promise<void> {
    const { acknowledgement, after } = await this.dispatcher.dispatch(this, name, data);
    this.inFlight--;
    if (this.closed) return;
    if (acknowledge) acknowledge(acknowledgement);
    else if (!acknowledgement.ok) this.fail(null, name, acknowledgement.error);
    after?.();
  }

  private fail(acknowledge: Acknowledge | null, command: string, error: SocketError): void {
    if (acknowledge) acknowledge({ ok: false, error });
    else this.send(new Frame('error', { ...error, command: command.slice(0, 64) }));
  }

  private malformed(acknowledge: Acknowledge | null): void {
    if (this.badFrames.count()) {
      this.close(closeCodes.badFrames, 'frame.too-many-bad');
      return;
    }
    const error = { code: 'frame.malformed', message: errorCatalogue['frame.malformed'].message };
    if (acknowledge) acknowledge({ ok: false, error });
    else this.send(new Frame('error', error));
  }
}
