import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket, WebSocketServer, type ServerOptions } from 'ws';
import { closeTimeout, maxFrameBytes, messageDeadline } from './bounds.js';

/** Who speaks through a socket. */
export interface SocketOwner {
  received(data: Buffer, isBinary: boolean): void;
  answered(payload: Buffer): void;
  ended(code: number): void;
}

/** A WebSocket of this house, on either transport: it remembers how the other side closed, and whose it is. */
export class HouseWebSocket extends WebSocket {
  /** The code of the other side's close frame; 1006 when there was none. */
  closedWith = 1006;
  /** Set on plain sockets: listeners are shared by all of them and find their connection here. */
  owner: SocketOwner | null = null;
  /** The message that had begun and not ended when it was last looked at, and since when. */
  unfinished: { message: object; since: number } | null = null;
}

/** What this house reads of the receiver of ws beyond its published types; the spec beside this file fails when one of these names goes away. */
interface Receiver {
  /** The parts of the message that arrives; each message has an array of its own. */
  _fragments: object[];
  /** The kind of a message of which more parts are to come; 0: none. */
  _fragmented: number;
  _bufferedBytes: number;
  /** 0: the next byte begins a frame. */
  _state: number;
}

function messageUnderWay(webSocket: WebSocket): object | null {
  const { _receiver: receiver } = webSocket as unknown as { _receiver: Receiver | null };
  if (!receiver) return null;
  const isWhole = receiver._fragmented === 0 && receiver._fragments.length === 0 && receiver._bufferedBytes === 0 && receiver._state === 0;
  return isWhole ? null : receiver._fragments;
}

/** How often it is looked for messages that do not end, in ms. */
const lookEvery = 5_000;

function rememberCode(this: WebSocket, code: number): void {
  (this as HouseWebSocket).closedWith = code;
}

/** The close that ws makes by itself has no bound of its own in its published types. */
type BoundedOptions = ServerOptions<typeof HouseWebSocket> & { closeTimeout: number };

/**
 * The one WebSocket server under both transports, with every bound set: no compression (a bomb, and memory per socket), 64 KiB per message
 * however it is cut, UTF-8 checked, a close that must be answered, a message that must come to an end. ws itself cuts off who sends pings and
 * never reads the answers.
 */
export class HouseWebSocketServer extends WebSocketServer<typeof HouseWebSocket> {
  private timer: NodeJS.Timeout | null = null;

  constructor(_options?: ServerOptions) {
    const options: BoundedOptions = {
      noServer: true,
      clientTracking: true,
      perMessageDeflate: false,
      maxPayload: maxFrameBytes,
      WebSocket: HouseWebSocket,
      // A sub-protocol may carry a token and must not come back in the answer.
      handleProtocols: (protocols) => (protocols.has('parley') ? 'parley' : false),
      closeTimeout,
    };
    super(options);
  }

  override handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    use: (webSocket: HouseWebSocket, request: IncomingMessage) => void,
  ): void {
    super.handleUpgrade(request, socket, head, (webSocket, sameRequest) => {
      // First of all listeners, so that everybody else's may read it.
      webSocket.once('close', rememberCode);
      this.timer ??= setInterval(() => this.look(), lookEvery).unref();
      use(webSocket, sameRequest);
    });
  }

  /** Cuts whoever has begun a message and does not end it: pings are answered in between, so nothing else would. @param now in ms */
  cutUnfinished(now: number = performance.now()): void {
    for (const socket of this.clients) {
      const message = messageUnderWay(socket);
      if (message === null) socket.unfinished = null;
      else if (socket.unfinished?.message !== message) socket.unfinished = { message, since: now };
      else if (now - socket.unfinished.since >= messageDeadline) socket.terminate();
    }
  }

  private look(): void {
    this.cutUnfinished();
    if (this.clients.size > 0 || !this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
  }

  /** Waits until every socket is gone, but not longer than this many ms. */
  async ended(patience: number): Promise<void> {
    const deadline = performance.now() + patience;
    while (this.clients.size > 0 && performance.now() < deadline) await sleep(10);
  }

  /** Cuts every socket that is still there. */
  terminateAll(): void {
    for (const socket of this.clients) socket.terminate();
  }
}
