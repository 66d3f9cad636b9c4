import 'reflect-metadata';
import { rmSync } from 'node:fs';
import { Global, Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AppError } from '../../../../src/common/app-error.js';
import { newId } from '../../../../src/common/ids.js';
import type { Person, Principal } from '../../../../src/common/principal.js';
import { ConfigModule } from '../../../../src/config/config.module.js';
import type { Settings } from '../../../../src/config/settings.js';
import type { ErrorCode, Message, Room, RoomKind } from '../../../../src/contracts/index.js';
import { EventsModule, InternalEvents } from '../../../../src/platform/events/index.js';
import { NodeBus } from '../../../../src/platform/nodes/index.js';
import {
  CommandRegistry,
  Ports,
  Publisher,
  RealtimeModule,
  type RoomAccess,
  type RoomHead,
  type RoomLog,
  type RoomSlice,
  type SocketAuthenticator,
  type SocketCredential,
} from '../../../../src/realtime/index.js';
import { RECEIPT_STORE, type ReceiptRow, type ReceiptStore } from '../../../../src/realtime/legacy/receipt-store.js';
import { PRESENCE_TIMES, type PresenceTimes } from '../../../../src/realtime/presence/room-presence.js';
import { TRANSPORT_TIMES, type TransportTimes } from '../../../../src/realtime/times.js';
import { TransportsModule, useTransports } from '../../../../src/realtime/transports/index.js';
import { testSettings } from '../../../support/settings.js';

export interface FakeRoom {
  id: string;
  name: string;
  kind: RoomKind;
  guestsAllowed: boolean;
  pair?: [string, string];
  banned: Set<string>;
  messages: Message[];
}

const epoch = 'e1';

/** People, rooms and messages in memory: the three ports of realtime, and the commands of the features. */
@Injectable()
export class FakeFeatures implements OnModuleInit, SocketAuthenticator, RoomAccess, RoomLog {
  readonly people = new Map<string, Person>();
  readonly blocks = new Map<string, Set<string>>();
  readonly credentials = new Map<string, Person | ErrorCode>();
  readonly rooms = new Map<string, FakeRoom>();
  /** How long a write takes, in ms. */
  writeDelay = 0;
  /** How long a look-up of a credential takes, in ms. */
  authDelay = 0;
  readonly received: string[] = [];

  constructor(
    readonly registry: CommandRegistry,
    readonly publisher: Publisher,
    readonly ports: Ports,
  ) {
    this.addRoom('lobby', 'public', { guestsAllowed: true });
  }

  onModuleInit(): void {
    this.ports.bind({ authenticator: this, access: this, log: this, blocks: { blockedBy: (userId) => this.blocks.get(userId) } });
    for (const name of ['message.edit', 'message.delete', 'message.react', 'message.unreact', 'sync'] as const) {
      this.registry.register(name, async () => {
        throw new AppError('message.not-found');
      });
    }
    this.registry.register('message.send', async ({ principal }, { room, content = '', clientId }) => {
      this.received.push(content);
      if (content.startsWith('/pm ')) throw new AppError('message.slash-command');
      const { roomId } = await this.enter(principal, room);
      return { data: { message: await this.write(principal as Person, roomId, content, clientId) } };
    });
    this.registry.register('private.send', async ({ principal }, { to, content = '' }) => {
      const person = principal as Person;
      const other = [...this.people.values()].find(({ username }) => username === to);
      if (!other) throw new AppError('user.not-found');
      const room = this.directRoom(person, other);
      return { data: { message: await this.write(person, room.id, content) } };
    });
    this.registry.register('announcement.send', async (_context, { message }) => {
      this.received.push(message);
      return { data: { announcement: { id: newId(), message, createdAt: new Date().toISOString() } } };
    });
    this.registry.register('room.read', async (_context, { seq }) => ({ data: { seq, unreadCount: 0 } }));
  }

  /** Somebody with the token of their name. */
  addPerson(username: string, more: Partial<Person> = {}): Person {
    const person: Person = {
      kind: 'person',
      userId: newId(),
      username,
      role: 'user',
      sessionId: newId(),
      expiresAt: Math.floor(Date.now() / 1000) + 3_600,
      ...more,
    };
    this.people.set(person.userId, person);
    this.credentials.set(`token:${username}`, person).set(`ticket:${username}`, person).set(`cookie:${username}`, person);
    return person;
  }

  addRoom(name: string, kind: RoomKind = 'public', more: Partial<FakeRoom> = {}): FakeRoom {
    const room: FakeRoom = { id: newId(), name, kind, guestsAllowed: false, banned: new Set(), messages: [], ...more };
    this.rooms.set(room.id, room);
    return room;
  }

  directRoom(one: Person, other: Person): FakeRoom {
    const known = [...this.rooms.values()].find(({ pair }) => pair?.includes(one.userId) && pair.includes(other.userId));
    return known ?? this.addRoom(`direct-${newId()}`, 'direct', { pair: [one.userId, other.userId] });
  }

  async authenticate({ kind, value }: SocketCredential): Promise<Person> {
    if (this.authDelay > 0) await new Promise((resolve) => setTimeout(resolve, this.authDelay).unref());
    const found = this.credentials.get(`${kind}:${value}`) ?? 'auth.token-invalid';
    if (typeof found === 'string') throw new AppError(found);
    return found;
  }

  async renew(current: Person, token: string): Promise<Person> {
    const person = await this.authenticate({ kind: 'token', value: token });
    if (person.sessionId !== current.sessionId) throw new AppError('auth.other-person');
    return person;
  }

  async enter(principal: Principal, reference: string): Promise<{ roomId: string; accessVersion: number }> {
    let room = this.find(reference);
    if (principal.kind === 'guest') {
      if (!room?.guestsAllowed) throw new AppError('auth.required');
      return { roomId: room.id, accessVersion: 0 };
    }
    if (!room && /^[\w.-]{1,128}$/.test(reference)) room = this.addRoom(reference);
    if (!room || (room.pair && !room.pair.includes(principal.userId))) throw new AppError('room.not-found');
    if (room.banned.has(principal.userId)) throw new AppError('room.banned');
    return { roomId: room.id, accessVersion: 0 };
  }

  async resolve(_principal: Principal, reference: string): Promise<string> {
    const room = this.find(reference);
    if (!room) throw new AppError('room.not-found');
    return room.id;
  }

  async view(_principal: Principal, roomId: string): Promise<Room> {
    const { id, name, kind, guestsAllowed, messages } = this.rooms.get(roomId)!;
    return {
      id,
      name,
      title: name,
      kind,
      access: 'everyone',
      posting: 'everyone',
      guestsAllowed,
      archived: false,
      avatarUrl: null,
      memberCount: 1,
      onlineCount: 0,
      unreadCount: 0,
      mentionCount: 0,
      lastMessage: messages.at(-1) ?? null,
      position: messages.length,
      epoch,
      myRole: 'member',
    };
  }

  async newest(roomId: string, limit: number): Promise<RoomSlice> {
    const { messages } = this.rooms.get(roomId)!;
    return this.slice(messages, messages.slice(-limit));
  }

  async changedSince(roomId: string, since: number, limit: number): Promise<RoomSlice & { gap: boolean }> {
    const { messages } = this.rooms.get(roomId)!;
    const gap = since > messages.length || messages.length - since > limit;
    return { ...this.slice(messages, gap ? messages.slice(-50) : messages.slice(since)), gap };
  }

  async changesAfter(roomId: string, since: number): Promise<RoomSlice & { more: boolean }> {
    const { messages } = this.rooms.get(roomId)!;
    return { ...this.slice(messages, messages.slice(since)), more: false };
  }

  async forReader(_principal: Principal, messages: Message[]): Promise<Message[]> {
    return messages;
  }

  async heads(roomIds: readonly string[]): Promise<ReadonlyMap<string, RoomHead>> {
    return new Map(roomIds.map((id) => [id, { position: this.rooms.get(id)!.messages.length, accessVersion: 0 }]));
  }

  async readers(_roomId: string, principals: readonly Principal[]): Promise<{ allowed: ReadonlySet<Principal>; accessVersion: number }> {
    return { allowed: new Set(principals), accessVersion: 0 };
  }

  async writable(person: Person, reference: string): Promise<{ id: string }> {
    return { id: (await this.enter(person, reference)).roomId };
  }

  private slice(all: readonly Message[], messages: Message[]): RoomSlice {
    const createdAt = new Map(messages.map((message) => [message.id, message.position]));
    return { messages, createdAt, position: all.length, epoch, accessVersion: 0 };
  }

  async write(author: Person, roomId: string, content: string, clientId?: string): Promise<Message> {
    const room = this.rooms.get(roomId)!;
    const seq = room.messages.length + 1;
    const message: Message = {
      id: newId(),
      room: roomId,
      seq,
      position: seq,
      kind: 'text',
      author: { id: author.userId, username: author.username, displayName: author.username, avatarUrl: null },
      content,
      ...(clientId ? { clientId } : {}),
      attachments: [],
      reactions: [],
      createdAt: new Date().toISOString(),
    };
    room.messages.push(message);
    if (this.writeDelay > 0) await new Promise((resolve) => setTimeout(resolve, this.writeDelay));
    this.publisher.roomChanged({
      roomId,
      changes: [{ event: 'message.created', position: seq, message, isNew: true, accessVersion: 0 }],
      ...(room.pair ? { pair: room.pair } : {}),
    });
    return message;
  }

  private find(reference: string): FakeRoom | undefined {
    return this.rooms.get(reference) ?? [...this.rooms.values()].find(({ name }) => name === reference);
  }
}

/** Receipts that outlive a server of the tests. */
export class MemoryReceiptStore implements ReceiptStore {
  readonly rows = new Map<string, ReceiptRow & { at: number }>();
  writes = 0;

  async find(sessionId: string, roomId: string, maxAge: number): ReturnType<ReceiptStore['find']> {
    const row = this.rows.get(`${sessionId} ${roomId}`);
    const age = row ? Date.now() - row.at : Infinity;
    return row && age < maxAge ? { position: row.position, seq: row.seq, age } : null;
  }

  async save(kept: readonly ReceiptRow[], forgotten: readonly Pick<ReceiptRow, 'sessionId' | 'roomId'>[]): Promise<void> {
    this.writes++;
    for (const row of kept) this.rows.set(`${row.sessionId} ${row.roomId}`, { ...row, at: Date.now() });
    for (const { sessionId, roomId } of forgotten) this.rows.delete(`${sessionId} ${roomId}`);
  }

  async prune(): Promise<void> {
    return;
  }
}

@Module({ providers: [FakeFeatures] })
class FakeFeaturesModule {}

export interface FakeHouse {
  readonly app: NestFastifyApplication;
  readonly settings: Settings;
  readonly features: FakeFeatures;
  readonly events: InternalEvents;
  readonly store: ReceiptStore;
  readonly url: string;
  readonly wsUrl: string;
  close(): Promise<void>;
}

export interface FakeHouseOptions {
  environment?: Record<string, string>;
  presence?: Partial<PresenceTimes>;
  times?: Partial<TransportTimes>;
  store?: ReceiptStore;
}

/** There is no other node. */
@Global()
@Module({
  providers: [{ provide: NodeBus, useValue: { isShared: false, nodeId: 'one', on: () => undefined } }],
  exports: [NodeBus],
})
class OneNode {}

/** Both transports on a real HTTP server, in front of features in memory. */
export async function startFakeHouse({
  environment = {},
  presence = {},
  times = {},
  store = new MemoryReceiptStore(),
}: FakeHouseOptions = {}): Promise<FakeHouse> {
  const settings = await testSettings({ RATE_LIMIT_SCALE: '1000', ALLOWED_ORIGINS: 'https://app.example.org', ...environment });
  const building = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(settings),
      EventsModule,
      OneNode,
      TestTimes.of(presence, times),
      RealtimeModule,
      FakeFeaturesModule,
      TransportsModule,
    ],
  })
    .overrideProvider(RECEIPT_STORE)
    .useValue(store)
    .compile();
  const app = building.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false, abortOnError: false });
  // There are no more features here than these tests need.
  app.get(CommandRegistry).onApplicationBootstrap = () => undefined;
  useTransports(app);
  await app.listen({ port: settings.port, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${settings.port}`;
  return {
    app,
    settings,
    features: app.get(FakeFeatures),
    events: app.get(InternalEvents),
    store,
    url,
    wsUrl: url.replace('http', 'ws'),
    close: async () => {
      await app.close();
      rmSync(settings.dataDir, { recursive: true, force: true });
    },
  };
}

/** Makes the injected times short, for every module. */
class TestTimes {
  static of(presence: Partial<PresenceTimes>, times: Partial<TransportTimes>) {
    const providers = [
      { provide: PRESENCE_TIMES, useValue: { abnormalGrace: 400, gatherFor: 200, ...presence } },
      { provide: TRANSPORT_TIMES, useValue: { receipt: 20, receiptWrite: 30, ...times } },
    ];
    return { module: TestTimes, global: true, providers, exports: [PRESENCE_TIMES, TRANSPORT_TIMES] };
  }
}
