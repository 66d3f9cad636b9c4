import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Message } from '../contracts/index.js';
import type { RoomChange } from './broker/broker.js';
import type { Connection } from './connection.js';
import type { FrameBatch } from './frame-batch.js';
import type { Frame } from './frame.js';
import type { RoomSlice } from './ports.js';
import { RoomStream } from './room-stream.js';
import { RoomSubscription } from './room-subscription.js';

const roomId = 'r';
const message = (position: number): Message => ({
  id: `m${position}`,
  room: roomId,
  seq: position,
  position,
  kind: 'text',
  author: null,
  content: '',
  attachments: [],
  reactions: [],
  createdAt: '2026-11-21T00:00:00.000Z',
});
const change = (position: number, accessVersion = 0): RoomChange => ({
  event: 'message.created',
  position,
  message: message(position),
  isNew: true,
  accessVersion,
});

/** A stream over a log in memory. @param listeners how many hear it; what one of them got is told */
function stream(stored: () => number[], listeners = 1) {
  const got: number[] = [];
  const batches: number[] = [];
  const send = ({ data }: Frame) => void got.push((data as { position: number }).position);
  const sendBatch = ({ frames }: FrameBatch) => {
    batches.push(frames.length);
    frames.forEach(send);
  };
  const connection = { send, sendBatch } as unknown as Connection;
  const changedSince = jest.fn(async (_room: string, since: number): Promise<RoomSlice & { more: boolean }> => {
    const positions = stored();
    const messages = positions.filter((one) => one > since).map(message);
    const createdAt = new Map(messages.map((one) => [one.id, one.position]));
    return { messages, createdAt, position: Math.max(0, ...positions), epoch: 'e', accessVersion: 0, more: false };
  });
  const onError = jest.fn();
  const review = jest.fn(async () => 0);
  const made = new RoomStream(roomId, { log: { changesAfter: changedSince }, review, onError });
  const subscription = new RoomSubscription(roomId, connection);
  made.subscriptions.add(subscription);
  subscription.release(0);
  const deaf = { send: () => undefined, sendBatch: () => undefined } as unknown as Connection;
  for (let more = 1; more < listeners; more++) {
    const other = new RoomSubscription(roomId, deaf);
    other.release(0);
    made.subscriptions.add(other);
  }
  return { made, got, batches, changedSince, review, onError };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('the stream of a room', () => {
  it('delivers what another node said at once', () => {
    const { made, got } = stream(() => [], 20);
    made.start({ position: 0, accessVersion: 0 });
    made.accept([change(1)], 'here');
    made.accept([change(2)], 'elsewhere');
    jest.advanceTimersByTime(100);
    made.accept([change(3)], 'here');
    made.accept([change(4)], 'elsewhere');
    expect(got).toEqual([1, 2, 3, 4]);
  });

  it('keeps it for the next push of this node where those follow each other closely and many listen, for half as long again as they take', () => {
    const { made, got, batches } = stream(() => [], 20);
    made.start({ position: 0, accessVersion: 0 });
    made.accept([change(1)], 'here');
    jest.advanceTimersByTime(10);
    made.accept([change(2)], 'here');
    made.accept([change(3)], 'elsewhere');
    jest.advanceTimersByTime(4);
    made.accept([change(4)], 'elsewhere');
    expect(got).toEqual([1, 2]);
    made.accept([change(5)], 'here');
    expect(got).toEqual([1, 2, 3, 4, 5]);
    expect(batches.at(-1)).toBe(3);
    // The last two were four milliseconds apart.
    made.accept([change(6)], 'elsewhere');
    jest.advanceTimersByTime(5);
    expect(got).toHaveLength(5);
    jest.advanceTimersByTime(1);
    expect(got).toHaveLength(6);
    made.accept([change(7)], 'elsewhere');
    expect(got).toHaveLength(7);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('keeps nothing back for a few listeners', () => {
    const { made, got } = stream(() => []);
    made.start({ position: 0, accessVersion: 0 });
    made.accept([change(1)], 'here');
    made.accept([change(2)], 'here');
    made.accept([change(3)], 'elsewhere');
    expect(got).toEqual([1, 2, 3]);
  });

  it('keeps no timer when it is closed while something waits', () => {
    const { made, got } = stream(() => [], 20);
    made.start({ position: 0, accessVersion: 0 });
    made.accept([change(1)], 'here');
    jest.advanceTimersByTime(1);
    made.accept([change(2)], 'here');
    made.accept([change(3)], 'elsewhere');
    expect(jest.getTimerCount()).toBe(1);
    made.close();
    expect(jest.getTimerCount()).toBe(0);
    expect(got).toEqual([1, 2]);
  });

  it('tells a missed message as new, but for a reader who came in after it was created and only misses its edit', async () => {
    const edited = { ...message(1), position: 3 };
    const stored: RoomSlice & { more: boolean } = {
      messages: [message(2), edited],
      createdAt: new Map([
        ['m1', 1],
        ['m2', 2],
      ]),
      position: 3,
      epoch: 'e',
      accessVersion: 0,
      more: false,
    };
    const made = new RoomStream(roomId, { log: { changesAfter: async () => stored }, review: async () => 0, onError: jest.fn() });
    const got = [0, 2].map((position) => {
      const seen: [string, string][] = [];
      const send = ({ event, data }: Frame) => void seen.push([event, (data as { message: Message }).message.id]);
      const subscription = new RoomSubscription(roomId, {
        send,
        sendBatch: ({ frames }: FrameBatch) => frames.forEach(send),
      } as unknown as Connection);
      made.subscriptions.add(subscription);
      subscription.release(position);
      return seen;
    });
    made.start({ position: 0, accessVersion: 0 });
    made.compare({ position: 3, accessVersion: 0 });
    await jest.advanceTimersByTimeAsync(100);
    expect(got[0]).toEqual([
      ['message.created', 'm1'],
      ['message.created', 'm2'],
    ]);
    expect(got[1]).toEqual([['message.updated', 'm1']]);
  });

  it('delivers in order, without doubles, whatever the order of the pushes', () => {
    const { made, got, changedSince } = stream(() => []);
    made.start({ position: 0, accessVersion: 0 });
    made.accept([change(2), change(3)]);
    made.accept([change(1)]);
    made.accept([change(1), change(3), change(4)]);
    expect(got).toEqual([1, 2, 3, 4]);
    expect(changedSince).not.toHaveBeenCalled();
  });

  it('waits for the first reader, and forgets what that reader has read', async () => {
    const { made, got, changedSince } = stream(() => []);
    made.accept([change(4), change(5), change(6)]);
    expect(got).toEqual([]);
    made.start({ position: 5, accessVersion: 0 });
    expect(got).toEqual([6]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(changedSince).not.toHaveBeenCalled();
  });

  it('fills a hole from the database after a moment, and goes on behind it', async () => {
    const { made, got, changedSince } = stream(() => [1, 2, 3]);
    made.start({ position: 0, accessVersion: 0 });
    made.accept([change(3)]);
    expect(got).toEqual([]);
    await jest.advanceTimersByTimeAsync(60);
    expect(got).toEqual([1, 2, 3]);
    expect(changedSince).toHaveBeenCalledTimes(1);
    made.accept([change(4)]);
    expect(got).toEqual([1, 2, 3, 4]);
  });

  it('does not wait for positions that were overtaken', async () => {
    const { made, got } = stream(() => [1, 4]);
    made.start({ position: 0, accessVersion: 0 });
    made.accept([change(4)]);
    await jest.advanceTimersByTimeAsync(60);
    expect(got).toEqual([1, 4]);
    made.accept([change(5)]);
    expect(got).toEqual([1, 4, 5]);
  });

  it('tries again when the database did not answer', async () => {
    const { made, got, changedSince, onError } = stream(() => [1, 2]);
    made.start({ position: 0, accessVersion: 0 });
    changedSince.mockRejectedValueOnce(new Error('away'));
    made.accept([change(2)]);
    await jest.advanceTimersByTimeAsync(60);
    expect(onError).toHaveBeenCalledTimes(1);
    expect(got).toEqual([]);
    await jest.advanceTimersByTimeAsync(1_100);
    expect(got).toEqual([1, 2]);
  });

  it('catches up when the head is ahead', async () => {
    const { made, got } = stream(() => [1, 2]);
    made.start({ position: 0, accessVersion: 0 });
    made.compare({ position: 0, accessVersion: 0 });
    made.compare({ position: 2, accessVersion: 0 });
    await jest.advanceTimersByTimeAsync(60);
    expect(got).toEqual([1, 2]);
  });

  it('leaves no timer behind', () => {
    const { made } = stream(() => []);
    made.start({ position: 0, accessVersion: 0 });
    made.accept([change(7)]);
    expect(jest.getTimerCount()).toBe(1);
    made.close();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gives each of a thousand shuffled pushes once and in order', async () => {
    const { made, got } = stream(() => Array.from({ length: 1_000 }, (_, index) => index + 1));
    made.start({ position: 0, accessVersion: 0 });
    let state = 7;
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const shuffled = Array.from({ length: 1_000 }, (_, index) => index + 1)
      .filter(() => random() > 0.1)
      .sort((a, b) => a - b + (random() - 0.5) * 40);
    for (const position of shuffled) {
      made.accept([change(position)]);
      if (random() < 0.05) await jest.advanceTimersByTimeAsync(60);
    }
    await jest.advanceTimersByTimeAsync(1_000);
    made.compare({ position: 1_000, accessVersion: 0 });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(got).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1));
  });
});
