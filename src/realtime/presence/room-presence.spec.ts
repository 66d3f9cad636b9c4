import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Connection } from '../connection.js';
import type { Frame } from '../frame.js';
import { RoomPresence } from './room-presence.js';

let presence: RoomPresence;
let told: string[];

beforeEach(() => {
  jest.useFakeTimers();
  told = [];
  presence = new RoomPresence();
  presence.onAnnouncement((_room, frame) => told.push(inShort(frame)));
});
afterEach(() => {
  presence.onApplicationShutdown();
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

function inShort(frame: Frame): string {
  if (frame.event === 'room.users') {
    const { joined, left, onlineCount } = (frame as Frame<'room.users'>).data;
    return `+${joined.length} -${left.length} =${onlineCount}`;
  }
  return `${frame.event.slice('room.user_'.length)} ${(frame as Frame<'room.user_join'>).data.user.username}`;
}

let sockets = 0;
function socket(username: string, kind: 'person' | 'guest' = 'person') {
  const own: string[] = [];
  const principal = kind === 'guest' ? { kind } : { kind, userId: `id-${username}`, username };
  const connection = { id: `c${++sockets}`, principal, send: (frame: Frame) => own.push(inShort(frame)) } as unknown as Connection;
  return { connection, own };
}

describe('who is in a room', () => {
  it('is told when the first socket comes and the last one leaves; a second tab hears of itself alone', () => {
    const [one, two] = [socket('anna'), socket('anna')];
    presence.enter('r', one.connection);
    presence.enter('r', two.connection);
    expect(told).toEqual(['join anna']);
    expect(two.own).toEqual(['join anna']);
    expect(presence.count('r')).toBe(1);
    presence.leave('r', one.connection, 'clean');
    expect(told).toHaveLength(1);
    presence.leave('r', two.connection, 'clean');
    presence.leave('r', two.connection, 'clean');
    expect(told).toEqual(['join anna', 'leave anna']);
    expect(presence.list('r', 10, () => false)).toEqual([]);
  });

  it('stays for five seconds after a cut, and coming back is not told to the others', () => {
    const anna = socket('anna');
    presence.enter('r', anna.connection);
    presence.leave('r', anna.connection, 'abnormal');
    jest.advanceTimersByTime(4_900);
    expect(presence.isPresent('r', 'id-anna')).toBe(true);
    const back = socket('anna');
    presence.enter('r', back.connection);
    jest.advanceTimersByTime(10_000);
    expect(told).toEqual(['join anna']);
    expect(back.own).toEqual(['join anna']);
    presence.leave('r', back.connection, 'abnormal');
    jest.advanceTimersByTime(5_100);
    expect(told).toEqual(['join anna', 'leave anna']);
  });

  it('never counts guests', () => {
    presence.enter('r', socket('x', 'guest').connection);
    expect(presence.count('r')).toBe(0);
    expect(told).toEqual([]);
  });

  it('is gathered in big rooms', () => {
    const all = Array.from({ length: 60 }, (_, index) => socket(`p${index}`));
    for (const { connection } of all) presence.enter('r', connection);
    expect(told).toHaveLength(50);
    expect(all[55]!.own).toEqual(['join p55']);
    jest.advanceTimersByTime(1_100);
    expect(told.at(-1)).toBe('+10 -0 =60');
    presence.leave('r', all[0]!.connection, 'clean');
    const back = socket('p0');
    presence.enter('r', back.connection);
    jest.advanceTimersByTime(1_100);
    expect(told).toHaveLength(51);
    for (const { connection } of [...all.slice(1), back]) presence.leave('r', connection, 'clean');
    jest.advanceTimersByTime(1_100);
    expect(presence.count('r')).toBe(0);
  });

  it('is told once and truly where a room grows big and shrinks again', () => {
    const all = Array.from({ length: 52 }, (_, index) => socket(`p${index}`));
    for (const { connection } of all.slice(0, 50)) presence.enter('r', connection);
    told = [];
    // The 51st is gathered; it goes while the room is small, before anybody heard of it.
    presence.enter('r', all[50]!.connection);
    presence.leave('r', all[0]!.connection, 'clean');
    presence.leave('r', all[1]!.connection, 'clean');
    presence.leave('r', all[50]!.connection, 'clean');
    jest.advanceTimersByTime(1_100);
    expect(told).toEqual(['leave p1', '+0 -1 =48']);

    for (const { connection } of [all[0]!, all[1]!, all[50]!]) presence.enter('r', connection);
    jest.advanceTimersByTime(1_100);
    told = [];
    // This leave is gathered; the person is back while the room is small, before anybody missed it.
    presence.leave('r', all[2]!.connection, 'clean');
    presence.leave('r', all[3]!.connection, 'clean');
    const back = socket('p2');
    presence.enter('r', back.connection);
    jest.advanceTimersByTime(1_100);
    expect(told).toEqual(['leave p3']);
    expect(back.own).toEqual(['join p2']);
    expect(presence.isPresent('r', 'id-p2')).toBe(true);
  });
});
