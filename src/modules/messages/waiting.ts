import { hash } from 'node:crypto';
import { newId } from '../../common/ids.js';
import type { Draft, Redecide, Sender } from './draft.js';
import type { WriteRow } from './writer.repository.js';

/** A draft in the queue of the writer. */
export interface Waiting {
  sender: Sender;
  redecide: Redecide | null;
  draft: Draft;
  row: WriteRow;
  decisions: number;
}

/** A draft takes its place: its id is made before the write, so that after a lost connection it can be looked up. */
export function waitingFor(draft: Draft, sender: Sender, redecide: Redecide | null): Waiting {
  return { sender, redecide, draft, row: rowOf(draft), decisions: 0 };
}

/**
 * What one author sent to one room is decided together: if an earlier message of the batch was decided under an older version, the later ones
 * are held back with it, so that they do not overtake it.
 */
export function keepTogether(batch: readonly Waiting[]): void {
  const [first] = batch;
  // Hardly ever do versions differ within a batch.
  if (!first || batch.every(({ row }) => row.accessVersion === first.row.accessVersion)) return;
  const oldest = new Map<string, number>();
  for (const { row } of batch) {
    const key = `${row.roomId} ${row.authorId}`;
    const earlier = oldest.get(key);
    if (earlier === undefined || row.accessVersion < earlier) oldest.set(key, row.accessVersion);
    else row.accessVersion = earlier;
  }
}

/** The same drafts, each room's in their order. */
export function groupByRoom(batch: readonly Waiting[]): Map<string, Waiting[]> {
  const rooms = new Map<string, Waiting[]>();
  for (const waiting of batch) {
    const room = rooms.get(waiting.row.roomId);
    if (room) room.push(waiting);
    else rooms.set(waiting.row.roomId, [waiting]);
  }
  return rooms;
}

/** Whether two requests under one client id ask for the same. */
export function isSameRequest(stored: string | null, asked: string | null): boolean {
  return stored !== null && stored === asked;
}

function rowOf(draft: Draft): WriteRow {
  return {
    id: newId(),
    roomId: draft.roomId,
    authorId: draft.authorId,
    kind: draft.kind,
    content: draft.content,
    clientId: draft.clientId ?? null,
    requestHash: draft.clientId === undefined ? null : requestHash(draft),
    replyTo: draft.replyTo ?? null,
    attachments: draft.attachments ?? none,
    createdAt: new Date(),
    mentions: draft.mentions,
    accessVersion: draft.accessVersion,
  };
}

const none: readonly string[] = [];

/** Of everything that was asked for; a byte per character, which costs less to make than a buffer. */
function requestHash({ content, replyTo, attachments, attachmentsKey }: Draft): string {
  const files = attachments?.length ? `,${JSON.stringify(attachmentsKey ?? attachments)}` : '';
  return hash('sha256', `[${JSON.stringify(content)},${replyTo === undefined ? 'null' : `"${replyTo}"`}${files}]`, 'binary');
}
