import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Metrics } from '../metrics/index.js';
import { Health, isServing } from './health.js';

/** What `pg` counts of its pool. */
interface PoolCounts {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
}

/** Whether this node can serve, and how busy its connections to the database are, for whoever watches. */
@Injectable()
export class HealthMetrics {
  constructor(metrics: Metrics, health: Health, @InjectDataSource() database: DataSource) {
    metrics.asked({ parley_ready: 'Whether this node can serve: 1, or 0 as in /health/ready' }, async () => ({
      parley_ready: Number(isServing(await health.readiness())),
    }));
    metrics.gauge('parley_draining', 'Whether this node is about to stop', () => Number(health.isDraining));
    metrics.gauges('parley_database_connections', 'Connections to the database; waiting: requests that wait for one', 'state', () => {
      const { master } = database.driver as unknown as { master?: PoolCounts };
      const { totalCount = 0, idleCount = 0, waitingCount = 0 } = master ?? {};
      return [
        ['busy', totalCount - idleCount],
        ['idle', idleCount],
        ['waiting', waitingCount],
      ];
    });
  }
}
