import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { InternalEvents } from '../../platform/events/index.js';
import type { NodeBus } from '../../platform/nodes/index.js';
import type { Connection, Ending } from '../connection.js';
import type { Frame } from '../frame.js';
import { Hub } from '../hub.js';
import { Neighbours } from './neighbours.js';
import { OnlineCount } from './online-count.js';
import { RoomPresence } from './room-presence.js';

/** Several nodes on one wire; a lease ends when the test says so. */
class Wire {
  readonly nodes = new Map<string, TestNode>();
  readonly leases = new Set<string>();
  /** Of the next words so many get lost. */
  losses = 0;
  /** Whether words take their time and come in a heap. */
  isSlow = false;
  readonly underWay: (() => void)[] = [];
  /** Characters said so far. */
  said = 0;

  node(name: string): TestNode {
    const node = new TestNode(this, name);
    this.nodes.set(name, node);
    this.leases.add(name);
    this.look(name);
    return node;
  }

  say(from: string, channel: string, body: string): void {
    this.said += body.length;
    if (this.losses > 0) {
      this.losses--;
      return;
    }
    for (const [name, node] of this.nodes) {
      if (name === from || (channel !== 'all' && channel !== `n:${name}`)) continue;
      if (this.isSlow) this.underWay.push(() => node.hear(body, from));
      else node.hear(body, from);
    }
  }

  look(name: string): void {
    this.nodes.get(name)?.look(new Set([...this.leases].filter((other) => other !== name)));
  }
}

class TestNode {
  readonly hub = new Hub();
  readonly presence = new RoomPresence();
  readonly count = new OnlineCount(this.hub);
  readonly events = new InternalEvents();
  readonly neighbours: Neighbours;
  readonly told: string[] = [];
  hear: (body: string, from: string) => void = () => undefined;
  look: (alive: ReadonlySet<string>) => void = () => undefined;
  heal: () => void = () => undefined;
  private sockets = 0;

  constructor(
    readonly wire: Wire,
    readonly name: string,
  ) {
    const bus = {
      isShared: true,
      isLive: true,
      on: (_kind: string, hear: typeof this.hear) => (this.hear = hear),
      onLook: (look: typeof this.look) => (this.look = look),
      onHealed: (heal: typeof this.heal) => (this.heal = heal),
      say: (channel: string, _kind: string, body: string) => wire.say(name, channel, body),
    };
    this.presence.onAnnouncement((_room, frame) => this.told.push(inShort(frame)));
    this.neighbours = new Neighbours(bus as unknown as NodeBus, this.hub, this.presence, this.count, this.events);
  }

  enter(username: string): Connection {
    const principal = { kind: 'person', userId: `id-${username}`, username, sessionId: 's' };
    const connection = { id: `${this.name}${++this.sockets}`, principal, send: () => undefined } as unknown as Connection;
    this.hub.add(connection);
    if (this.hub.ofPerson(`id-${username}`).size === 1) this.events.emit('person.online', { userId: `id-${username}` });
    this.presence.enter('r', connection);
    return connection;
  }

  leave(connection: Connection, ending: Ending): void {
    const userId = (connection.principal as { userId: string }).userId;
    this.hub.remove(connection);
    this.presence.leave('r', connection, ending);
    if (this.hub.ofPerson(userId).size === 0) this.events.emit('person.offline', { userId });
  }

  /** Dies without a word. */
  kill(): void {
    this.wire.nodes.delete(this.name);
    this.wire.leases.delete(this.name);
    this.end();
  }

  end(): void {
    this.neighbours.onApplicationShutdown();
    this.presence.onApplicationShutdown();
    this.count.onApplicationShutdown();
  }
}

function inShort(frame: Frame): string {
  if (frame.event === 'room.users') {
    const { joined, left, onlineCount } = (frame as Frame<'room.users'>).data;
    return `+${joined.length} -${left.length} =${onlineCount}`;
  }
  return `${frame.event.slice('room.user_'.length)} ${(frame as Frame<'room.user_join'>).data.user.username}`;
}

let wire: Wire;
let a: TestNode;
let b: TestNode;
let c: TestNode;

beforeEach(async () => {
  jest.useFakeTimers();
  wire = new Wire();
  [a, b, c] = [wire.node('a'), wire.node('b'), wire.node('c')];
  await looks(1);
});
afterEach(() => {
  for (const node of wire.nodes.values()) node.end();
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

const soon = async () => jest.advanceTimersByTimeAsync(100);
/** Every node looks who lives, so often. */
async function looks(n: number): Promise<void> {
  for (let look = 0; look < n; look++) {
    for (const name of wire.nodes.keys()) wire.look(name);
    await jest.advanceTimersByTimeAsync(2_000);
  }
}

describe('people on several nodes', () => {
  it('are counted once, and told to each node once', async () => {
    await soon();
    const there = a.enter('anna');
    const here = b.enter('anna');
    b.enter('bob');
    await soon();
    for (const node of [a, b, c]) {
      expect(node.presence.count('r')).toBe(2);
      expect(node.count.count).toBe(2);
      expect(node.count.isOnline('id-anna')).toBe(true);
    }
    expect(c.told).toEqual(['join anna', 'join bob']);
    a.leave(there, 'clean');
    await soon();
    expect(c.told).toHaveLength(2);
    b.leave(here, 'clean');
    await soon();
    for (const node of [a, b, c]) expect(node.told.filter((one) => one === 'leave anna')).toHaveLength(1);
    expect([a, b, c].map(({ count }) => count.count)).toEqual([1, 1, 1]);
  });

  it('do not flicker when they come back on another node', async () => {
    await soon();
    const cut = a.enter('anna');
    await soon();
    a.leave(cut, 'abnormal');
    b.enter('anna');
    await jest.advanceTimersByTimeAsync(20_000);
    for (const node of [a, c]) expect(node.told).toEqual(['join anna']);
    expect(b.told).toEqual(['join anna']);
    expect(c.presence.count('r')).toBe(1);
  });

  it('leave once when their node dies, but for those who are back by then', async () => {
    for (const username of ['anna', 'bob', 'carl']) a.enter(username);
    await soon();
    a.kill();
    b.enter('bob');
    await looks(3);
    for (const node of [b, c]) {
      expect(node.told.filter((one) => one.startsWith('leave')).sort()).toEqual(['leave anna', 'leave carl']);
      expect(node.presence.list('r', 9, () => false)).toEqual([{ id: 'id-bob', username: 'bob' }]);
      expect(node.count.count).toBe(1);
      expect(node.neighbours.size).toBe(1);
    }
  });

  it('are gathered in big rooms, also when a node with many of them dies', async () => {
    for (let n = 0; n < 120; n++) a.enter(`p${n}`);
    await jest.advanceTimersByTimeAsync(1_200);
    expect(b.told).toHaveLength(51);
    expect(b.told.at(-1)).toBe('+70 -0 =120');
    a.kill();
    await looks(3);
    expect(b.presence.count('r')).toBe(0);
    expect(b.told.length).toBeLessThan(120);
  });

  it('are known again after a word got lost, and to a node that comes later', async () => {
    wire.losses = 1;
    a.enter('anna');
    await soon();
    expect(c.presence.count('r')).toBe(0);
    a.enter('bob');
    await soon();
    for (const node of [b, c]) expect(node.presence.count('r')).toBe(2);
    wire.losses = 1;
    a.enter('carl');
    await soon();
    expect(c.presence.count('r')).toBe(2);
    await looks(1);
    const late = wire.node('d');
    await looks(1);
    for (const node of [b, c, late]) expect(node.presence.count('r')).toBe(3);
    expect(c.told).toEqual(['join anna', 'join bob', 'join carl']);
  });

  it('stay while nobody can say who lives, and while all leases are missing for a moment', async () => {
    a.enter('anna');
    await soon();
    await jest.advanceTimersByTimeAsync(60_000);
    wire.leases.clear();
    wire.look('b');
    wire.look('b');
    for (const name of 'abc') wire.leases.add(name);
    await looks(3);
    expect(b.told).toEqual(['join anna']);
    expect(b.presence.count('r')).toBe(1);
  });

  it('are known again when a node that counted as dead was only frozen', async () => {
    a.enter('anna');
    await soon();
    wire.leases.delete('a');
    await looks(3);
    expect(b.presence.count('r')).toBe(0);
    // It says something before its lease is seen: nobody comes for a moment only.
    a.enter('bob');
    await soon();
    expect(b.presence.count('r')).toBe(0);
    wire.leases.add('a');
    await looks(1);
    expect(b.told).toEqual(['join anna', 'leave anna', 'join anna', 'join bob']);
  });

  it('do not come back by a word that was overtaken', async () => {
    const anna = a.enter('anna');
    await soon();
    const late = wire.node('d');
    wire.isSlow = true;
    a.hear('{"ask":true}', 'd');
    const everybody = wire.underWay.splice(0);
    wire.isSlow = false;
    a.leave(anna, 'clean');
    await soon();
    await looks(1);
    expect(late.presence.count('r')).toBe(0);
    for (const word of everybody) word();
    expect(late.presence.count('r')).toBe(0);
  });

  it('are told in parts where a node has many', async () => {
    for (let n = 0; n < 25_000; n++) a.enter(`p${n}`);
    await soon();
    const late = wire.node('d');
    await looks(1);
    expect(late.presence.count('r')).toBe(25_000);
    expect(late.count.count).toBe(25_000);
  });

  it('cost a node that is alone nothing', async () => {
    for (const name of ['b', 'c']) wire.nodes.get(name)!.kill();
    await looks(4);
    wire.said = 0;
    a.enter('anna');
    await looks(2);
    expect(wire.said).toBe(0);
    const late = wire.node('d');
    await looks(1);
    expect(late.presence.count('r')).toBe(1);
  });

  it('ignore news that make no sense', () => {
    for (const body of ['{"n":"1"}', '{"n":1,"online":"x"}', '{"n":1,"full":1}', '{}']) expect(() => a.hear(body, 'evil')).toThrow();
    expect(a.neighbours.size).toBe(2);
  });
});
