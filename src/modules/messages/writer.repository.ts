import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { AttachmentSnapshot } from '../../common/attachment-view.js';
import { type MessageRow, messageColumns } from '../../common/message-view.js';
import { byteaArray, intArray, openStatementPool, type StatementPool, textArray, timeArray, uuidArray } from '../../database/index.js';
import { attachSql } from '../files/index.js';
import { listedBehind } from '../rooms/index.js';
import { left, straightBatch, straightStatement } from './straight-write.js';

/** A message as it goes into the statement. */
export interface WriteRow {
  id: string;
  roomId: string;
  authorId: string | null;
  kind: 'text' | 'system';
  content: string;
  clientId: string | null;
  /** Of what was asked for, to tell a retry from a misuse of its client id, a byte per character; null without one. */
  requestHash: string | null;
  replyTo: string | null;
  /** Ids of the files that it shows, in their order. */
  attachments: readonly string[];
  createdAt: Date;
  mentions: readonly string[];
  accessVersion: number;
}

export interface StoredRow extends MessageRow {
  /** As `WriteRow.requestHash`. */
  request_hash: string | null;
}

/**
 * `stored`: written now. `double`: an earlier request has this client id. `stale`: the rights must be decided anew. `file-missing`: a file that
 * it shows is unknown, somebody else's or in use. `unknown`: a double whose earlier message could not be read; asking again under the same
 * client id is safe.
 */
export type WriteResult =
  | { status: 'stored'; row: StoredRow }
  | { status: 'double'; row: StoredRow }
  | { status: 'reply-missing' }
  | { status: 'file-missing' }
  | { status: 'stale' }
  | { status: 'unknown' };

/** What became of rows that were written straight. */
export interface StraightResults {
  /** By the place of the row; none for rows whose room does not exist or is locked, and for those of `unclear`. */
  results: readonly ({ status: 'stored'; row: StoredRow } | undefined)[];
  /** Rooms of which no row was written: `write` finds out why, or writes them. */
  unclear: ReadonlySet<string>;
}

/**
 * How long the statement waits for a room that somebody else holds locked. `never`: such rows have no result, like those of a room that does
 * not exist. `briefly`, `long`: as `shortLockWait` and as any statement of this house; then nothing is written and 55P03 is thrown.
 */
export type LockWait = 'never' | 'briefly' | 'long';

/** Longer than the usual change of a room holds its lock, in ms. */
const shortLockWait = 100;
/** A batch takes milliseconds; a database that is silent for this long, in ms, is gone. */
const answerWithin = 5_000;

/** How long doubles are looked for after one was met, in ms. */
const doublesExpectedFor = 5_000;

/** What occurs in a batch. What does not is left out of the statement: planning it costs more than a small batch. */
interface Occurring {
  /** Some rows may repeat an earlier request: stored rows are looked at first. */
  doubles: boolean;
  replies: boolean;
  mentions: boolean;
  attachments: boolean;
}

/**
 * The statement of the message writer. Rooms are locked row by row, so the rows have to come in the order of their rooms' ids; fresh rows get
 * the room's next seq and position; authors have read what they wrote; who is mentioned and a member gets a mention, unless they block the
 * author. A row whose room does not exist has no result, one whose author is no member is stale: rooms and authors are no foreign keys of
 * messages, because that is decided here, under the room's lock. Doubles inside one batch must be taken out before (`write` does).
 */
function writeSql({ doubles, replies, mentions, attachments }: Occurring, isPatient: boolean): string {
  const double = 'SELECT d.id FROM messages d WHERE d.author_id = i.author_id AND d.room_id = i.room_id AND d.client_id = i.client_id';
  const replied = 'EXISTS (SELECT FROM messages p WHERE p.id = i.reply_to AND p.room_id = i.room_id)';
  const member = 'EXISTS (SELECT FROM room_members m WHERE m.room_id = i.room_id AND m.user_id = i.author_id)';
  return `
WITH input AS (
  SELECT * FROM unnest($1::int[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::uuid[], $10::timestamptz[], $11::int[])
    AS i(ord, id, room_id, author_id, kind, content, client_id, request_hash, reply_to, created_at, access_version)
)${attachments ? `, ${wantedSql(mentions ? 14 : 12)}` : ''}, found AS MATERIALIZED (
  SELECT i.*, l.last_seq, l.position, l.access_version AS room_version,
    ${doubles ? `CASE WHEN i.client_id IS NOT NULL THEN (${double}) END` : 'NULL::uuid'} AS double_id,
    i.author_id IS NOT NULL AND NOT ${member} AS is_stranger,
    ${replies ? `i.reply_to IS NOT NULL AND NOT ${replied}` : 'false'} AS reply_missing,
    ${attachments ? `EXISTS (SELECT FROM wanted w WHERE w.ord = i.ord AND (w.id IS NULL OR w.use > 1))` : 'false'} AS file_missing
  FROM input i
  CROSS JOIN LATERAL (SELECT r.last_seq, r.position, r.access_version FROM rooms r WHERE r.id = i.room_id FOR UPDATE${isPatient ? '' : ' SKIP LOCKED'}) l
), judged AS (
  SELECT f.*,
    CASE
      WHEN f.double_id IS NOT NULL THEN 'double'
      WHEN f.is_stranger OR f.author_id IS NOT NULL AND f.access_version <> f.room_version THEN 'stale'
      WHEN f.reply_missing THEN 'reply-missing'
      WHEN f.file_missing THEN 'file-missing'
      ELSE 'stored'
    END AS status
  FROM found f
), numbered AS MATERIALIZED (
  SELECT j.*, row_number() OVER (PARTITION BY j.room_id, j.status = 'stored' ORDER BY j.ord) AS number FROM judged j
), fresh AS (
  SELECT n.*, n.last_seq + n.number AS new_seq, n.position + n.number AS new_position FROM numbered n WHERE n.status = 'stored'
), counted AS (
  UPDATE rooms r SET last_seq = r.last_seq + f.n, position = r.position + f.n, last_activity_at = GREATEST(r.last_activity_at, f.at),
    listed_at = CASE WHEN f.at >= r.listed_at + ${listedBehind} THEN f.at ELSE r.listed_at END
  FROM (SELECT room_id, count(*) AS n, max(created_at) AS at FROM fresh GROUP BY room_id) f WHERE r.id = f.room_id
), inserted AS (
  INSERT INTO messages (id, room_id, seq, position, created_position, kind, author_id, content, client_id, request_hash, reply_to, created_at${attachments ? ', attachments' : ''})
  SELECT id, room_id, new_seq, new_position, new_position, kind, author_id, content, client_id, request_hash, reply_to, created_at${attachments ? `, ${shownSql('fresh.ord')}` : ''} FROM fresh
), own_read AS (
  UPDATE room_members m SET read_seq = GREATEST(m.read_seq, f.seq)
  FROM (SELECT room_id, author_id, max(new_seq) AS seq FROM fresh WHERE author_id IS NOT NULL GROUP BY room_id, author_id) f
  WHERE m.room_id = f.room_id AND m.user_id = f.author_id
)${mentions ? `, ${mentionedSql}` : ''}${replies ? `, ${answeredSql}` : ''}${attachments ? `, ${tiedSql}` : ''}
SELECT n.ord, n.status, n.double_id, n.last_seq + n.number AS seq, n.position + n.number AS position${attachments ? `, ${shownSql('n.ord')} AS attachments` : ''} FROM numbered n`;
}

/** The files that are asked for, locked where they are free. A file that two messages of the batch ask for is the first one's. */
const wantedSql = (firstParameter: number) => `wanted AS MATERIALIZED (
  SELECT w.ord, w.place, f.id, f.snapshot, row_number() OVER (PARTITION BY w.file_id ORDER BY w.ord) AS use
  FROM unnest($${firstParameter}::int[], $${firstParameter + 1}::int[], $${firstParameter + 2}::uuid[]) AS w(ord, place, file_id)
  JOIN input i ON i.ord = w.ord
  LEFT JOIN LATERAL (${attachSql.lockedFile('w.file_id', 'i.author_id')}) f ON true
)`;

const shownSql = (ord: string) => `(SELECT jsonb_agg(w.snapshot ORDER BY w.place) FROM wanted w WHERE w.ord = ${ord})`;

const tiedSql = `tied AS (${attachSql.tie('message', 'SELECT w.id AS file_id, f.id AS target_id FROM wanted w JOIN fresh f ON f.ord = w.ord')})`;

const mentionedSql = `mentioned AS (
  INSERT INTO mentions (room_id, user_id, seq)
  SELECT DISTINCT f.room_id, m.user_id, f.new_seq
  FROM unnest($12::int[], $13::text[]) AS n(ord, name)
  JOIN fresh f ON f.ord = n.ord
  JOIN users u ON u.username_key = n.name
  JOIN room_members m ON m.room_id = f.room_id AND m.user_id = u.id
  WHERE u.id IS DISTINCT FROM f.author_id AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker_id = m.user_id AND b.blocked_id = f.author_id)
)`;

/** Whom a message answers is told after the commit, see the notifications. */
const answeredSql = `answered AS (
  INSERT INTO reply_notices (room_id, user_id, seq)
  SELECT f.room_id, p.author_id, f.new_seq FROM fresh f JOIN messages p ON p.id = f.reply_to
  WHERE p.author_id IS NOT NULL AND p.author_id IS DISTINCT FROM f.author_id
)`;

const statements = new Map<string, string>();

/**
 * @param age how often what was written has doubled: the plan of a nearly empty table may take an index that is no good later, so the statement
 *   gets a new name, and with it a new plan, each time
 */
function statementFor(occurring: Occurring, wait: LockWait, age: number): { name: string; text: string } {
  const isPatient = wait !== 'never';
  const { doubles, replies, mentions, attachments } = occurring;
  const kind = [isPatient, doubles, replies, mentions, attachments].map(Number).join('');
  let text = statements.get(kind);
  if (text === undefined) statements.set(kind, (text = writeSql(occurring, isPatient)));
  return { name: `write-messages ${kind} ${age}`, text };
}

interface ResultRow {
  ord: number;
  status: Exclude<WriteResult['status'], 'unknown'>;
  double_id: string | null;
  seq: string | null;
  position: string | null;
  attachments?: AttachmentSnapshot[] | null;
}

/** The SQL behind the message writer. */
@Injectable()
export class WriterRepository implements OnApplicationShutdown {
  private readonly statements: StatementPool;
  /** For rooms that are held locked: they take connections for seconds, and must not take those of the others. */
  private readonly slowStatements: StatementPool;
  private rowsWritten = 0;
  private doublesUntil = 0;

  constructor(@InjectDataSource() dataSource: DataSource) {
    this.statements = openStatementPool(dataSource, { size: 3, lockTimeoutMs: shortLockWait, answerWithinMs: answerWithin });
    this.slowStatements = openStatementPool(dataSource, { size: 4, answerWithinMs: answerWithin });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.statements.end(), this.slowStatements.end()]);
  }

  /**
   * A write failed because a row repeats an earlier request: for a while, stored rows are looked at first. That costs each row as much as an
   * index, and repetitions are rare and come together, when connections come back. The unique index is what keeps them out.
   */
  expectDoubles(): void {
    this.doublesUntil = performance.now() + doublesExpectedFor;
  }

  /**
   * Writes rows in one statement, in their order. A second row of the batch with the same room, author and client id is answered as a double.
   * @returns a result per row id; none for rows whose room does not exist, or is locked where `wait` is `never`
   * @throws what the database throws: then nothing of the batch is stored
   */
  async write(rows: readonly WriteRow[], wait: LockWait): Promise<Map<string, WriteResult>> {
    const { first, doubles } = withoutDoubles(rows);
    // Sorting keeps the order of the rows of one room. As text, ids sort as in the database.
    first.sort((a, b) => (a.roomId < b.roomId ? -1 : a.roomId > b.roomId ? 1 : 0));
    const mentions = first.flatMap((row, ord) => row.mentions.map((name) => ({ ord, name })));
    const files = first.flatMap((row, ord) => row.attachments.map((id, place) => ({ ord, place, id })));
    const occurring = {
      // A repeated request finds its files in use, by its own message: it has to be known before they are looked at.
      doubles: (files.length > 0 || performance.now() < this.doublesUntil) && first.some((row) => row.clientId !== null),
      replies: first.some((row) => row.replyTo !== null),
      mentions: mentions.length > 0,
      attachments: files.length > 0,
    };
    const statement = statementFor(occurring, wait, this.age(rows));
    const pool = wait === 'long' ? this.slowStatements : this.statements;
    const results = await pool.query<ResultRow>(statement.name, statement.text, [
      intArray(first.map((_, ord) => ord)),
      uuidArray(first.map((row) => row.id)),
      uuidArray(first.map((row) => row.roomId)),
      uuidArray(first.map((row) => row.authorId)),
      textArray(first.map((row) => row.kind)),
      textArray(first.map((row) => row.content)),
      textArray(first.map((row) => row.clientId)),
      byteaArray(first.map((row) => row.requestHash)),
      uuidArray(first.map((row) => row.replyTo)),
      timeArray(first.map((row) => row.createdAt)),
      intArray(first.map((row) => row.accessVersion)),
      ...(occurring.mentions ? [intArray(mentions.map(({ ord }) => ord)), textArray(mentions.map(({ name }) => name))] : []),
      ...(occurring.attachments
        ? [intArray(files.map(({ ord }) => ord)), intArray(files.map(({ place }) => place)), uuidArray(files.map(({ id }) => id))]
        : []),
    ]);
    // The batch is committed by now: a fault of this look-up may fail the doubles, and nobody else.
    const earlier = await this.stored(results.flatMap((result) => result.double_id ?? [])).catch(() => new Map<string, StoredRow>());
    const answer = new Map<string, WriteResult>();
    for (const result of results) {
      const row = first[result.ord]!;
      if (result.status === 'stored') answer.set(row.id, { status: 'stored', row: storedRow(row, result) });
      else if (result.status === 'double') {
        const stored = earlier.get(result.double_id!);
        answer.set(row.id, stored ? { status: 'double', row: stored } : { status: 'unknown' });
      } else answer.set(row.id, { status: result.status });
    }
    for (const [double, original] of doubles) {
      const result = answer.get(original);
      if (result) answer.set(double, 'row' in result ? { status: 'double', row: result.row } : result);
    }
    return answer;
  }

  /**
   * Writes what nothing speaks against, at half the price of `write`: all rows of a room, or none of them.
   * @param wait for rooms that somebody else holds locked; all rooms of the batch wait together
   * @throws what the database throws: then nothing of the batch is stored
   */
  async writeStraight(rows: readonly WriteRow[], wait: Exclude<LockWait, 'long'>): Promise<StraightResults> {
    const { rooms, unfit } = straightBatch(rows);
    const results = new Array<StraightResults['results'][number]>(rows.length);
    const unclear = new Set(unfit);
    if (rooms.length === 0) return { results, unclear };
    const { kind, text, values } = straightStatement(rooms, {
      doubles: performance.now() < this.doublesUntil,
      waits: wait === 'briefly',
    });
    const [heads] = await this.statements.query<{ seqs: string; positions: string }>(
      `write-straight ${kind} ${this.age(rows)}`,
      text,
      values,
    );
    const seqs = heads!.seqs.split(',');
    const positions = heads!.positions.split(',');
    rooms.forEach((room, index) => {
      let seq = Number(seqs[index]);
      let position = Number(positions[index]);
      if (seq === left.unclear) unclear.add(room.id);
      if (seq < 0) return;
      for (const { row, place } of room.rows)
        results[place] = { status: 'stored', row: storedRow(row, { seq: String(++seq), position: String(++position) }) };
    });
    return { results, unclear };
  }

  /** How often what was written has doubled: the name of a statement changes with it, see `statementFor`. */
  private age(rows: readonly WriteRow[]): number {
    const age = Math.floor(Math.log2(1 + this.rowsWritten / 64));
    this.rowsWritten += rows.length;
    return age;
  }

  /**
   * Makes an end of a write that failed without an answer, so that `stored` tells for good what became of it.
   * @throws what the database throws: then nobody knows
   */
  async settle(error: unknown): Promise<void> {
    await this.statements.settle(error);
  }

  /** Messages by id, as they are now. */
  async stored(ids: readonly string[]): Promise<Map<string, StoredRow>> {
    if (ids.length === 0) return new Map();
    const rows = await this.statements.query<MessageRow & { request_hash: Buffer | null }>(
      'stored-messages',
      `SELECT ${messageColumns('m')}, m.request_hash FROM messages m WHERE m.id = ANY($1::uuid[])`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, { ...row, request_hash: row.request_hash?.toString('latin1') ?? null }]));
  }
}

/** Takes the second and further rows with the same room, author and client id out of a batch. @returns them with the id of the first */
function withoutDoubles(rows: readonly WriteRow[]): { first: WriteRow[]; doubles: [string, string][] } {
  const seen = new Map<string, string>();
  const first: WriteRow[] = [];
  const doubles: [string, string][] = [];
  for (const row of rows) {
    if (row.clientId === null) {
      first.push(row);
      continue;
    }
    const key = `${row.roomId} ${row.authorId} ${row.clientId}`;
    const original = seen.get(key);
    if (original) doubles.push([row.id, original]);
    else {
      seen.set(key, row.id);
      first.push(row);
    }
  }
  return { first, doubles };
}

function storedRow(row: WriteRow, result: Pick<ResultRow, 'seq' | 'position' | 'attachments'>): StoredRow {
  const seq = result.seq!;
  const position = result.position!;
  return {
    id: row.id,
    room_id: row.roomId,
    seq,
    position,
    created_position: position,
    kind: row.kind,
    author_id: row.authorId,
    content: row.content,
    client_id: row.clientId,
    request_hash: row.requestHash,
    reply_to: row.replyTo,
    reactions: [],
    attachments: result.attachments ?? null,
    created_at: row.createdAt,
    edited_at: null,
    deleted_at: null,
  };
}
