import type { WebSocket } from 'ws';
import type { EventName, Message } from '../../../../src/contracts/index.js';
import { PlainClient } from '../../../support/connect-plain-ws.js';
import { SocketIoClient } from '../../../support/connect-socket-io.js';
import type { TestApp } from '../../../support/create-app.js';
import type { TestPerson } from '../../../support/people.js';

interface RoomChange {
  position: number;
  message: Message;
}

const roomEvents: readonly EventName[] = ['message.created', 'message.updated', 'message.deleted', 'message.reactions'];

/** A client as /docs tells people to write one: every event is an upsert by id, the cursor never passes a hole. */
export class ModelClient {
  readonly messages = new Map<string, Message>();
  cursor = 0;
  /** Changes that one connection got twice. */
  doubles = 0;
  connects = 0;
  private epoch: string | undefined;
  private client: SocketIoClient | PlainClient | null = null;
  private read = 0;
  private seen = new Set<number>();
  private isSlow = false;

  constructor(
    private readonly app: TestApp,
    private readonly person: TestPerson,
    private readonly plain: boolean,
    private readonly room: string,
  ) {}

  get online(): boolean {
    return this.client !== null;
  }

  get slow(): boolean {
    return this.isSlow;
  }

  async connect(): Promise<void> {
    const token = this.person.access;
    const client = this.plain
      ? await PlainClient.connect(`${this.app.wsUrl}/ws/?token=${token}`)
      : await SocketIoClient.connect(this.app.url, { auth: { token } });
    this.connects++;
    this.client = client;
    this.read = 0;
    // The server may end it, for example when it reads too slowly: then it comes back like any other.
    client.closed
      .then(() => {
        if (this.client === client) this.ended();
      })
      .catch(() => undefined);
    await this.join();
  }

  /** Leaves the room and enters it again on the same socket. */
  async rejoin(): Promise<void> {
    await this.command('room.leave', { room: this.room });
    this.take();
    await this.join();
  }

  async command(event: string, data: unknown): Promise<void> {
    await this.client?.command(event, data).catch(() => undefined);
  }

  /** Reads nothing any more, until `hurry`. */
  dawdle(): void {
    this.isSlow = true;
    this.socket()?.pause();
  }

  hurry(): void {
    this.isSlow = false;
    this.socket()?.resume();
  }

  async cut(how: 'cut' | 'close'): Promise<void> {
    const { client } = this;
    if (!client) return;
    this.hurry();
    this.ended();
    await client[how]();
  }

  /** Applies what has come. */
  take(): void {
    const all = (this.client?.inbox.all ?? []) as { event?: string; data?: unknown }[];
    for (; this.read < all.length; this.read++) {
      const { event, data } = all[this.read]!;
      if (!roomEvents.includes(event as EventName)) continue;
      const { position, message } = data as RoomChange;
      if (message.room !== this.room) continue;
      if (this.seen.has(position)) this.doubles++;
      this.seen.add(position);
      this.upsert(message);
    }
  }

  /** What it knows of the room, in the room's order. */
  state(): Message[] {
    return [...this.messages.values()].sort((a, b) => a.seq - b.seq);
  }

  private ended(): void {
    this.take();
    this.isSlow = false;
    this.client = null;
  }

  private async join(): Promise<void> {
    const { client } = this;
    if (!client) return;
    this.seen = new Set();
    const resume = this.epoch === undefined ? {} : { since: this.cursor, epoch: this.epoch };
    const reply = await client.command('room.join', { room: this.room, ...resume });
    if (!reply.ok) throw new Error(JSON.stringify(reply));
    const joined = reply.data as { position: number; epoch: string; gap: boolean; messages?: Message[]; changes?: Message[] };
    if (joined.gap) this.messages.clear();
    for (const message of joined.messages ?? joined.changes ?? []) this.upsert(message);
    this.cursor = joined.position;
    this.epoch = joined.epoch;
    this.take();
  }

  private socket(): WebSocket | undefined {
    if (this.client instanceof PlainClient) return this.client.socket;
    return (this.client?.socket.io.engine.transport as unknown as { ws?: WebSocket } | undefined)?.ws;
  }

  private upsert(message: Message): void {
    const { mine: _mine, ...shared } = message;
    const known = this.messages.get(message.id);
    if (!known || known.position < message.position) this.messages.set(message.id, shared);
    while (this.seen.has(this.cursor + 1)) this.cursor++;
  }
}

/** A page of an old client: it knows new messages alone, and nothing of positions. */
export class OldModelClient {
  /** Sequence numbers of each connection, in the order in which they came. */
  readonly connections: number[][] = [];
  private client: PlainClient | null = null;

  constructor(
    private readonly app: TestApp,
    private readonly person: TestPerson,
    private readonly room: string,
  ) {}

  async connect(): Promise<void> {
    this.client = await PlainClient.connect(`${this.app.wsUrl}/ws/chat/${this.room}/?token=${this.person.access}`);
    await this.client.legacy('user_join');
    this.connections.push([]);
  }

  say(message: string): void {
    this.client?.send({ message });
  }

  async cut(how: 'cut' | 'close'): Promise<void> {
    this.take();
    const { client } = this;
    this.client = null;
    await client?.[how]();
  }

  /** From where on the open connection has to have every message: where it began, or after all that came before when it began with nothing. */
  get from(): number {
    const before = this.connections.slice(0, -1).flat();
    return this.take()[0] ?? Math.max(0, ...before) + 1;
  }

  /** Notes what has come on the open connection, and gives it. */
  take(): number[] {
    const now = this.connections.at(-1);
    if (!now || !this.client) return now ?? [];
    now.splice(0, now.length, ...this.client.frames.flatMap(({ seq }) => seq ?? []));
    return now;
  }
}
