import { type ConnectCallback, DatabasePool, type DatabasePoolConfig } from '../connection/database-pool.js';
import { EmbeddedServer } from './embedded-server.js';
import { EmbeddedSocket } from './embedded-socket.js';
import { startUpkeep, type Upkeep } from './upkeep.js';

export interface EmbeddedPoolConfig extends DatabasePoolConfig {
  /** The data folder; the database lies in `pg` inside. */
  dataDir: string;
}

/**
 * A pool of one client over the embedded database: a client that is checked out has the database alone until it is released, others wait in
 * order, `connectionTimeoutMillis` at most. The database starts with the first check-out and ends with the pool.
 */
export class EmbeddedPool extends DatabasePool {
  readonly #server: EmbeddedServer;
  #upkeep: Upkeep | undefined;

  constructor(config: EmbeddedPoolConfig) {
    const { dataDir, ...rest } = config;
    const server = new EmbeddedServer(dataDir);
    super({
      ...rest,
      max: 1,
      // One client that stays: a new one would only cost a reset.
      idleTimeoutMillis: 0,
      stream: () => new EmbeddedSocket(server),
      // Named, so that PGUSER, PGSSLMODE and their like in the environment have no say.
      user: 'postgres',
      database: 'postgres',
      host: 'embedded',
      port: 5432,
      ssl: false,
      password: '',
    });
    this.#server = server;
  }

  protected override checkOut(callback: ConnectCallback): void {
    // The first start takes seconds and is not a wait for a free client, so it comes before the clock of the check-out.
    this.#server.start().then(
      () => {
        if (!this.ending) this.#upkeep ??= startUpkeep(this);
        super.checkOut(callback);
      },
      (error: Error) => callback(error, undefined, () => undefined),
    );
  }

  override end(): Promise<void>;
  override end(callback: (error?: Error) => void): void;
  override end(callback?: (error?: Error) => void): Promise<void> | void {
    const closed = this.#close();
    if (!callback) return closed;
    closed.then(() => callback(), callback);
  }

  async #close(): Promise<void> {
    await this.#upkeep?.stop();
    await super.end();
    await this.#server.close();
  }
}
