/**
 * The little of PostgreSQL's wire protocol that the embedded database needs:
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */

/** Messages after which the backend answers to the end: Query, Sync, FunctionCall. */
const closing = new Set([...'QSF'].map((letter) => letter.charCodeAt(0)));

export const terminate = 'X'.charCodeAt(0);

/**
 * How many leading bytes are whole requests, that is, end with a message that makes the backend answer to the end. The embedded backend
 * must get a request in one piece: it closes every piece with ReadyForQuery.
 */
export function wholeRequests(bytes: Buffer): number {
  let whole = 0;
  for (let at = 0; at + 5 <= bytes.length;) {
    const kind = bytes[at];
    at += 1 + bytes.readUInt32BE(at + 1);
    if (at > bytes.length) break;
    if (kind !== undefined && (closing.has(kind) || kind === terminate)) whole = at;
  }
  return whole;
}

/** Length of the start-up message, the one message without a letter, or undefined while it is incomplete. */
export function startupLength(bytes: Buffer): number | undefined {
  if (bytes.length < 4) return undefined;
  const length = bytes.readUInt32BE(0);
  return bytes.length >= length ? length : undefined;
}

/** What a server says to a client that needs no password: AuthenticationOk, ReadyForQuery (idle). */
export const welcome: Buffer = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);

/** A simple query as one message. */
export function simpleQuery(sql: string): Buffer {
  const text = Buffer.from(`${sql}\0`);
  const head = Buffer.alloc(5);
  head.write('Q');
  head.writeUInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}
