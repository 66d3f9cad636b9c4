import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { isByBlocked } from '../common/hidden-message.js';
import type { PersonRef } from '../contracts/index.js';
import { BROKER, type Broker, type PushOrigin, type RoomPush } from './broker/broker.js';
import type { Connection, Ending } from './connection.js';
import { Frame } from './frame.js';
import { Hub } from './hub.js';
import { Ports, type RoomSlice } from './ports.js';
import { type PresenceFrame, RoomPresence } from './presence/room-presence.js';
import { RoomStream } from './room-stream.js';
import { RoomSubscription } from './room-subscription.js';
import { Sight } from './sight.js';

/** How often the heads of the rooms are compared, in milliseconds. */
const headsEvery = 2_000;

/** The streams of all rooms that somebody on this node listens to. A room without a listener costs nothing. */
@Injectable()
export class RoomStreams implements OnApplicationShutdown {
  private readonly streams = new Map<string, RoomStream>();
  private readonly logger = new Logger('realtime');
  private readonly heartbeat: NodeJS.Timeout;
  private comparing = false;
  /** Counted for whoever watches. */
  readonly counts = { delivered: 0, healed: 0 };

  constructor(
    @Inject(BROKER) private readonly broker: Broker,
    private readonly ports: Ports,
    private readonly hub: Hub,
    private readonly presence: RoomPresence,
    private readonly sight: Sight,
  ) {
    this.heartbeat = setInterval(() => this.compareHeads(), headsEvery).unref();
    broker.onPush((push, origin) => this.accept(push, origin));
    broker.onHealed(() => this.compareHeads());
    presence.onAnnouncement((roomId, frame) => this.announce(roomId, frame));
  }

  /** Subscribes a socket, holding its live frames until `release`; a second call for the same room starts over. */
  subscribe(connection: Connection, roomId: string): RoomSubscription {
    const existing = connection.rooms.get(roomId);
    if (existing) this.streams.get(roomId)?.subscriptions.delete(existing);
    let stream = this.streams.get(roomId);
    if (!stream) {
      stream = new RoomStream(roomId, {
        log: this.ports.log,
        review: async () => this.look(roomId),
        onError: (error) => this.logger.error({ roomId, error }, 'a room could not be brought up to date'),
        onHealed: (changes) => (this.counts.healed += changes),
        onDelivered: (events) => (this.counts.delivered += events),
      });
      this.streams.set(roomId, stream);
      this.broker.listen([roomId]);
    }
    const subscription = new RoomSubscription(roomId, connection);
    connection.rooms.set(roomId, subscription);
    stream.subscriptions.add(subscription);
    return subscription;
  }

  /** Rooms with a listener on this node. */
  get size(): number {
    return this.streams.size;
  }

  /** Over when the pushes of other nodes arrive: what a joiner reads after it misses none. Never rejects. */
  async listening(): Promise<void> {
    await this.broker.listening();
  }

  /** The joiner has read up to this head. @returns whether it gets everything above it; else it has to read again */
  started(roomId: string, head: Pick<RoomSlice, 'position' | 'accessVersion'>): boolean {
    return this.streams.get(roomId)?.start(head) ?? true;
  }

  /** Takes a socket out of a room. */
  unsubscribe(connection: Connection, roomId: string, ending: Ending): void {
    const subscription = connection.rooms.get(roomId);
    if (!subscription) return;
    connection.rooms.delete(roomId);
    const stream = this.streams.get(roomId);
    stream?.subscriptions.delete(subscription);
    if (stream?.subscriptions.size === 0) {
      stream.close();
      this.streams.delete(roomId);
      this.broker.leave([roomId]);
    }
    this.presence.leave(roomId, connection, ending);
  }

  /** A socket is gone: takes it out of every room. */
  disconnect(connection: Connection, ending: Ending): void {
    for (const roomId of [...connection.rooms.keys()]) this.unsubscribe(connection, roomId, ending);
  }

  /** Sends an event that has no position and tells of nobody to everybody in a room. */
  broadcast(roomId: string, frame: Frame): void {
    for (const subscription of this.streams.get(roomId)?.subscriptions ?? []) subscription.tell(frame);
  }

  /** Sends an event that tells of one person to everybody in a room who may learn of them. @param toSelf whether the person's own sockets get it */
  broadcastAbout(roomId: string, personId: string, frame: Frame, { toSelf = true } = {}): void {
    const subscriptions = this.streams.get(roomId)?.subscriptions;
    if (!subscriptions) return;
    const hiddenFrom = this.sight.hiding([personId]);
    for (const subscription of subscriptions) {
      const { principal } = subscription.connection;
      if (!toSelf && principal.kind === 'person' && principal.userId === personId) continue;
      if (hiddenFrom(subscription.connection).size === 0) subscription.tell(frame);
    }
  }

  /**
   * Sends an event that tells of a person to everybody in some rooms who does not block them, to each connection once.
   * @param told who has it already; those who get it are added
   */
  broadcastOnce(roomIds: Iterable<string>, personId: string, frame: Frame, told: Set<Connection>): void {
    for (const roomId of roomIds) {
      for (const subscription of this.streams.get(roomId)?.subscriptions ?? []) {
        if (told.has(subscription.connection) || subscription.connection.blocks?.has(personId)) continue;
        told.add(subscription.connection);
        subscription.tell(frame);
      }
    }
  }

  removePerson(userId: string, roomId: string): void {
    for (const connection of this.hub.ofPerson(userId)) this.expel(connection, roomId);
  }

  /** Takes everybody out of a room who may no longer read it. Never rejects: the next change of the room looks again. */
  async review(roomId: string): Promise<void> {
    try {
      await this.look(roomId);
    } catch (error) {
      this.logger.warn({ roomId, error }, 'the readers of a room could not be looked at');
    }
  }

  closeRoom(roomId: string): void {
    const removed = new Frame('room.removed', { room: roomId, reason: 'deleted' });
    for (const { connection } of [...(this.streams.get(roomId)?.subscriptions ?? [])]) {
      connection.send(removed);
      this.expel(connection, roomId);
    }
  }

  onApplicationShutdown(): void {
    clearInterval(this.heartbeat);
    for (const stream of this.streams.values()) stream.close();
    this.streams.clear();
  }

  /** A socket whose whole purpose is one room (old clients) is closed with it; others only leave it. */
  private expel(connection: Connection, roomId: string): void {
    if (!connection.rooms.has(roomId)) return;
    this.unsubscribe(connection, roomId, 'clean');
    if (connection.transport === 'chat') connection.close(4403, 'room.forbidden');
  }

  /** Asks who may still read a room, and takes everybody else out. @returns the access version that this holds for */
  private async look(roomId: string): Promise<number> {
    const asked = [...(this.streams.get(roomId)?.subscriptions ?? [])].map(({ connection }) => ({
      connection,
      principal: connection.principal,
    }));
    const { allowed, accessVersion } = await this.ports.access.readers(
      roomId,
      asked.map(({ principal }) => principal),
    );
    const removed = new Frame('room.removed', { room: roomId, reason: 'forbidden' });
    for (const { connection, principal } of asked) {
      if (allowed.has(principal) || !connection.rooms.has(roomId)) continue;
      connection.send(removed);
      this.expel(connection, roomId);
    }
    return accessVersion;
  }

  /** What a lost push or a node that died between commit and push left behind is found by comparing heads: one query for all rooms. */
  private compareHeads(): void {
    if (this.comparing || this.streams.size === 0) return;
    this.comparing = true;
    const asked = [...this.streams.keys()];
    this.ports.log
      .heads(asked)
      .then((heads) => {
        for (const roomId of asked) {
          const head = heads.get(roomId);
          if (head) this.streams.get(roomId)?.compare(head);
          else this.closeRoom(roomId);
        }
      })
      .catch((error: unknown) => this.logger.warn({ error }, 'the heads of the rooms could not be compared'))
      .finally(() => (this.comparing = false));
  }

  /** Comings and goings, to everybody who may learn of these people. */
  private announce(roomId: string, frame: PresenceFrame): void {
    if (frame.event !== 'room.users') {
      this.broadcastAbout(roomId, (frame as Frame<'room.user_join'>).data.user.id, frame);
      return;
    }
    const { joined, left, ...rest } = frame.data;
    const hiding = this.sight.hiding([...joined, ...left].map(({ id }) => id));
    for (const subscription of this.streams.get(roomId)?.subscriptions ?? []) {
      const hidden = hiding(subscription.connection);
      const isSeen = ({ id }: PersonRef) => !hidden.has(id);
      subscription.tell(
        hidden.size === 0 ? frame : new Frame('room.users', { ...rest, joined: joined.filter(isSeen), left: left.filter(isSeen) }),
      );
    }
  }

  private accept(push: RoomPush, origin: PushOrigin): void {
    this.streams.get(push.roomId)?.accept(push.changes, origin);
    if (!push.pair) return;
    for (const { position, message, isNew } of push.changes) {
      // Who has not joined learns of edits when they do.
      if (!isNew) continue;
      const frame = new Frame('private.message', { room: push.roomId, position, message });
      this.hub.sendToPeople(push.pair, frame, ({ rooms, blocks }) => rooms.has(push.roomId) || isByBlocked(blocks, message));
    }
  }
}
