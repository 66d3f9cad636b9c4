import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { Acknowledgement, EventName, LegacyFrame, LegacyFrameType } from '../../src/contracts/index.js';
import { type SeenData, faultsOfAcknowledgement, faultsOfEvent, faultsOfLegacyFrame } from './check-frame.js';
import { Inbox } from './inbox.js';

export interface PlainOptions {
  headers?: Record<string, string>;
  protocols?: string[];
  /** Off: pings are not answered, as if the receipt never came. */
  autoPong?: boolean;
}

export interface Closed {
  code: number;
  reason: string;
}

/** Any frame of the server: an event, an acknowledgement, or a frame of old clients with its own keys. */
export interface AnyFrame {
  type?: string;
  event?: string;
  id?: string | number;
  ok?: boolean;
  data?: { close?: number } & Record<string, unknown>;
  code?: string;
  error?: unknown;
  message?: string;
  user?: string;
  users?: string[];
  seq?: number;
}

/** An upgrade that was answered by HTTP. */
export class UpgradeRefused extends Error {
  constructor(readonly status: number) {
    super(`The upgrade was answered with ${status}.`);
  }
}

/** A plain WebSocket client. Every frame that comes is compared with the contract. */
export class PlainClient {
  readonly inbox = new Inbox<AnyFrame>();
  readonly pings: string[] = [];
  /** Resolves when the socket is closed. */
  readonly closed: Promise<Closed>;
  private readonly sent = new Map<string | number, string>();
  private counter = 0;

  private constructor(readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })));
    socket.on('error', () => undefined);
    socket.once('close', (code, reason) => this.inbox.end(`the socket was closed with ${code} ${reason.toString()}`.trimEnd()));
    socket.on('ping', (payload: Buffer) => this.pings.push(payload.toString()));
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as AnyFrame;
      this.inbox.put(frame, this.faultsOf(frame));
    });
  }

  /** Resolves once the socket is open. @throws UpgradeRefused */
  static async connect(address: string, { headers, protocols = [], autoPong = true }: PlainOptions = {}): Promise<PlainClient> {
    const socket = new WebSocket(address, protocols, { headers, autoPong, perMessageDeflate: true });
    const client = new PlainClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
      socket.once('unexpected-response', (_request, response: IncomingMessage) => reject(new UpgradeRefused(response.statusCode ?? 0)));
    });
    return client;
  }

  get frames(): AnyFrame[] {
    return this.inbox.all;
  }

  send(frame: unknown): void {
    this.raw(JSON.stringify(frame));
  }

  raw(data: string | Buffer, binary = false): void {
    this.socket.send(data, { binary });
  }

  /** Sends a command on /ws/ and gives its acknowledgement. */
  async command(event: string, data?: unknown): Promise<Acknowledgement> {
    const id = `c${++this.counter}`;
    this.sent.set(id, event);
    this.send({ event, data, id });
    const { id: _id, ...reply } = await this.inbox.next((frame) => frame.id === id, `the acknowledgement of ${event}`);
    return reply as Acknowledgement;
  }

  async event<E extends EventName>(event: E, matches: (data: SeenData<E>) => boolean = () => true, ms?: number): Promise<SeenData<E>> {
    const frame = await this.inbox.next((one) => one.event === event && matches(one.data as SeenData<E>), `the event ${event}`, ms);
    return frame.data as SeenData<E>;
  }

  async legacy<T extends LegacyFrameType>(
    type: T,
    matches: (frame: LegacyFrame<T>) => boolean = () => true,
    ms?: number,
  ): Promise<LegacyFrame<T>> {
    return (await this.inbox.next(
      (one) => one.type === type && matches(one as LegacyFrame<T>),
      `an old frame ${type}`,
      ms,
    )) as LegacyFrame<T>;
  }

  /** A ping and its answer: the server has read everything that was sent before. */
  async roundTrip(): Promise<void> {
    const answered = new Promise((resolve) => this.socket.once('pong', resolve));
    this.socket.ping();
    await answered;
  }

  /** Ends like a page that is left (1000), or with another code. */
  async close(code = 1000): Promise<Closed> {
    this.socket.close(code);
    return this.closed;
  }

  /** Ends like a network that is gone: no close frame. */
  async cut(): Promise<Closed> {
    this.socket.terminate();
    return this.closed;
  }

  private faultsOf(frame: AnyFrame): string[] {
    if (typeof frame.type === 'string') return faultsOfLegacyFrame(frame);
    if (typeof frame.event === 'string') return faultsOfEvent(frame.event, frame.data);
    const { id, ...reply } = frame;
    return faultsOfAcknowledgement(this.sent.get(id ?? '') ?? '', reply);
  }
}
