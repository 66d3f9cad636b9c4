import { Injectable } from '@nestjs/common';
import type { Connection } from './connection.js';
import type { Frame } from './frame.js';

/** Who is on this node: every open connection, found by person and by session. */
@Injectable()
export class Hub {
  private readonly connections = new Set<Connection>();
  private readonly byPerson = new Map<string, Set<Connection>>();
  private readonly bySession = new Map<string, Set<Connection>>();

  add(connection: Connection): void {
    this.connections.add(connection);
    if (connection.principal.kind !== 'person') return;
    put(this.byPerson, connection.principal.userId, connection);
    put(this.bySession, connection.principal.sessionId, connection);
  }

  /** @returns whether it was here */
  remove(connection: Connection): boolean {
    if (!this.connections.delete(connection)) return false;
    if (connection.principal.kind === 'person') {
      drop(this.byPerson, connection.principal.userId, connection);
      drop(this.bySession, connection.principal.sessionId, connection);
    }
    return true;
  }

  get size(): number {
    return this.connections.size;
  }

  /** How many people have an open connection here. */
  get people(): number {
    return this.byPerson.size;
  }

  /** Of the people with an open connection here. */
  userIds(): Iterable<string> {
    return this.byPerson.keys();
  }

  all(): Iterable<Connection> {
    return this.connections;
  }

  ofPerson(userId: string): ReadonlySet<Connection> {
    return this.byPerson.get(userId) ?? none;
  }

  ofSession(sessionId: string): ReadonlySet<Connection> {
    return this.bySession.get(sessionId) ?? none;
  }

  /** Sends an event to every connection of some people, but not to those that `except` names. */
  sendToPeople(userIds: Iterable<string>, frame: Frame, except?: (connection: Connection) => boolean): void {
    for (const userId of userIds) {
      for (const connection of this.ofPerson(userId)) if (!except?.(connection)) connection.send(frame);
    }
  }
}

const none: ReadonlySet<Connection> = new Set();

function put(index: Map<string, Set<Connection>>, key: string, connection: Connection): void {
  const found = index.get(key);
  if (found) found.add(connection);
  else index.set(key, new Set([connection]));
}

function drop(index: Map<string, Set<Connection>>, key: string, connection: Connection): void {
  const found = index.get(key);
  if (found?.delete(connection) && found.size === 0) index.delete(key);
}
