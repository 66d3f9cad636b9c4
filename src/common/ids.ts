import { randomFillSync } from 'node:crypto';

/** Random bytes are asked for, and made hexadecimal, in bulk: one id at a time costs more than the id. */
const pool = Buffer.alloc(8_192);
const bytesPerId = 10;
const digitsPerId = 2 * bytesPerId;
let digits = '';
let used = 0;

/** The millisecond of the last id, as the beginning of its ids, and the 12 bits that count within it (RFC 9562, 6.2, method 1). */
let lastTime = 0;
let beginning = '';
let counter = 0;

/** A new id: UUIDv7 (RFC 9562, 5.7), sortable by the time it was made, and in this process by the order. */
export function newId(): string {
  if (used + digitsPerId > digits.length) refill();
  const now = Date.now();
  if (now > lastTime) {
    begin(now);
    // Half of the range is left for the ids of the same millisecond.
    counter = Number.parseInt(digits.slice(used, used + 3), 16) & 0x7ff;
  } else if (++counter > 0xfff) {
    // A clock that stands still or goes back must not let ids fall behind.
    begin(lastTime + 1);
    counter = 0;
  }
  const end = used + digitsPerId;
  const id = `${beginning}${hexOf12Bits[counter]!}-${digits.slice(used + 4, used + 8)}-${digits.slice(used + 8, end)}`;
  used = end;
  return id;
}

const hexOf12Bits = Array.from({ length: 0x1000 }, (_, number) => number.toString(16).padStart(3, '0'));

function begin(time: number): void {
  lastTime = time;
  const hex = time.toString(16).padStart(12, '0');
  beginning = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
}

function refill(): void {
  randomFillSync(pool);
  // Two bytes begin the counter; of the other 64 bits the two topmost are the variant, `10`.
  for (let at = 2; at < pool.length; at += bytesPerId) pool[at] = (pool[at]! & 0x3f) | 0x80;
  digits = pool.toString('hex');
  used = 0;
}
