import { Global, Module } from '@nestjs/common';
import { BlockEffects } from './block-effects.js';
import { BROKER } from './broker/broker.js';
import { MemoryBroker } from './broker/memory-broker.js';
import { CommandLimits } from './command-limits.js';
import { ConnectionLimits } from './connection-limits.js';
import { Connections } from './connections.js';
import { Dispatcher } from './dispatcher.js';
import { Hub } from './hub.js';
import { OnlineCount } from './presence/online-count.js';
import { Ports } from './ports.js';
import { RoomPresence } from './presence/room-presence.js';
import { Publisher } from './publisher.js';
import { CommandRegistry } from './registry.js';
import { RoomEntrance } from './room-entrance.js';
import { RoomStreams } from './room-streams.js';
import { Sight } from './sight.js';
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

/** Connections and rooms; knows no feature. Global, because every feature publishes and registers commands. */
@Global()
@Module({
  providers: [...parts, BlockEffects, Sight, SocketCommands, Typing, { provide: BROKER, useClass: MemoryBroker }],
  exports: [...parts, BROKER],
})
export class RealtimeModule {}
