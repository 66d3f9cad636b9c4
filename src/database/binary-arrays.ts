/**
 * Arrays as PostgreSQL reads them in binary (`array_recv`): building and parsing them as text is what large statements spend half of their
 * time with. Values go into a statement as parameters with a cast to the array's type.
 */

/** https://www.postgresql.org/docs/current/catalog-pg-type.html, column oid: the same in every installation. */
const oids = { bytea: 17, int: 23, text: 25, timestamptz: 1184, uuid: 2950 } as const;

/** Dimensions, whether there are nulls, the type, the length, the lower bound: four bytes each. */
const headBytes = 20;
const lengthBytes = 4;
/** 2000-01-01, from which PostgreSQL counts, in ms since 1970. */
const postgresEpoch = 946_684_800_000;

function arrayOf(oid: number, count: number, bytes: number): Buffer {
  const array = Buffer.allocUnsafe(headBytes + bytes);
  array.writeInt32BE(count === 0 ? 0 : 1, 0);
  array.writeInt32BE(1, 4);
  array.writeInt32BE(oid, 8);
  array.writeInt32BE(count, 12);
  array.writeInt32BE(1, 16);
  return count === 0 ? array.subarray(0, 12) : array;
}

/** An array in the making whose elements are of different lengths. */
function written<T>(
  oid: number,
  values: readonly (T | null)[],
  most: number,
  write: (array: Buffer, value: T, at: number) => number,
): Buffer {
  const array = arrayOf(oid, values.length, most);
  let at = headBytes;
  for (const value of values) {
    const length = value === null ? 0 : write(array, value, at + lengthBytes);
    array.writeInt32BE(value === null ? -1 : length, at);
    at += lengthBytes + length;
  }
  return values.length === 0 ? array : array.subarray(0, at);
}

/** For `$n::int[]`. */
export function intArray(values: readonly number[]): Buffer {
  return written(oids.int, values, values.length * (lengthBytes + 4), (array, value, at) => {
    array.writeInt32BE(value, at);
    return 4;
  });
}

/** For `$n::uuid[]`. @param values in lower case with hyphens */
export function uuidArray(values: readonly (string | null)[]): Buffer {
  return written(oids.uuid, values, values.length * (lengthBytes + 16), (array, value, at) => {
    let to = at;
    for (let from = 0; from < 36; from += 2) {
      // Hyphens stand before the bytes 4, 6, 8 and 10.
      if (value.charCodeAt(from) === 0x2d) from++;
      array[to++] = (hexDigit(value.charCodeAt(from)) << 4) | hexDigit(value.charCodeAt(from + 1));
    }
    return 16;
  });
}

function hexDigit(code: number): number {
  return code < 0x3a ? code - 0x30 : code - 0x57;
}

/** For `$n::text[]`. */
export function textArray(values: readonly (string | null)[]): Buffer {
  let most = 0;
  // No character of a JavaScript string takes more than three bytes.
  for (const value of values) most += lengthBytes + (value === null ? 0 : value.length * 3);
  return written(oids.text, values, most, (array, value, at) => array.write(value, at));
}

/** For `$n::bytea[]`. @param values a byte per character */
export function byteaArray(values: readonly (string | null)[]): Buffer {
  let most = 0;
  for (const value of values) most += lengthBytes + (value === null ? 0 : value.length);
  return written(oids.bytea, values, most, (array, value, at) => array.write(value, at, 'latin1'));
}

/** For `$n::timestamptz[]`. */
export function timeArray(values: readonly Date[]): Buffer {
  return written(oids.timestamptz, values, values.length * (lengthBytes + 8), (array, value, at) => {
    // Microseconds; the product is exact far beyond the year 2200.
    array.writeBigInt64BE(BigInt((value.getTime() - postgresEpoch) * 1_000), at);
    return 8;
  });
}
