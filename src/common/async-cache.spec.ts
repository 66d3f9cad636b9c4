import { describe, expect, it } from '@jest/globals';
import { AsyncCache } from './async-cache.js';

describe('a bounded memory of loaded values', () => {
  it('loads a value once, for parallel callers too', async () => {
    let loads = 0;
    const cache = new AsyncCache<string, string>(10, async (key) => `${key}${++loads}`);
    expect(await Promise.all([cache.get('a'), cache.get('a')])).toEqual(['a1', 'a1']);
    expect(await cache.get('a')).toBe('a1');
    expect(cache.peek('b')).toBeUndefined();
  });

  it('forgets the least recently used first', async () => {
    const cache = new AsyncCache<string, string>(2, async (key) => key);
    await cache.get('a');
    await cache.get('b');
    await cache.get('a');
    await cache.get('c');
    expect([cache.peek('a'), cache.peek('b'), cache.peek('c')]).toEqual(['a', undefined, 'c']);
  });

  it('does not keep what was loaded before a change, nor a failure', async () => {
    let finish = (_: string): void => undefined;
    const cache = new AsyncCache<string, string>(10, () => new Promise((resolve) => (finish = resolve)));
    const old = cache.get('a');
    cache.set('a', 'new');
    finish('old');
    expect(await old).toBe('old');
    expect(cache.peek('a')).toBe('new');

    const deleted = cache.get('b');
    cache.delete('b');
    finish('old');
    await deleted;
    expect(cache.peek('b')).toBeUndefined();

    const failing = new AsyncCache<string, string>(10, () => Promise.reject(new Error('lost')));
    await expect(failing.get('a')).rejects.toThrow('lost');
    await expect(failing.get('a')).rejects.toThrow('lost');
  });
});
