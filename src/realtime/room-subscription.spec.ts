import { describe, expect, it } from '@jest/globals';
import type { Connection } from './connection.js';
import { ChangeBatch, type FrameBatch } from './frame-batch.js';
import { Frame } from './frame.js';
import { RoomSubscription } from './room-subscription.js';

const frame = () => new Frame('presence.online', { count: 1 });

function subscription() {
  const sent: Frame[] = [];
  const connection = {
    send: (one: Frame) => sent.push(one),
    sendBatch: (batch: FrameBatch) => sent.push(...batch.frames),
  } as unknown as Connection;
  const made = new RoomSubscription('room', connection);
  const frames = new Map<number, Frame>();
  const offer = (position: number) => {
    const one = frames.get(position) ?? frame();
    frames.set(position, one);
    made.offer(new ChangeBatch([{ position, frame: one, frameFor: () => one }], position));
  };
  const positions = () => sent.map((one) => [...frames].find(([, known]) => known === one)?.[0] ?? 'news');
  return { made, offer, positions };
}

describe("a socket's place in a room", () => {
  it('holds live changes until the reader has answered, then passes those above its position, each once', () => {
    const { made, offer, positions } = subscription();
    for (const position of [4, 5, 6]) offer(position);
    expect(positions()).toEqual([]);
    made.release(5);
    expect(positions()).toEqual([6]);
    for (const position of [6, 5, 7, 7]) offer(position);
    expect(positions()).toEqual([6, 7]);
    expect(made.position).toBe(7);
  });

  it('says when the hold was too small, and starts over', () => {
    const { made, offer, positions } = subscription();
    for (let position = 1; position <= 1_001; position++) offer(position);
    expect(made.overflow()).toBe(true);
    expect(made.overflow()).toBe(false);
    offer(1_002);
    made.release(1_001);
    expect(positions()).toEqual([1_002]);
  });

  it('holds comings and goings until the list of people was handed over', () => {
    const { made, positions } = subscription();
    made.tell(frame());
    expect(positions()).toEqual([]);
    made.releaseNews();
    made.tell(frame());
    expect(positions()).toEqual(['news', 'news']);
  });

  it('is released once', () => {
    const { made, offer, positions } = subscription();
    made.release(5);
    made.release(2);
    offer(3);
    expect(positions()).toEqual([]);
    expect(made.holding).toBe(false);
  });
});
