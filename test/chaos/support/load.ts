import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../../../src/common/ids.js';
import type { TestPerson } from '../../support/people.js';
import { type Addresses, compare, type Counts, Reader, type Traffic, Writer } from './traffic.js';
import type { Row } from './truth.js';

/** Where a load runs: a cluster, or a server that is alone. */
export interface Place {
  /** The addresses of the nodes, also of one that is down. */
  readonly urls: readonly string[];
  /** Everything that is stored in a room, by seq. */
  stored(roomId: string): Promise<Row[]>;
}

export interface LoadOptions {
  /** How many of each kind: over REST, plain sockets and Socket.IO. */
  writersOfEach?: number;
  /** How many of each kind: plain sockets and Socket.IO. */
  readersOfEach?: number;
  /** Between an acknowledgement and the writer's next send, in ms. */
  pauseMs?: number;
  /** Whether a reader enters when the one before is in. */
  oneByOne?: boolean;
  /** Absent: each client goes round the nodes. */
  addresses?: () => Addresses;
}

export interface Load {
  readonly roomId: string;
  readonly writers: readonly Writer[];
  readonly readers: readonly Reader[];
  /** Everything that was acknowledged so far. */
  readonly acknowledged: number;
  /** Resolves when so many more messages were acknowledged. @throws Error after two minutes without that */
  more(messages: number): Promise<void>;
  /** Resolves when every reader has a connection and is at the head of what was acknowledged at this moment. */
  settled(): Promise<void>;
}

export interface Outcome {
  counts: Counts;
  traffic: Traffic;
  refusals: string[];
  /** In words: what is behind counts that are not 0. */
  details: string[];
  /** Attempts that were answered with "come back", or not at all. */
  failures: number;
  /** Of each acknowledged message: from the first attempt to the acknowledgement, in ms, ascending. */
  took: number[];
}

const patience = 120_000;

/** Goes round the nodes, each client from another one on. */
export function roundNodes(urls: readonly string[], start: number): Addresses {
  let next = start;
  return () => urls[next++ % urls.length]!;
}

/** Writers and readers in a room of their own, something that happens to them, and what came of it. */
export async function underLoad(
  place: Place,
  person: TestPerson,
  { writersOfEach = 1, readersOfEach = 2, pauseMs = 5, oneByOne = false, addresses }: LoadOptions,
  happens: (load: Load) => Promise<void>,
): Promise<Outcome> {
  const room = `r-${newId()}`;
  const made = await person.rest.post('/rooms', { name: room, kind: 'private' });
  const roomId = made.body.room.id as string;
  let clients = 0;
  const next = addresses ?? (() => roundNodes(place.urls, clients++));
  const readers: Reader[] = [];
  const writers = (['rest', 'plain', 'socket.io'] as const).flatMap((door) =>
    Array.from({ length: writersOfEach }, (_, n) => new Writer(`${door}-${n}`, person, next(), door, roomId, pauseMs)),
  );
  const acknowledged = () => writers.reduce((sum, writer) => sum + writer.acknowledged.size, 0);
  const until = async (what: string, isSo: () => boolean): Promise<void> => {
    const deadline = performance.now() + patience;
    while (!isSo()) {
      if (performance.now() > deadline) throw new Error(`Waited two minutes for ${what}.`);
      await sleep(20);
    }
  };
  try {
    const load: Load = {
      roomId,
      writers,
      readers,
      get acknowledged() {
        return acknowledged();
      },
      more: async (messages) => {
        const enough = acknowledged() + messages;
        await until(`${messages} more messages`, () => acknowledged() >= enough);
      },
      settled: async () => {
        let head = 0;
        for (const writer of writers) for (const { seq } of writer.acknowledged.values()) head = Math.max(head, seq);
        await until('all readers', () => readers.every((reader) => reader.isConnected && reader.position >= head));
      },
    };
    for (const door of ['plain', 'socket.io'] as const) {
      for (let n = 0; n < readersOfEach; n++) {
        const reader = new Reader(person, next(), door, roomId);
        readers.push(reader);
        if (oneByOne) await until('a reader', () => reader.isConnected);
      }
    }
    await load.settled();
    await load.more(5);
    await happens(load);
    await load.more(5);
    await Promise.all(writers.map(async (writer) => writer.stop()));
    const { counts, traffic, details } = await compare(async () => place.stored(roomId), writers, readers);
    return {
      counts,
      traffic,
      details,
      refusals: writers.flatMap(({ refusals }) => refusals),
      failures: writers.reduce((sum, { failures }) => sum + failures, 0),
      took: writers.flatMap(({ took }) => took).sort((a, b) => a - b),
    };
  } finally {
    await Promise.all([...writers, ...readers].map(async (client) => client.stop()));
  }
}
