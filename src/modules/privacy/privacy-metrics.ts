import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Metrics } from '../../platform/metrics/index.js';

const helps = {
  parley_exports_waiting: 'Archives of own data that were asked for and are not ready, on all nodes',
  parley_exports_oldest_seconds: 'How long ago the oldest of them was asked for',
  parley_erasures_due: 'Accounts whose time is over and that are not erased yet, on all nodes',
  parley_erasures_oldest_seconds: 'For how long the oldest of them has been due',
};

/** The queues of archives and erasures, for whoever watches. They are the same on every node. */
@Injectable()
export class PrivacyMetrics {
  constructor(metrics: Metrics, @InjectDataSource() dataSource: DataSource) {
    metrics.asked(helps, async () => {
      const rows = await dataSource.query<Record<keyof typeof helps, number>[]>(
        `SELECT parley_exports_waiting, parley_exports_oldest_seconds, parley_erasures_due, parley_erasures_oldest_seconds FROM
           (SELECT count(*)::int AS parley_exports_waiting,
              coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS parley_exports_oldest_seconds
            FROM data_exports WHERE status IN ('waiting', 'running')) AS exports,
           (SELECT count(*)::int AS parley_erasures_due,
              coalesce(extract(epoch FROM now() - min(erase_after)), 0)::float8 AS parley_erasures_oldest_seconds
            FROM account_deletions WHERE erase_after <= now()) AS erasures`,
      );
      return rows[0]!;
    });
  }
}
