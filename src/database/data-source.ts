import { Logger } from '@nestjs/common';
import { AbstractLogger, DataSource, type DataSourceOptions } from 'typeorm';
import { DatabasePool } from './connection/database-pool.js';
import { limits, sessionSql } from './connection/session.js';
import { EmbeddedPool } from './embedded/embedded-pool.js';
import { migrations } from './migrations/index.js';

type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

export interface DatabaseSettings {
  /** Absent: the embedded database under `dataDir`. */
  databaseUrl?: string;
  dataDir: string;
  /** Connections to the server; the embedded database has one client at a time. */
  poolSize?: number;
  /** Longest wait for a free client, in ms. */
  checkOutTimeoutMs?: number;
}

const logger = new Logger('Database');

/** TypeORM must not write logs: statements carry secrets in their parameters. What fails is thrown, and told by who catches it. */
class Silence extends AbstractLogger {
  protected writeLog(): void {}
}

/** The embedded database serves one client at a time, so its queue may be longer than that of a pool. In ms. */
const embeddedCheckOut = 10_000;

/** TypeORM's options for either database: one dialect, one driver, the same values. */
export function databaseOptions(settings: DatabaseSettings): PostgresOptions {
  const common = {
    type: 'postgres',
    migrations,
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    logger: new Silence(),
    // Ids are made by the application, and extensions belong into migrations.
    installExtensions: false,
    // A criterion that is missing by mistake must never widen a query to every row.
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
    // The pool has closed that connection already and makes a new one when it is needed.
    poolErrorHandler: (error: unknown) =>
      logger.warn(`A connection was lost: ${error instanceof Error ? error.message : 'unknown reason'}`),
  } as const;

  if (settings.databaseUrl === undefined) {
    const extra = { dataDir: settings.dataDir, connectionTimeoutMillis: settings.checkOutTimeoutMs ?? embeddedCheckOut, sessionSql };
    return { ...common, driver: { Pool: EmbeddedPool }, extra };
  }
  return {
    ...common,
    url: settings.databaseUrl,
    driver: { Pool: DatabasePool },
    poolSize: settings.poolSize ?? 10,
    applicationName: 'parley',
    extra: {
      connectionTimeoutMillis: settings.checkOutTimeoutMs ?? limits.checkOut,
      idleTimeoutMillis: limits.idle,
      answerWithinMs: limits.answer,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      sessionSql,
    },
  };
}

/** Whether this is the embedded database: one client at a time, nobody else on it. */
export function isEmbedded(dataSource: DataSource): boolean {
  const options = dataSource.options as { driver?: { Pool?: unknown } };
  return options.driver?.Pool === EmbeddedPool;
}

/**
 * Opens a data source outside of Nest, for commands and tests; `destroy()` closes it, and with it the embedded database and its lock.
 * @param extras what differs from `databaseOptions`, for example `entities`
 */
export async function openDataSource(
  settings: DatabaseSettings,
  extras: Partial<Pick<PostgresOptions, 'entities' | 'migrations'>> = {},
): Promise<DataSource> {
  return new DataSource({ ...databaseOptions(settings), ...extras }).initialize();
}
