import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Gatherer, type GathererOptions } from './gatherer.js';

/** Answers with the name in capitals, when the test says so. */
function setUp(options?: GathererOptions<string>) {
  const queries: (readonly string[])[] = [];
  const open: ((error?: Error) => void)[] = [];
  const gatherer = new Gatherer<string, string>(async (names) => {
    queries.push(names);
    await new Promise<void>((resolve, reject) => open.push((error) => (error ? reject(error) : resolve())));
    return names.map((name) => (name === 'nobody' ? new Error('there is nobody') : name.toUpperCase()));
  }, options);
  return { queries, open, gatherer };
}

const turn = async () => new Promise((resolve) => setImmediate(resolve));

describe('look-ups that are gathered', () => {
  it('are asked at once where nobody else is, together with those of the same turn', async () => {
    const { queries, open, gatherer } = setUp();
    const asked = [gatherer.ask('ann'), gatherer.ask('bob')];
    await turn();
    expect(queries).toEqual([['ann', 'bob']]);
    open[0]!();
    expect(await Promise.all(asked)).toEqual(['ANN', 'BOB']);
  });

  it('wait for the one under way and go together', async () => {
    const { queries, open, gatherer } = setUp();
    const first = gatherer.ask('ann');
    await turn();
    const others = ['bob', 'carl', 'dora'].map(async (name) => {
      await turn();
      return gatherer.ask(name);
    });
    await turn();
    await turn();
    expect(queries).toEqual([['ann']]);
    open[0]!();
    await first;
    open[1]!();
    expect(await Promise.all(others)).toEqual(['BOB', 'CARL', 'DORA']);
    expect(queries).toEqual([['ann'], ['bob', 'carl', 'dora']]);
  });

  it('are not held up by one that hangs, and two are under way at most', async () => {
    const { queries, open, gatherer } = setUp();
    const hanging = gatherer.ask('ann');
    await turn();
    const second = gatherer.ask('bob');
    while (queries.length < 2) await sleep(5);
    const third = gatherer.ask('carl');
    await sleep(60);
    expect(queries).toEqual([['ann'], ['bob']]);
    open[1]!();
    expect(await second).toBe('BOB');
    while (queries.length < 3) await sleep(5);
    open[2]!();
    expect(await third).toBe('CARL');
    open[0]!();
    expect(await hanging).toBe('ANN');
  });

  it('end with their own error each, or with that of the whole query, and go on afterwards', async () => {
    const { open, gatherer } = setUp();
    const asked = ['ann', 'nobody', 'bob'].map(async (name) => gatherer.ask(name));
    await turn();
    open[0]!();
    expect(await Promise.allSettled(asked)).toMatchObject([{ value: 'ANN' }, { reason: new Error('there is nobody') }, { value: 'BOB' }]);
    const failing = ['ann', 'bob'].map(async (name) => gatherer.ask(name));
    await turn();
    open[1]!(new Error('the database is away'));
    for (const one of await Promise.allSettled(failing)) expect(one).toMatchObject({ reason: new Error('the database is away') });
    const again = gatherer.ask('ann');
    await turn();
    open[2]!();
    expect(await again).toBe('ANN');
  });

  it('share an answer with those who wait for the same, never with one that is being read already', async () => {
    const { queries, open, gatherer } = setUp({ keyOf: (name) => name });
    const before = gatherer.ask('ann');
    await turn();
    const after = [gatherer.ask('ann'), gatherer.ask('ann')];
    open[0]!();
    await before;
    await turn();
    open[1]!();
    await Promise.all(after);
    expect(queries).toEqual([['ann'], ['ann']]);
  });

  it('are so many in one query and no more', async () => {
    const { queries, open, gatherer } = setUp({ most: 2 });
    const asked = ['a', 'b', 'c', 'd', 'e'].map(async (name) => gatherer.ask(name));
    await turn();
    // The second one need not wait: there is enough for it.
    expect(queries).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    open[0]!();
    open[1]!();
    while (queries.length < 3) await turn();
    open[2]!();
    expect(await Promise.all(asked)).toEqual(['A', 'B', 'C', 'D', 'E']);
  });
});
