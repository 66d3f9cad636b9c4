import { randomFillSync } from 'node:crypto';

/** Random bytes are asked for in bulk: one id at a time costs more than the id. */
const pool = Buffer.alloc(8_192);
const bytesPerId = 10;
let used = pool.length;

/** The millisecond of the last id, and the 12 bits that count within it (RFC 9562, 6.2, method 1). */
let lastTime = 0;
let counter = 0;

/** A new id: UUIDv7 (RFC 9562, 5.7), sortable by the time it was made, and in this process by the order. */
export function newId(): string {
  if (used + bytesPerId > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const now = Date.now();
  if (now > lastTime) {
    lastTime = now;
    // Half of the range is left for the ids of the same millisecond.
    counter = pool.readUInt16BE(used) & 0x7ff;
  } else if (++counter > 0xfff) {
    // A clock that stands still or goes back must not let ids fall behind.
    lastTime++;
    counter = 0;
  }
  // Two bytes began the counter; of the other 64 bits the two topmost are the variant, `10`.
  pool[used + 2] = (pool[used + 2]! & 0x3f) | 0x80;
  const random = pool.toString('hex', used + 2, used + bytesPerId);
  used += bytesPerId;
  const time = lastTime.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${random.slice(0, 4)}-${random.slice(4)}`;
}
