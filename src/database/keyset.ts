import { AppError } from '../common/app-error.js';
import { looksLikeUuid } from '../contracts/index.js';

/** What a cursor may hold. No dates: PostgreSQL counts microseconds, JavaScript drops them, and rows would be skipped. */
export type CursorValue = string | number | boolean | null;

interface CursorTypes {
  string: string;
  number: number;
  boolean: boolean;
}

type Kind = keyof CursorTypes;
/** `'string?'` may be null. */
type Shape = Kind | `${Kind}?`;
type ValueOf<S extends Shape> = S extends `${infer K extends Kind}?` ? CursorTypes[K] | null : S extends Kind ? CursorTypes[S] : never;

/** A cursor is a position and no secret; past this length it is none of ours. */
const longestCursor = 1_024;
/** Items of a page, unless the caller says otherwise. */
const pageSize = 50;

/** The position after a row, as an opaque word that is safe in an URL: the row's values of the sort columns, in their order. */
export function encodeCursor(values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/**
 * Reads a cursor of `encodeCursor`.
 * @param shape the kinds of the values, in order, for example `['string', 'number', 'string?']`
 * @throws AppError `request.cursor-invalid` for anything else; whether a value fits its column (a uuid, say) is for the caller
 */
export function decodeCursor<const S extends readonly Shape[]>(cursor: string, shape: S): { -readonly [I in keyof S]: ValueOf<S[I]> } {
  const values = parse(cursor);
  if (values?.length !== shape.length || !shape.every((kind, index) => fits(values[index], kind)))
    throw new AppError('request.cursor-invalid');
  return values as { -readonly [I in keyof S]: ValueOf<S[I]> };
}

/**
 * Reads a cursor of a list by time and id: `[time as the database writes it, uuid]`.
 * @throws AppError `request.cursor-invalid`
 */
export function decodeTimeCursor(cursor: string): [time: string, id: string] {
  const [time, id] = decodeCursor(cursor, ['string', 'string']);
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/.test(time) || !looksLikeUuid(id))
    throw new AppError('request.cursor-invalid');
  return [time, id];
}

/** Reads a cursor of a list by id alone: `[uuid]`. @throws AppError `request.cursor-invalid` */
export function decodeIdCursor(cursor: string): string {
  const [id] = decodeCursor(cursor, ['string']);
  if (!looksLikeUuid(id)) throw new AppError('request.cursor-invalid');
  return id;
}

/** What a caller asks of a list. */
export interface Paging {
  limit?: number | undefined;
  cursor?: string | undefined;
}

/** A page of a list, and where the next one begins. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** A page of a list by time and id. @param read one row more than the page says whether there is another page */
export async function pageByTime<R extends { cursorAt: string }, T>(
  { limit = pageSize, cursor }: Paging,
  read: (limit: number, after: readonly [string, string] | null) => Promise<R[]>,
  idOf: (row: R) => string,
  view: (rows: R[]) => Promise<T[]>,
): Promise<Page<T>> {
  const rows = await read(limit + 1, cursor === undefined ? null : decodeTimeCursor(cursor));
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { items: await view(page), nextCursor: rows.length > limit && last ? encodeCursor([last.cursorAt, idOf(last)]) : null };
}

function parse(cursor: string): unknown[] | undefined {
  if (cursor.length > longestCursor || !/^[A-Za-z0-9_-]+$/.test(cursor)) return undefined;
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(values) ? values : undefined;
  } catch {
    return undefined;
  }
}

function fits(value: unknown, kind: Shape): boolean {
  if (value === null) return kind.endsWith('?');
  if (typeof value === 'string' && value.includes('\0')) return false;
  return typeof value === kind.replace('?', '') && (typeof value !== 'number' || Number.isSafeInteger(value));
}
