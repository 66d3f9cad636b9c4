export { byteaArray, intArray, textArray, timeArray, uuidArray } from './binary-arrays.js';
export { DatabaseModule } from './database.module.js';
export { type DatabaseSettings, databaseOptions, isEmbedded, openDataSource } from './data-source.js';
export {
  DatabaseBusyError,
  DatabaseConnectionLostError,
  databaseFault,
  type DatabaseFault,
  DatabaseSilentError,
  DataFolderInUseError,
  EmbeddedDatabaseStoppedError,
  isDatabaseUnavailable,
  isForeignKeyViolation,
  isUniqueViolation,
  TransactionAbortedError,
} from './database-errors.js';
export {
  type CursorValue,
  decodeCursor,
  decodeIdCursor,
  decodeTimeCursor,
  encodeCursor,
  type Page,
  pageByTime,
  type Paging,
} from './keyset.js';
export { migrate, type MigrateOptions, revert } from './migrate.js';
export { databaseStartFault } from './start-fault.js';
export { openStatementPool, type StatementPool } from './statement-pool.js';
export { afterCommit, inTransaction } from './transaction.js';
