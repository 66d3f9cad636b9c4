import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import type { AppError } from '../../../src/common/app-error.js';
import { newId } from '../../../src/common/ids.js';
import { FileEntity } from '../../../src/modules/files/entities/file.entity.js';
import type { Draft, Written } from '../../../src/modules/messages/draft.js';
import { MessageEntity } from '../../../src/modules/messages/entities/message.entity.js';
import { mediaSql } from '../../../src/modules/messages/room-media.js';
import { MessageWriter } from '../../../src/modules/messages/message-writer.js';
import { WriterRepository } from '../../../src/modules/messages/writer.repository.js';
import { eachDatabase } from '../../support/databases.js';

eachDatabase('messages with files', (open) => {
  let source: DataSource;
  let repository: WriterRepository;
  let writer: MessageWriter;
  let room: string;
  let ann: string;
  let bob: string;

  beforeAll(async () => {
    source = await open([MessageEntity, FileEntity]);
    repository = new WriterRepository(source);
    writer = new MessageWriter(repository);
    room = newId();
    await source.query(
      `INSERT INTO rooms (id, name, name_key, title, kind, epoch, last_activity_at, created_at) VALUES ($1, 'files', 'files', 'Files', 'public', 'e', now(), now())`,
      [room],
    );
    [ann, bob] = [await addPerson('ann'), await addPerson('bob')];
    await source.query(
      `INSERT INTO room_members (room_id, user_id, role, joined_at) VALUES ($1, $2, 'member', now()), ($1, $3, 'member', now())`,
      [room, ann, bob],
    );
  });
  afterAll(async () => {
    await repository.onApplicationShutdown();
    await source.destroy();
  });

  async function addPerson(name: string): Promise<string> {
    const id = newId();
    await source.query(
      `INSERT INTO users (id, email, email_key, username, username_key, password_hash, status, created_at, activated_at) VALUES ($1, $2, $2, $3, $3, '', 'active', now(), now())`,
      [id, `${id}@example.org`, name],
    );
    return id;
  }

  async function addFile(owner: string, name = 'a.png', state = 'ready'): Promise<string> {
    const id = newId();
    const sizes = { full: { object: 'full', bytes: 123 } };
    await source.query(
      `INSERT INTO files (id, owner_id, kind, name, mime, bytes, width, height, sizes, state, created_at) VALUES ($1, $2, 'image', $3, 'image/png', 200, 3, 4, $4, $5, now())`,
      [id, owner, name, JSON.stringify(sizes), state],
    );
    return id;
  }

  const draft = (content: string, attachments: string[], more: Partial<Draft> = {}): Draft => ({
    roomId: room,
    authorId: ann,
    kind: 'text',
    content,
    attachments,
    mentions: [],
    accessVersion: 0,
    author: null,
    pair: null,
    ...more,
  });
  const refused = async (sent: Promise<Written>) => sent.catch((error: unknown) => (error as AppError).code);
  const attachedTo = async (file: string) => (await source.query('SELECT attached_kind, attached_id FROM files WHERE id = $1', [file]))[0];
  const ids = (written: Written) => written.message.attachments.map(({ id }) => id);

  it('shows the files in the order that was asked for, as they will be read later', async () => {
    const [one, two] = [await addFile(ann, 'one.png'), await addFile(ann, 'two.png')];
    const written = await writer.write(draft('look @bob', [two, one], { mentions: ['bob'] }));
    expect(ids(written)).toEqual([two, one]);
    expect(written.message.attachments[0]).toEqual({
      id: two,
      kind: 'image',
      name: 'two.png',
      mime: 'image/png',
      bytes: 123,
      width: 3,
      height: 4,
      sizes: {
        thumbnail: `/api/v1/files/${two}?size=thumbnail`,
        medium: `/api/v1/files/${two}?size=medium`,
        full: `/api/v1/files/${two}?size=full`,
      },
    });
    expect((await repository.stored([written.row.id])).get(written.row.id)!.attachments).toEqual(written.row.attachments);
    for (const file of [one, two]) expect(await attachedTo(file)).toEqual({ attached_kind: 'message', attached_id: written.row.id });
  });

  it('fails alone when a file is unknown, somebody else’s, in use, half there or going; the others of its batch are stored', async () => {
    const used = await addFile(ann);
    await writer.write(draft('first', [used]));
    const good = await addFile(ann);
    const bad = [newId(), await addFile(bob), used, await addFile(ann, 'half.png', 'writing')];
    const free = await addFile(ann);
    const outcomes = await Promise.all([
      refused(writer.write(draft('before', []))).then((written) => typeof written),
      ...bad.map((file) => refused(writer.write(draft('bad', [free, file])))),
      refused(writer.write(draft('good', [good]))).then((written) => ids(written as Written)),
      refused(writer.write(draft('after', []))).then((written) => typeof written),
    ]);
    expect(outcomes).toEqual(['object', ...bad.map(() => 'file.not-found'), [good], 'object']);
    expect(await attachedTo(free)).toEqual({ attached_kind: null, attached_id: null });
    const [{ last_seq, held }] = await source.query(
      'SELECT last_seq, (SELECT count(*) FROM messages WHERE room_id = r.id) AS held FROM rooms r WHERE id = $1',
      [room],
    );
    expect(last_seq).toBe(held);
  });

  it('of fifty messages that show the same file one is stored, in one batch and in many', async () => {
    for (const file of [await addFile(ann), await addFile(ann)]) {
      const other = new MessageWriter(repository);
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, n) => refused((n % 2 ? writer : other).write(draft(`m${n}`, [file])))),
      );
      expect(outcomes.filter((outcome) => outcome !== 'file.not-found')).toHaveLength(1);
    }
  });

  it('a request that is sent again is the same message; with other files under its clientId it is refused', async () => {
    const [one, two] = [await addFile(ann), await addFile(ann)];
    const send = (attachments: string[], attachmentsKey?: string) =>
      writer.write(draft('x', attachments, { clientId: 'c-1', attachmentsKey }));
    const [first, again] = await Promise.all([send([one]), send([one])]);
    expect(again.row.id).toBe(first.row.id);
    expect((await send([one])).fresh).toBe(false);
    expect(ids(await send([one]))).toEqual([one]);
    expect(await refused(send([two]))).toBe('message.client-id-reused');
    expect(await refused(send([one, two]))).toBe('message.client-id-reused');
    expect(await refused(send([]))).toBe('message.client-id-reused');
    expect(await attachedTo(two)).toMatchObject({ attached_id: null });
  });

  it('a picture that came along is known by its bytes, whatever its id is', async () => {
    const [one, two, three] = [await addFile(ann), await addFile(ann), await addFile(ann)];
    const send = (file: string, attachmentsKey: string) => writer.write(draft('x', [file], { clientId: 'c-2', attachmentsKey }));
    const first = await send(one, 'image abc');
    const again = await send(two, 'image abc');
    expect([again.row.id, again.fresh]).toEqual([first.row.id, false]);
    expect(await refused(send(three, 'image xyz'))).toBe('message.client-id-reused');
    expect(await attachedTo(two)).toMatchObject({ attached_id: null });
  });

  it('each list of what was shown has an index of its own', async () => {
    const busy = newId();
    await source.query(
      `INSERT INTO rooms (id, name, name_key, title, kind, epoch, last_seq, position, last_activity_at, created_at)
       VALUES ($1, 'busy', 'busy', 'Busy', 'public', 'e', 20000, 20000, now(), now())`,
      [busy],
    );
    await source.query(
      `INSERT INTO messages (id, room_id, seq, position, created_position, kind, author_id, content, attachments, created_at)
       SELECT gen_random_uuid(), $1, n, n, n, 'text', $2, 'x',
         CASE WHEN n % 1000 = 0 THEN '[{"kind": "image"}]'::jsonb WHEN n % 2 = 0 THEN '[{"kind": "file"}]'::jsonb END, now()
       FROM generate_series(1, 20000) n`,
      [busy, ann],
    );
    await source.query('ANALYZE messages');
    for (const [kind, index] of [
      [undefined, 'ix_messages_media'],
      ['image', 'ix_messages_media_image'],
      ['file', 'ix_messages_media_file'],
    ] as const) {
      const plan = await source.query<Record<string, string>[]>(`EXPLAIN ${mediaSql(kind)}`, [busy, 15_000, 51]);
      const text = plan.map((row) => row['QUERY PLAN']).join('\n');
      expect(text).toContain(`Index Scan Backward using ${index} `);
      expect(text).not.toMatch(/Seq Scan|Sort/);
    }
  });
});
