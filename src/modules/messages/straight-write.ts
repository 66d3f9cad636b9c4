import { byteaArray, intArray, textArray, timeArray, uuidArray } from '../../database/index.js';
import { listedBehind } from '../rooms/index.js';
import type { WriteRow } from './writer.repository.js';

/** What the statement says instead of a room's `last_seq` when it has left its rows out. */
export const left = { unclear: -1, locked: -2 } as const;

/** A row, and its place in the batch as it was handed in. */
interface PlacedRow {
  readonly row: WriteRow;
  readonly place: number;
}

/** What goes into one room, in its order. */
interface RoomRows {
  readonly id: string;
  readonly rows: PlacedRow[];
  /** By the person, in the order in which they came in. */
  readonly authors: Map<string, AuthorRows>;
}

interface AuthorRows {
  /** Its place among the authors of the batch, from 1, as PostgreSQL counts. */
  ord: number;
  readonly clientIds: string[];
}

export interface StraightBatch {
  /** In the order of their ids, in which rooms are locked everywhere. */
  readonly rooms: readonly RoomRows[];
  /** Rooms that the straight statement is not made for. */
  readonly unfit: ReadonlySet<string>;
}

/** Sorts rows for the straight statement. Files, the system's words, a client id twice and rights of different times are not for it. */
export function straightBatch(rows: readonly WriteRow[]): StraightBatch {
  const byId = new Map<string, RoomRows>();
  const unfit = new Set<string>();
  rows.forEach((row, place) => {
    const { roomId, authorId, clientId } = row;
    let room = byId.get(roomId);
    if (!room) byId.set(roomId, (room = { id: roomId, rows: [], authors: new Map() }));
    room.rows.push({ row, place });
    if (authorId === null || row.kind !== 'text' || row.attachments.length > 0 || row.accessVersion !== room.rows[0]!.row.accessVersion) {
      unfit.add(roomId);
      return;
    }
    let author = room.authors.get(authorId);
    if (!author) room.authors.set(authorId, (author = { ord: 0, clientIds: [] }));
    if (clientId === null) return;
    if (author.clientIds.includes(clientId)) unfit.add(roomId);
    author.clientIds.push(clientId);
  });
  for (const roomId of unfit) byId.delete(roomId);
  // As text, ids sort as in the database.
  return { rooms: [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), unfit };
}

/**
 * @param doubles whether rows may repeat an earlier request, so that stored rows are looked at
 * @param waits whether it waits for rooms that somebody else holds locked, instead of leaving them out
 */
export function straightStatement(
  rooms: readonly RoomRows[],
  { doubles, waits }: { doubles: boolean; waits: boolean },
): { kind: string; text: string; values: Buffer[] } {
  const authorIds: string[] = [];
  const authorRooms: number[] = [];
  const lastNumbers: number[] = [];
  const rows: WriteRow[] = [];
  const rowRooms: number[] = [];
  const rowAuthors: number[] = [];
  const numbers: number[] = [];
  const mentions: { ord: number; name: string }[] = [];
  let replies = false;
  rooms.forEach((room, index) => {
    const roomOrd = index + 1;
    for (const [id, author] of room.authors) {
      author.ord = authorIds.push(id);
      authorRooms.push(roomOrd);
    }
    let number = 0;
    for (const { row } of room.rows) {
      const ord = rows.push(row);
      const { ord: author } = room.authors.get(row.authorId!)!;
      rowRooms.push(roomOrd);
      rowAuthors.push(author);
      numbers.push(++number);
      lastNumbers[author - 1] = number;
      replies ||= row.replyTo !== null;
      for (const name of row.mentions) mentions.push({ ord, name });
    }
  });
  const extras = { doubles, waits, replies, mentions: mentions.length > 0 };
  const values = [
    uuidArray(rooms.map((room) => room.id)),
    intArray(rooms.map((room) => room.rows.length)),
    timeArray(rooms.map((room) => room.rows.at(-1)!.row.createdAt)),
    intArray(rooms.map((room) => room.rows[0]!.row.accessVersion)),
    intArray(authorRooms),
    uuidArray(authorIds),
    intArray(lastNumbers),
    intArray(rowRooms),
    intArray(rowAuthors),
    intArray(numbers),
    uuidArray(rows.map((row) => row.id)),
    textArray(rows.map((row) => row.content)),
    textArray(rows.map((row) => row.clientId)),
    byteaArray(rows.map((row) => row.requestHash)),
    timeArray(rows.map((row) => row.createdAt)),
  ];
  if (replies) values.push(uuidArray(rows.map((row) => row.replyTo)));
  if (extras.mentions) values.push(intArray(mentions.map(({ ord }) => ord)), textArray(mentions.map(({ name }) => name)));
  return { ...statementOf(extras), values };
}

/** What occurs in a batch beyond plain messages; what does not is left out of the statement. */
interface Extras {
  doubles: boolean;
  waits: boolean;
  replies: boolean;
  mentions: boolean;
}

const texts = new Map<string, string>();

function statementOf(extras: Extras): { kind: string; text: string } {
  const kind = [extras.doubles, extras.waits, extras.replies, extras.mentions].map(Number).join('');
  let text = texts.get(kind);
  if (text === undefined) texts.set(kind, (text = straightSql(extras)));
  return { kind, text };
}

const roomIds = '($1::uuid[])';
const authorIds = '($6::uuid[])';

/**
 * Either all rows of a room are written or none: then each row's number within the room is known before, what the rows of a room or of an
 * author have in common is looked up once, and the answer is two numbers per room instead of a row per message. A room is left out as unclear
 * when its rights have moved on, an author is no member, or a row repeats or answers something that it should not; as locked when somebody else
 * holds it or it does not exist. Reading arrays by place is quick for numbers and ids, which have no nulls here; texts are unnested.
 */
function straightSql({ doubles, waits, replies, mentions }: Extras): string {
  const flaws = [
    `SELECT w.room FROM unnest($5::int[], $6::uuid[]) AS w(room, author_id)
    WHERE NOT EXISTS (SELECT FROM room_members m WHERE m.room_id = ${roomIds}[w.room] AND m.user_id = w.author_id)`,
    ...(doubles
      ? [
          `SELECT i.room FROM unnest($8::int[], $9::int[], $13::text[]) AS i(room, author, client_id)
    WHERE i.client_id IS NOT NULL AND EXISTS (
      SELECT FROM messages d WHERE d.author_id = ${authorIds}[i.author] AND d.room_id = ${roomIds}[i.room] AND d.client_id = i.client_id)`,
        ]
      : []),
    ...(replies
      ? [
          `SELECT i.room FROM unnest($8::int[], $16::uuid[]) AS i(room, reply_to)
    WHERE i.reply_to IS NOT NULL AND NOT EXISTS (SELECT FROM messages p WHERE p.id = i.reply_to AND p.room_id = ${roomIds}[i.room])`,
        ]
      : []),
  ].join(`
  UNION ALL
  `);
  const mentionsAt = replies ? 17 : 16;
  return `
WITH flawed AS MATERIALIZED (
  ${flaws}
), locked AS MATERIALIZED (
  SELECT a.ord, a.id, a.n, a.at,
    CASE WHEN l.last_seq IS NULL THEN ${left.locked} WHEN l.access_version <> a.access_version OR EXISTS (SELECT FROM flawed f WHERE f.room = a.ord) THEN ${left.unclear} ELSE l.last_seq END AS last_seq,
    COALESCE(l.position, -1) AS position
  FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::int[]) WITH ORDINALITY AS a(id, n, at, access_version, ord)
  LEFT JOIN LATERAL (SELECT r.last_seq, r.position, r.access_version FROM rooms r WHERE r.id = a.id FOR UPDATE${waits ? '' : ' SKIP LOCKED'}) l ON true
), base AS MATERIALIZED (
  SELECT array_agg(l.last_seq ORDER BY l.ord) AS seqs, array_agg(l.position ORDER BY l.ord) AS positions FROM locked l
), counted AS (
  UPDATE rooms r SET last_seq = r.last_seq + l.n, position = r.position + l.n, last_activity_at = GREATEST(r.last_activity_at, l.at),
    listed_at = CASE WHEN l.at >= r.listed_at + ${listedBehind} THEN l.at ELSE r.listed_at END
  FROM locked l WHERE r.id = l.id AND l.last_seq >= 0
), inserted AS (
  INSERT INTO messages (id, room_id, seq, position, created_position, kind, author_id, content, client_id, request_hash, created_at${replies ? ', reply_to' : ''})
  SELECT i.id, ${roomIds}[i.room], b.seqs[i.room] + i.number, b.positions[i.room] + i.number, b.positions[i.room] + i.number, 'text',
    ${authorIds}[i.author], i.content, i.client_id, i.request_hash, i.created_at${replies ? ', i.reply_to' : ''}
  FROM base b CROSS JOIN unnest($8::int[], $9::int[], $10::int[], $11::uuid[], $12::text[], $13::text[], $14::bytea[], $15::timestamptz[]${replies ? ', $16::uuid[]' : ''})
    AS i(room, author, number, id, content, client_id, request_hash, created_at${replies ? ', reply_to' : ''})
  WHERE b.seqs[i.room] >= 0
), own_read AS (
  UPDATE room_members m SET read_seq = GREATEST(m.read_seq, b.seqs[w.room] + w.number)
  FROM base b CROSS JOIN unnest($5::int[], $6::uuid[], $7::int[]) AS w(room, author_id, number)
  WHERE m.room_id = ${roomIds}[w.room] AND m.user_id = w.author_id AND b.seqs[w.room] >= 0
)${
    mentions
      ? `, mentioned AS (
  INSERT INTO mentions (room_id, user_id, seq)
  SELECT DISTINCT ${roomIds}[($8::int[])[n.ord]], m.user_id, b.seqs[($8::int[])[n.ord]] + ($10::int[])[n.ord]
  FROM base b CROSS JOIN unnest($${mentionsAt}::int[], $${mentionsAt + 1}::text[]) AS n(ord, name)
  JOIN users u ON u.username_key = n.name
  JOIN room_members m ON m.room_id = ${roomIds}[($8::int[])[n.ord]] AND m.user_id = u.id
  WHERE b.seqs[($8::int[])[n.ord]] >= 0 AND u.id <> ${authorIds}[($9::int[])[n.ord]]
    AND NOT EXISTS (SELECT FROM blocks k WHERE k.blocker_id = m.user_id AND k.blocked_id = ${authorIds}[($9::int[])[n.ord]])
)`
      : ''
  }${
    replies
      ? `, answered AS (
  INSERT INTO reply_notices (room_id, user_id, seq)
  SELECT ${roomIds}[i.room], p.author_id, b.seqs[i.room] + i.number
  FROM base b CROSS JOIN unnest($8::int[], $9::int[], $10::int[], $16::uuid[]) AS i(room, author, number, reply_to)
  JOIN messages p ON p.id = i.reply_to
  WHERE b.seqs[i.room] >= 0 AND p.author_id IS NOT NULL AND p.author_id <> ${authorIds}[i.author]
)`
      : ''
  }
SELECT array_to_string(b.seqs, ',') AS seqs, array_to_string(b.positions, ',') AS positions FROM base b`;
}
