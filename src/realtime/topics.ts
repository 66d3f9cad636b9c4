import { Injectable } from '@nestjs/common';
import { AppError } from '../common/app-error.js';
import type { Connection } from './connection.js';
import type { Frame } from './frame.js';

/** So many topics may one socket watch: some pages' worth. */
const mostPerConnection = 50;

/**
 * What sockets look at beside rooms: a feed, a post. Events of a topic have no position; who missed one reads the page again. Whether a
 * person may watch a topic is for the feature that names it.
 */
@Injectable()
export class Topics {
  private readonly watchers = new Map<string, Set<Connection>>();
  private readonly watched = new WeakMap<Connection, Set<string>>();

  /** @throws AppError `rate.limited` past 50 topics on one socket */
  watch(connection: Connection, topic: string): void {
    if (connection.closed) return;
    const own = this.watched.get(connection) ?? new Set();
    if (own.size >= mostPerConnection && !own.has(topic)) throw new AppError('rate.limited');
    this.watched.set(connection, own.add(topic));
    const watchers = this.watchers.get(topic);
    if (watchers) watchers.add(connection);
    else this.watchers.set(topic, new Set([connection]));
  }

  unwatch(connection: Connection, topic: string): void {
    this.watched.get(connection)?.delete(topic);
    const watchers = this.watchers.get(topic);
    if (watchers?.delete(connection) && watchers.size === 0) this.watchers.delete(topic);
  }

  /** A socket is gone. */
  disconnect(connection: Connection): void {
    for (const topic of [...(this.watched.get(connection) ?? [])]) this.unwatch(connection, topic);
  }

  /** Sends an event once to every socket that watches one of the topics. @param authorIds whose words it carries: whoever blocks one of them hears nothing */
  publish(topics: readonly string[], frame: Frame, authorIds: readonly string[]): void {
    const watchers = new Set(topics.flatMap((topic) => [...(this.watchers.get(topic) ?? [])]));
    for (const connection of watchers) {
      const { blocks } = connection;
      if (!blocks || !authorIds.some((id) => blocks.has(id))) connection.send(frame);
    }
  }
}
