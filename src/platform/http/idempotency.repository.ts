import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { newId } from '../../common/ids.js';

/** How long an answer is kept. */
const kept = '24 hours';
/** After this long a call under way counts as crashed, and its key is free again. */
const abandoned = '60 seconds';
const purgeEvery = 600_000;

/** One request under one key. */
export interface IdempotentRequest {
  person: string;
  /** Method and path with its real parameters; 1000 characters at most, since it is part of an index. */
  route: string;
  key: string;
  /** SHA-256 of everything that makes the request what it is. */
  hash: Buffer;
}

export type Claim =
  { kind: 'run'; claim: string } | { kind: 'stored'; status: number; response: unknown } | { kind: 'in-progress' } | { kind: 'reused' };

interface Row {
  request_hash: Buffer;
  status: number | null;
  response: unknown;
}

/** Which requests were answered with what, for a day. */
@Injectable()
export class IdempotencyRepository implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('idempotency');
  private timer: NodeJS.Timeout | undefined;

  constructor(@InjectDataSource() private readonly database: Pick<DataSource, 'query'>) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.purge().catch((error: unknown) => this.logger.warn({ error }, 'old keys could not be removed'));
    }, purgeEvery);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Takes the key for this request, or tells what is known under it. Of two calls at once exactly one runs. */
  async claim(request: IdempotentRequest): Promise<Claim> {
    const { person, route, key, hash } = request;
    // A second round is needed only when the row that stood in the way was released between the two statements.
    for (let round = 0; round < 3; round++) {
      const claim = newId();
      const taken = await this.database.query<unknown[]>(
        `INSERT INTO idempotency_keys AS known (person, route, key, request_hash, claim) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (person, route, key) DO UPDATE
           SET request_hash = EXCLUDED.request_hash, claim = EXCLUDED.claim, status = NULL, response = NULL, created_at = now()
           WHERE known.created_at < now() - interval '${kept}' OR (known.status IS NULL AND known.created_at < now() - interval '${abandoned}')
         RETURNING claim`,
        [person, route, key, hash, claim],
      );
      if (taken.length > 0) return { kind: 'run', claim };

      const [row] = await this.database.query<Row[]>(
        'SELECT request_hash, status, response FROM idempotency_keys WHERE person = $1 AND route = $2 AND key = $3',
        [person, route, key],
      );
      if (!row) continue;
      if (!row.request_hash.equals(hash)) return { kind: 'reused' };
      return row.status === null ? { kind: 'in-progress' } : { kind: 'stored', status: row.status, response: row.response };
    }
    return { kind: 'in-progress' };
  }

  /** Keeps the answer of a call that ran. Does nothing when the claim was lost to a later call. */
  async keep({ person, route, key }: IdempotentRequest, claim: string, status: number, response: unknown): Promise<void> {
    await this.database.query(
      'UPDATE idempotency_keys SET status = $5, response = $6::json WHERE person = $1 AND route = $2 AND key = $3 AND claim = $4',
      [person, route, key, claim, status, response === undefined ? null : JSON.stringify(response)],
    );
  }

  /** Frees the key of a call that came to nothing. */
  async release({ person, route, key }: IdempotentRequest, claim: string): Promise<void> {
    await this.database.query('DELETE FROM idempotency_keys WHERE person = $1 AND route = $2 AND key = $3 AND claim = $4', [
      person,
      route,
      key,
      claim,
    ]);
  }

  /** Removes what is older than a day. */
  async purge(): Promise<void> {
    await this.database.query(`DELETE FROM idempotency_keys WHERE created_at < now() - interval '${kept}'`);
  }
}
