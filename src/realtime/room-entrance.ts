import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AppError } from '../common/app-error.js';
import { Gatherer } from '../common/gatherer.js';
import type { Principal } from '../common/principal.js';
import type { JoinedRoom, ListedMessage, PersonRef } from '../contracts/index.js';
import type { Connection } from './connection.js';
import { Ports } from './ports.js';
import { RoomPresence } from './presence/room-presence.js';
import { RoomStreams } from './room-streams.js';
import { Sight } from './sight.js';

/** Messages of a first visit. */
const firstPage = 10;
/** A client that is further behind than this starts over with the newest page. */
const farthestBehind = 500;
/** In bigger rooms the list of people is cut; the count is always whole. */
const longestOnlineList = 500;
const attempts = 5;
/** How long somebody who came later waits for those before them at most, in ms. */
const courtesy = 100;

export interface Entered {
  joined: JoinedRoom;
  /** The position at which each message of the answer was created, by its id: who stood below it has never seen it. */
  createdAt: ReadonlyMap<string, number>;
  /**
   * Call when the answer was handed to the socket: the room hears of a newcomer, then `beforeLive` may write what the socket must get
   * before any live message, then live messages follow. All in one go, so that nothing comes in between.
   */
  release: (beforeLive?: () => void) => void;
}

/** Where a client stands: its position, and the epoch it knows. `anyEpoch` for old clients, which know none. */
export interface ResumePoint {
  since: number;
  epoch?: string | undefined;
  anyEpoch?: boolean;
}

/** Finds where a client stands once it is known which room its words mean. */
export type FindResumePoint = (roomId: string) => Promise<ResumePoint | undefined>;

/** Entering a room with a socket: subscribe and hold, read, answer, release. The order is what leaves no hole. */
@Injectable()
export class RoomEntrance {
  /** Whether somebody may read a room, as the database says. */
  private readonly rights = new Gatherer<{ roomId: string; principal: Principal }, boolean>(async (asked) => {
    const readers = new Map<string, Promise<{ allowed: ReadonlySet<Principal> }>>();
    for (const { roomId } of asked) {
      if (readers.has(roomId)) continue;
      const principals = asked.filter((other) => other.roomId === roomId).map(({ principal }) => principal);
      readers.set(roomId, this.ports.access.readers(roomId, principals));
    }
    // A room that is gone refuses those who asked for it, and nobody else.
    return Promise.all(
      asked.map(async ({ roomId, principal }) =>
        readers.get(roomId)!.then(
          ({ allowed }) => allowed.has(principal),
          (error: unknown) => (error instanceof Error ? error : new Error('The readers could not be looked up.', { cause: error })),
        ),
      ),
    );
  });
  private readonly turns = new WeakMap<Connection, Map<string, Promise<unknown>>>();
  /** By what they call the room: over when the last who is on the way in is in, or is not let in. */
  private readonly arriving = new Map<string, Promise<void>>();

  constructor(
    private readonly ports: Ports,
    private readonly streams: RoomStreams,
    private readonly presence: RoomPresence,
    private readonly sight: Sight,
  ) {}

  /**
   * Enters a room and reads what the socket missed (without `resume`: the last ten messages).
   * @throws AppError `auth.required`, `room.not-found`, `room.forbidden`, `room.banned`, `server.busy`
   */
  async enter(connection: Connection, reference: string, resume?: ResumePoint | FindResumePoint): Promise<Entered> {
    const line = this.lineUp(reference);
    try {
      const { roomId, accessVersion } = await this.ports.access.enter(connection.principal, reference);
      const entered = await this.inTurn(connection, roomId, async () =>
        this.subscribe(connection, roomId, accessVersion, line.before, typeof resume === 'function' ? await resume(roomId) : resume),
      );
      // Whoever asked calls `release` in this turn of the event loop.
      setImmediate(line.leave);
      const release = (beforeLive?: () => void) => {
        entered.release(beforeLive);
        line.leave();
      };
      return { ...entered, release };
    } catch (error) {
      line.leave();
      throw error;
    }
  }

  /** Who comes later is answered later, also where the database answers them together: so the list of people names those who came before. */
  private lineUp(reference: string): { before: Promise<void> | undefined; leave: () => void } {
    const before = this.arriving.get(reference);
    let leave: () => void = () => undefined;
    const over = new Promise<void>((resolve) => {
      leave = () => {
        resolve();
        if (this.arriving.get(reference) === over) this.arriving.delete(reference);
      };
    });
    this.arriving.set(reference, over);
    return { before, leave };
  }

  /** Takes a socket out of a room that it subscribed to. @throws AppError `room.not-found` */
  async leave(connection: Connection, reference: string): Promise<string> {
    const roomId = connection.rooms.has(reference) ? reference : await this.ports.access.resolve(connection.principal, reference);
    this.streams.unsubscribe(connection, roomId, 'clean');
    return roomId;
  }

  /** One socket's entrances to one room follow each other: a second one that overtook the first would take its place away. */
  private async inTurn(connection: Connection, roomId: string, enter: () => Promise<Entered>): Promise<Entered> {
    const turns = this.turns.get(connection) ?? new Map<string, Promise<unknown>>();
    this.turns.set(connection, turns);
    const entered = (turns.get(roomId) ?? Promise.resolve()).then(enter);
    const over = entered.catch(() => undefined);
    turns.set(roomId, over);
    try {
      return await entered;
    } finally {
      if (turns.get(roomId) === over) turns.delete(roomId);
    }
  }

  private async subscribe(
    connection: Connection,
    roomId: string,
    decidedAt: number,
    before: Promise<void> | undefined,
    resume?: ResumePoint,
  ): Promise<Entered> {
    const subscription = this.streams.subscribe(connection, roomId);
    try {
      await this.streams.listening();
      for (let attempt = 0; attempt < attempts; attempt++) {
        const room = await this.ports.access.view(connection.principal, roomId);
        const slice = await this.read(roomId, resume);
        const messages = await this.ports.log.forReader(connection.principal, slice.messages);
        // Rights were lost by somebody after this person's were decided: decide again, for it may have been them.
        if (slice.accessVersion > decidedAt && !(await this.rights.ask({ roomId, principal: connection.principal })))
          throw new AppError('room.forbidden');
        if (before) await Promise.race([before, sleep(courtesy, undefined, { ref: false })]);
        // From here to the release nothing waits, so what is held cannot overflow any more.
        if (subscription.overflow() || !this.streams.started(roomId, slice)) continue;
        // The socket may have gone, or have been taken out of the room, while the database was asked.
        if (connection.closed || connection.rooms.get(roomId) !== subscription) throw new AppError('room.not-joined');
        const { online, onlineCount } = this.peopleFor(connection, roomId);
        subscription.listed();
        const joined: JoinedRoom = {
          room: { ...room, ...newerOf(room, slice.position, messages), onlineCount },
          online,
          onlineCount,
          position: slice.position,
          epoch: slice.epoch,
          gap: slice.gap,
          ...(slice.page ? { messages } : { changes: messages }),
        };
        const release = (beforeLive?: () => void) => {
          if (connection.closed || connection.rooms.get(roomId) !== subscription) return;
          subscription.releaseNews();
          this.presence.enter(roomId, connection);
          beforeLive?.();
          subscription.release(slice.position);
        };
        return { joined, createdAt: slice.createdAt, release };
      }
      throw new AppError('server.busy', { retryAfter: 1 });
    } catch (error) {
      if (connection.rooms.get(roomId) === subscription) this.streams.unsubscribe(connection, roomId, 'clean');
      throw error;
    }
  }

  /** Who is in the room as the joiner is told: with the joiner, of whom the others hear only after the answer. */
  private peopleFor(connection: Connection, roomId: string): { online: PersonRef[]; onlineCount: number } {
    const { principal } = connection;
    const online = this.presence.list(roomId, longestOnlineList, this.sight.hiddenFrom(connection));
    const onlineCount = this.presence.count(roomId);
    if (principal.kind !== 'person' || this.presence.isPresent(roomId, principal.userId)) return { online, onlineCount };
    return { online: [...online, { id: principal.userId, username: principal.username }], onlineCount: onlineCount + 1 };
  }

  private async read(roomId: string, resume: ResumePoint | undefined) {
    if (!resume) return { ...(await this.ports.log.newest(roomId, firstPage)), gap: false, page: true };
    const slice = await this.ports.log.changedSince(roomId, resume.since, farthestBehind);
    if (slice.gap) return { ...slice, page: true };
    if (resume.anyEpoch || resume.epoch === slice.epoch) return { ...slice, page: false };
    return { ...(await this.ports.log.newest(roomId, 50)), gap: true, page: true };
  }
}

/** What was read after the room's view and is newer than it. */
function newerOf(room: JoinedRoom['room'], position: number, messages: readonly ListedMessage[]): Partial<JoinedRoom['room']> {
  const newest = messages.reduce<ListedMessage | null>((last, message) => (last && last.seq > message.seq ? last : message), null);
  const lastMessage = newest && newest.seq >= (room.lastMessage?.seq ?? 0) ? newest : room.lastMessage;
  return { position, lastMessage };
}
