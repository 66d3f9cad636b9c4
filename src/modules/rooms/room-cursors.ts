import { AppError } from '../../common/app-error.js';
import { decodeCursor } from '../../database/index.js';

/** Reads a cursor of a time (as PostgreSQL writes it) and an id. @throws AppError `request.cursor-invalid` */
export function timeAndId(cursor: string): [string, string] {
  const [time, id] = decodeCursor(cursor, ['string', 'string']);
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/.test(time) || !isId(id)) throw new AppError('request.cursor-invalid');
  return [time, id];
}

/** Reads a cursor of an id alone. @throws AppError `request.cursor-invalid` */
export function idAlone(cursor: string): string {
  const [id] = decodeCursor(cursor, ['string']);
  if (!isId(id)) throw new AppError('request.cursor-invalid');
  return id;
}

function isId(value: string): boolean {
  return /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(value);
}
