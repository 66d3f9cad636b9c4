import { types } from 'node:util';

/** All clients were in use for the whole wait. Safe to repeat later: nothing was sent to the database. */
export class DatabaseBusyError extends Error {
  constructor(waitedMs: number, options?: ErrorOptions) {
    super(`No database connection became free within ${waitedMs / 1000} s.`, options);
    this.name = 'DatabaseBusyError';
  }
}

/** A statement was sent and no answer came; the connection was given up. The statement may or may not have taken effect. */
export class DatabaseSilentError extends Error {
  constructor(waitedMs: number) {
    super(`The database did not answer within ${waitedMs / 1000} s; the connection was closed.`);
    this.name = 'DatabaseSilentError';
  }
}

/** The connection was lost in the middle of a transaction. It may have been committed only if COMMIT was under way. */
export class DatabaseConnectionLostError extends Error {
  constructor(options?: ErrorOptions) {
    super('The connection to the database was lost in the middle of a transaction.', options);
    this.name = 'DatabaseConnectionLostError';
  }
}

/** COMMIT was answered by a rollback, because a statement of the transaction had failed and the failure was swallowed. */
export class TransactionAbortedError extends Error {
  constructor() {
    super('The transaction was rolled back instead of committed: one of its statements had failed before.');
    this.name = 'TransactionAbortedError';
  }
}

/** The embedded database is not running (any more). The next check-out starts it again. */
export class EmbeddedDatabaseStoppedError extends Error {
  constructor(options?: ErrorOptions) {
    super('The embedded database has stopped.', options);
    this.name = 'EmbeddedDatabaseStoppedError';
  }
}

/** Another process works in the data folder, so this one must not. */
export class DataFolderInUseError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DataFolderInUseError';
  }
}

/** What PostgreSQL tells of a failed statement; the same from a server and from the embedded database. */
export interface DatabaseFault {
  /** SQLSTATE, for example `23505`. */
  code: string;
  constraint?: string;
  detail?: string;
  table?: string;
  column?: string;
}

/** Also true for errors that Node made while this code runs in a context of its own (`vm`), where `instanceof` fails. */
function isError(value: unknown): value is Error & Record<string, unknown> {
  return value instanceof Error || types.isNativeError(value);
}

/** The driver's own error: TypeORM wraps it into QueryFailedError. */
export function driverError(error: unknown): unknown {
  return isError(error) && error['driverError'] ? error['driverError'] : error;
}

/** The fault that PostgreSQL reported, or undefined where the error comes from elsewhere (a lost connection, a bug). */
export function databaseFault(error: unknown): DatabaseFault | undefined {
  const inner = driverError(error);
  if (!isError(inner) || typeof inner['code'] !== 'string') return undefined;
  // Node's own codes (EPIPE) may have five letters, too; of the two only PostgreSQL's errors have a severity.
  return /^[0-9A-Z]{5}$/.test(inner['code']) && 'severity' in inner ? (inner as unknown as DatabaseFault) : undefined;
}

/**
 * Whether a statement failed on a unique constraint.
 * @param constraint name of the constraint or unique index; absent: any
 */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const fault = databaseFault(error);
  return fault?.code === '23505' && (constraint === undefined || fault.constraint === constraint);
}

/** Whether a statement failed on a foreign key. */
export function isForeignKeyViolation(error: unknown, constraint?: string): boolean {
  const fault = databaseFault(error);
  return fault?.code === '23503' && (constraint === undefined || fault.constraint === constraint);
}

const ownErrors = [DatabaseBusyError, DatabaseSilentError, DatabaseConnectionLostError, EmbeddedDatabaseStoppedError];

const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);

// Connection exceptions, resources exhausted (too many connections), operator intervention (shutdown, crash, starting up),
// lock_timeout: https://www.postgresql.org/docs/current/errcodes-appendix.html
const transientState = /^(08|53|57P|55P03|57014)/;

/**
 * Whether the database could not serve at that moment, so that the caller answers `server.unavailable` and the same request may succeed later.
 * A transaction that ends like this at COMMIT may have been committed all the same.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  const fault = databaseFault(error);
  if (fault) return transientState.test(fault.code);
  const inner = driverError(error);
  if (!isError(inner)) return false;
  if (ownErrors.some((kind) => inner instanceof kind)) return true;
  // A name with several addresses, none of which answered.
  if (Array.isArray(inner['errors'])) return inner['errors'].some(isDatabaseUnavailable);
  if (typeof inner['code'] === 'string' && networkCodes.has(inner['code'])) return true;
  // The words of pg, which gives these errors no code.
  return /^(Connection terminated|Client has encountered a connection error|Client was closed|Cannot use a pool after|Driver not Connected)/.test(
    inner.message,
  );
}
