import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../contracts/index.js';
import type { NodeBus } from '../../platform/nodes/index.js';
import type { Broker, PushOrigin, RoomChange, RoomPush } from './broker.js';
import { MemoryBroker } from './memory-broker.js';
import { NodesBroker } from './nodes-broker.js';
import { readPush, writePush } from './push-text.js';

function change(position: number, more: Partial<RoomChange> = {}): RoomChange {
  const message: Message = {
    id: `m${position}`,
    room: 'r',
    seq: position,
    position,
    kind: 'text',
    author: null,
    content: `line one\nline two \u2028 "${position}"`,
    attachments: [],
    reactions: [],
    createdAt: '2026-01-01T00:00:00.000Z',
  };
  return { event: 'message.created', position, message, isNew: true, accessVersion: 3, ...more };
}

describe('a push as text', () => {
  it('is the same push again, with the messages as they are sent to sockets', () => {
    const push: RoomPush = {
      roomId: 'r',
      mentions: true,
      pair: ['a', 'b'],
      changes: [change(1), change(2, { event: 'message.reactions', isNew: false, by: { userId: 'u', emoji: '👍', added: true } as never })],
    };
    const read = readPush(writePush(push));
    expect(read).toMatchObject(push);
    for (const { json, message } of read.changes) expect(JSON.parse(json!)).toEqual(message);
  });

  it('is refused when it is anything else', () => {
    const good = writePush({ roomId: 'r', changes: [change(1)] });
    for (const bad of ['', 'null', '{}', '[]', good.slice(0, -1), `${good}\n{}`, good.replaceAll('"r"', '"s"').replace('"s"', '"r"')])
      expect(() => readPush(bad)).toThrow();
    for (const [from, to] of [
      ['"position":1', '"position":"1"'],
      ['"isNew":true', '"isNew":1'],
      ['"accessVersion":3', '"accessVersion":null'],
      ['message.created', 'message.exploded'],
    ] as const)
      expect(() => readPush(good.replace(from, to))).toThrow();
  });
});

/** Two brokers on a wire that knows channels. */
function connected(): [Broker, Broker] {
  const listeners: ((channel: string, body: string) => void)[] = [];
  const bus = (self: number): NodeBus => {
    const channels = new Set<string>();
    return {
      on: (_kind: string, listen: (body: string) => void) =>
        (listeners[self] = (channel, body) => (channels.has(channel) ? listen(body) : undefined)),
      say: (channel: string, _kind: string, body: string) =>
        listeners.forEach((listener, other) => (other === self ? undefined : listener(channel, body))),
      listen: (more: string[]) => more.forEach((channel) => channels.add(channel)),
      leave: (fewer: string[]) => fewer.forEach((channel) => channels.delete(channel)),
      listening: () => undefined,
    } as unknown as NodeBus;
  };
  return [new NodesBroker(bus(0)), new NodesBroker(bus(1))];
}

function heardBy(broker: Broker): [RoomPush, PushOrigin][] {
  const heard: [RoomPush, PushOrigin][] = [];
  broker.onPush((push, origin) => heard.push([push, origin]));
  return heard;
}

describe.each([
  ['in memory', () => new MemoryBroker()],
  ['between nodes', () => connected()[0]],
])('the broker %s', (_name, make) => {
  it('hands what is published here to everybody here, at once and once', () => {
    const broker = make();
    const [one, two] = [heardBy(broker), heardBy(broker)];
    const push = { roomId: 'r', changes: [change(1)] };
    broker.listen(['r']);
    broker.publish(push);
    for (const heard of [one, two]) expect(heard).toEqual([[push, 'here']]);
    expect(broker.listening()).toBeUndefined();
  });
});

describe('the broker between nodes', () => {
  it('reaches the nodes that listen to the room, and no other', () => {
    const [here, there] = connected();
    const heard = heardBy(there);
    here.publish({ roomId: 'r', changes: [change(1)] });
    expect(heard).toEqual([]);
    there.listen(['r']);
    here.publish({ roomId: 'r', changes: [change(2)] });
    expect(heard).toMatchObject([[{ roomId: 'r', changes: [{ position: 2 }] }, 'elsewhere']]);
    there.leave(['r']);
    here.publish({ roomId: 'r', changes: [change(3)] });
    expect(heard).toHaveLength(1);
  });
});
