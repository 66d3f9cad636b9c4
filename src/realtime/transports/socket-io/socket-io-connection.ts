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
import type { CommandSender, Dispatcher, DispatchResult } from '../../dispatcher.js';
import type { FrameBatch } from '../../frame-batch.js';
import { Frame } from '../../frame.js';
import type { RoomSubscription } from '../../room-subscription.js';
import { BadFrames } from '../bad-frames.js';
import { maxInFlight, maxWaitingBytes } from '../bounds.js';
import { joinFrames, textFrame } from '../encoding.js';
import { flushSoon, type Outbox } from '../outbox.js';
import {
  ackPacket,
  type EncodedOptions,
  type EnginePacket,
  type EngineSocket,
  engineOf,
  interceptData,
  type PacketWriter,
  type SocketPacket,
  webSocketOf,
} from './engine.js';

/** Packets of Socket.IO's protocol 5 with the WebSocket frames that carry them in Engine.IO's (`4`). */
interface Encoded {
  texts: readonly string[];
  frames: Buffer;
}

const ENCODED = Symbol('Socket.IO packet');

/** An event of the default namespace: `2["event",data]`. */
function textOf(frame: Frame): string {
  return `2["${frame.event}",${frame.json}]`;
}

function encode(frame: Frame): Encoded {
  const text = textOf(frame);
  return { texts: [text], frames: textFrame(`4${text}`) };
}

function encodeAll(frames: readonly Frame[]): Encoded {
  const texts = frames.map(textOf);
  return { texts, frames: joinFrames(texts.map((text) => `4${text}`)) };
}

/** Packets of Engine.IO whose frames are made. For WebSocket alone: there the text is not looked at. */
function preEncoded(frames: Buffer): EncodedOptions {
  return { compress: false, wsPreEncodedFrame: [frames] };
}

/** The head of a command in the default namespace, with its id. Longer ids are no integers any more, and the library's to judge. */
const commandPacket = /^2(\d{0,15})\[/;

/** Names that the library keeps to itself, and ends a connection for. */
const reservedNames = new Set(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']);

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

/** How a command is acknowledged: under the id of its packet, or as the library does it; null: nobody asked. */
type Reply = string | Acknowledge | null;

/** A command under way, and how its sender is answered. */
class SocketIoCommand implements CommandSender {
  constructor(
    private readonly connection: SocketIoConnection,
    readonly name: string,
    readonly reply: Reply,
  ) {}

  answered(result: DispatchResult): void {
    this.connection.finished(this, result);
  }
}

/** One Socket.IO client. */
export class SocketIoConnection implements Connection, Outbox {
  readonly id = newId();
  readonly transport = 'socket.io';
  readonly rooms = new Map<string, RoomSubscription>();
  blocks: ReadonlySet<string> | undefined = undefined;
  closed = false;
  private readonly engine: EngineSocket;
  private readonly badFrames = new BadFrames();
  private inFlight = 0;
  /** What leaves when this turn is over: frames for many sockets, and texts of packets for this one alone. */
  private gathered: (string | Encoded)[] | null = null;
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
    this.socket.use((packet) => this.receivePacket(packet as unknown[]));
    interceptData(this.socket, (data) => this.receiveText(data));
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
    this.connections.closing(code);
    const farewell = encode(new Frame('error', { code: why, message: errorCatalogue[why].message, close: code }));
    if (code === closeCodes.tooSlow) {
      this.engine.writeBuffer.length = 0;
      this.gathered = null;
    }
    this.flush();
    if (this.socket.connected) this.engine.write(farewell.texts[0]!, preEncoded(farewell.frames));
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

  /** An acknowledgement that the library makes. */
  acknowledged({ id, data }: SocketPacket): void {
    this.write(`${ackPacket}${id}${JSON.stringify(data)}`);
  }

  flush(): void {
    const { gathered } = this;
    this.gathered = null;
    this.gatheredBytes = 0;
    if (!gathered) return;
    if (this.engine.transport.name === 'websocket') {
      // Everything is one write.
      const [first] = gathered;
      const frames =
        gathered.length === 1 && typeof first === 'object'
          ? first.frames
          : joinFrames(gathered.map((one) => (typeof one === 'string' ? `4${one}` : one.frames)));
      this.engine.write('', preEncoded(frames));
      return;
    }
    // A long poll takes packets apart.
    for (const one of gathered)
      for (const text of typeof one === 'string' ? [one] : one.texts) this.engine.write(text, { compress: false });
  }

  /** The one place where frames leave. */
  private write(packets: string | Encoded): void {
    if (this.gathered) {
      this.gathered.push(packets);
    } else {
      this.gathered = [packets];
      flushSoon(this);
    }
    this.gatheredBytes += typeof packets === 'string' ? packets.length : packets.frames.length;
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

  /**
   * The packet of a command as every client writes it, `2`, the id, a JSON array: read here, at a fraction of what the library takes.
   * @returns false for everything else: the library knows what to do
   */
  private receiveText(data: unknown): boolean {
    if (typeof data !== 'string' || this.closed || !this.socket.connected) return false;
    const head = commandPacket.exec(data);
    if (!head) return false;
    let packet: unknown;
    try {
      packet = JSON.parse(data.slice(head[0].length - 1));
    } catch {
      return false;
    }
    if (!Array.isArray(packet) || typeof packet[0] !== 'string' || packet.length > 2 || reservedNames.has(packet[0])) return false;
    this.receive(packet[0], packet[1], head[1] === '' ? null : head[1]!);
    return true;
  }

  private receivePacket(packet: unknown[]): void {
    if (this.closed) return;
    const last = packet.at(-1);
    const acknowledge = typeof last === 'function' ? (last as Acknowledge) : null;
    const [name, data, ...rest] = acknowledge ? packet.slice(0, -1) : packet;
    if (typeof name !== 'string' || rest.length > 0) this.malformed(acknowledge);
    else this.receive(name, data, acknowledge);
  }

  private receive(name: string, data: unknown, reply: Reply): void {
    if (this.inFlight >= maxInFlight) {
      this.fail(reply, name, { code: 'rate.limited', message: errorCatalogue['rate.limited'].message, retryAfter: 1 });
      return;
    }
    this.inFlight++;
    this.dispatcher.run(this, name, data, new SocketIoCommand(this, name, reply));
  }

  /** A command is done. */
  finished({ name, reply }: SocketIoCommand, { acknowledgement, json, after }: DispatchResult): void {
    this.inFlight--;
    if (this.closed) return;
    if (reply !== null) this.acknowledge(reply, acknowledgement, json);
    else if (!acknowledgement.ok) this.fail(null, name, acknowledgement.error);
    after?.();
  }

  private acknowledge(reply: string | Acknowledge, acknowledgement: Acknowledgement, json?: string): void {
    if (typeof reply === 'function') reply(acknowledgement);
    else if (json === undefined) this.write(`${ackPacket}${reply}[${JSON.stringify(acknowledgement)}]`);
    else this.write(`${ackPacket}${reply}[{"ok":true,"data":${json}}]`);
  }

  private fail(reply: Reply, command: string, error: SocketError): void {
    if (reply !== null) this.acknowledge(reply, { ok: false, error });
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
