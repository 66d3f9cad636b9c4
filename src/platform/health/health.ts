import { type BeforeApplicationShutdown, Injectable, type OnModuleDestroy, Optional } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { RedisLink } from '../redis/index.js';

/** Longest wait for the database before it counts as lost, in ms; with the rest of the answer it stays below two seconds. */
const patience = 1_500;

export interface Readiness {
  /** `degraded`: serves, alone: what happens on other nodes arrives late. */
  status: 'ok' | 'degraded' | 'unavailable' | 'stopping';
  checks: {
    database: { status: 'ok' | 'unavailable'; ms: number };
    /** Absent where no Redis is configured. */
    redis?: { status: 'ok' | 'unavailable' };
  };
}

/** Whether a node in this state takes requests. */
export function isServing({ status }: Readiness): boolean {
  return status === 'ok' || status === 'degraded';
}

/** Whether this node can serve: the truth of this moment, not of the last one. */
@Injectable()
export class Health implements OnModuleDestroy, BeforeApplicationShutdown {
  private stopping = false;
  private asking: Promise<boolean> | null = null;

  constructor(
    @InjectDataSource() private readonly database: Pick<DataSource, 'query'>,
    @Optional() private readonly redis?: RedisLink,
  ) {}

  /** From now on not ready: load balancers look elsewhere while the work under way is finished. */
  startDraining(): void {
    this.stopping = true;
  }

  get isDraining(): boolean {
    return this.stopping;
  }

  onModuleDestroy(): void {
    this.startDraining();
  }

  beforeApplicationShutdown(): void {
    this.startDraining();
  }

  /** Asks the database. Never rejects, and answers within two seconds. */
  async readiness(): Promise<Readiness> {
    const start = performance.now();
    const answers = await this.databaseAnswers();
    const database = { status: answers ? ('ok' as const) : ('unavailable' as const), ms: Math.round(performance.now() - start) };
    const state = this.redis?.state ?? 'off';
    const checks = {
      database,
      ...(state === 'off' ? {} : { redis: { status: state === 'ready' ? ('ok' as const) : ('unavailable' as const) } }),
    };
    if (this.stopping) return { status: 'stopping', checks };
    return { status: answers && state === 'lost' ? 'degraded' : database.status, checks };
  }

  private async databaseAnswers(): Promise<boolean> {
    // Probes that come at once share one question; a question that was given up is not waited for again.
    const asking = (this.asking ??= this.ask());
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), patience);
    });
    try {
      return await Promise.race([asking, tooLate]);
    } finally {
      clearTimeout(timer);
      if (this.asking === asking) this.asking = null;
    }
  }

  private async ask(): Promise<boolean> {
    try {
      await this.database.query('SELECT 1');
      return true;
    } catch {
      return false;
    }
  }
}
