import pg from 'pg';
import { DatabaseBusyError } from '../database-errors.js';
import { DatabaseClient, type DatabaseClientConfig } from './database-client.js';

export interface DatabasePoolConfig extends Omit<pg.PoolConfig, 'Client' | 'onConnect'>, DatabaseClientConfig {
  /** One statement list that prepares every new connection. */
  sessionSql?: string;
  /** Whether every new connection asks who serves it: see `lostBackend`. */
  identifies?: boolean;
}

type Release = (error?: Error | boolean) => void;
export type ConnectCallback = (error: Error | undefined, client: pg.PoolClient | undefined, release: Release) => void;

/**
 * The pool of `pg`, with two promises more: a client that comes back with something open on it (a transaction, a statement) is never
 * handed to the next one, its connection ends and PostgreSQL rolls back; and a wait that took too long says so in words.
 */
export class DatabasePool extends pg.Pool {
  constructor(config: DatabasePoolConfig) {
    const { sessionSql, identifies, ...rest } = config;
    // pg-pool waits for the promise of `onConnect`; only its types say nothing of it.
    const onConnect = (client: pg.ClientBase): unknown => prepare(client, sessionSql, identifies);
    super({ ...rest, Client: DatabaseClient, onConnect });
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | void {
    if (callback) return this.checkOut(callback);
    return new Promise((resolve, reject) => {
      this.checkOut((error, client) =>
        client ? resolve(client) : reject(error ?? new Error('The pool gave neither a client nor a reason.')),
      );
    });
  }

  /** Takes a client out; `connect` in both its forms comes through here. */
  protected checkOut(callback: ConnectCallback): void {
    super.connect((error, client, release) => {
      if (!client) {
        callback(this.#inWords(error), undefined, release);
        return;
      }
      if (client instanceof DatabaseClient && !client.isClean) {
        client.release(new Error('The client came back with a transaction open.'));
        this.checkOut(callback);
        return;
      }
      const guarded: Release = (fault) => release(fault || (client instanceof DatabaseClient && !client.isClean));
      client.release = guarded;
      callback(undefined, client, guarded);
    });
  }

  #inWords(error: Error | undefined): Error | undefined {
    if (error?.message !== 'timeout exceeded when trying to connect') return error;
    return new DatabaseBusyError(Number(this.options.connectionTimeoutMillis), { cause: error });
  }
}

async function prepare(client: pg.ClientBase, sessionSql = '', identifies = false): Promise<void> {
  if (sessionSql !== '') await client.query(sessionSql);
  if (identifies && client instanceof DatabaseClient) await client.identify();
}
