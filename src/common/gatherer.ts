/** Queries under way at once. Two, so that one that hangs holds nobody up. */
const mostQueries = 2;

/** The second one starts only when the first has taken this long, in ms: until then whoever comes is gathered. */
const patience = 25;

export interface GathererOptions<Request> {
  /** Requests with the same key that wait at the same time get one answer. Absent: each its own. */
  keyOf?: (request: Request) => unknown;
  /** Requests in one query; more wait for the next. */
  most?: number;
}

interface Asked<Request, Answer> {
  request: Request;
  promise: Promise<Answer>;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

/**
 * Turns many single look-ups into few queries. Who comes alone is asked for at once; who comes while a query is under way is gathered for the
 * next. A query never begins before the call that it answers, so every answer is of the moment of its call or newer.
 */
export class Gatherer<Request, Answer> {
  private waiting = new Map<unknown, Asked<Request, Answer>>();
  private queries = 0;
  private lastBegun = 0;
  private later: NodeJS.Timeout | null = null;
  private readonly keyOf: (request: Request) => unknown;
  private readonly most: number;

  /**
   * @param query answers some requests in their order; an Error in the place of an answer is that caller's own. When it rejects, all that it
   *   was asked for are refused with its reason.
   */
  constructor(
    private readonly query: (requests: readonly Request[]) => Promise<readonly (Answer | Error)[]>,
    { keyOf = (request) => ({ request }), most = 200 }: GathererOptions<Request> = {},
  ) {
    this.keyOf = keyOf;
    this.most = most;
  }

  /** Rejects with the caller's own error, or with that of the whole query. Answers to the same key are one object: not to be changed. */
  async ask(request: Request): Promise<Answer> {
    const key = this.keyOf(request);
    let asked = this.waiting.get(key);
    if (!asked) {
      // Whoever comes in the same turn comes along.
      if (this.waiting.size === 0) setImmediate(() => this.next());
      asked = newAsked(request);
      this.waiting.set(key, asked);
    }
    return asked.promise;
  }

  private next(): void {
    while (this.waiting.size > 0 && this.queries < mostQueries) {
      const tooEarly = this.queries === 0 || this.waiting.size >= this.most ? 0 : this.lastBegun + patience - performance.now();
      if (tooEarly > 0) {
        this.later ??= setTimeout(() => {
          this.later = null;
          this.next();
        }, tooEarly);
        return;
      }
      this.begin();
    }
  }

  private begin(): void {
    const batch = this.takeBatch();
    this.queries++;
    this.lastBegun = performance.now();
    this.query(batch.map(({ request }) => request))
      .then(
        (answers) => {
          for (const [index, asked] of batch.entries()) {
            const answer = answers[index]!;
            if (answer instanceof Error) asked.reject(answer);
            else asked.resolve(answer);
          }
        },
        (error: unknown) => {
          for (const asked of batch) asked.reject(error);
        },
      )
      .finally(() => {
        this.queries--;
        if (this.queries === 0 && this.later) {
          clearTimeout(this.later);
          this.later = null;
        }
        this.next();
      });
  }

  private takeBatch(): Asked<Request, Answer>[] {
    const all = this.waiting;
    if (all.size <= this.most) {
      this.waiting = new Map();
      return [...all.values()];
    }
    const batch: Asked<Request, Answer>[] = [];
    for (const [key, asked] of all) {
      if (batch.length === this.most) break;
      batch.push(asked);
      all.delete(key);
    }
    return batch;
  }
}

function newAsked<Request, Answer>(request: Request): Asked<Request, Answer> {
  let resolve!: Asked<Request, Answer>['resolve'];
  let reject!: Asked<Request, Answer>['reject'];
  const promise = new Promise<Answer>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { request, promise, resolve, reject };
}
