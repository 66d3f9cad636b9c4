import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { newId } from '../../../src/common/ids.js';
import { inTransaction } from '../../../src/database/index.js';
import { PersonalFeed } from '../../../src/modules/users/index.js';
import { eachDatabase } from '../../support/databases.js';

eachDatabase('what changes for one person alone', (open) => {
  let source: DataSource;
  let feed: PersonalFeed;
  let people: string[];

  beforeAll(async () => {
    source = await open([]);
    feed = new PersonalFeed(source);
    feed.register('notification', async (_userId, ids) => new Map(ids.filter((id) => id !== 'gone').map((id) => [id, { about: id }])));
  });
  afterAll(async () => source.destroy());

  beforeEach(async () => {
    people = Array.from({ length: 4 }, () => newId());
    await source.query(
      `INSERT INTO users (id, email, email_key, username, username_key, password_hash, status, activated_at)
       SELECT id, id, id, id, id, '', 'active', now() FROM unnest($1::uuid[]) AS p(id)`,
      [people],
    );
  });

  const touch = async (userIds: string[], ids: string | string[]) =>
    inTransaction(source, async (manager) => feed.touch(manager, userIds, 'notification', ids));

  it('counts from 1, shows a thing that changed twice once, and says what is gone', async () => {
    const [ann, bob] = people as [string, string];
    expect(await feed.since(ann)).toEqual({ items: [], position: 0, gap: false });
    expect(await feed.since(ann, 0)).toEqual({ items: [], position: 0, gap: false });
    expect(await touch([bob, ann], 'a')).toEqual(
      new Map([
        [ann, 1],
        [bob, 1],
      ]),
    );
    await touch([ann], ['b', 'gone', 'b']);
    await touch([ann], 'a');
    expect(await feed.since(ann, 1)).toEqual({
      items: [
        { subject: 'notification', id: 'b', position: 2, data: { about: 'b' } },
        { subject: 'notification', id: 'gone', position: 3, data: null },
        { subject: 'notification', id: 'a', position: 4, data: { about: 'a' } },
      ],
      position: 4,
      gap: false,
    });
    expect((await feed.since(ann, 3)).items.map(({ id }) => id)).toEqual(['a']);
    expect((await feed.since(bob, 0)).position).toBe(1);
    await expect(
      inTransaction(source, async (manager) =>
        feed.touch(manager, [ann], 'notification', 'c').then(() => Promise.reject(new Error('undone'))),
      ),
    ).rejects.toThrow('undone');
    expect(await feed.position(ann)).toBe(4);
  });

  it('numbers without holes and in the order of commits, whatever happens side by side, and nobody waits for ever', async () => {
    await Promise.all(
      Array.from({ length: 50 }, async (_, n) =>
        inTransaction(source, async (manager) => {
          const some = n % 2 ? people : [...people].reverse();
          await feed.lock(manager, some);
          for (const person of some) await feed.touch(manager, [person], 'notification', `n${n}`);
        }),
      ),
    );
    for (const person of people) {
      const { items, position } = await feed.since(person, 0);
      expect(position).toBe(50);
      expect(items.map((item) => item.position)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
    }
  });

  it('a client too far behind, or above the head, gets the newest changes; what no answer reaches is not kept', async () => {
    const [ann] = people as [string];
    for (let n = 0; n < 7; n++)
      await touch(
        [ann],
        Array.from({ length: 100 }, (_, i) => `${n}-${i}`),
      );
    expect((await feed.since(ann, 200)).gap).toBe(false);
    expect((await feed.since(ann, 200)).items).toHaveLength(500);
    for (const since of [199, 701]) {
      const answer = await feed.since(ann, since);
      expect(answer).toMatchObject({ gap: true, position: 700 });
      expect(answer.items.map(({ position }) => position)).toEqual(Array.from({ length: 100 }, (_, i) => 601 + i));
    }
    await touch(
      [ann],
      Array.from({ length: 2_000 }, (_, i) => `many-${i}`),
    );
    expect((await feed.since(ann, 2_200)).items).toHaveLength(500);
    expect((await feed.since(ann, 700)).gap).toBe(true);
    const [kept] = await source.query<{ n: number }[]>('SELECT count(*)::int AS n FROM personal_changes WHERE user_id = $1', [ann]);
    expect(kept!.n).toBeLessThanOrEqual(600);
  });
});
