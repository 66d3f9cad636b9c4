import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EmbeddedDatabaseStoppedError } from '../database-errors.js';
import { type DataLock, lockDataFolder } from './data-lock.js';
import { PgliteThread } from './pglite-thread.js';
import { simpleQuery } from './protocol-frames.js';

/** The whole database for one client at a time: there is one backend session, so whoever has it has it alone. */
export interface EmbeddedSession {
  /** Whole requests in, the whole answer out (see PgliteThread.execute). */
  execute(requests: Buffer): Promise<Uint8Array>;
  /** Rolls back what is open, forgets prepared statements and session settings, and lets the next client in. */
  end(): Promise<void>;
}

/** The embedded database of one data folder: its lock, its thread, and the order of its clients. */
export class EmbeddedServer {
  readonly #dataDir: string;
  #lock: DataLock | undefined;
  #starting: Promise<PgliteThread> | undefined;
  #lastSession: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(dataDir: string) {
    this.#dataDir = resolve(dataDir);
  }

  /**
   * Starts the database, or starts it again when its thread has died.
   * @throws DataFolderInUseError when another process works in the folder
   */
  async start(): Promise<void> {
    await this.#thread();
  }

  /** Waits until the database is free and takes it. */
  async openSession(): Promise<EmbeddedSession> {
    const before = this.#lastSession;
    let leave = (): void => undefined;
    this.#lastSession = new Promise((resolvePromise) => (leave = resolvePromise));
    await before;
    try {
      const thread = await this.#thread();
      return {
        execute: async (requests) => thread.execute(requests),
        end: async () => {
          try {
            // As two queries: DISCARD ALL refuses to share one with others.
            await thread.execute(simpleQuery('ROLLBACK'));
            await thread.execute(simpleQuery('DISCARD ALL'));
          } catch {
            // The thread has died, and with it whatever was open.
          } finally {
            leave();
          }
        },
      };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Waits for the client at work, closes the database, and gives the folder free. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#lastSession;
    const thread = await this.#starting?.catch(() => undefined);
    this.#starting = undefined;
    try {
      await thread?.close();
    } finally {
      await this.#lock?.release();
      this.#lock = undefined;
    }
  }

  async #thread(): Promise<PgliteThread> {
    if (this.#closed) throw new EmbeddedDatabaseStoppedError();
    this.#starting ??= this.#open();
    try {
      const thread = await this.#starting;
      if (thread.isRunning) return thread;
    } catch (error) {
      this.#starting = undefined;
      throw error;
    }
    this.#starting = undefined;
    return this.#thread();
  }

  async #open(): Promise<PgliteThread> {
    await mkdir(this.#dataDir, { recursive: true });
    this.#lock ??= await lockDataFolder(this.#dataDir);
    try {
      return await PgliteThread.start(join(this.#dataDir, 'pg'));
    } catch (error) {
      await this.#lock.release();
      this.#lock = undefined;
      throw error;
    }
  }
}
