import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { InternalEvents } from '../../platform/events/index.js';
import type { Publisher } from '../../realtime/index.js';
import type { FriendsService } from '../friends/index.js';
import type { UserCard, UserDirectory } from '../users/index.js';
import { PersonUpdates } from './person-updates.js';
import type { RoomsRepository } from './rooms.repository.js';

describe('news of how people look', () => {
  let told: string[];
  let names: Map<string, string>;
  let events: InternalEvents;
  let updates: PersonUpdates;

  beforeEach(() => {
    jest.useFakeTimers();
    told = [];
    names = new Map();
    events = new InternalEvents();
    const directory = {
      load: async (id: string) => ({ id, username: id, displayName: names.get(id), avatarUrl: null }) as UserCard,
    };
    const publisher = {
      personRenamed: () => undefined,
      toCompany: (_id: string, _company: object, _event: string, { user }: { user: { displayName: string } }) =>
        told.push(user.displayName),
    };
    const rooms = { roomsOf: async () => ['room'] };
    const friends = { friendIds: async () => [] };
    updates = new PersonUpdates(
      directory as unknown as UserDirectory,
      rooms as unknown as RoomsRepository,
      friends as unknown as FriendsService,
      publisher as unknown as Publisher,
      events,
    );
  });
  afterEach(() => {
    updates.onModuleDestroy();
    jest.useRealTimers();
  });

  const change = (userId: string, name: string) => {
    names.set(userId, name);
    events.emit('user.seen-anew', { userId });
  };

  it('come at once, and those of the same second together, with the last state', async () => {
    change('ann', 'Ann');
    await jest.advanceTimersByTimeAsync(0);
    expect(told).toEqual(['Ann']);
    for (let n = 1; n <= 20; n++) change('ann', `Ann ${n}`);
    change('bob', 'Bob');
    await jest.advanceTimersByTimeAsync(500);
    expect(told).toEqual(['Ann', 'Bob']);
    await jest.advanceTimersByTimeAsync(600);
    expect(told).toEqual(['Ann', 'Bob', 'Ann 20']);
    await jest.advanceTimersByTimeAsync(5_000);
    change('ann', 'Anna');
    await jest.advanceTimersByTimeAsync(0);
    expect(told).toEqual(['Ann', 'Bob', 'Ann 20', 'Anna']);
  });
});
