import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { AppError } from '../../../src/common/app-error.js';
import { newId } from '../../../src/common/ids.js';
import { MessageEntity } from '../../../src/modules/messages/entities/message.entity.js';
import type { Draft, Written } from '../../../src/modules/messages/draft.js';
import { MessageWriter } from '../../../src/modules/messages/message-writer.js';
import { WriterRepository } from '../../../src/modules/messages/writer.repository.js';
import { eachDatabase } from '../../support/databases.js';

eachDatabase('the message writer', (open) => {
  let source: DataSource;
  let writer: MessageWriter;
  let batches: Written[][];
  let room: string;
  let ann: string;
  let bob: string;

  beforeAll(async () => {
    source = await open([MessageEntity]);
  });
  afterAll(async () => source.destroy());

  async function addPerson(name: string): Promise<string> {
    const id = newId();
    await source.query(
      `INSERT INTO users (id, email, email_key, username, username_key, password_hash, status, created_at, activated_at) VALUES ($1, $2, $2, $3, $3, '', 'active', now(), now())`,
      [id, `${id}@example.org`, name],
    );
    return id;
  }

  async function addRoom(...members: string[]): Promise<string> {
    const id = newId();
    await source.query(
      `INSERT INTO rooms (id, name, name_key, title, kind, epoch, last_activity_at, created_at) VALUES ($1, $2::text, $2::text, 'Room', 'public', $3, now(), now())`,
      [id, `room-${id.slice(-12)}`, newId()],
    );
    await source.query(`INSERT INTO room_members (room_id, user_id, role, joined_at) SELECT $1, unnest($2::uuid[]), 'member', now()`, [
      id,
      members,
    ]);
    return id;
  }

  beforeEach(async () => {
    writer = new MessageWriter(new WriterRepository(source));
    batches = [];
    writer.afterWrite((written) => batches.push([...written]));
    ann = await addPerson(`ann-${newId().slice(-12)}`);
    bob = await addPerson(`bob-${newId().slice(-12)}`);
    room = await addRoom(ann, bob);
  });

  const draft = (content: string, more: Partial<Draft> = {}): Draft => ({
    roomId: room,
    authorId: ann,
    kind: 'text',
    content,
    mentions: [],
    accessVersion: 0,
    author: null,
    pair: null,
    ...more,
  });

  it('numbers what is sent at once in the order of the calls, in rooms of their own', async () => {
    const other = await addRoom(ann, bob);
    const written = await Promise.all(
      Array.from({ length: 120 }, (_, index) => writer.write(draft(`m${index}`, index % 3 === 0 ? { roomId: other } : {}))),
    );
    const here = written.filter(({ row }) => row.room_id === room);
    expect(here.map(({ row }) => Number(row.seq))).toEqual(here.map((_, index) => index + 1));
    expect(here.map(({ row }) => Number(row.position))).toEqual(here.map((_, index) => index + 1));
    const stored = await source.query('SELECT content FROM messages WHERE room_id = $1 ORDER BY seq', [room]);
    expect(stored.map((row: { content: string }) => row.content)).toEqual(here.map(({ row }) => row.content));
    const [counters] = await source.query('SELECT last_seq, position FROM rooms WHERE id = $1', [room]);
    expect(counters).toEqual({ last_seq: String(here.length), position: String(here.length) });
  });

  it('writes together what arrives while a write is under way', async () => {
    await Promise.all(Array.from({ length: 300 }, (_, index) => writer.write(draft(`m${index}`))));
    await new Promise((resolve) => setImmediate(resolve));
    expect(batches.flat()).toHaveLength(300);
    expect(batches.length).toBeLessThanOrEqual(3);
    expect(batches.flat().map(({ row }) => Number(row.seq))).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  });

  it('stores a client id once: inside one batch, against stored rows, and refuses another request under it', async () => {
    const [first, again] = await Promise.all([
      writer.write(draft('hello', { clientId: 'c1' })),
      writer.write(draft('hello', { clientId: 'c1' })),
    ]);
    expect(again.row.id).toBe(first.row.id);
    expect([first.fresh, again.fresh]).toEqual([true, false]);
    const later = await writer.write(draft('hello', { clientId: 'c1' }));
    expect({ id: later.row.id, seq: later.row.seq, fresh: later.fresh }).toEqual({ id: first.row.id, seq: first.row.seq, fresh: false });
    await expect(writer.write(draft('other', { clientId: 'c1' }))).rejects.toMatchObject({ code: 'message.client-id-reused' });
    await expect(
      Promise.all([writer.write(draft('a', { clientId: 'c2' })), writer.write(draft('b', { clientId: 'c2' }))]),
    ).rejects.toMatchObject({ code: 'message.client-id-reused' });
    // Not looked for before there was one: a writer that has met none finds it, too, and fails nobody else.
    const fresh = new MessageWriter(new WriterRepository(source));
    const [before, retried, after] = await Promise.all([
      fresh.write(draft('before')),
      fresh.write(draft('hello', { clientId: 'c1' })),
      fresh.write(draft('after')),
    ]);
    expect([before.fresh, retried.fresh, retried.row.id, after.fresh]).toEqual([true, false, first.row.id, true]);
    const bobs = await writer.write(draft('mine', { clientId: 'c1', authorId: bob }));
    expect(bobs.fresh).toBe(true);
    const [{ count }] = await source.query('SELECT count(*) FROM messages WHERE room_id = $1', [room]);
    expect(Number(count)).toBe(5);
  });

  it('lets a guilty row fail alone', async () => {
    const gone = newId();
    const results = await Promise.allSettled([
      writer.write(draft('one')),
      writer.write(draft('nowhere', { roomId: newId() })),
      writer.write(draft('by nobody', { authorId: gone })),
      writer.write(draft('to nothing', { replyTo: newId() })),
      writer.write(draft('stale', { accessVersion: 7, authorId: bob })),
      writer.write(draft('x'.repeat(4097))),
      writer.write(draft('two')),
    ]);
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(results[1]).toMatchObject({ reason: { code: 'room.not-found' } });
    expect(results[3]).toMatchObject({ reason: { code: 'message.not-found' } });
    expect(results[4]).toMatchObject({ reason: { code: 'server.busy' } });
    const stored = await source.query('SELECT content, seq FROM messages WHERE room_id = $1 ORDER BY seq', [room]);
    expect(stored).toEqual([
      { content: 'one', seq: '1' },
      { content: 'two', seq: '2' },
    ]);
  });

  it('keeps the order of one author when rights are decided anew under a newer version, and stops who has lost them', async () => {
    await source.query('UPDATE rooms SET access_version = 3 WHERE id = $1', [room]);
    const late = async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return 3;
    };
    const sends = Array.from({ length: 40 }, (_, n) => writer.write(draft(`m${n}`, { accessVersion: n % 2 ? 3 : 0 }), late));
    const refused = writer.write(draft('kicked', { authorId: bob }), async () => {
      throw new AppError('room.not-joined');
    });
    await expect(refused).rejects.toMatchObject({ code: 'room.not-joined' });
    // A later send, decided under the newer version, does not overtake the ones that wait for a decision.
    const last = writer.write(draft('last', { accessVersion: 3 }));
    const written = await Promise.all([...sends, last]);
    const seqs = written.map(({ row }) => Number(row.seq));
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  it('asks anew about an author who is no member, whatever the version says, and stores nothing of them', async () => {
    const elsewhere = await addRoom(bob);
    await expect(
      writer.write(draft('not mine', { roomId: elsewhere }), () => Promise.reject(new AppError('room.not-joined'))),
    ).rejects.toMatchObject({
      code: 'room.not-joined',
    });
    await source.query('DELETE FROM users WHERE id = $1', [ann]);
    await expect(writer.write(draft('gone'), () => Promise.reject(new AppError('room.not-joined')))).rejects.toMatchObject({
      code: 'room.not-joined',
    });
    expect(await source.query('SELECT 1 FROM messages WHERE room_id = ANY($1::uuid[])', [[room, elsewhere]])).toEqual([]);
  });

  it('loses messages with their room alone; those of an author who is gone stay, without a name', async () => {
    const other = await addRoom(ann, bob);
    await writer.write(draft('in the room'));
    await writer.write(draft('in another', { roomId: other, clientId: 'c' }));
    await source.query('DELETE FROM rooms WHERE id = $1', [room]);
    await source.query('DELETE FROM users WHERE id = $1', [ann]);
    expect(await source.query('SELECT content, author_id FROM messages WHERE room_id = ANY($1::uuid[])', [[room, other]])).toEqual([
      { content: 'in another', author_id: null },
    ]);
  });

  it('keeps replies inside the room, marks mentions of members alone, and lets authors have read their own', async () => {
    const first = await writer.write(draft('first', { authorId: bob }));
    const reply = await writer.write(
      draft('reply', { replyTo: first.row.id, mentions: [await nameKey(bob), await nameKey(ann), 'nobody-at-all'] }),
    );
    expect(reply.row.reply_to).toBe(first.row.id);
    const elsewhere = await addRoom(ann);
    await expect(writer.write(draft('no', { roomId: elsewhere, replyTo: first.row.id }))).rejects.toMatchObject({
      code: 'message.not-found',
    });
    const mentions = await source.query('SELECT user_id, seq FROM mentions WHERE room_id = $1', [room]);
    expect(mentions).toEqual([{ user_id: bob, seq: '2' }]);
    const read = await source.query('SELECT user_id, read_seq FROM room_members WHERE room_id = $1 ORDER BY read_seq', [room]);
    expect(read).toEqual([
      { user_id: bob, read_seq: '1' },
      { user_id: ann, read_seq: '2' },
    ]);
  });

  it('keeps one order without holes when several writers share the rooms, and one row per client id', async () => {
    const other = await addRoom(ann, bob);
    const writers = Array.from({ length: 4 }, () => new MessageWriter(new WriterRepository(source)));
    const sends = writers.flatMap((one, index) =>
      Array.from({ length: 60 }, (_, n) =>
        one.write(draft(`shared ${n}`, { roomId: n % 2 ? room : other, authorId: index % 2 ? ann : bob, clientId: `n${n}` })),
      ),
    );
    const written = await Promise.all(sends);
    for (const id of [room, other]) {
      const rows = await source.query('SELECT seq, position FROM messages WHERE room_id = $1 ORDER BY seq', [id]);
      expect(rows).toHaveLength(60);
      expect(rows.map((row: { seq: string }) => Number(row.seq))).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    }
    expect(new Set(written.map(({ row }) => row.id)).size).toBe(120);
  });

  it('seldom looks at each row when another node writes to the same rooms all the time', async () => {
    const other = await addRoom(ann, bob);
    const statements = { straight: 0, judged: 0 };
    const nodes = [ann, bob].map((authorId) => {
      const repository = new WriterRepository(source);
      const straight = repository.writeStraight.bind(repository);
      const judged = repository.write.bind(repository);
      repository.writeStraight = async (...args) => (statements.straight++, straight(...args));
      repository.write = async (...args) => (statements.judged++, judged(...args));
      return { authorId, writer: new MessageWriter(repository) };
    });
    await Promise.all(
      nodes.flatMap(({ authorId, writer: one }) =>
        Array.from({ length: 8 }, async (_, sender) => {
          for (let n = 0; n < 40; n++) await one.write(draft(`${sender} ${n}`, { roomId: (n + sender) % 2 ? room : other, authorId }));
        }),
      ),
    );
    for (const id of [room, other]) {
      const rows = await source.query('SELECT seq FROM messages WHERE room_id = $1 ORDER BY seq', [id]);
      expect(rows.map((row: { seq: string }) => Number(row.seq))).toEqual(Array.from({ length: 320 }, (_, index) => index + 1));
    }
    expect(statements.judged).toBeLessThan(statements.straight / 10);
  });

  it('refuses instead of growing without bound', async () => {
    const sends = Array.from({ length: 10_050 }, (_, index) => writer.write(draft(`m${index}`)));
    const results = await Promise.allSettled(sends);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expect(refused[0]).toMatchObject({ reason: { code: 'server.busy', retryAfter: 1 } });
  });

  async function nameKey(id: string): Promise<string> {
    const [row] = await source.query('SELECT username_key FROM users WHERE id = $1', [id]);
    return (row as { username_key: string }).username_key;
  }
});

describe('mentions', () => {
  it('finds names after an at sign, not in addresses', async () => {
    const { mentionedNames } = await import('../../../src/modules/messages/mentions.js');
    expect(mentionedNames('hi @Ann, @bob. and mail@example.org or @@x')).toEqual(expect.arrayContaining(['ann', 'bob']));
    expect(mentionedNames('mail@example.org')).toEqual([]);
    expect(mentionedNames('@Олена')).toEqual(['олена']);
  });
});
