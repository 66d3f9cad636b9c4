import { Injectable } from '@nestjs/common';
import { Metrics } from '../../platform/metrics/index.js';
import { Handshake } from './handshake.js';

/** What the ways in for sockets refuse, for whoever watches. */
@Injectable()
export class TransportMetrics {
  constructor(metrics: Metrics, handshake: Handshake) {
    metrics.tally('parley_handshakes_refused_total', 'Sockets whose credentials were not taken', () => handshake.refused);
  }
}
