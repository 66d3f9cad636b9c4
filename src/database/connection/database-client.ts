import pg from 'pg';
import { databaseFault, DatabaseSilentError, TransactionAbortedError } from '../database-errors.js';

export interface DatabaseClientConfig extends pg.ClientConfig {
  /** Longest wait for the answer to one statement, in ms, counted by this process; 0 or absent: no bound. */
  answerWithinMs?: number;
}

/** A process of the server that serves one connection. */
export interface Backend {
  pid: number;
  /** Process ids come again; together with this one they do not. */
  startedAt: string;
}

const lostBackends = new WeakMap<object, Backend>();

/** Who was at work on a statement of which no answer came; undefined when there was an answer, or when the connection did not ask who it is. */
export function lostBackend(error: unknown): Backend | undefined {
  return typeof error === 'object' && error !== null ? lostBackends.get(error) : undefined;
}

type QueryCallback = (error: Error | null | undefined, result?: pg.QueryResult) => void;

/**
 * A client of `pg` that gives up a connection whose server fell silent (a cut cable, a frozen machine: TCP itself would wait for a quarter
 * of an hour), and that takes a COMMIT answered by ROLLBACK for the failure that it is.
 */
export class DatabaseClient extends pg.Client {
  /** May be changed between statements, for example for a long migration. In ms; 0: no bound. */
  answerWithinMs: number;
  #backend: Backend | null = null;
  #unanswered = 0;

  constructor(config?: DatabaseClientConfig) {
    super(config);
    this.answerWithinMs = config?.answerWithinMs ?? 0;
    // A lost connection fails the statements under way; without a listener it would end the process as well.
    this.on('error', () => undefined);
  }

  /** Whether nothing is open on this connection: no statement, no transaction. */
  get isClean(): boolean {
    const status: string | null = this.getTransactionStatus();
    return this.#unanswered === 0 && (status === 'I' || status === null);
  }

  /** Asks who serves this connection, for `lostBackend`. */
  async identify(): Promise<void> {
    const sql = 'SELECT pid, backend_start::text AS "startedAt" FROM pg_stat_activity WHERE pid = pg_backend_pid()';
    const { rows } = await super.query<Backend>(sql);
    this.#backend = rows[0] ?? null;
  }

  /** As in `pg`: promise and callback forms. `never` is what lets one signature stand for the overloads of the base class. */
  override query(...args: unknown[]): never {
    const base = super.query.bind(this) as (...forwarded: unknown[]) => unknown;
    const [statement] = args;
    if (typeof statement === 'object' && statement !== null && 'submit' in statement) return base(...args) as never;

    const answered = this.#expectAnswer();
    const last = args.at(-1);
    if (typeof last === 'function') {
      const callback = last as QueryCallback;
      const watched: QueryCallback = (error, result) => {
        answered();
        const fault = error ?? failedCommit(statement, result);
        if (fault && this.#backend && !databaseFault(fault)) lostBackends.set(fault, this.#backend);
        if (fault) callback(fault);
        else callback(undefined, result);
      };
      return base(...args.slice(0, -1), watched) as never;
    }
    return (base(...args) as Promise<pg.QueryResult>)
      .then((result) => {
        const fault = failedCommit(statement, result);
        if (fault) throw fault;
        return result;
      })
      .finally(answered) as never;
  }

  #expectAnswer(): () => void {
    this.#unanswered += 1;
    const limit = this.answerWithinMs;
    const timer = limit > 0 ? setTimeout(() => this.#abandon(new DatabaseSilentError(limit)), limit) : undefined;
    return () => {
      this.#unanswered -= 1;
      clearTimeout(timer);
    };
  }

  #abandon(reason: Error): void {
    const { connection } = this as unknown as { connection: { stream: { destroy(error: Error): void } } };
    connection.stream.destroy(reason);
  }
}

/** PostgreSQL answers the COMMIT of a failed transaction with success and the word ROLLBACK. */
function failedCommit(statement: unknown, result: pg.QueryResult | undefined): Error | undefined {
  return statement === 'COMMIT' && result?.command === 'ROLLBACK' ? new TransactionAbortedError() : undefined;
}
