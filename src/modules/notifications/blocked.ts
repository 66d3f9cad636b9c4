/** SQL that is true when `reader` blocks `author`; both are columns. */
export function isBlocked(reader: string, author: string): string {
  return `EXISTS (SELECT FROM blocks b WHERE b.blocker_id = ${reader} AND b.blocked_id = ${author})`;
}
