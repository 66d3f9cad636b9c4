import { Global, Module } from '@nestjs/common';
import { NodeBus } from '../platform/nodes/index.js';
import { BlockEffects } from './block-effects.js';
import { BROKER, type Broker } from './broker/broker.js';
import { MemoryBroker } from './broker/memory-broker.js';
import { NodesBroker } from './broker/nodes-broker.js';
import { CommandLimits } from './command-limits.js';
import { ConnectionLimits } from './connection-limits.js';
import { Connections } from './connections.js';
import { Dispatcher } from './dispatcher.js';
import { Hub } from './hub.js';
import { Neighbours } from './presence/neighbours.js';
import { OnlineCount } from './presence/online-count.js';
import { PersonChannels } from './person-channels.js';
import { Ports } from './ports.js';
import { RoomPresence } from './presence/room-presence.js';
import { Publisher } from './publisher.js';
import { CommandRegistry } from './registry.js';
import { RoomEntrance } from './room-entrance.js';
import { RoomStreams } from './room-streams.js';
import { Sight } from './sight.js';
import { SocketsHere } from './sockets-here.js';
import { SocketCommands } from './socket-commands.js';
import { Topics } from './topics.js';
import { Typing } from './typing.js';

const parts = [
  CommandLimits,
  CommandRegistry,
  ConnectionLimits,
  Connections,
  Dispatcher,
  Hub,
  OnlineCount,
  Ports,
  Publisher,
  RoomEntrance,
  RoomPresence,
  RoomStreams,
  Topics,
];

const broker = {
  provide: BROKER,
  inject: [NodeBus],
  useFactory: (bus: NodeBus): Broker => (bus.isShared ? new NodesBroker(bus) : new MemoryBroker()),
};

/** Connections and rooms; knows no feature. Global, because every feature publishes and registers commands. */
@Global()
@Module({
  providers: [...parts, BlockEffects, Neighbours, PersonChannels, Sight, SocketCommands, SocketsHere, Typing, broker],
  exports: [...parts, BROKER],
})
export class RealtimeModule {}
