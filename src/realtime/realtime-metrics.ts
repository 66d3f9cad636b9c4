import { Injectable } from '@nestjs/common';
import { closeCodes } from '../contracts/index.js';
import { Metrics } from '../platform/metrics/index.js';
import type { TransportKind } from './connection.js';
import { Connections } from './connections.js';
import { Dispatcher } from './dispatcher.js';
import { Hub } from './hub.js';
import { RoomStreams } from './room-streams.js';

const transports: readonly TransportKind[] = ['socket.io', 'plain', 'chat', 'online', 'notifications'];

/** What the sockets of this node do, for whoever watches. Everything is read from plain fields when somebody looks. */
@Injectable()
export class RealtimeMetrics {
  constructor(metrics: Metrics, hub: Hub, connections: Connections, streams: RoomStreams, dispatcher: Dispatcher) {
    metrics.gauges('parley_connections', 'Sockets open on this node', 'transport', () => {
      const open = new Map<string, number>(transports.map((transport) => [transport, 0]));
      for (const { transport } of hub.all()) open.set(transport, open.get(transport)! + 1);
      return open;
    });
    metrics.gauge('parley_people_connected', 'People with a socket on this node', () => hub.people);
    metrics.gauge('parley_rooms_followed', 'Rooms with a listener on this node', () => streams.size);
    metrics.tally('parley_connections_opened_total', 'Sockets opened', () => connections.counts.opened);
    metrics.tallies('parley_connections_closed_by_server_total', 'Sockets that the server closed, by close code', 'code', () =>
      Object.values(closeCodes).map((code) => [String(code), connections.counts.closedByServer.get(code) ?? 0] as const),
    );
    metrics.tally(
      'parley_slow_readers_closed_total',
      'Sockets closed because too much waited for them',
      () => connections.counts.closedByServer.get(closeCodes.tooSlow) ?? 0,
    );
    metrics.tally('parley_deliveries_total', 'Changes of rooms handed to sockets', () => streams.counts.delivered);
    metrics.tally(
      'parley_positions_healed_total',
      'Changes of rooms that no push brought, read from the database',
      () => streams.counts.healed,
    );
    metrics.tallies('parley_commands_total', 'Commands of sockets, by how they ended', 'outcome', () => Object.entries(dispatcher.counts));
  }
}
