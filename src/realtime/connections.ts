import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { AppError } from '../common/app-error.js';
import type { Person } from '../common/principal.js';
import { type CloseCode, closeCodes } from '../contracts/index.js';
import { InternalEvents } from '../platform/events/index.js';
import { type Connection, connectionFields, type Ending } from './connection.js';
import { ConnectionLimits } from './connection-limits.js';
import { Frame } from './frame.js';
import { Hub } from './hub.js';
import { Ports } from './ports.js';
import { OnlineCount } from './presence/online-count.js';
import { RoomStreams } from './room-streams.js';
import { Topics } from './topics.js';

/** `session.expiring` comes this many seconds before the end, or a quarter of the token's life, whichever is less. */
const noticeBefore = 60;

/** Between two sockets of a node that stops, in ms: so fast they come to the others. */
const drainPace = 5;

interface Watch {
  notice: NodeJS.Timeout;
  end: NodeJS.Timeout;
}

/** The life of every open socket, whatever carries it: counted, watched for the end of its session and of its token, cleaned up. */
@Injectable()
export class Connections implements OnApplicationShutdown {
  private readonly watches = new Map<Connection, Watch>();
  private readonly off: (() => void)[];
  private readonly logger = new Logger('realtime');
  private draining = false;
  /** Counted for whoever watches: how many were opened, and how many the server closed, by close code. */
  readonly counts = { opened: 0, closedByServer: new Map<CloseCode, number>() };

  constructor(
    private readonly hub: Hub,
    private readonly streams: RoomStreams,
    private readonly topics: Topics,
    private readonly online: OnlineCount,
    private readonly limits: ConnectionLimits,
    private readonly ports: Ports,
    private readonly events: InternalEvents,
  ) {
    const ended = events.on('session.ended', ({ sessionIds }) => {
      for (const sessionId of sessionIds) {
        for (const connection of [...this.hub.ofSession(sessionId)]) connection.close(closeCodes.sessionRevoked, 'auth.revoked');
      }
    });
    const promoted = events.on('person.role-changed', ({ userId, role }) => {
      for (const connection of this.hub.ofPerson(userId)) {
        if (connection.principal.kind === 'person') connection.principal = { ...connection.principal, role };
      }
    });
    this.off = [ended, promoted];
  }

  /**
   * A socket is open and its sender is known. Pair every call with `closed`.
   * @param address of the peer, for the limit per address
   * @throws AppError `rate.limited` when the person or the address has too many; `server.restarting` while the node stops
   */
  opened(connection: Connection, address: string): void {
    if (this.draining) throw new AppError('server.restarting');
    this.limits.take(connection, address);
    if (connection.principal.kind === 'person') connection.blocks = this.ports.blocks.blockedBy(connection.principal.userId);
    this.hub.add(connection);
    this.counts.opened++;
    this.watch(connection);
    this.online.changed();
    const { principal } = connection;
    this.logger.debug(connectionFields(connection), 'connection opened');
    if (principal.kind === 'person' && this.hub.ofPerson(principal.userId).size === 1)
      this.events.emit('person.online', { userId: principal.userId });
  }

  /** The server ends a socket by itself, for this reason; `closed` follows. */
  closing(code: CloseCode): void {
    const { closedByServer } = this.counts;
    closedByServer.set(code, (closedByServer.get(code) ?? 0) + 1);
  }

  /** A socket is gone. Does nothing for one that was never opened. */
  closed(connection: Connection, ending: Ending): void {
    this.limits.give(connection);
    this.unwatch(connection);
    const wasOpen = this.hub.remove(connection);
    if (wasOpen) this.logger.debug({ ...connectionFields(connection), ending }, 'connection closed');
    this.streams.disconnect(connection, ending);
    this.topics.disconnect(connection);
    this.online.changed();
    const { principal } = connection;
    if (wasOpen && principal.kind === 'person' && this.hub.ofPerson(principal.userId).size === 0) {
      this.events.emit('person.offline', { userId: principal.userId });
    }
  }

  /**
   * Puts a newer token on an open socket.
   * @returns seconds since 1970 at which it expires
   * @throws AppError as `SocketAuthenticator.renew`
   */
  async renew(connection: Connection, person: Person, token: string): Promise<number> {
    const renewed = await this.ports.authenticator.renew(person, token);
    connection.principal = renewed;
    if (!connection.closed) this.watch(connection);
    return renewed.expiresAt;
  }

  /** Whether the node is about to stop, so that new sockets belong on another one. */
  get isDraining(): boolean {
    return this.draining;
  }

  /**
   * Takes no new sockets from now on and ends those that are open because the node stops; clients connect again by themselves.
   * They are told one after the other, 5 ms apart, but within `mostMs` together. Resolves when the last one was told.
   */
  async drainOver(mostMs: number): Promise<void> {
    this.draining = true;
    const open = [...this.hub.all()];
    const spread = Math.min(mostMs, open.length * drainPace);
    const begun = performance.now();
    for (const [index, connection] of open.entries()) {
      const early = begun + (spread * index) / open.length - performance.now();
      if (early > 0) await sleep(early);
      connection.close(closeCodes.restarting, 'server.restarting');
    }
    this.drain();
  }

  /** As `drainOver`, at once. */
  drain(): void {
    this.draining = true;
    for (const connection of [...this.hub.all()]) connection.close(closeCodes.restarting, 'server.restarting');
  }

  onApplicationShutdown(): void {
    for (const off of this.off) off();
    for (const connection of [...this.watches.keys()]) this.unwatch(connection);
  }

  private watch(connection: Connection): void {
    this.unwatch(connection);
    const { principal } = connection;
    if (principal.kind !== 'person') return;
    const left = principal.expiresAt * 1_000 - Date.now();
    const notice = Math.max(0, left - Math.min(noticeBefore * 1_000, left / 4));
    const at = new Date(principal.expiresAt * 1_000).toISOString();
    this.watches.set(connection, {
      notice: later(notice, () => connection.send(new Frame('session.expiring', { at }))),
      end: later(left, () => connection.close(closeCodes.tokenExpired, 'auth.token-expired')),
    });
  }

  private unwatch(connection: Connection): void {
    const watch = this.watches.get(connection);
    if (!watch) return;
    clearTimeout(watch.notice);
    clearTimeout(watch.end);
    this.watches.delete(connection);
  }
}

/** A timer's longest delay is 2^31-1 ms; sessions by cookie may live longer, and are then looked at again by nobody: 24 days are enough. */
function later(ms: number, run: () => void): NodeJS.Timeout {
  return setTimeout(run, Math.min(Math.max(0, ms), 2_147_483_647)).unref();
}
