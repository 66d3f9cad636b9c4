import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { PersonRef } from '../../contracts/index.js';
import { InternalEvents } from '../../platform/events/index.js';
import { everyNode, NodeBus, nodeChannel } from '../../platform/nodes/index.js';
import { Hub } from '../hub.js';
import { OnlineCount } from './online-count.js';
import { type Entered, Neighbour } from './neighbour.js';
import { RoomPresence } from './room-presence.js';

/** What changes in this time is told together, in ms: at once through Redis, and while Redis is away through the database. */
const gatherFor = { live: 50, byTable: 500 };
/** Looks in a row, two seconds apart, that do not find a node before it counts as dead: after a restart of the database all are missing for a moment. */
const mostMissed = 3;
/** People and places told at once: everybody of a large node comes in several parts. */
const perPart = 10_000;

/** People and the rooms that they are in, on one node: what changed, or everybody. Each node counts its changes. */
interface PeopleNews {
  n: number;
  /** Part so and so of so many, with everybody as of change `n`: what was known before is forgotten. */
  full?: readonly [part: number, of: number];
  online?: readonly string[];
  offline?: readonly string[];
  entered?: readonly Entered[];
  left?: readonly (readonly [roomId: string, userId: string])[];
}

type Word = PeopleNews | { ask: true };

/**
 * Who is online, and in which room, on the other nodes. Each node tells the others what changes among its own people, gathered and counted;
 * whoever misses a number asks for everybody. A node holds a lease in the table of nodes, by the database's clock; the people of a node
 * without one are gone, once each.
 */
@Injectable()
export class Neighbours implements OnApplicationShutdown {
  private readonly neighbours = new Map<string, Neighbour>();
  private readonly off: (() => void)[] = [];
  /** The other nodes that held a lease at the last look. */
  private alive: ReadonlySet<string> = new Set();
  /** Whom this node asked for everybody since the last look. */
  private readonly asked = new Set<string>();
  private readonly parts = new Map<string, { n: number; next: number; online: string[]; entered: Entered[] }>();
  private online = new Map<string, boolean>();
  private rooms = new Map<string, { roomId: string; person: PersonRef; isHere: boolean }>();
  private said = 0;
  private gathering: NodeJS.Timeout | null = null;

  constructor(
    private readonly bus: NodeBus,
    private readonly hub: Hub,
    private readonly presence: RoomPresence,
    private readonly count: OnlineCount,
    events: InternalEvents,
  ) {
    if (!bus.isShared) return;
    bus.on('people', (body, node) => this.hear(node, JSON.parse(body) as Word));
    bus.onLook((alive) => this.look(alive));
    bus.onHealed(() => this.sayCount());
    presence.onOwnChange((roomId, person, isHere) => {
      this.rooms.set(`${roomId} ${person.id}`, { roomId, person, isHere });
      this.gather();
    });
    const changed =
      (isHere: boolean) =>
      ({ userId }: { userId: string }) => {
        this.count.changedHere(userId, isHere);
        this.online.set(userId, isHere);
        this.gather();
      };
    this.off.push(events.on('person.online', changed(true)), events.on('person.offline', changed(false)));
  }

  onApplicationShutdown(): void {
    for (const off of this.off) off();
    if (this.gathering) clearTimeout(this.gathering);
    this.gathering = null;
  }

  /** How many other nodes are known with their people. */
  get size(): number {
    return this.neighbours.size;
  }

  /** Who lives: forgets the people of the dead, asks those who are not known yet, and says the own count, by which the others notice what they missed. */
  private look(alive: ReadonlySet<string>): void {
    this.alive = alive;
    this.asked.clear();
    for (const [node, neighbour] of [...this.neighbours]) {
      neighbour.missed = alive.has(node) ? 0 : neighbour.missed + 1;
      if (neighbour.missed < mostMissed) continue;
      neighbour.end();
      this.neighbours.delete(node);
    }
    for (const node of this.parts.keys()) if (!alive.has(node)) this.parts.delete(node);
    for (const node of alive) if (!this.neighbours.has(node)) this.ask(node);
    this.sayCount();
  }

  private gather(): void {
    this.gathering ??= setTimeout(() => this.sayChanges(), this.bus.isLive ? gatherFor.live : gatherFor.byTable).unref();
  }

  private sayChanges(): void {
    this.gathering = null;
    const people = [...this.online];
    const places = [...this.rooms.values()];
    this.online = new Map();
    this.rooms = new Map();
    this.said += 1;
    if (this.alive.size === 0 && this.neighbours.size === 0) return;
    this.say(everyNode, {
      n: this.said,
      online: people.flatMap(([id, isHere]) => (isHere ? id : [])),
      offline: people.flatMap(([id, isHere]) => (isHere ? [] : id)),
      entered: places.flatMap(({ roomId, person, isHere }) => (isHere ? [[roomId, person.id, person.username]] : [])),
      left: places.flatMap(({ roomId, person, isHere }) => (isHere ? [] : [[roomId, person.id]])),
    });
  }

  private sayCount(): void {
    if (this.alive.size > 0) this.say(everyNode, { n: this.said });
  }

  /** Tells one node everybody; what waits to be gathered is among it and is told once more, which changes nothing. */
  private sayEverybody(node: string): void {
    const online = [...this.hub.userIds()];
    const entered = [...this.presence.own()].map(([roomId, { id, username }]): Entered => [roomId, id, username]);
    const of = Math.max(1, Math.ceil(Math.max(online.length, entered.length) / perPart));
    for (let part = 0; part < of; part++) {
      const slice = <T>(all: readonly T[]) => all.slice(part * perPart, (part + 1) * perPart);
      this.say(nodeChannel(node), { n: this.said, full: [part, of], online: slice(online), entered: slice(entered) });
    }
  }

  private ask(node: string): void {
    if (!this.alive.has(node) || this.asked.has(node)) return;
    this.asked.add(node);
    this.say(nodeChannel(node), { ask: true });
  }

  private say(channel: string, word: Word): void {
    this.bus.say(channel, 'people', JSON.stringify(word));
  }

  private hear(node: string, word: Word): void {
    if ('ask' in word) {
      this.sayEverybody(node);
      if (!this.neighbours.has(node)) this.ask(node);
      return;
    }
    const { n, full, online = [], offline = [], entered = [], left = [] } = word;
    if (!Number.isSafeInteger(n) || ![online, offline, entered, left, full ?? []].every((list) => Array.isArray(list)))
      throw new Error('This is no news of people.');
    const known = this.neighbours.get(node);
    if (full) {
      if (!known || n >= known.n) this.hearPart(node, { n, full, online, entered });
      return;
    }
    if (known && n <= known.n) return;
    const isCountAlone = word.online === undefined;
    if (!known || isCountAlone || n > known.n + 1) this.ask(node);
    else known.change(n, { online, offline, entered, left });
  }

  private hearPart(node: string, { n, full, online, entered }: Required<Pick<PeopleNews, 'n' | 'full' | 'online' | 'entered'>>): void {
    // A node without a lease would be buried again in a moment.
    if (!this.alive.has(node)) return;
    const [part, of] = full;
    if (part === 0) this.parts.set(node, { n, next: 0, online: [], entered: [] });
    const parts = this.parts.get(node);
    if (!parts || parts.n !== n || parts.next !== part) return;
    parts.next += 1;
    parts.online = parts.online.concat(online);
    parts.entered = parts.entered.concat(entered);
    if (parts.next < of) return;
    this.parts.delete(node);
    this.asked.delete(node);
    let known = this.neighbours.get(node);
    if (!known) this.neighbours.set(node, (known = new Neighbour(node, this.presence, this.count)));
    known.replace(n, parts.online, parts.entered);
  }
}
