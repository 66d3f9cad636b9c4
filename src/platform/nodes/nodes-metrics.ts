import { Injectable } from '@nestjs/common';
import { Metrics } from '../metrics/index.js';
import { RedisLink } from '../redis/index.js';
import { NodeBus } from './node-bus.js';

/** Whether nodes hear each other, for whoever watches. Absent where there can be one node alone. */
@Injectable()
export class NodesMetrics {
  constructor(metrics: Metrics, redis: RedisLink, bus: NodeBus) {
    if (!bus.isShared) return;
    metrics.tally(
      'parley_node_payloads_refused_total',
      'What came from other nodes, or from strangers, and could not be read',
      () => bus.refusedPayloads,
    );
    metrics.gauge('parley_nodes_alive', 'Nodes that said within ten seconds that they live, this one counted', () => 1 + bus.others);
    metrics.gauge('parley_node_signals_waiting', 'What waits to be written down for other nodes', () => bus.waitingSignals);
    if (redis.state === 'off') return;
    metrics.gauge('parley_redis_up', 'Whether Redis answers', () => (redis.state === 'ready' ? 1 : 0));
    metrics.tally('parley_redis_losses_total', 'How often Redis was lost', () => redis.lossCount);
    metrics.gauge('parley_redis_commands_waiting', 'Commands that wait for an answer of Redis', () => redis.waitingCount);
  }
}
