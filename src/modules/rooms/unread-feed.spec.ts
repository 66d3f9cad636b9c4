import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { InternalEvents } from '../../platform/events/index.js';
import type { Broker, Publisher, RoomPush } from '../../realtime/index.js';
import { UnreadFeed } from './unread-feed.js';
import { UnreadRepository } from './unread.repository.js';

/** Long enough for a look-up and for a round of telling. */
const lookUp = 105;
const round = 1_000;

type Answer = object[] | Error | Promise<object[]>;

let events: InternalEvents;
let feed: UnreadFeed;
let push: (push: RoomPush) => void;
let told: { userId: string; room: string; unread: number; mentions: number }[];
/** What the database answers to either question, in turn; the last answer stays. */
let memberships: Answer[];
let mentions: Answer[];
let asked: { memberships: string[][]; mentions: string[][] };

beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  told = [];
  memberships = [[]];
  mentions = [[]];
  asked = { memberships: [], mentions: [] };
  events = new InternalEvents();
  const dataSource = {
    query: async (sql: string, [ids]: [string[]]) => {
      const question = sql.includes('r.last_seq') ? 'memberships' : 'mentions';
      asked[question].push(ids);
      const answers = question === 'memberships' ? memberships : mentions;
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const publisher = {
    toPeopleHere: ([userId]: [string], _event: string, data: { room: string; unread: number; mentions: number }) =>
      told.push({ userId, room: data.room, unread: data.unread, mentions: data.mentions }),
  };
  const broker = {
    onPush: (listener: typeof push) => (push = listener),
    onHealed: () => undefined,
    listen: () => undefined,
    leave: () => undefined,
    listening: () => undefined,
  };
  const repository = new UnreadRepository(dataSource as unknown as DataSource);
  feed = new UnreadFeed(repository, publisher as unknown as Publisher, broker as unknown as Broker, events);
});
afterEach(() => {
  feed.onApplicationShutdown();
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
  jest.restoreAllMocks();
});

function row(lastSeq: number, { readSeq = 0, mentioned = 0, userId = 'anna', roomId = 'r' } = {}): object {
  return { room_id: roomId, user_id: userId, read_seq: `${readSeq}`, last_seq: `${lastSeq}`, mentions: `${mentioned}` };
}

function write(seq: number, { by = 'bob', mentions = false, roomId = 'r' } = {}): void {
  const change = { event: 'message.created', isNew: true, message: { seq, author: { id: by } } };
  push({ roomId, changes: [change], mentions } as unknown as RoomPush);
}

/** A look-up whose rows are those of now, but come when the test says so. */
function slowly(): (rows: object[]) => void {
  let answer: (rows: object[]) => void = () => undefined;
  memberships = [new Promise<object[]>((resolve) => (answer = resolve)), []];
  return answer;
}

const online = (userId = 'anna') => events.emit('person.online', { userId });
const pass = async (ms: number) => jest.advanceTimersByTimeAsync(ms);

describe('unread counts', () => {
  it('are told when they change, not when a person connects', async () => {
    memberships = [[row(5)]];
    online();
    await pass(lookUp + round);
    expect(told).toEqual([]);
    write(6);
    await pass(round);
    expect(told).toEqual([{ userId: 'anna', room: 'r', unread: 6, mentions: 0 }]);
  });

  it('are told after a look-up that failed, together with those who came meanwhile', async () => {
    memberships = [new Error('away'), new Error('still away'), [row(5), row(5, { userId: 'carl' })]];
    online();
    await pass(lookUp);
    write(6);
    online('carl');
    await pass(3 * round);
    expect(asked.memberships).toEqual([['anna'], ['anna', 'carl'], ['anna', 'carl']]);
    expect(told).toEqual(['anna', 'carl'].map((userId) => ({ userId, room: 'r', unread: 6, mentions: 0 })));
  });

  it('are not looked up again for who is gone, nor after the end', async () => {
    memberships = [new Error('away')];
    online();
    await pass(lookUp);
    events.emit('person.offline', { userId: 'anna' });
    await pass(3 * round);
    expect(asked.memberships).toHaveLength(1);
    let fail: (error: Error) => void = () => undefined;
    memberships = [new Promise<object[]>((_resolve, reject) => (fail = reject))];
    online();
    await pass(lookUp);
    feed.onApplicationShutdown();
    fail(new Error('closed'));
    await pass(3 * round);
    expect(asked.memberships).toHaveLength(2);
  });

  it('have their mentions after a count that failed', async () => {
    memberships = [[row(0)]];
    mentions = [new Error('away'), [{ room_id: 'r', user_id: 'anna', mentions: '1' }]];
    online();
    await pass(lookUp);
    write(1, { mentions: true });
    await pass(2 * round);
    expect(asked.mentions).toEqual([['r'], ['r']]);
    expect(told).toEqual([{ userId: 'anna', room: 'r', unread: 1, mentions: 1 }]);
  });
});

describe('mentions', () => {
  it('are read when the person writes', async () => {
    memberships = [[row(5, { mentioned: 1 })]];
    online();
    await pass(lookUp);
    write(6, { by: 'anna' });
    await pass(round);
    expect(told).toEqual([{ userId: 'anna', room: 'r', unread: 0, mentions: 0 }]);
  });

  it('are counted again when something happens during the count', async () => {
    memberships = [[row(0)]];
    let answer: (rows: object[]) => void = () => undefined;
    mentions = [new Promise<object[]>((resolve) => (answer = resolve)), []];
    online();
    await pass(lookUp);
    write(1, { mentions: true });
    await pass(round);
    events.emit('room.read', { roomId: 'r', userId: 'anna', seq: 1 });
    answer([{ room_id: 'r', user_id: 'anna', mentions: '1' }]);
    await pass(2 * round);
    expect(asked.mentions).toHaveLength(2);
    expect(told.at(-1)).toEqual({ userId: 'anna', room: 'r', unread: 0, mentions: 0 });
  });
});

describe('what happens while memberships are read', () => {
  it.each(['kicked', 'left'] as const)('is not undone by the older rows for who has been %s', async (reason) => {
    const answer = slowly();
    online();
    await pass(lookUp);
    events.emit('room.member-left', { roomId: 'r', userId: 'anna', reason });
    answer([row(5), row(5, { roomId: 'other' })]);
    await pass(1);
    write(6);
    write(6, { roomId: 'other' });
    await pass(round);
    expect(told.map(({ room }) => room)).toEqual(['other']);
  });

  it('does not keep out who left and came back before', async () => {
    memberships = [[row(5)]];
    online();
    events.emit('room.member-left', { roomId: 'r', userId: 'anna', reason: 'left' });
    events.emit('room.member-joined', { roomId: 'r', userId: 'anna', kind: 'public' });
    await pass(lookUp);
    write(6);
    await pass(round);
    expect(told).toHaveLength(1);
  });

  it('tells who may no longer read a room that nothing is unread there, and who may again what is', async () => {
    memberships = [[row(5)], [], [row(7)]];
    online();
    await pass(lookUp);
    write(6);
    await pass(round);
    events.emit('room.rights-changed', { roomId: 'r', userIds: ['anna', 'somebody-else'] });
    await pass(lookUp);
    write(7);
    await pass(round);
    events.emit('room.rights-changed', { roomId: 'r', userIds: ['anna'] });
    await pass(lookUp);
    await pass(round);
    expect(told.map(({ unread }) => unread)).toEqual([6, 0, 7]);
  });

  it('does not count for who went offline', async () => {
    const answer = slowly();
    online();
    await pass(lookUp);
    events.emit('person.offline', { userId: 'anna' });
    answer([row(5)]);
    await pass(1);
    write(6);
    await pass(round);
    expect(told).toEqual([]);
  });

  it('is told: messages, mentions and what the person read or wrote, by the newest numbers', async () => {
    const answer = slowly();
    mentions = [[{ room_id: 'r', user_id: 'anna', mentions: '1' }]];
    online();
    write(6);
    await pass(lookUp);
    write(7, { mentions: true });
    write(3, { roomId: 'own', by: 'anna' });
    events.emit('room.read', { roomId: 'seen', userId: 'anna', seq: 4 });
    answer([row(5), row(2, { roomId: 'own', readSeq: 1 }), row(4, { roomId: 'seen' }), row(9, { roomId: 'quiet' })]);
    await pass(round);
    expect(told).toEqual([
      { userId: 'anna', room: 'r', unread: 7, mentions: 1 },
      { userId: 'anna', room: 'own', unread: 0, mentions: 0 },
      { userId: 'anna', room: 'seen', unread: 0, mentions: 0 },
    ]);
  });
});

describe('a room that is deleted', () => {
  it('is not told of any more, and its members are told of their other rooms', async () => {
    memberships = [[row(5), row(5, { roomId: 'other' })]];
    online();
    await pass(lookUp);
    write(6);
    write(6, { roomId: 'other' });
    events.emit('room.deleted', { roomId: 'r' });
    write(7);
    await pass(round);
    expect(told.map(({ room }) => room)).toEqual(['other']);
  });

  it('does not come back by a look-up that was under way', async () => {
    const answer = slowly();
    online();
    await pass(lookUp);
    events.emit('room.deleted', { roomId: 'r' });
    answer([row(5)]);
    await pass(1);
    write(6);
    await pass(round);
    expect(told).toEqual([]);
  });
});
