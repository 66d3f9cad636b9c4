import type { Duplex } from 'node:stream';
import { newId } from '../../../common/ids.js';
import type { Principal } from '../../../common/principal.js';
import { type CloseCode, closeCodes, type ErrorCode, reconnectableCloseCodes } from '../../../contracts/index.js';
import type { Connection, Ending, TransportKind } from '../../connection.js';
import { type Connections } from '../../connections.js';
import type { FrameBatch } from '../../frame-batch.js';
import type { Frame } from '../../frame.js';
import type { RoomSubscription } from '../../room-subscription.js';
import { BadFrames } from '../bad-frames.js';
import { maxWaitingBytes } from '../bounds.js';
import { joinFrames } from '../encoding.js';
import type { HouseWebSocket, SocketOwner } from '../house-websocket.js';
import { flushSoon, type Outbox } from '../outbox.js';
import type { Heartbeat } from './heartbeat.js';

/** What every plain socket needs of the house. */
export interface PlainParts {
  connections: Connections;
  heartbeat: Heartbeat;
}

/** A browser's `close()` without a code says nothing (1005), and is meant. */
const cleanCodes: ReadonlySet<number> = new Set([closeCodes.normal, closeCodes.goingAway, 1005]);

/** One plain WebSocket of any kind: life, pings, the bound on what waits, the count of bad frames. */
export abstract class PlainSocket<Parts extends PlainParts = PlainParts> implements Connection, SocketOwner, Outbox {
  readonly id = newId();
  abstract readonly transport: TransportKind;
  readonly rooms = new Map<string, RoomSubscription>();
  blocks: ReadonlySet<string> | undefined = undefined;
  closed = false;
  private readonly badFrames = new BadFrames();
  /** Frames of this turn, not written yet; texts are not encoded yet, either. */
  private gathered: (string | Buffer)[] | null = null;
  private gatheredBytes = 0;

  constructor(
    protected readonly webSocket: HouseWebSocket,
    private readonly stream: Duplex,
    public principal: Principal,
    protected readonly parts: Parts,
  ) {}

  /**
   * Counts the socket in and starts its pings; one that may not stay is told why and closed.
   * @returns whether it is open
   */
  open(address: string): boolean {
    adopt(this.webSocket, this);
    try {
      this.parts.connections.opened(this, address);
    } catch (error) {
      this.refuse(error);
      return false;
    }
    this.parts.heartbeat.add(this);
    return true;
  }

  abstract send(frame: Frame): void;

  sendBatch(batch: FrameBatch): void {
    for (const frame of batch.frames) this.send(frame);
  }

  /** What is said before a close, as a complete WebSocket frame. */
  protected abstract farewell(code: CloseCode, why: ErrorCode): Buffer;

  /** A text frame came. */
  protected abstract receive(text: string): void;

  /** Ends a socket that could not be opened, by what was thrown. */
  protected abstract refuse(error: unknown): void;

  close(code: CloseCode, why: ErrorCode): void {
    if (this.closed) return;
    this.parts.connections.closing(code);
    // Who reads too slowly gets what was missed by coming back, and not by waiting for still more.
    if (code === closeCodes.tooSlow) this.gathered = null;
    this.flush();
    this.stream.write(this.farewell(code, why));
    this.webSocket.close(code, why);
    // The answer to the close has to be read, even if nothing else is.
    this.webSocket.resume();
    this.release(reconnectableCloseCodes.has(code) ? 'abnormal' : 'clean', true);
  }

  ping(): void {
    if (this.closed) return;
    this.flush();
    this.webSocket.ping();
  }

  cut(): void {
    this.webSocket.terminate();
  }

  received(data: Buffer, isBinary: boolean): void {
    if (this.closed) return;
    this.parts.heartbeat.answered(this);
    if (isBinary) this.close(closeCodes.badFrames, 'frame.malformed');
    else this.receive(data.toString());
  }

  answered(_payload: Buffer): void {
    this.parts.heartbeat.answered(this);
  }

  ended(code: number): void {
    this.release(cleanCodes.has(code) ? 'clean' : 'abnormal', false);
  }

  /** The one place where frames leave: complete WebSocket frames, one or several, or the text of one. */
  protected write(frames: string | Buffer): void {
    if (this.closed || this.webSocket.readyState !== this.webSocket.OPEN) return;
    if (this.gathered) {
      this.gathered.push(frames);
    } else {
      this.gathered = [frames];
      flushSoon(this);
    }
    this.gatheredBytes += frames.length;
    if (this.stream.writableLength + this.gatheredBytes > maxWaitingBytes) this.close(closeCodes.tooSlow, 'connection.too-slow');
  }

  flush(): void {
    const { gathered } = this;
    this.gathered = null;
    this.gatheredBytes = 0;
    if (!gathered || this.webSocket.readyState !== this.webSocket.OPEN) return;
    const [first] = gathered;
    this.stream.write(gathered.length === 1 && typeof first === 'object' ? first : joinFrames(gathered));
  }

  /** Counts a frame that was none of the protocol. @returns false when that was one too many and the socket is closed */
  protected countBadFrame(): boolean {
    if (!this.badFrames.count()) return true;
    this.close(closeCodes.badFrames, 'frame.too-many-bad');
    return false;
  }

  /** Runs once when the socket is gone, however it went. */
  protected released(_ending: Ending, _byServer: boolean): void {
    return;
  }

  private release(ending: Ending, byServer: boolean): void {
    if (this.closed) return;
    this.closed = true;
    this.parts.heartbeat.remove(this);
    this.released(ending, byServer);
    this.parts.connections.closed(this, ending);
  }
}

/** The listeners are the same functions for every socket. */
function adopt(webSocket: HouseWebSocket, owner: SocketOwner): void {
  webSocket.owner = owner;
  webSocket.on('message', onMessage);
  webSocket.on('pong', onPong);
  webSocket.on('close', onClose);
}

function onMessage(this: unknown, data: unknown, isBinary: boolean): void {
  (this as HouseWebSocket).owner?.received(data as Buffer, isBinary);
}

function onPong(this: unknown, payload: Buffer): void {
  (this as HouseWebSocket).owner?.answered(payload);
}

function onClose(this: unknown, code: number): void {
  const webSocket = this as HouseWebSocket;
  const { owner } = webSocket;
  webSocket.owner = null;
  owner?.ended(code);
}
