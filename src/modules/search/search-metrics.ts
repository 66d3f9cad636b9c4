import { Injectable } from '@nestjs/common';
import { Metrics } from '../../platform/metrics/index.js';
import { IndexRepository } from './index.repository.js';
import { Indexer } from './indexer.js';

/** How far search is behind what was written, for whoever watches. */
@Injectable()
export class SearchMetrics {
  constructor(metrics: Metrics, indexer: Indexer, repository: IndexRepository) {
    metrics.gauge('parley_search_rooms_behind', 'Rooms with messages that this node has yet to index', () => indexer.roomsBehind);
    metrics.asked({ parley_search_documents_behind: 'Posts, people, rooms and tags yet to be indexed, on all nodes; about' }, async () => ({
      parley_search_documents_behind: await repository.documentsBehind(),
    }));
  }
}
