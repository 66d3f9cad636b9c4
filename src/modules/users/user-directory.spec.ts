import { describe, expect, it } from '@jest/globals';
import { InternalEvents } from '../../platform/events/index.js';
import { RecentMap } from './recent-map.js';
import type { UserCard } from './user-card.js';
import { UserDirectory } from './user-directory.js';
import type { UsersRepository } from './users.repository.js';

const cardOf = (id: string, username = `name-${id}`): UserCard => ({
  id,
  username,
  displayName: username,
  firstName: '',
  avatarUrl: null,
  role: 'user',
  status: 'active',
  locale: 'en',
  mutedUntil: null,
  suspendedUntil: null,
  blocks: undefined,
});

function setUp() {
  const stored = new Map(['a', 'b', 'c'].map((id) => [id, cardOf(id)]));
  const queries: (readonly string[] | string)[] = [];
  const gate = { wait: Promise.resolve(), fail: false };
  const repository = {
    cards: async (ids: readonly string[]) => {
      queries.push(ids);
      if (gate.fail) throw new Error('the database is gone');
      const found = ids.flatMap((id) => stored.get(id) ?? []);
      await gate.wait;
      return found;
    },
    activeCardByUsername: async (name: string) => {
      queries.push(name);
      return [...stored.values()].find((card) => card.username === name.toLowerCase() && card.status === 'active') ?? null;
    },
  };
  const events = new InternalEvents();
  const directory = new UserDirectory(repository as unknown as UsersRepository, events);
  return { stored, queries, gate, events, directory };
}

describe('the directory of people', () => {
  it('reads many in one query, the same person once, and then from memory', async () => {
    const { directory, queries } = setUp();
    const [one, many] = await Promise.all([directory.load('a'), directory.loadMany(['a', 'b', 'c', 'nobody', 'b']), directory.load('b')]);
    expect(one?.username).toBe('name-a');
    expect([...many.keys()]).toEqual(['a', 'b', 'c']);
    expect(queries).toEqual([['a', 'b', 'c', 'nobody']]);
    await directory.loadMany(['a', 'b', 'c']);
    expect(queries).toHaveLength(1);
    expect(directory.card('a')?.username).toBe('name-a');
    expect(directory.card('nobody')).toBeUndefined();
  });

  it('asks for everybody who came during a query together', async () => {
    const { directory, queries, gate } = setUp();
    let open: () => void = () => undefined;
    gate.wait = new Promise((resolve) => (open = resolve));
    const turn = async () => new Promise((resolve) => setImmediate(resolve));
    const asked: Promise<unknown>[] = [];
    for (const id of ['a', 'b', 'c', 'x', 'y']) {
      asked.push(directory.load(id));
      await turn();
    }
    expect(queries).toEqual([['a']]);
    open();
    const [, , c, x] = (await Promise.all(asked)) as (UserCard | null)[];
    expect(queries).toEqual([['a'], ['b', 'c', 'x', 'y']]);
    expect(c?.username).toBe('name-c');
    expect(x).toBeNull();
  });

  it('gives the new state to whoever asks after a change, and the old card until it is there', async () => {
    const { directory, stored, events } = setUp();
    await directory.load('a');
    stored.set('a', cardOf('a', 'renamed'));
    events.emit('user.changed', { userId: 'a' });
    expect(directory.card('a')?.username).toBe('name-a');
    expect((await directory.load('a'))?.username).toBe('renamed');
    expect(directory.card('a')?.username).toBe('renamed');
  });

  it('does not keep what was read before a change and arrived after it', async () => {
    const { directory, stored, events, gate } = setUp();
    let open: () => void = () => undefined;
    gate.wait = new Promise((resolve) => (open = resolve));
    const early = directory.load('a');
    await new Promise((resolve) => setImmediate(resolve));
    stored.set('a', cardOf('a', 'renamed'));
    events.emit('user.changed', { userId: 'a' });
    const late = directory.load('a');
    open();
    expect((await early)?.username).toBe('name-a');
    expect((await late)?.username).toBe('renamed');
    expect(directory.card('a')?.username).toBe('renamed');
  });

  it('forgets people who are gone', async () => {
    const { directory, stored, events } = setUp();
    await directory.load('a');
    stored.delete('a');
    events.emit('user.changed', { userId: 'a' });
    expect(await directory.load('a')).toBeNull();
    expect(directory.card('a')).toBeUndefined();
  });

  it('finds active people by name, in any case, and not under a name they gave up', async () => {
    const { directory, stored, events, queries } = setUp();
    expect((await directory.byUsername('NAME-A'))?.id).toBe('a');
    expect((await directory.byUsername('name-a'))?.id).toBe('a');
    expect(queries).toEqual(['NAME-A']);
    stored.set('a', cardOf('a', 'renamed'));
    events.emit('user.changed', { userId: 'a' });
    expect(await directory.byUsername('name-a')).toBeNull();
    stored.set('a', { ...cardOf('a', 'renamed'), status: 'deactivated' });
    events.emit('user.changed', { userId: 'a' });
    expect(await directory.byUsername('renamed')).toBeNull();
  });

  it('fails those who ask while the database is gone, and works again afterwards', async () => {
    const { directory, gate } = setUp();
    gate.fail = true;
    await expect(directory.load('a')).rejects.toThrow('gone');
    gate.fail = false;
    expect((await directory.load('a'))?.id).toBe('a');
  });
});

describe('the map that forgets', () => {
  it('stays within its limit and keeps what is read', () => {
    const map = new RecentMap<number, string>(100);
    map.set(-1, 'kept');
    for (let i = 0; i < 10_000; i++) {
      map.set(i, String(i));
      if (i % 20 === 0) expect(map.get(-1)).toBe('kept');
    }
    expect(map.size).toBeLessThanOrEqual(100);
    expect(map.get(9_999)).toBe('9999');
    expect(map.get(0)).toBeUndefined();
    map.delete(9_999);
    expect(map.get(9_999)).toBeUndefined();
  });
});
