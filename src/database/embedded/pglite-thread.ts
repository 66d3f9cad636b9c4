import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { EmbeddedDatabaseStoppedError } from '../database-errors.js';
import { type WorkerAnswer, type WorkerInput, type WorkerRequest, workerMain } from './worker-main.js';

interface Waiting {
  resolve(answer: WorkerAnswer): void;
  reject(reason: Error): void;
}

/**
 * PGlite in a thread of its own: a query blocks its thread until it is done, and in the main thread that would stop every socket and timer.
 * Requests are answered in the order in which they came.
 */
export class PgliteThread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #stopped: EmbeddedDatabaseStoppedError | undefined;

  private constructor(folder: string) {
    const { resolve } = createRequire(import.meta.url);
    const input: WorkerInput = {
      folder,
      modules: {
        pglite: resolve('@electric-sql/pglite'),
        trigrams: resolve('@electric-sql/pglite/contrib/pg_trgm'),
        unaccent: resolve('@electric-sql/pglite/contrib/unaccent'),
      },
    };
    // No flags of the main thread (a test runner's, a debugger's) and no settings: the thread needs none and they may hold secrets.
    this.#worker = new Worker(`(${workerMain.toString()})(require)`, {
      eval: true,
      workerData: input,
      execArgv: [],
      env: {},
      name: 'pglite',
    });
    this.#worker.on('message', (answer: WorkerAnswer) => this.#settle((waiting) => waiting.resolve(answer)));
    this.#worker.on('error', (error: Error) => this.#stop(error));
    this.#worker.on('exit', () => this.#stop());
  }

  /**
   * Opens the database in `folder`, and makes it at the first start.
   * @throws Error with PGlite's own words when the folder cannot be opened
   */
  static async start(folder: string): Promise<PgliteThread> {
    const thread = new PgliteThread(folder);
    const answer = await new Promise<WorkerAnswer>((resolve, reject) => thread.#waiting.push({ resolve, reject }));
    if (answer === 'made') {
      await thread.#worker.terminate();
      return PgliteThread.start(folder);
    }
    if (answer !== 'ready') throw new Error(`The embedded database in ${folder} cannot be opened: ${wordsOf(answer)}`);
    thread.#worker.unref();
    return thread;
  }

  get isRunning(): boolean {
    return this.#stopped === undefined;
  }

  /**
   * Hands whole requests of the wire protocol over and gives the whole answer back; faults of SQL are part of the answer.
   * @throws EmbeddedDatabaseStoppedError when the thread ended before it answered
   */
  async execute(requests: Buffer): Promise<Uint8Array> {
    const answer = await this.#ask(Uint8Array.from(requests));
    if (!(typeof answer === 'object' && 'byteLength' in answer))
      throw new Error(`Unexpected answer of the embedded database: ${wordsOf(answer)}`);
    return answer;
  }

  /** Closes the database in order and ends the thread. Does nothing when it has ended already. */
  async close(): Promise<void> {
    if (!this.isRunning) return;
    const exited = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    try {
      await this.#ask('close');
    } finally {
      await this.#worker.terminate();
      await exited;
    }
  }

  async #ask(request: WorkerRequest): Promise<WorkerAnswer> {
    if (this.#stopped) throw this.#stopped;
    return new Promise<WorkerAnswer>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      // The process stays alive for an answer that is due, and for nothing else.
      this.#worker.ref();
      this.#worker.postMessage(request, typeof request === 'string' ? [] : [request.buffer as ArrayBuffer]);
    });
  }

  #settle(how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#worker.unref();
    if (waiting) how(waiting);
  }

  #stop(cause?: Error): void {
    this.#stopped ??= new EmbeddedDatabaseStoppedError(cause ? { cause } : undefined);
    const reason = this.#stopped;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(reason);
  }
}

function wordsOf(answer: WorkerAnswer): string {
  return typeof answer === 'object' && 'failed' in answer ? answer.failed : typeof answer === 'string' ? answer : 'bytes';
}
