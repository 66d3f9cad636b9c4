import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import type { PersonalChanges, PersonalSubject } from '../../contracts/index.js';

/** Further behind than this is a gap. */
const farthest = 500;
/** A client that missed more gets this many of the newest changes instead. */
const gapPage = 100;
/** Changes that lie further back than any answer reaches are removed when a person's position passes a multiple of this. */
const tidyEvery = 100;

/**
 * Gives the things as they are now, by id, to the person they belong to. What is left out is gone, and is told as `data: null`.
 */
export type PersonalLoader = (userId: string, ids: readonly string[]) => Promise<ReadonlyMap<string, Record<string, unknown>>>;

/**
 * What changed for one person alone: one row per thing with the position of its last change, and one counter per person. As in a room, a
 * position per client is enough to catch up.
 */
@Injectable()
export class PersonalFeed {
  private readonly loaders = new Map<PersonalSubject, PersonalLoader>();

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Says who knows the things of a subject. @throws Error when the subject has a loader already */
  register(subject: PersonalSubject, loader: PersonalLoader): void {
    if (this.loaders.has(subject)) throw new Error(`The personal subject ${subject} has two loaders.`);
    this.loaders.set(subject, loader);
  }

  /**
   * Takes the locks under which each of these people's own things change, in id order, until the transaction ends. `touch` takes them, too; a
   * transaction that touches people one after the other locks them all here first, so that two such transactions cannot wait for each other.
   * Rooms are locked before people.
   */
  async lock(manager: EntityManager, userIds: Iterable<string>): Promise<void> {
    const people = inOrder(userIds);
    if (people.length > 0) await manager.query(raise, [people, people.map(() => 0)]);
  }

  /**
   * Notes within the caller's transaction that one or several things of these people changed: each thing takes the person's next position.
   * The person stays locked until the transaction ends, so positions become visible in their order and without holes.
   * @returns the position of each person's last change
   */
  async touch(
    manager: EntityManager,
    userIds: Iterable<string>,
    subject: PersonalSubject,
    subjectIds: string | readonly string[],
  ): Promise<Map<string, number>> {
    const ids = typeof subjectIds === 'string' ? [subjectIds] : subjectIds;
    return this.touchEach(manager, subject, new Map([...userIds].map((userId) => [userId, ids])));
  }

  /** As `touch`, where other things changed for each of the people. @param changed the ids of the things, by person */
  async touchEach(
    manager: EntityManager,
    subject: PersonalSubject,
    changed: ReadonlyMap<string, readonly string[]>,
  ): Promise<Map<string, number>> {
    const people = inOrder(changed.keys()).filter((userId) => changed.get(userId)!.length > 0);
    if (people.length === 0) return new Map();
    const things = people.map((userId) => [...new Set(changed.get(userId))]);
    // More than a client may be behind need not be noted one by one: whoever has not seen them is told of a gap.
    const noted = people.flatMap((userId, index) => {
      const all = things[index]!;
      return all.slice(-farthest).map((id, nth, some) => ({ userId, id, fromHead: some.length - 1 - nth }));
    });
    const rows = await manager.query<{ user_id: string; position: string }[]>(
      `WITH heads AS (${raise}), noted AS (
         INSERT INTO personal_changes (user_id, subject, subject_id, position)
         SELECT h.user_id, $3, n.id, h.position - n.from_head
         FROM unnest($4::uuid[], $5::text[], $6::int[]) AS n(user_id, id, from_head) JOIN heads h ON h.user_id = n.user_id
         ON CONFLICT (user_id, subject, subject_id) DO UPDATE SET position = EXCLUDED.position)
       SELECT user_id, position FROM heads`,
      [
        people,
        things.map((all) => all.length),
        subject,
        noted.map(({ userId }) => userId),
        noted.map(({ id }) => id),
        noted.map(({ fromHead }) => fromHead),
      ],
    );
    const positions = new Map(rows.map((row) => [row.user_id, Number(row.position)]));
    await this.tidy(manager, positions, new Map(people.map((userId, index) => [userId, things[index]!.length])));
    return positions;
  }

  /**
   * Forgets a thing in the feeds of everybody, within the caller's transaction. Whoever has not heard of its end yet finds a gap instead, and
   * reads their lists anew. Looks at every change that is noted.
   */
  async forget(manager: EntityManager, subject: PersonalSubject, subjectId: string): Promise<void> {
    const rows = await manager.query<{ user_id: string }[]>('SELECT user_id FROM personal_changes WHERE subject = $1 AND subject_id = $2', [
      subject,
      subjectId,
    ]);
    const people = inOrder(rows.map((row) => row.user_id));
    if (people.length === 0) return;
    await manager.query(raise, [people, people.map(() => farthest + 1)]);
    await manager.query('DELETE FROM personal_changes WHERE subject = $1 AND subject_id = $2 AND user_id = ANY($3::uuid[])', [
      subject,
      subjectId,
      people,
    ]);
  }

  /** The position of a person's last change; 0: nothing ever happened. */
  async position(userId: string): Promise<number> {
    return (await this.since(userId)).position;
  }

  /**
   * What changed since a position, as it is now, ascending; without one only where the person stands. `gap`: the position is above the head or
   * more than 500 changes behind, so the newest changes come instead and the client reads its lists anew.
   */
  async since(userId: string, since?: number): Promise<PersonalChanges> {
    const { head, changes } = await this.read(userId, since ?? Number.MAX_SAFE_INTEGER, 'ASC', farthest);
    if (since === undefined) return { items: [], position: head, gap: false };
    if (since <= head && head - since <= farthest) return { items: await this.load(userId, changes), position: head, gap: false };
    const newest = await this.read(userId, 0, 'DESC', gapPage);
    return { items: await this.load(userId, newest.changes.reverse()), position: newest.head, gap: true };
  }

  private async read(userId: string, above: number, order: 'ASC' | 'DESC', limit: number): Promise<{ head: number; changes: Change[] }> {
    const rows = await this.dataSource.query<{ head: string; subject: PersonalSubject | null; id: string; position: string }[]>(
      `SELECT h.head, c.* FROM (SELECT coalesce((SELECT position FROM personal_heads WHERE user_id = $1), 0) AS head) h
       LEFT JOIN LATERAL (
         SELECT subject, subject_id AS id, position FROM personal_changes WHERE user_id = $1 AND position > $2::bigint ORDER BY position ${order} LIMIT $3
       ) c ON true`,
      [userId, above, limit],
    );
    const changes = rows.flatMap(({ subject, id, position }) => (subject === null ? [] : [{ subject, id, position: Number(position) }]));
    return { head: Number(rows[0]!.head), changes };
  }

  /** Each subject is asked once. */
  private async load(userId: string, changes: readonly Change[]): Promise<PersonalChanges['items']> {
    const data = new Map<PersonalSubject, ReadonlyMap<string, Record<string, unknown>>>();
    for (const subject of new Set(changes.map((change) => change.subject))) {
      const ids = changes.filter((change) => change.subject === subject).map((change) => change.id);
      data.set(subject, (await this.loaders.get(subject)?.(userId, ids)) ?? new Map<string, Record<string, unknown>>());
    }
    return changes.map((change) => ({ ...change, data: data.get(change.subject)?.get(change.id) ?? null }));
  }

  private async tidy(manager: EntityManager, positions: ReadonlyMap<string, number>, by: ReadonlyMap<string, number>): Promise<void> {
    const passed = [...positions].filter(
      ([userId, position]) => Math.floor(position / tidyEvery) !== Math.floor((position - by.get(userId)!) / tidyEvery),
    );
    if (passed.length === 0) return;
    await manager.query(
      `DELETE FROM personal_changes c USING unnest($1::uuid[], $2::bigint[]) AS p(user_id, position)
       WHERE c.user_id = p.user_id AND c.position <= p.position - ${farthest}`,
      [passed.map(([userId]) => userId), passed.map(([, position]) => position)],
    );
  }
}

interface Change {
  subject: PersonalSubject;
  id: string;
  position: number;
}

/** Rows are taken in the order in which they come, so the locks are, too. */
const raise = `INSERT INTO personal_heads (user_id, position) SELECT p.id, p.by FROM unnest($1::uuid[], $2::int[]) AS p(id, by)
  ON CONFLICT (user_id) DO UPDATE SET position = personal_heads.position + EXCLUDED.position RETURNING user_id, position`;

/** As text, ids sort as in the database. */
function inOrder(userIds: Iterable<string>): string[] {
  return [...new Set(userIds)].sort();
}
